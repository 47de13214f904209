/**
 * One draw of a model, the spectra of some of its d×d blocks, and everything a comparison with their laws needs:
 * distances at three levels, the twin, fresh draws of the null, traces with their exact moments, outliers.
 *
 * Evidence is kept per claimed law, so that one draw serves the true prediction and any number of wrong ones.
 */
import type { DiscreteMeasure, Outlier, SpectralLaw } from '../../../../theory/contracts.js';
import { generalisedMarchenkoPastur } from '../../../../theory/gmp/index.js';
import type { WeightLaw } from '../../../../theory/gmp/index.js';
import { measureMoment } from '../../../../theory/measures/index.js';
import { outliersFromSamples } from '../../../../theory/outliers/index.js';
import {
  coordinates,
  hiddenBlockWeights,
  linearBlockWeights,
  projectionBasis,
  twinInputs,
} from '../../../../simulations/blocks/index.js';
import { couplingCheck, kolmogorovDistance, separateOutliers } from '../../../../simulations/comparisons/index.js';
import type { StatisticsOfDraw } from '../../../../simulations/comparisons/index.js';
import type { DrawSettings } from '../../../../simulations/contracts.js';
import { inputSampler } from '../../../../simulations/inputs/index.js';
import type { InputDistribution } from '../../../../simulations/inputs/index.js';
import { drawReplicate } from '../../../../simulations/models/index.js';
import type { Draw } from '../../../../simulations/models/index.js';
import { randomStream } from '../../../../simulations/random/index.js';
import { lawGivenWeights, limitWeights, weightsGivenInitialisation } from '../claimedLaws.js';
import type { BlockRequest } from '../claimedLaws.js';
import type { Perturbation } from '../perturbation.js';
import type { TaskEnvironment } from './environment.js';
import { nullEnsemble } from './nullEnsemble.js';
import type { NullEnsemble } from './nullEnsemble.js';

export interface LawTask {
  readonly kind: 'law';
  /** Names the experiment; its draws share no randomness with those of any other. */
  readonly experiment: string;
  readonly settings: DrawSettings;
  readonly inputs: InputDistribution;
  readonly seed: string;
  readonly replicate: number;
  readonly blocks: readonly BlockRequest[];
  readonly claimed: readonly ClaimedPart[];
  /** Fresh draws of the null for each claimed law whose spectrum is compared. */
  readonly nulls: number;
  /** Draws behind the pointwise band of F_n − F; 0 for none. */
  readonly band: number;
  /** Return the weights too: for the files and figures of one draw. */
  readonly keepWeights: boolean;
}

/** A claimed law, and which of its statements are worked out: wrong laws need only the part that can see them. */
export interface ClaimedPart {
  readonly perturbation: Perturbation;
  /** Distances of the spectrum to the law given the drawn weights, with their null. */
  readonly distances: boolean;
  /** Distances to the laws of the limit and given the initialisation as well: no test rests on them. */
  readonly levels: boolean;
  /** Traces and their exact moments. */
  readonly traces: boolean;
  /** The law of the weights given the initialisation. */
  readonly weights: boolean;
}

export interface LawTaskResult {
  readonly kind: 'law';
  readonly blocks: readonly LawBlockResult[];
}

export interface LawBlockResult {
  readonly block: BlockRequest;
  readonly eigenvalues: Float64Array;
  /** Every weight is exactly zero: the block vanishes identically. */
  readonly vanishes: boolean;
  /** (1/N) Σ a_n and (1/N) Σ a_n². */
  readonly weightMean: number;
  readonly weightMeanSquare: number;
  readonly outliers: OutlierFinding;
  /** `undefined` when the inputs are not Gaussian: the twin is then no twin. */
  readonly coupling:
    | { readonly distance: number; readonly bound: number; readonly holds: boolean; readonly informative: boolean }
    | undefined;
  readonly claims: readonly ClaimedFinding[];
  readonly weights: Float64Array | undefined;
  readonly band: BandFinding | undefined;
}

