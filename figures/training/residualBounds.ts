import type { Panel, PlotlyObject } from '../figure.js';
import { figureDefinition } from '../layout/layOut.js';
import { logAxis } from '../parts.js';
import type { TrainResult } from '../trainResult.js';
import { bothData, courseOf, courseTrace, dataName, marksOn, provenanceOf, stepAxis, sumOf } from './trainingParts.js';
import type { Course, MarkedData } from './trainingParts.js';

interface Bounds {
  readonly residual: Course;
  readonly lower: Course;
  readonly upper: Course;
  /** From the loss alone. */
  readonly byLoss: Course;
  /** γ Σ_i ‖D_i r‖²/N: what a residual that knows nothing of x leaves. */
  readonly floor: Course;
}

function boundsOf(run: TrainResult, data: MarkedData): Bounds {
  const { dimension, samples } = run.settings;
  const size = data === 'train' ? samples : run.freshSamples;
  const of = (valueOf: Parameters<typeof courseOf>[2]) => courseOf(run, data, valueOf);
  return {
    residual: of(({ cross }) => cross?.residual),
    lower: of(({ cross }) => cross?.lowerBound),
    upper: of(({ cross }) => cross?.upperBound),
    byLoss: of(({ exact }) => exact.find(({ id }) => id === 'E6')?.right),
    floor: of(({ units }) => (dimension / size) * sumOf(units.map(({ residualPower }) => residualPower))),
  };
}

/** Between two courses; a bound of 0 has no place on the axis. */
function band([low, high]: readonly [Course, Course], fillcolor: string, name: string): PlotlyObject[] {
  const shown = low.values.map((value, k) => (value > 0 ? value : high.values[k]! * 1e-6));
  const edge = { type: 'scatter', mode: 'lines', line: { width: 0, color: '@clear' } };
  return [
    { ...edge, x: low.steps, y: shown, showlegend: false, hoverinfo: 'skip' },
    {
      ...edge,
      ...{ x: high.steps, y: high.values, name, showlegend: true },
      ...{ fill: 'tonexty', fillcolor },
      hovertemplate: `step %{x}: at most %{y:.4g}<extra>${name}</extra>`,
    },
  ];
}

/** Of log10, for all panels. The gradient's part may vanish: six decades are enough to see that. */
function rangeOf(all: readonly Bounds[]): readonly [number, number] {
  const values = all
    .flatMap((bounds) => Object.values(bounds).flatMap((course: Course) => course.values))
    .filter((value) => value > 0);
  const high = Math.log10(Math.max(...values));
  return [Math.max(Math.log10(Math.min(...values)), high - 6) - 0.15, high + 0.15];
}

function boundsPanel(
  run: TrainResult,
  { residual, lower, upper, byLoss, floor }: Bounds,
  range: readonly [number, number],
  title: string,
): Panel {
  return {
    name: title,
    title,
    data: [
      ...(byLoss.values.length === 0 ? [] : band([upper, byLoss], '@grid', 'up to the bound by the loss')),
      ...band([lower, upper], '@band', 'between the bounds by S<sub>i</sub>'),
      courseTrace(floor, 'floor of noise', '@green', { mode: 'lines', line: { dash: '4px,3px', width: 1.2 } }),
      courseTrace(residual, '‖R‖²', '@vermillion'),
    ],
    x: stepAxis(run, { title: 'step' }),
    y: logAxis(range, { title: 'squared norm' }),
    height: { inches: 1.5 },
  };
}

export const residualBounds = figureDefinition<readonly TrainResult[]>({
  id: 'residual-bounds',
  title: 'The residual part and its bounds along training',
  needs: 'a training of a model with cross-layer blocks',
  plan: ([run]) => {
    if (run === undefined) return undefined;
    const present = bothData.filter((data) => marksOn(run, data).some(({ cross }) => cross !== null));
    if (present.length === 0) return undefined;
    const bounds = present.map((data) => boundsOf(run, data));
    const range = rangeOf(bounds);
    return {
      id: 'residual-bounds',
      title: 'The residual part and its bounds along training',
      column: present.length === 1 ? 'single' : 'double',
      groups: bounds.map((own, k) => [boundsPanel(run, own, range, dataName[present[k]!])]),
      most: { single: 1, double: 2 },
      caption: `Squared norm of the residual part, $\\Vert R \\Vert^2 = \\sum_i \\Vert S_i \\Vert^2$ with $S_i = X^{\\top} D_i r / N$, along training; dashed: the floor of noise, $\\gamma \\sum_i \\Vert D_i r \\Vert^2 / N$, which a residual independent of the inputs leaves however small its gradient. Exact bounds: the blue band from the part that the gradient holds, $\\sum_i \\max(\\Vert \\partial_{w_i} L \\Vert^2 / \\Vert v_i \\Vert^2, \\Vert \\partial_{v_i} L \\Vert^2 / \\Vert w_i \\Vert^2)$, to $\\sum_i \\Lambda_i \\Vert D_i r \\Vert^2 / N$, $\\Lambda_i$ the largest eigenvalue of $X^{\\top} D_i X / N$, and the grey one up to the bound by the loss alone.`,
      source: provenanceOf([run]),
    };
  },
});
