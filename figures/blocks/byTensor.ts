import { figureDefinition } from '../layout/layOut.js';
import type { BlocksPoint, BlocksResult } from '../blocksResult.js';
import type { Panel, PlotlyObject } from '../figure.js';
import { axis, logAxis, logExtent, spread } from '../parts.js';
import {
  barEnds,
  barsSay,
  blocksSource,
  bothHessians,
  errorBars,
  ofHessian,
  ratioOf,
  shortName,
} from './blocksParts.js';

const mostTensors = 40;

export interface NamedPoint {
  readonly name: string;
  readonly point: BlocksPoint;
}

/** Each tensor at the last step, the largest N and the largest C, in the order of the network. */
export const lastPoints = ({ tensors }: BlocksResult, holds: (point: BlocksPoint) => boolean): readonly NamedPoint[] =>
  tensors.flatMap(({ name, points }) => {
    const point = points.filter(holds).at(-1);
    return point === undefined ? [] : [{ name, point }];
  });

/** Names of tensors from above; the last stands at 0. */
export function tensorAxis(names: readonly string[]): PlotlyObject {
  return axis({
    range: [-0.6, names.length - 0.4],
    tickvals: names.map((_, k) => names.length - 1 - k),
    ticktext: names.map((name) => shortName(name)),
    nticks: undefined,
  });
}

/** Where they stand, and their names for the table of the figure. */
export const tensorPlaces = (names: readonly string[], kept: readonly string[] = names) => ({
  y: kept.map((name) => names.length - 1 - names.indexOf(name)),
  meta: { y: kept },
});

export const tensorHeight = (count: number) => ({ inches: 0.25 + 0.15 * count });

function seriesOf(all: readonly NamedPoint[], names: readonly string[]): PlotlyObject[] {
  return bothHessians.flatMap((hessian) => {
    const shown = all.filter(({ point }) => (ratioOf(point, hessian)?.value ?? 0) > 0);
    if (shown.length === 0) return [];
    const ratios = shown.map(({ point }) => ratioOf(point, hessian)!);
    const { name, colour, symbol } = ofHessian[hessian];
    return [
      {
        type: 'scatter',
        mode: 'markers',
        ...{ name, showlegend: true, x: ratios.map(({ value }) => value) },
        ...tensorPlaces(
          names,
          shown.map((each) => each.name),
        ),
        ...errorBars('x', ratios, colour),
        marker: { color: colour, size: 5, symbol },
        hovertemplate: `%{x:.4g}<extra>${name}</extra>`,
      },
    ];
  });
}

function floorsOf(all: readonly NamedPoint[], names: readonly string[]): PlotlyObject[] {
  const known = all.flatMap(({ name, point }) =>
    [...new Set(point.floor ?? [])].filter((value) => value > 0).map((value) => ({ name, value })),
  );
  if (known.length === 0) return [];
  return [
    {
      type: 'scatter',
      mode: 'markers',
      ...{ name: 'floor', showlegend: true, x: known.map(({ value }) => value) },
      ...tensorPlaces(
        names,
        known.map(({ name }) => name),
      ),
      marker: { color: '@green', size: 8, symbol: 'line-ns-open', line: { color: '@green', width: 1.4 } },
      hovertemplate: '%{x:.4g}<extra>floor</extra>',
    },
  ];
}

function panelOf(all: readonly NamedPoint[]): Panel {
  const names = all.map(({ name }) => name);
  const ratios = all.flatMap(({ point }) => bothHessians.flatMap((hessian) => ratioOf(point, hessian) ?? []));
  const data = [...seriesOf(all, names), ...floorsOf(all, names)];
  return {
    ...{ name: 'r by tensor', title: '', data },
    x: logAxis(logExtent([...barEnds(ratios), ...all.flatMap(({ point }) => point.floor ?? [])]), {
      title: '<i>r</i>',
    }),
    y: tensorAxis(names),
    height: tensorHeight(names.length),
  };
}

export const blocksByTensor = figureDefinition<BlocksResult>({
  id: 'blocks-by-tensor',
  title: 'Ratio of block norms of each tensor',
  needs: 'a tensor of several blocks',
  plan: (result) => {
    const all = lastPoints(result, (point) => (ratioOf(point, 'gaussNewton')?.value ?? 0) > 0);
    const shown = spread(all, mostTensors);
    if (shown.length === 0) return undefined;
    const { classes, samples } = shown.at(-1)!.point;
    return {
      id: 'blocks-by-tensor',
      title: 'Ratio of block norms of each tensor',
      column: 'single',
      groups: [[panelOf(shown)]],
      most: { single: 1, double: 1 },
      caption: `$r$, the mean $\\lVert H_{ab} \\rVert_F^2$ over blocks $a \\ne b$ by the mean $\\lVert H_{bb} \\rVert_F^2$, of each tensor at $C = ${classes}$, $N = ${samples}$, with ${barsSay(result)}${shown.length < all.length ? `; ${shown.length} of ${all.length} tensors` : ''}.${shown.some(({ point }) => point.floor !== null) ? ' Green: what the Gauss–Newton ratio tends to as $C$ grows, to leading order in $1/D$.' : ''}`,
      source: blocksSource(result),
    };
  },
});