/** Pointwise quantiles of F_n − F over draws of the null of the first claimed law. */
export interface BandFinding {
  readonly x: readonly number[];
  readonly lower: readonly number[];
  readonly upper: readonly number[];
  readonly level: number;
  readonly replicates: number;
}

export interface OutlierFinding {
  readonly predicted: readonly Outlier[];
  readonly matched: readonly { readonly at: number; readonly eigenvalue: number }[];
  readonly missing: number;
  readonly unexplained: readonly number[];
}

/** One block against one claimed law. */
export interface ClaimedFinding {
  /** Kolmogorov distance of the block to the law of each level; NaN where the level has no law. */
  readonly distances: readonly [limit: number, initialisation: number, weights: number];
  /** The same at level 3 for the twin, which is exactly a draw of the null, and for fresh draws of the claimed law. */
  readonly twinDistance: number;
  readonly nullDistances: readonly number[];
  /**
   * tr H^k of the twin, k = 1 … 4, with their exact mean and covariance under the claimed law; `undefined` for a law
   * without them.
   */
  readonly traces: StatisticsOfDraw | undefined;
  /** tr H^k of the fresh draws of the claimed law, for the same dimension. */
  readonly nullTraces: readonly (readonly number[])[];
  /** Σ a_n and Σ a_n² against the law given the initialisation, under which the N samples are independent. */
  readonly weightSums: StatisticsOfDraw | undefined;
}

const tracePowers = 4;

export async function performLawTask(task: LawTask, environment: TaskEnvironment): Promise<LawTaskResult> {
  const { settings, replicate } = task;
  const { dimension, samples } = settings;
  const seed = `${task.seed}/${task.experiment}`;
  const workspace = environment.workspace(dimension, samples);
  const gaussian = task.inputs.kind === 'gaussian';
  const draw = drawReplicate(settings, workspace, seed, replicate, {
    ...(gaussian ? {} : { inputs: inputSampler(task.inputs, dimension) }),
    wanted: wantedBlocks(settings, task.blocks),
  });
  const weights = task.blocks.map((block) => blockWeights(draw, block));
  const observed = weights.map((a) => workspace.eigenvalues(a).slice());
  const basis = projectionBasis(draw);
  const field = coordinates(draw, basis);
  let twins: Float64Array[] | undefined;
  if (draw.hasStandardNormalInputs) {
    twinInputs(draw, workspace, randomStream(seed, 'twin', replicate), basis);
    twins = weights.map((a) => workspace.eigenvalues(a).slice());
  }
  const blocks = task.blocks.map((block, index): LawBlockResult => {
    const a = weights[index]!;
    const eigenvalues = observed[index]!;
    const mean = a.reduce((sum, value) => sum + value, 0) / samples;
    const meanSquare = a.reduce((sum, value) => sum + value * value, 0) / samples;
    const common = { block, eigenvalues, weightMean: mean, weightMeanSquare: meanSquare };
    if (meanSquare === 0) {
      return {
        ...common,
        vanishes: true,
        outliers: noOutliers,
        coupling: undefined,
        claims: [],
        weights: undefined,
        band: undefined,
      };
    }
    // Without a twin (inputs that are not Gaussian) the block itself is held against the null.
    const twin = twins?.[index] ?? eigenvalues;
    return {
      ...common,
      vanishes: false,
      outliers: findOutliers(task, a, eigenvalues, field, basis.rank),
      coupling:
        twins === undefined ? undefined : couplingCheck({ eigenvalues, twinEigenvalues: twin, rank: basis.rank }),
      claims: task.claimed.map((claim, number) =>
        claimedFinding({
          task,
          environment,
          draw,
          block,
          weights: a,
          eigenvalues,
          twin,
          claim,
          streamLabel: `null ${index} ${number}`,
          seed,
        }),
      ),
      weights: task.keepWeights ? a : undefined,
      band: task.band > 0 ? bandOf(task, environment, a, index, seed) : undefined,
    };
  });
  return { kind: 'law', blocks };
}

