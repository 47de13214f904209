import { figureDefinition } from '../layout/layOut.js';
import type { BlocksPoint, BlocksResult, BlocksTensor } from '../blocksResult.js';
import type { Panel, PlotlyObject } from '../figure.js';
import { level, logAxis, logExtent, panelNote, spread } from '../parts.js';
import { formatFixed, plotlyText } from '../text.js';
import { alike, barsSay, blocksSource, bothHessians, errorBars, ofHessian, ratioOf, shortName } from './blocksParts.js';

/** More fill no page. */
const mostTensors = 12;

const hasRatio = (point: BlocksPoint): boolean => (ratioOf(point, 'gaussNewton')?.value ?? 0) > 0;

const shownOf = (tensor: BlocksTensor): readonly BlocksPoint[] => alike(tensor, hasRatio);

/** Lines C^−1 and C^−2 through the first point, for the eye. */
function guides(points: readonly BlocksPoint[], ends: readonly [number, number]): PlotlyObject[] {
  const first = points[0]!;
  const start = ratioOf(first, 'gaussNewton')!.value;
  return [1, 2].map((power) => ({
    type: 'scatter',
    mode: 'lines',
    ...{ name: power === 1 ? '∝ 1/<i>C</i>' : '∝ 1/<i>C</i><sup>2</sup>', showlegend: true, hoverinfo: 'skip' },
    ...{ x: ends, y: ends.map((classes) => start * (first.classes / classes) ** power) },
    line: { color: '@muted', width: 1, dash: power === 1 ? '5px,2px' : '1.5px,1.5px' },
  }));
}

/** From pairs of inputs to an input with itself; one line where they are the same. */
function floors(points: readonly BlocksPoint[], ends: readonly [number, number]): PlotlyObject[] {
  const floor = points.at(-1)!.floor;
  if (floor === null) return [];
  return [...new Set(floor)]
    .filter((value) => value > 0)
    .map((value) => level(value, ends, 'floor', { color: '@green', width: 1.2, dash: '9px,3px' }));
}

function seriesOf(points: readonly BlocksPoint[]): PlotlyObject[] {
  return bothHessians.flatMap((hessian) => {
    const shown = points.filter((point) => (ratioOf(point, hessian)?.value ?? 0) > 0);
    if (shown.length === 0) return [];
    const ratios = shown.map((point) => ratioOf(point, hessian)!);
    const { name, colour, symbol } = ofHessian[hessian];
    return [
      {
        type: 'scatter',
        mode: 'lines+markers',
        ...{ name, showlegend: true, x: shown.map(({ classes }) => classes), y: ratios.map(({ value }) => value) },
        ...errorBars('y', ratios, colour),
        line: { color: colour, width: hessian === 'gaussNewton' ? 1.3 : 0.8 },
        marker: { color: colour, size: 4.5, symbol },
        hovertemplate: `C = %{x}: %{y:.4g}<extra>${name}</extra>`,
      },
    ];
  });
}

/** The exponent over the larger half of all C, of Gauss–Newton. */
function exponentNote(tensor: BlocksTensor, { samples, step }: BlocksPoint): PlotlyObject[] {
  const trend = tensor.trends.find(
    (each) => each.hessian === 'gauss-newton' && each.samples === samples && each.step === step,
  );
  const large = trend?.large;
  if (large === undefined || large === null) return [];
  const { exponent, interval } = large;
  const range = interval === null ? '' : ` [${formatFixed(interval[0], 2)}, ${formatFixed(interval[1], 2)}]`;
  return [panelNote(`${formatFixed(exponent, 2)}${range}<br>${trend!.verdict}`, 'bottom-left')].map((note) => ({
    ...note,
    bgcolor: '@plot',
  }));
}

function panelOf(tensor: BlocksTensor): Panel {
  const points = shownOf(tensor);
  const classes = points.map((point) => point.classes);
  const ends = [Math.min(...classes), Math.max(...classes)] as const;
  const series = seriesOf(points);
  const floor = points.at(-1)!.floor ?? [];
  const [low, high] = logExtent([...series.flatMap(({ y }) => y as readonly number[]), ...floor]);
  return {
    name: plotlyText(tensor.name),
    title: shortName(tensor.name, 28),
    data: [...guides(points, ends), ...floors(points, ends), ...series],
    notes: exponentNote(tensor, points[0]!),
    x: logAxis(logExtent(classes, 0.15), { title: '<i>C</i>' }),
    // Room below for the exponent.
    y: logAxis([low - 0.35 * (high - low) - 0.1, high], { title: '<i>r</i>' }),
    height: { inches: 1.25 },
  };
}

export const blocksAgainstClasses = figureDefinition<BlocksResult>({
  id: 'blocks-against-classes',
  title: 'Ratio of block norms against C, tensor by tensor',
  needs: 'exports at two C or more',
  plan: (result) => {
    const all = result.tensors.filter((tensor) => shownOf(tensor).length > 1);
    const shown = spread(all, mostTensors);
    if (shown.length === 0) return undefined;
    const hasFloors = shown.some((tensor) => shownOf(tensor).at(-1)!.floor !== null);
    return {
      id: 'blocks-against-classes',
      title: 'Ratio of block norms against C, tensor by tensor',
      column: shown.length < 3 ? 'single' : 'double',
      groups: shown.map((tensor) => [panelOf(tensor)]),
      most: { single: 2, double: 4 },
      caption: `$r$, the mean $\\lVert H_{ab} \\rVert_F^2$ over blocks $a \\ne b$ by the mean $\\lVert H_{bb} \\rVert_F^2$, against $C$, with ${barsSay(result)}${shown.length < all.length ? `; ${shown.length} of ${all.length} tensors` : ''}. Lines through the first point fall like $1/C$ and $1/C^2$${hasFloors ? '; dashed, green: what the Gauss–Newton ratio tends to, to leading order in $1/D$' : ''}; noted: exponent of the Gauss–Newton ratio over the larger half of all $C$.`,
      source: blocksSource(result),
    };
  },
});
