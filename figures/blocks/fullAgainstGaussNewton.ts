import { figureDefinition } from '../layout/layOut.js';
import type { BlocksPoint, BlocksResult, BlocksTensor } from '../blocksResult.js';
import type { Panel, PlotlyObject } from '../figure.js';
import { seriesColours, seriesDashes, seriesSymbols } from '../palette.js';
import { logAxis, logExtent, spread } from '../parts.js';
import { barEnds, barsSay, blocksSource, errorBars, shortName } from './blocksParts.js';
import { lastPoints, tensorAxis, tensorHeight, tensorPlaces, type NamedPoint } from './byTensor.js';

const [mostTensors, mostCurves] = [40, 7];
const yTitle = 'full/Gauss–Newton';

const hasBoth = ({ fullOverGaussNewton }: BlocksPoint): boolean => (fullOverGaussNewton?.value ?? 0) > 0;

/** Points at the C and step that have the most different N. */
function courseOf({ points }: BlocksTensor): readonly BlocksPoint[] {
  const settings = [...new Set(points.map(({ classes, step }) => `${classes} ${step}`))];
  const groups = settings.map((setting) =>
    points.filter((point) => `${point.classes} ${point.step}` === setting && hasBoth(point)),
  );
  return groups.reduce((a, b) => (b.length > a.length ? b : a), []);
}

interface Course {
  readonly name: string;
  readonly points: readonly BlocksPoint[];
}

function againstSamples(courses: readonly Course[]): Panel {
  const traces = courses.map(({ name, points }, k): PlotlyObject => {
    const ratios = points.map(({ fullOverGaussNewton }) => fullOverGaussNewton!);
    return {
      type: 'scatter',
      mode: 'lines+markers',
      ...{ name: shortName(name), showlegend: true },
      ...{ x: points.map(({ samples }) => samples), y: ratios.map(({ value }) => value) },
      ...errorBars('y', ratios, seriesColours[k]!),
      line: { color: seriesColours[k], width: 1.2, dash: seriesDashes[k] },
      marker: { color: seriesColours[k], size: 4.5, symbol: seriesSymbols[k] },
      hovertemplate: `N = %{x}: %{y:.4g}<extra>${shortName(name)}</extra>`,
    };
  });
  const samples = courses.flatMap(({ points }) => points.map((point) => point.samples));
  return {
    ...{ name: 'full over Gauss–Newton against N', title: '', data: traces },
    x: logAxis(logExtent(samples, 0.12), { title: '<i>N</i>' }),
    y: logAxis(
      logExtent([1, ...courses.flatMap(({ points }) => barEnds(points.map((point) => point.fullOverGaussNewton!)))]),
      { title: yTitle },
    ),
    shapes: [{ ...evenLine, xref: 'x domain', yref: 'y', x0: 0, x1: 1, y0: 1, y1: 1 }],
    height: { inches: 2 },
  };
}

/** Where both are the same. */
const evenLine = { type: 'line', line: { color: '@muted', width: 1, dash: '4px,3px' } };

function byTensor(all: readonly NamedPoint[]): Panel {
  const names = all.map(({ name }) => name);
  const ratios = all.map(({ point }) => point.fullOverGaussNewton!);
  return {
    ...{ name: 'full over Gauss–Newton by tensor', title: '' },
    data: [
      {
        type: 'scatter',
        mode: 'markers',
        ...{ name: yTitle, showlegend: false, x: ratios.map(({ value }) => value) },
        ...tensorPlaces(names),
        ...errorBars('x', ratios, '@blue'),
        marker: { color: '@blue', size: 5 },
        hovertemplate: '%{x:.4g}<extra></extra>',
      },
    ],
    x: logAxis(logExtent([1, ...barEnds(ratios)]), { title: yTitle }),
    y: tensorAxis(names),
    shapes: [{ ...evenLine, xref: 'x', yref: 'y domain', x0: 1, x1: 1, y0: 0, y1: 1 }],
    height: tensorHeight(names.length),
  };
}

export const blocksFullAgainstGaussNewton = figureDefinition<BlocksResult>({
  id: 'blocks-full-against-gauss-newton',
  title: 'Diagonal blocks of the full Hessian over those of Gauss–Newton',
  needs: 'norms of the full Hessian',
  plan: (result) => {
    const courses = result.tensors
      .map((tensor): Course => ({ name: tensor.name, points: courseOf(tensor) }))
      .filter(({ points }) => points.length > 1);
    const all = lastPoints(result, hasBoth);
    if (all.length === 0) return undefined;
    const isCourse = courses.length > 0;
    const shown = spread(all, mostTensors);
    const first = isCourse ? courses[0]!.points[0]! : shown.at(-1)!.point;
    const where = isCourse
      ? `against $N$ at $C = ${first.classes}$`
      : `at $C = ${first.classes}$, $N = ${first.samples}$`;
    return {
      id: 'blocks-full-against-gauss-newton',
      title: 'Diagonal blocks of the full Hessian over those of Gauss–Newton',
      column: 'single',
      groups: [[isCourse ? againstSamples(spread(courses, mostCurves)) : byTensor(shown)]],
      most: { single: 1, double: 1 },
      caption: `Mean $\\lVert H_{bb} \\rVert_F^2$ of the full Hessian by that of Gauss–Newton, ${where}, with ${barsSay(result)}. Where it is far from 1 (dashed), what holds of one Hessian does not hold of the other.`,
      source: blocksSource(result),
    };
  },
});