export function blockWeights(draw: Draw, { i, j }: BlockRequest): Float64Array {
  return draw.settings.model === 'linear' ? linearBlockWeights(draw, i, j) : hiddenBlockWeights(draw, i, j);
}

export function wantedBlocks(settings: DrawSettings, blocks: readonly BlockRequest[]) {
  const pairs = blocks.map(({ i, j }) => [i, j] as [number, number]);
  return settings.model === 'linear' ? { hidden: [], output: pairs } : { hidden: pairs, output: [] };
}

interface ClaimInputs {
  readonly task: LawTask;
  readonly environment: TaskEnvironment;
  readonly draw: Draw;
  readonly block: BlockRequest;
  readonly weights: Float64Array;
  readonly eigenvalues: Float64Array;
  readonly twin: Float64Array;
  readonly claim: ClaimedPart;
  readonly streamLabel: string;
  readonly seed: string;
}

function claimedFinding(given: ClaimInputs): ClaimedFinding {
  const { task, draw, block, weights, twin } = given;
  const { perturbation, distances, levels, traces, weights: compareWeights } = given.claim;
  const aspectRatio = (task.settings.dimension / task.settings.samples) * perturbation.aspectRatio;
  const ensemble =
    distances || traces
      ? nullEnsemble({
          weights,
          dimension: task.settings.dimension,
          aspectRatio,
          shape: perturbation.shape,
          environment: given.environment,
        })
      : undefined;
  const second =
    levels || compareWeights ? weightsGivenInitialisation(task.settings, draw, block, perturbation) : undefined;
  return {
    ...(distances ? distanceFinding(given, ensemble, second, aspectRatio) : noDistances),
    traces: traces && ensemble?.traces !== undefined ? { values: tracesOf(twin), ...ensemble.traces } : undefined,
    weightSums: compareWeights && second !== undefined ? weightSums(weights, second) : undefined,
  };
}

const noDistances = { distances: [NaN, NaN, NaN], twinDistance: NaN, nullDistances: [], nullTraces: [] } as const;

function distanceFinding(
  given: ClaimInputs,
  ensemble: NullEnsemble | undefined,
  second: DiscreteMeasure | undefined,
  aspectRatio: number,
): Pick<ClaimedFinding, 'distances' | 'twinDistance' | 'nullDistances' | 'nullTraces'> {
  const { task, draw, block, eigenvalues, twin } = given;
  const first = given.claim.levels ? limitWeights(task.settings, draw, block, given.claim.perturbation) : undefined;
  const to = (law: SpectralLaw | undefined, spectrum: Float64Array): number =>
    law === undefined ? NaN : kolmogorovDistance(spectrum, law);
  const nullDistances: number[] = [];
  const nullTraces: number[][] = [];
  if (ensemble !== undefined) {
    for (let n = 0; n < task.nulls; n++) {
      const stream = randomStream(given.seed, `${given.streamLabel} ${n}`, task.replicate);
      const spectrum = ensemble.draw(stream);
      nullDistances.push(to(ensemble.law, spectrum));
      // A claim of another aspect ratio draws another dimension: its traces are carried over to the one observed, as
      // their means are.
      nullTraces.push(tracesOf(spectrum).map((trace) => (trace * task.settings.dimension) / spectrum.length));
    }
  }
  return {
    distances: [
      to(first && limitLaw(first, aspectRatio), eigenvalues),
      to(second && generalisedMarchenkoPastur(second, aspectRatio), eigenvalues),
      to(ensemble?.law, eigenvalues),
    ],
    twinDistance: to(ensemble?.law, twin),
    nullDistances,
    nullTraces,
  };
}

const limitLaws = new WeakMap<object, Map<number, SpectralLaw>>();

/** The limit law of the linear model is the same for every draw. */
function limitLaw(weights: WeightLaw, aspectRatio: number): SpectralLaw {
  let byRatio = limitLaws.get(weights);
  if (byRatio === undefined) limitLaws.set(weights, (byRatio = new Map()));
  let law = byRatio.get(aspectRatio);
  if (law === undefined) byRatio.set(aspectRatio, (law = generalisedMarchenkoPastur(weights, aspectRatio)));
  return law;
}

