/** What the figures of a training share: its marks by data, means over replicates, axes and words. */
import type { MarkObservation } from '../../simulations/dynamics/index.js';
import { labelTraits, modelTraits, takesSetting } from '../../theory/names.js';
import { axis } from '../parts.js';
import type { PlotlyObject } from '../figure.js';
import type { TrainResult } from '../trainResult.js';
import { activationName, initialisationName, literal, lossName } from '../text.js';

export type MarkedData = MarkObservation['data'];

/** In the order of panels and legends. */
export const bothData: readonly MarkedData[] = ['train', 'fresh'];

export const dataName: Readonly<Record<MarkedData, string>> = { train: 'training data', fresh: 'fresh data' };

export const dataColour: Readonly<Record<MarkedData, string>> = { train: '@vermillion', fresh: '@blue' };

/** Of all replicates, in the order of steps. */
export const marksOn = ({ runs }: TrainResult, data: MarkedData): readonly MarkObservation[] =>
  runs.flatMap(({ marks }) => marks.filter((mark) => mark.data === data)).sort((a, b) => a.step - b.step);

/** A number of a mark at each step that has it, averaged over replicates. */
export interface Course {
  readonly steps: readonly number[];
  readonly values: readonly number[];
}

export function courseOf(
  run: TrainResult,
  data: MarkedData,
  valueOf: (mark: MarkObservation) => number | null | undefined,
): Course {
  const found = new Map<number, number[]>();
  for (const mark of marksOn(run, data)) {
    const value = valueOf(mark);
    if (value !== null && value !== undefined) found.set(mark.step, [...(found.get(mark.step) ?? []), value]);
  }
  return { steps: [...found.keys()], values: [...found.values()].map(meanOf) };
}

export const meanOf = (values: readonly number[]): number =>
  values.reduce((sum, value) => sum + value, 0) / values.length;

export const sumOf = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0);

/** What is kept of one mark is a point, and no course. */
export const hasCourse = (run: TrainResult): boolean => new Set(marksOn(run, 'train').map(({ step }) => step)).size > 1;

/** Steps from the first mark to the last, with room for its symbols. */
export function stepAxis(run: TrainResult, options: PlotlyObject = {}, margin = 0.03): PlotlyObject {
  const steps = marksOn(run, 'train').map(({ step }) => step);
  const [first, last] = [steps[0] ?? 0, steps.at(-1) ?? 1];
  const room = margin * (last - first || 1);
  return axis({ range: [first - room, last + room], nticks: 5, ...options });
}

/** A course as a line with its marks. */
export function courseTrace(
  course: Course,
  name: string,
  colour: string,
  options: PlotlyObject & { readonly line?: PlotlyObject; readonly marker?: PlotlyObject } = {},
): PlotlyObject {
  const { line, marker, ...rest } = options;
  return {
    type: 'scatter',
    mode: 'lines+markers',
    name,
    showlegend: true,
    x: course.steps,
    y: course.values,
    hovertemplate: 'step %{x}: %{y:.4g}<extra>%{fullData.name}</extra>',
    ...rest,
    line: { color: colour, width: 1.4, ...line },
    marker: { color: colour, size: 4.5, ...marker },
  };
}

/** "25 %", or the step of a network that was trained elsewhere. */
export function markName({ plan }: TrainResult, step: number): string {
  if (plan === null || plan.steps === 0) return `step ${step}`;
  return `${Math.round((100 * step) / plan.steps)} %`;
}

/** "cross-entropy, d = 100, N = 1000, C = 100, m = 8, random labels, adam". */
export function setUpOf({ settings, plan, labels }: TrainResult): string {
  const { model, loss, activation, initialisation, dimension, samples, classes, width } = settings;
  return [
    `${modelTraits[model].layers.length === 1 ? model : 'one hidden layer'}`,
    lossName(loss),
    ...(takesSetting(model, 'activation') ? [activationName(activation)] : []),
    ...[`d = ${dimension}`, `N = ${samples}`, `C = ${classes}`],
    ...(takesSetting(model, 'width') ? [`m = ${width}`] : []),
    labelTraits[labels].inputs === undefined ? `${labels} labels` : `labels of the ${labelTraits[labels].inputs}`,
    ...(plan === null
      ? []
      : [
          `${initialisationName(initialisation)} initialisation`,
          `${plan.steps} steps of ${plan.optimiser === 'adam' ? 'Adam' : plan.optimiser}${plan.batch === samples ? '' : ` on ${plan.batch} samples`}, ${plan.schedule} rate ${plan.learningRate}`,
        ]),
  ].join(', ');
}

/** Settings, seed and program, for what goes with a caption. */
export function provenanceOf(runs: readonly TrainResult[]): string {
  const each = runs.map((run) => {
    const count = run.replicates > 1 ? `, ${run.replicates} replicates` : '';
    return `${setUpOf(run)}${count}${run.plan === null ? '' : `; seed ${run.seed}`}`;
  });
  const { version, backend } = runs[0]!;
  return literal(`Settings of the run: ${each.join('. Then ')}. Drawn by limitlaw ${version} (${backend} backend).`);
}
