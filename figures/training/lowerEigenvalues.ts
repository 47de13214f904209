import type { Panel } from '../figure.js';
import { figureDefinition } from '../layout/layOut.js';
import { axis } from '../parts.js';
import type { TrainResult } from '../trainResult.js';
import { bothData, courseOf, courseTrace, dataColour, dataName, marksOn, provenanceOf } from './trainingParts.js';
import { stepAxis, type Course, type MarkedData } from './trainingParts.js';

interface Lowest {
  readonly data: MarkedData;
  /** Of the first replicate: step and eigenvalue. */
  readonly points: readonly (readonly [number, number])[];
  readonly bound: Course;
}

function lowestOf(run: TrainResult, data: MarkedData): Lowest {
  const first = run.runs[0]!.marks.filter((mark) => mark.data === data);
  return {
    data,
    points: first.flatMap(({ step, spectrum }) => (spectrum?.lowest ?? []).map((value) => [step, value] as const)),
    bound: courseOf(run, data, ({ units }) =>
      units.length === 0 ? null : -Math.max(...units.map(({ singularValues }) => singularValues[0] ?? 0)),
    ),
  };
}

/** One for both data, from below the bounds to above 0. */
function rangeOf(all: readonly Lowest[]): readonly [number, number] {
  const low = Math.min(...all.flatMap(({ points, bound }) => [...bound.values, ...points.map(([, value]) => value)]));
  return [1.06 * low, -0.06 * low];
}

function lowestPanel(run: TrainResult, { data, points, bound }: Lowest, range: readonly [number, number]): Panel {
  return {
    name: dataName[data],
    title: dataName[data],
    data: [
      {
        type: 'scatter',
        mode: 'markers',
        ...{ name: `lowest eigenvalues of H, ${dataName[data]}`, showlegend: true },
        ...{ x: points.map(([step]) => step), y: points.map(([, value]) => value) },
        marker: { symbol: 'line-ew-open', size: 9, color: dataColour[data], line: { width: 0.7 } },
        hovertemplate: 'step %{x}: %{y:.4g}<extra></extra>',
      },
      courseTrace(bound, '−max σ<sub>1</sub>(S<sub>i</sub>)', '@ink', {
        mode: 'lines',
        line: { dash: '4px,3px', width: 1.1 },
      }),
    ],
    x: stepAxis(run, { title: 'step' }, 0.08),
    y: axis({ range, title: 'eigenvalue' }),
    height: { inches: 1.5 },
  };
}

const countPanel = (run: TrainResult, present: readonly MarkedData[]): Panel => ({
  name: 'negative eigenvalues',
  title: 'negative eigenvalues',
  data: present.map((data) =>
    courseTrace(
      courseOf(run, data, ({ spectrum }) => spectrum?.negative),
      `their number, ${dataName[data]}`,
      dataColour[data],
      { hovertemplate: 'step %{x}: %{y}<extra>%{fullData.name}</extra>' },
    ),
  ),
  x: stepAxis(run, { title: 'step' }),
  y: axis({ rangemode: 'tozero', title: 'number' }),
  height: { inches: 1.5 },
});

export const lowerEigenvalues = figureDefinition<readonly TrainResult[]>({
  id: 'lower-eigenvalues',
  title: 'Negative curvature along training',
  needs: 'marks with the spectrum of a whole Hessian, of order 2000 at most, with hidden units',
  plan: ([run]) => {
    if (run === undefined) return undefined;
    const present = bothData.filter((data) =>
      marksOn(run, data).some(({ spectrum, units }) => spectrum !== null && units.length > 0),
    );
    if (present.length === 0) return undefined;
    const lowest = present.map((data) => lowestOf(run, data));
    const range = rangeOf(lowest);
    const order = marksOn(run, present[0]!).find(({ spectrum }) => spectrum !== null)!.spectrum!.order;
    return {
      id: 'lower-eigenvalues',
      title: 'Negative curvature along training',
      column: 'double',
      groups: [...lowest.map((own) => [lowestPanel(run, own, range)]), [countPanel(run, present)]],
      most: { single: 1, double: 3 },
      caption: `The lowest eigenvalues of the whole Hessian (order ${order}) at each mark, with the bound $\\lambda_{\\min}(H) \\ge -\\max_i \\sigma_1(S_i)$, which holds exactly where $\\sigma'' = 0$, and the number of negative ones, which need not fall. Negative curvature comes from the residual part alone.`,
      source: provenanceOf([run]),
    };
  },
});
