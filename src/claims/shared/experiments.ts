/** Lists of tasks: which draws an experiment consists of. */
import type { InitialisationName, Layer, Loss, Model } from '../../../theory/contracts.js';
import type { DrawSettings } from '../../../simulations/contracts.js';
import type { BlockRequest } from '../../pipeline/check/claimedLaws.js';
import type {
  ClaimedPart,
  CheckTask,
  LawTask,
  NormTask,
  OutputTask,
  TraceTask,
  WeightTask,
} from '../../pipeline/check/tasks/index.js';
import { isPerturbed } from '../../pipeline/check/perturbation.js';
import type { Perturbation } from '../../pipeline/check/perturbation.js';
import type { Finished, PlanContext } from '../claim.js';

/** A model at one initialisation and number of classes. */
export interface Regime {
  readonly model: Model;
  readonly loss: Loss;
  readonly initialisation: InitialisationName;
  readonly classes: number;
}

export const firstBlocks: readonly BlockRequest[] = [
  { i: 0, j: 0 },
  { i: 0, j: 1 },
];

/** Draws behind the band of F_n − F in one figure. */
const bandDraws = 60;

/** A prediction that is wrong already, or that is only calibrated, is not compared with further wrong ones. */
export function alone({ perturbation, withoutAlternatives }: PlanContext): boolean {
  return withoutAlternatives === true || isPerturbed(perturbation);
}

export function regimeName({ model, loss, initialisation, classes }: Regime): string {
  return `${model}-${loss}/${initialisation}/C=${classes}`;
}

function settingsOf(regime: Regime, dimension: number, aspectRatio: number, width: number): DrawSettings {
  return { ...regime, activation: 'relu', dimension, samples: Math.round(dimension / aspectRatio), width };
}

/** Spectra of the first diagonal and off-diagonal block, at every dimension of the preset. */
export function lawTasks(context: PlanContext, regime: Regime, alternatives: readonly ClaimedPart[]): LawTask[] {
  const { preset, seed, perturbation, drawn = {} } = context;
  const all: ClaimedPart = {
    perturbation,
    distances: true,
    levels: context.withoutAlternatives !== true,
    statistics: true,
    weights: true,
  };
  return preset.dimensions.flatMap((dimension, index) => {
    const isLargest = index === preset.dimensions.length - 1;
    return Array.from({ length: preset.draws[index]! }, (_, replicate): LawTask => ({
      kind: 'law',
      experiment: `${regimeName(regime)}/law/d=${dimension}`,
      settings: {
        ...settingsOf(regime, dimension, preset.aspectRatio, preset.width),
        ...(drawn.activation === undefined ? {} : { activation: drawn.activation }),
      },
      inputs: drawn.inputs ?? { kind: 'gaussian' },
      seed,
      replicate,
      blocks: firstBlocks,
      claimed: [all, ...alternatives],
      nulls: preset.nullsPerDraw,
      // A calibration shows no spectrum.
      band: isLargest && replicate === 0 && context.withoutAlternatives !== true ? bandDraws : 0,
      keepWeights: replicate === 0,
    }));
  });
}

/** A claimed law of which nothing but its outliers is worked out. */
const nothing = { distances: false, levels: false, statistics: false, weights: false } as const;

/** Draws behind one panel that is only looked at. */
const panelDraws = 4;

/** Spectra at other aspect ratios, for figures: they are drawn and shown, and no test rests on them. */
export function panelTasks(context: PlanContext, regime: Regime, aspectRatios: readonly number[]): LawTask[] {
  const { preset, seed, perturbation } = context;
  const dimension = preset.dimensions[preset.dimensions.length - 2]!;
  return aspectRatios.flatMap((aspectRatio) =>
    Array.from({ length: panelDraws }, (_, replicate): LawTask => ({
      kind: 'law',
      experiment: `${regimeName(regime)}/panel/aspect-ratio=${aspectRatio}`,
      settings: settingsOf(regime, dimension, aspectRatio, preset.width),
      inputs: { kind: 'gaussian' },
      seed,
      replicate,
      blocks: firstBlocks,
      claimed: [{ ...nothing, perturbation }],
      nulls: 0,
      band: 0,
      keepWeights: replicate === 0,
    })),
  );
}

