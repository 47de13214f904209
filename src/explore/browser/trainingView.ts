/** From the results of a training to what the page shows of one of its marks. */
import type { TrainHeatMap, TrainResult } from '../../../figures/trainResult.js';
import { markName, marksOn, meanOf, setUpOf, type MarkedData } from '../../../figures/training/trainingParts.js';
import type { LawView } from './lawOfState.js';

type Mark = TrainResult['runs'][number]['marks'][number];

/** Which mark is looked at, and how. */
export interface MarkChoice {
  /** Index into the steps. */
  readonly index: number;
  readonly data: MarkedData;
  readonly readoutOrder: TrainHeatMap['readoutOrder'];
}

/** A number of a mark; `text` is how the page has it, where it is not the number to four digits. */
export type MarkNumber = readonly [name: string, value: number, text?: string];

export interface TrainingView {
  readonly setUp: string;
  readonly steps: readonly number[];
  /** "step 250 of 1000, 25 %". */
  readonly name: string;
  readonly step: number;
  /** That the numbers and the spectrum are of: what was asked for, if the mark has it. */
  readonly data: MarkedData;
  readonly values: readonly MarkNumber[];
  readonly map: TrainHeatMap | undefined;
  /** Eigenvalues of √N R of all units, ascending, without zeros; empty for a model without hidden units. */
  readonly eigenvalues: Float64Array;
  /** The law at initialisation, kept beside every mark; without a curve where none is known. */
  readonly law: LawView;
}

/** What a results file must hold to be shown; undefined for any other JSON. */
export function trainingOf(value: unknown): TrainResult | undefined {
  const found = value as Partial<TrainResult> | null;
  const isSound =
    typeof found === 'object' &&
    found?.kind === 'train' &&
    Array.isArray(found.heatMaps) &&
    Array.isArray(found.runs) &&
    found.runs.length > 0 &&
    found.runs.every(
      (run) => Array.isArray(run?.marks) && run.marks.every((mark: Partial<Mark> | null) => Array.isArray(mark?.units)),
    ) &&
    typeof found.settings === 'object';
  return isSound ? (found as TrainResult) : undefined;
}

/** Of the first replicate. */
const marksOfFirst = (run: TrainResult, data: MarkedData): readonly Mark[] =>
  marksOn({ ...run, runs: run.runs.slice(0, 1) }, data);

export function viewOfTraining(run: TrainResult, choice: MarkChoice): TrainingView {
  const steps = [...new Set(marksOfFirst(run, 'train').map(({ step }) => step))];
  const step = steps[Math.min(choice.index, steps.length - 1)] ?? 0;
  const mark =
    marksOfFirst(run, choice.data).find((each) => each.step === step) ??
    marksOfFirst(run, 'train').find((each) => each.step === step);
  const eigenvalues = mark === undefined ? new Float64Array(0) : residualEigenvalues(run, mark);
  return {
    setUp: setUpOf(run),
    steps,
    name: run.plan === null ? `step ${step}` : `step ${step} of ${run.plan.steps}, ${markName(run, step)}`,
    step,
    data: mark?.data ?? choice.data,
    values: mark === undefined ? [] : valuesOf(mark),
    map: run.heatMaps.find((map) => map.step === step && map.readoutOrder === choice.readoutOrder),
    eigenvalues,
    law: lawOf(run, eigenvalues),
  };
}

/** ±√N σ_k(S_i). */
function residualEigenvalues({ settings, freshSamples }: TrainResult, { units, data }: Mark): Float64Array {
  const samples = data === 'train' ? settings.samples : freshSamples;
  const roots = units.flatMap(({ singularValues }) => singularValues.map((value) => Math.sqrt(samples) * value));
  return Float64Array.from([...roots, ...roots.map((value) => -value)]).sort();
}

function lawOf({ curves }: TrainResult, eigenvalues: Float64Array): LawView {
  const { residualPart } = curves;
  const end = eigenvalues.at(-1) ?? 1;
  const x = Float64Array.from(residualPart?.x ?? [-end, end]);
  return {
    x,
    density: Float64Array.from(residualPart?.density ?? [NaN, NaN]),
    atoms: [],
    support: [],
    window: [x[0]!, x.at(-1)!],
    hiddenMass: 0,
    moments: [],
  };
}

function valuesOf(mark: Mark): MarkNumber[] {
  const { loss, accuracy, residualPower, cross, crossShare, layers, spectrum, units } = mark;
  const scores = units.map(({ residualScore }) => residualScore).filter((value) => value !== null);
  const ratios = layers.flatMap(({ layer, count, diagonal, offDiagonal }) =>
    count > 1 && diagonal > 0 ? [[`off/diagonal, ${layer} layer`, offDiagonal / diagonal] as const] : [],
  );
  return [
    ['loss', loss],
    ['accuracy', accuracy],
    ['mean ‖r‖²', residualPower],
    ...(cross === null
      ? []
      : ([
          ['‖R‖²', cross.residual],
          ['lower bound of ‖R‖²', cross.lowerBound],
          ['upper bound of ‖R‖²', cross.upperBound],
          ['‖K‖²', cross.curvature],
          ['‖R + K‖²', cross.total],
        ] as const)),
    ...(crossShare === null ? [] : [['share of the cross-layer blocks', crossShare] as const]),
    ...ratios,
    ...(scores.length === 0 ? [] : [['mean z_R of the units', meanOf(scores)] as const]),
    ...(spectrum === null
      ? []
      : ([
          ['lowest eigenvalue of H', spectrum.smallest],
          ['negative eigenvalues', spectrum.negative, `${spectrum.negative} of ${spectrum.order}`],
        ] as const)),
  ];
}
