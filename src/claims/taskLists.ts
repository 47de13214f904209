/** Lists of tasks: which draws an experiment consists of. */
import type { InitialisationName, Layer, Loss } from '../../theory/contracts.js';
import type { PaperModel } from '../../theory/names.js';
import { initialisationScheme } from '../../theory/weights/index.js';
import { paperActivation } from '../../theory/names.js';
import type { DrawSettings } from '../../simulations/contracts.js';
import type { BlockRequest } from '../draws/lawsOfDraw.js';
import type {
  ClaimedPart,
  CheckTask,
  LawTask,
  MomentSubject,
  MomentTask,
  NormTask,
  OutputTask,
  TraceTask,
  WeightTask,
} from '../draws/check/index.js';
import { weightDirections } from '../../simulations/models/index.js';
import { isPerturbed } from '../draws/perturbation.js';
import type { ClaimedLaw, Perturbation } from '../draws/perturbation.js';
import type { Alternative } from './alternatives.js';
import type { Finished, PlanContext } from './claim.js';
import { initialisationName } from '../../figures/text.js';
import { withLogitPrecision } from './logitPrecision.js';

/** A model at one initialisation and number of classes. */
export interface Regime {
  readonly model: PaperModel;
  readonly loss: Loss;
  readonly initialisation: InitialisationName;
  readonly classes: number;
}

const firstBlocks: readonly BlockRequest[] = [
  { i: 0, j: 0 },
  { i: 0, j: 1 },
];

/** Draws behind the band of F_n − F in one figure. */
const bandDraws = 60;

/** A prediction that is wrong already, or that is only calibrated, is not compared with further wrong ones. */
export function comparesAlternatives({ perturbation, withoutAlternatives }: PlanContext): boolean {
  return withoutAlternatives !== true && !isPerturbed(perturbation);
}

/** For files and streams. */
export function regimeName({ model, loss, initialisation, classes }: Regime, part: string = model): string {
  return `${part}-${loss}/${initialisation}/C=${classes}`;
}

/** The same for a reader, under the heading of a claim, which says model and loss: `C = 10, LeCun`. */
export function regimeWords({ initialisation, classes }: Pick<Regime, 'initialisation' | 'classes'>): string {
  return `C = ${classes}, ${initialisationName(initialisation)}`;
}

function settingsOf(regime: Regime, dimension: number, aspectRatio: number, width: number): DrawSettings {
  return { ...regime, activation: paperActivation, dimension, samples: Math.round(dimension / aspectRatio), width };
}

/** A claimed law of which nothing but its outliers is worked out. */
const nothing = { distances: false, levels: false, statistics: false, weights: false } as const;

/** Spectra of the first diagonal and off-diagonal block, at every dimension of the preset. */
export function lawTasks(context: PlanContext, regime: Regime, alternatives: readonly Alternative[]): LawTask[] {
  const { preset, seed, perturbation, drawn = {} } = context;
  const claimed: ClaimedPart[] = [
    {
      law: 'stated',
      perturbation,
      distances: true,
      levels: context.withoutAlternatives !== true,
      statistics: true,
      weights: true,
    },
    ...(comparesAlternatives(context) ? alternatives : []).map((alternative) => ({
      ...nothing,
      law: alternative.id,
      perturbation: alternative.perturbation,
      statistics: alternative.seenBy === 'spectrum',
      weights: alternative.seenBy === 'weights',
    })),
  ];
  return preset.dimensions.flatMap((dimension, index) => {
    const isLargest = index === preset.dimensions.length - 1;
    return Array.from({ length: preset.draws[index]! }, (_, replicate): LawTask => ({
      kind: 'law',
      purpose: 'law',
      experiment: `${regimeName(regime)}/law/d=${dimension}`,
      settings: {
        ...settingsOf(regime, dimension, preset.aspectRatio, preset.width),
        ...(drawn.activation === undefined ? {} : { activation: drawn.activation }),
      },
      inputs: drawn.inputs ?? { kind: 'gaussian' },
      seed,
      replicate,
      blocks: firstBlocks,
      claimed,
      nulls: preset.nullsPerDraw,
      // A calibration shows no spectrum.
      band: isLargest && replicate === 0 && context.withoutAlternatives !== true ? bandDraws : 0,
      keepWeights: replicate === 0,
    }));
  });
}