/** Off-diagonal blocks where outliers stand clear of the bulk. */
export function outlierTasks(context: PlanContext, regime: Omit<Regime, 'classes'>): LawTask[] {
  const { preset, seed, perturbation } = context;
  const { dimension, samples, classes, draws } = preset.outliers;
  return Array.from({ length: draws }, (_, replicate): LawTask => ({
    kind: 'law',
    experiment: `${regimeName({ ...regime, classes })}/outliers/d=${dimension}`,
    settings: settingsOf({ ...regime, classes }, dimension, dimension / samples, preset.width),
    inputs: { kind: 'gaussian' },
    seed,
    replicate,
    blocks: [{ i: 0, j: 1 }],
    claimed: [{ ...nothing, perturbation }],
    nulls: 0,
    band: 0,
    keepWeights: false,
  }));
}

/** What the draws of a spectrum are for: the purpose stands in the name of their experiment. */
export type LawPurpose = 'law' | 'panel' | 'outliers';

export function servesPurpose({ experiment }: CheckTask, purpose: LawPurpose): boolean {
  return experiment.includes(`/${purpose}/`);
}

/** tr H and tr H² of many small blocks. */
export function traceTasks(context: PlanContext, regime: Regime): TraceTask[] {
  const { preset, seed, perturbation } = context;
  const { dimension, samples, weights, draws } = preset.traces;
  return Array.from({ length: weights }, (_, replicate): TraceTask => ({
    kind: 'traces',
    experiment: `${regimeName(regime)}/traces/d=${dimension}`,
    settings: settingsOf(regime, dimension, dimension / samples, preset.width),
    seed,
    replicate,
    blocks: firstBlocks,
    draws,
    claimed: perturbation,
  }));
}

/** Weights over many samples, for laws that a wrong number in the weights changes little. */
export function weightTasks(context: PlanContext, regime: Regime, alternatives: readonly Perturbation[]): WeightTask[] {
  const { preset, seed, perturbation } = context;
  const { dimension, samples, draws } = preset.weights;
  return Array.from({ length: draws }, (_, replicate): WeightTask => ({
    kind: 'weights',
    experiment: `${regimeName(regime)}/weights/d=${dimension}`,
    settings: settingsOf(regime, dimension, dimension / samples, preset.width),
    seed,
    replicate,
    blocks: firstBlocks,
    claimed: [perturbation, ...alternatives],
  }));
}

/** Norms of blocks over the preset's numbers of classes. */
export function normTasks(context: PlanContext, regime: Omit<Regime, 'classes'>, layer: Layer): NormTask[] {
  const { preset, seed, perturbation } = context;
  const { dimension, aspectRatio, classes, draws } = preset.norms;
  return classes.flatMap((count) =>
    Array.from({ length: draws }, (_, replicate): NormTask => ({
      kind: 'norm',
      experiment: `${regimeName({ ...regime, classes: count })}/norm/${layer}/d=${dimension}`,
      settings: settingsOf({ ...regime, classes: count }, dimension, aspectRatio, preset.width),
      layer,
      seed,
      replicate,
      perturbation,
    })),
  );
}

export function outputTasks(context: PlanContext, regime: Regime, alternatives: readonly Perturbation[]): OutputTask[] {
  const { preset, seed, perturbation } = context;
  return preset.dimensions.flatMap((dimension, index) =>
    Array.from({ length: preset.draws[index]! }, (_, replicate): OutputTask => ({
      kind: 'output',
      experiment: `${regimeName(regime)}/output/d=${dimension}`,
      settings: settingsOf(regime, dimension, preset.aspectRatio, preset.width),
      seed,
      replicate,
      blocks: firstBlocks,
      claimed: [perturbation, ...alternatives],
    })),
  );
}

/** The finished tasks of one kind with their results, in the order planned. */
export function finishedOf<Kind extends CheckTask['kind']>(
  finished: readonly Finished[],
  kind: Kind,
  keep: (task: Extract<CheckTask, { kind: Kind }>) => boolean = () => true,
) {
  type Task = Extract<CheckTask, { kind: Kind }>;
  type Result = Extract<Finished['result'], { kind: Kind }>;
  const out: { task: Task; result: Result }[] = [];
  for (const { task, result } of finished) {
    if (task.kind === kind && result.kind === kind && keep(task as Task))
      out.push({ task: task as Task, result: result as Result });
  }
  return out;
}

export function sameRegime(settings: DrawSettings, regime: Regime): boolean {
  return (
    settings.model === regime.model &&
    settings.loss === regime.loss &&
    settings.initialisation === regime.initialisation &&
    settings.classes === regime.classes
  );
}
