import type { FigureDefinition } from '../figure.js';
import { axis, inPanel, joinPanels, panelAxes, panelDomain, panelTitle, paperFigure } from '../parts.js';
import type { FigurePanel } from '../parts.js';
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

function lowestPanel(
  run: TrainResult,
  { data, points, bound }: Lowest,
  range: readonly [number, number],
  { position, columns }: { readonly position: number; readonly columns: number },
): FigurePanel {
  const isFirst = position === 0;
  return {
    data: [
      {
        type: 'scatter',
        mode: 'markers',
        ...{ name: 'lowest eigenvalues of H', showlegend: isFirst, legendgroup: 'lowest' },
        ...{ x: points.map(([step]) => step), y: points.map(([, value]) => value) },
        marker: { symbol: 'line-ew-open', size: 9, color: dataColour[data], line: { width: 0.7 } },
        hovertemplate: 'step %{x}: %{y:.4g}<extra></extra>',
        ...inPanel(position),
      },
      courseTrace(bound, position, '−max σ<sub>1</sub>(S<sub>i</sub>)', '@ink', {
        showlegend: isFirst,
        mode: 'lines',
        line: { dash: '4px,3px', width: 1.1 },
      }),
    ],
    annotations: [panelTitle(position, dataName[data])],
    axes: panelAxes(
      position,
      panelDomain({ rows: 1, columns, horizontalGap: 0.1 }, 0, position),
      stepAxis(run, { title: 'step' }, 0.08),
      axis({ range, ...(isFirst ? { title: 'eigenvalue' } : {}) }),
    ),
  };
}

function countPanel(run: TrainResult, present: readonly MarkedData[], columns: number): FigurePanel {
  const position = present.length;
  return {
    data: present.map((data) =>
      courseTrace(
        courseOf(run, data, ({ spectrum }) => spectrum?.negative),
        position,
        dataName[data],
        dataColour[data],
        { hovertemplate: 'step %{x}: %{y}<extra>%{fullData.name}</extra>' },
      ),
    ),
    annotations: [panelTitle(position, 'negative eigenvalues')],
    axes: panelAxes(
      position,
      panelDomain({ rows: 1, columns, horizontalGap: 0.1 }, 0, position),
      stepAxis(run, { title: 'step' }),
      axis({ rangemode: 'tozero' }),
    ),
  };
}

export const lowerEigenvalues: FigureDefinition<readonly TrainResult[]> = {
  id: 'lower-eigenvalues',
  title: 'Negative curvature along training',
  needs: 'marks with the spectrum of a whole Hessian, of order 2000 at most, with hidden units',
  build: ([run]) => {
    if (run === undefined) return undefined;
    const present = bothData.filter((data) =>
      marksOn(run, data).some(({ spectrum, units }) => spectrum !== null && units.length > 0),
    );
    if (present.length === 0) return undefined;
    const columns = present.length + 1;
    const lowest = present.map((data) => lowestOf(run, data));
    const range = rangeOf(lowest);
    const panels = lowest.map((own, position) => lowestPanel(run, own, range, { position, columns }));
    const order = marksOn(run, present[0]!).find(({ spectrum }) => spectrum !== null)!.spectrum!.order;
    return paperFigure({
      id: 'lower-eigenvalues',
      title: 'Negative curvature along training',
      column: 'double',
      heightInches: 2.5,
      ...joinPanels([...panels, countPanel(run, present, columns)]),
      margin: { t: 44, b: 34, l: 56, r: 16 },
      caption: `The lowest eigenvalues of the whole Hessian (order ${order}) at each mark, and the bound $\\lambda_{\\min}(H) \\ge -\\max_i \\sigma_1(S_i)$, which holds exactly where $\\sigma'' = 0$: negative curvature comes from the residual part alone. Right: the number of negative eigenvalues, which need not fall. ${provenanceOf([run])}`,
    });
  },
};