/** Draws behind one panel that is only looked at. */
const panelDraws = 4;

/** Spectra at other aspect ratios, for figures: they are drawn and shown, and no test rests on them. */
export function panelTasks(context: PlanContext, regime: Regime, aspectRatios: readonly number[]): LawTask[] {
  const { preset, seed, perturbation } = context;
  const dimension = preset.dimensions[preset.dimensions.length - 2]!;
  return aspectRatios.flatMap((aspectRatio) =>
    Array.from({ length: panelDraws }, (_, replicate): LawTask => ({
      kind: 'law',
      purpose: 'panel',
      experiment: `${regimeName(regime)}/panel/aspect-ratio=${aspectRatio}`,
      settings: settingsOf(regime, dimension, aspectRatio, preset.width),
      inputs: { kind: 'gaussian' },
      seed,
      replicate,
      blocks: firstBlocks,
      claimed: [{ ...nothing, law: 'stated', perturbation }],
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
    purpose: 'outliers',
    experiment: `${regimeName({ ...regime, classes })}/outliers/d=${dimension}`,
    settings: settingsOf({ ...regime, classes }, dimension, dimension / samples, preset.width),
    inputs: { kind: 'gaussian' },
    seed,
    replicate,
    blocks: [{ i: 0, j: 1 }],
    claimed: [{ ...nothing, law: 'stated', perturbation }],
    nulls: 0,
    band: 0,
    keepWeights: false,
  }));
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
export function weightTasks(context: PlanContext, regime: Regime, alternatives: readonly Alternative[]): WeightTask[] {
  const { preset, seed, perturbation } = context;
  const { dimension, samples, draws } = preset.weights;
  return Array.from({ length: draws }, (_, replicate): WeightTask => ({
    kind: 'weights',
    experiment: `${regimeName(regime)}/weights/d=${dimension}`,
    settings: settingsOf(regime, dimension, dimension / samples, preset.width),
    seed,
    replicate,
    blocks: firstBlocks,
    claimed: [
      { law: 'stated', perturbation },
      ...alternatives.map((wrong) => ({ law: wrong.id, perturbation: onTopOf(perturbation, wrong.perturbation) })),
    ],
  }));
}

/** A wrong prediction made wrong once more: the direction of an error is tested under any prediction. */
function onTopOf(perturbation: Perturbation, wrong: Perturbation): Perturbation {
  return {
    ...perturbation,
    aspectRatio: perturbation.aspectRatio * wrong.aspectRatio,
    logitVariance: perturbation.logitVariance * wrong.logitVariance,
  };
}

/** Norms of blocks over the preset's numbers of classes. */
export function normTasks(context: PlanContext, regime: Omit<Regime, 'classes'>, layer: Layer): NormTask[] {
  const { preset, seed, perturbation } = context;
  const { dimension, aspectRatio, classes, draws } = preset.norms;
  return classes.flatMap((count) =>
    Array.from({ length: draws }, (_, replicate): NormTask => ({
      kind: 'norm',
      experiment: `${regimeName({ ...regime, classes: count })}/norm/${layer}/d=${dimension}`,
      settings: withLogitPrecision(
        settingsOf({ ...regime, classes: count }, dimension, aspectRatio, preset.width),
        draws,
      ),
      layer,
      seed,
      replicate,
      perturbation,
    })),
  );
}

/** A small block of the linear model: the term of order 1/d in its norms is several per cent there. */
const smallBlock = { dimension: 48, samples: 192, classes: 16 } as const;

/** Batches of many small draws, whose means are judged. */
export function momentTasks(
  { preset, seed, perturbation }: PlanContext,
  subject: MomentSubject,
  regime: Regime,
): MomentTask[] {
  const { batches, inputs, readouts, blocks, samples } = preset.moments;
  const settings = { ...regime, activation: paperActivation, dimension: 0, samples: inputs, width: preset.width };
  const sizes =
    subject === 'linear norms'
      ? { dimension: smallBlock.dimension, samples: smallBlock.samples, draws: blocks }
      : subject === 'linear weights'
        ? { dimension: weightDirections(settings), samples, draws: 1 }
        : {
            dimension: weightDirections(settings),
            samples: inputs,
            // A cross-layer draw averages over so many blocks that a fifth of the readouts says as much.
            draws: subject === 'cross norms' ? Math.ceil(readouts / 5) : readouts,
          };
  const { draws, ...size } = sizes;
  return Array.from({ length: batches }, (_, replicate): MomentTask => ({
    kind: 'moments',
    experiment: `${regimeName(regime)}/${subject}`,
    subject,
    settings: { ...settings, ...size },
    aspectRatio: subject === 'linear norms' ? size.dimension / size.samples : preset.norms.aspectRatio,
    draws,
    seed,
    replicate,
    perturbation,
  }));
}

/** Those that a claim about d×d blocks is judged by. */
export function meansTasks(context: PlanContext, regime: Omit<Regime, 'classes'>): MomentTask[] {
  return meansOf[regime.model](context, { ...regime, classes: context.preset.moments.classes });
}

const meansOf: Readonly<Record<PaperModel, (context: PlanContext, regime: Regime) => MomentTask[]>> = {
  linear: linearMeans,
  hidden: (context, regime) => momentTasks(context, 'hidden norms', regime),
};

function linearMeans(context: PlanContext, regime: Regime): MomentTask[] {
  // The norms of small blocks are known for a normal readout: for others the error is of order 1/d.
  const { distribution } = initialisationScheme(regime.initialisation, { ...regime, ...smallBlock, width: 1 }).output;
  return [
    ...(distribution === 'normal'
      ? momentTasks(context, 'linear norms', { ...regime, classes: smallBlock.classes })
      : []),
    ...momentTasks(context, 'linear weights', regime),
  ];
}

/**
 * Output blocks at every dimension of the preset, whose eigenvalues are shown, and over many samples in few dimensions,
 * where their means are sharp.
 */
export function outputTasks(context: PlanContext, regime: Regime, alternatives: readonly Alternative[]): OutputTask[] {
  const { preset, seed, perturbation } = context;
  const claimed: ClaimedLaw = { law: 'stated', perturbation };
  const common = { kind: 'output', seed, blocks: firstBlocks } as const;
  const shown = preset.dimensions.flatMap((dimension, index) =>
    Array.from({ length: preset.draws[index]! }, (_, replicate): OutputTask => ({
      ...common,
      experiment: `${regimeName(regime)}/output/d=${dimension}`,
      settings: settingsOf(regime, dimension, preset.aspectRatio, preset.width),
      replicate,
      claimed: [claimed],
      levels: context.withoutAlternatives !== true,
    })),
  );
  const { dimension, samples, draws } = preset.weights;
  const sharp = Array.from({ length: draws }, (_, replicate): OutputTask => ({
    ...common,
    experiment: `${regimeName(regime)}/output means/d=${dimension}`,
    settings: settingsOf(regime, dimension, dimension / samples, preset.width),
    replicate,
    claimed: [
      claimed,
      ...(comparesAlternatives(context) ? alternatives : []).map((wrong) => ({
        law: wrong.id,
        perturbation: wrong.perturbation,
      })),
    ],
    levels: false,
  }));
  return [...shown, ...sharp];
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

/** Whether a task draws under one initialisation. */
export function isUnder(initialisation: InitialisationName): (task: { readonly settings: DrawSettings }) => boolean {
  return ({ settings }) => settings.initialisation === initialisation;
}

export function sameRegime(settings: DrawSettings, regime: Regime): boolean {
  return (
    settings.model === regime.model &&
    settings.loss === regime.loss &&
    settings.initialisation === regime.initialisation &&
    settings.classes === regime.classes
  );
}