function tracesOf(eigenvalues: Float64Array): number[] {
  return Array.from({ length: tracePowers }, (_, k) => eigenvalues.reduce((sum, value) => sum + value ** (k + 1), 0));
}

/** Given the initialisation the N samples are independent, so that these sums have exactly this mean and covariance. */
export function weightSums(weights: Float64Array, law: DiscreteMeasure): StatisticsOfDraw {
  const samples = weights.length;
  // In units of the root mean square, which keeps weights like C^{-2} away from underflow in their fourth powers.
  const unit = Math.sqrt(measureMoment(law, 2));
  const moment = (power: number): number => measureMoment(law, power) / unit ** power;
  const powers = [1, 2];
  return {
    values: powers.map((power) => weights.reduce((sum, a) => sum + (a / unit) ** power, 0)),
    mean: powers.map((power) => samples * moment(power)),
    covariance: powers.map((j) => powers.map((k) => samples * (moment(j + k) - moment(j) * moment(k)))),
  };
}

const bandLevel = 0.95;
const bandPoints = 200;

function bandOf(
  task: LawTask,
  environment: TaskEnvironment,
  weights: Float64Array,
  index: number,
  seed: string,
): BandFinding | undefined {
  const { dimension, samples } = task.settings;
  const ensemble = nullEnsemble({
    weights,
    dimension,
    aspectRatio: dimension / samples,
    shape: 'predicted',
    environment,
  });
  if (ensemble === undefined) return undefined;
  const { law } = ensemble;
  const x = bandAbscissae(law);
  const levels = law.cdfs(x);
  const columns = Array.from(x, () => new Float64Array(task.band));
  for (let n = 0; n < task.band; n++) {
    const spectrum = ensemble.draw(randomStream(seed, `band ${index} ${n}`, task.replicate));
    let below = 0;
    for (let k = 0; k < x.length; k++) {
      while (below < spectrum.length && spectrum[below]! <= x[k]!) below++;
      columns[k]![n] = below / spectrum.length - levels[k]!;
    }
  }
  const quantile = (values: Float64Array, p: number): number =>
    values.sort()[Math.min(values.length - 1, Math.floor(p * values.length))]!;
  return {
    x: Array.from(x),
    lower: columns.map((values) => quantile(values, (1 - bandLevel) / 2)),
    upper: columns.map((values) => quantile(values, (1 + bandLevel) / 2)),
    level: bandLevel,
    replicates: task.band,
  };
}

/** Evenly over each interval of the support, shared out by length, ends left out. */
function bandAbscissae(law: SpectralLaw): Float64Array {
  const total = law.support.reduce((sum, [lower, upper]) => sum + upper - lower, 0);
  return Float64Array.from(
    law.support.flatMap(([lower, upper]) => {
      const count = Math.max(8, Math.round((bandPoints * (upper - lower)) / total));
      return Array.from({ length: count }, (_, k) => lower + ((k + 0.5) / count) * (upper - lower));
    }),
  );
}

const noOutliers: OutlierFinding = { predicted: [], matched: [], missing: 0, unexplained: [] };

function findOutliers(
  task: LawTask,
  weights: Float64Array,
  eigenvalues: Float64Array,
  field: Float64Array,
  rank: number,
): OutlierFinding {
  const { dimension, samples } = task.settings;
  // With as many directions as dimensions nothing is left for a bulk, and no outlier is defined.
  if (2 * rank >= dimension) return noOutliers;
  const law = lawGivenWeights(weights, dimension / samples);
  const predicted = outliersFromSamples({ weights, coordinates: field, rank, aspectRatio: dimension / samples, law });
  const { matched, missing, unexplained } = separateOutliers(eigenvalues, law, predicted);
  return {
    predicted,
    matched: matched.map(({ predicted: { at }, eigenvalue }) => ({ at, eigenvalue })),
    missing: missing.length,
    unexplained,
  };
}
