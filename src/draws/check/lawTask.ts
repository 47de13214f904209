/**
 * One draw of a model, the spectra of some of its d×d blocks, and everything a comparison with their laws needs:
 * distances at three levels, the twin, fresh draws with the same weights, traces with their exact moments, linear
 * statistics and gaps against the law's own distribution function, outliers.
 *
 * Evidence is kept per claimed law, so that one draw serves the true prediction and any number of wrong ones.
 */
import type { DiscreteMeasure, SpectralLaw } from '../../../theory/contracts.js';
import { measureMoment } from '../../../theory/measures/index.js';
import { estimatedLaw } from '../../../theory/models/index.js';
import { outliersFromSamples } from '../../../theory/outliers/index.js';
import type { SampledOutlier } from '../../../theory/outliers/index.js';
import type { EstimatedMeasure } from '../../../theory/weights/index.js';
import { coordinates, projectionBasis, twinInputs } from '../../../simulations/blocks/index.js';
import {
  couplingCheck,
  kolmogorovDistance,
  outlierScores,
  separateOutliers,
  spectrumGaps,
} from '../../../simulations/comparisons/index.js';
import type { OutlierScore, StatisticsOfDraw } from '../../../simulations/comparisons/index.js';
import type { DrawSettings } from '../../../simulations/contracts.js';
import { inputSampler } from '../../../simulations/inputs/index.js';
import type { InputDistribution } from '../../../simulations/inputs/index.js';
import { drawReplicate, modelOf, weightedLayer } from '../../../simulations/models/index.js';
import type { Draw } from '../../../simulations/models/index.js';
import { randomStream } from '../../../simulations/random/index.js';
import { blockClaim, limitLaw, weightsGivenInitialisation } from '../lawsOfDraw.js';
import type { BlockRequest } from '../lawsOfDraw.js';
import { statedOf } from '../perturbation.js';
import type { ClaimedLaw, LawIdentity } from '../perturbation.js';
import {
  claimedLawGivenWeights,
  claimedLinearStatistics,
  claimedTraces,
  drawGivenWeights,
  linearFluctuations,
  sharedLaw,
  tracesOf,
  weightMoments,
} from './claimedSpectrum.js';
import type { LinearFluctuations } from './claimedSpectrum.js';
import type { TaskEnvironment } from '../environment.js';
import type { ExperimentTask } from './experimentTask.js';

export interface LawTask extends ExperimentTask {
  readonly kind: 'law';
  /** What the draws are for: tests of a law, a panel that is only looked at, the places of outliers. */
  readonly purpose: 'law' | 'panel' | 'outliers';
  readonly inputs: InputDistribution;
  readonly blocks: readonly BlockRequest[];
  readonly claimed: readonly ClaimedPart[];
  /** Fresh draws with the same weights for each block. */
  readonly nulls: number;
  /** Draws behind the pointwise band of F_n − F; 0 for none. */
  readonly band: number;
  /** Return the weights too: for the files and figures of one draw. */
  readonly keepWeights: boolean;
}

/** A claimed law, and which of its statements are worked out: wrong laws need only the part that can see them. */
export interface ClaimedPart extends ClaimedLaw {
  /** Distances of the spectrum to the law given the drawn weights; gaps; traces. */
  readonly distances: boolean;
  /** Distances to the laws of the limit and given the initialisation as well: no test rests on them. */
  readonly levels: boolean;
  /** Linear statistics against the law's own distribution function: what judges a law, and what a wrong one moves. */
  readonly statistics: boolean;
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
  readonly fresh: FreshDraws | undefined;
  readonly weights: Float64Array | undefined;
  readonly band: BandFinding | undefined;
}

/**
 * Fresh draws with the same weights, whose law is the twin's, whatever is claimed. All distances are to one law, the
 * one predicted, so that they judge the draws and not the law: a wrong one takes all of them along.
 */
export interface FreshDraws {
  readonly twinDistance: number;
  readonly distances: readonly number[];
  /** tr H^k of each. */
  readonly traces: readonly (readonly number[])[];
}

/** Pointwise quantiles of F_n − F over fresh draws with the same weights, F the law given them. */
export interface BandFinding {
  readonly x: readonly number[];
  readonly lower: readonly number[];
  readonly upper: readonly number[];
  readonly level: number;
  readonly replicates: number;
}

export interface OutlierFinding {
  readonly predicted: readonly SampledOutlier[];
  /** Of those clear of the bulk: how far the eigenvalue of that rank lies from its place. */
  readonly scores: readonly OutlierScore[];
  readonly matched: readonly { readonly at: number; readonly eigenvalue: number }[];
  readonly missing: number;
  readonly unexplained: readonly number[];
}

/** One block against one claimed law. */
export interface ClaimedFinding extends LawIdentity {
  /** Kolmogorov distance of the block to the law of each level; NaN where the level has no law. */
  readonly distances: readonly [limit: number, initialisation: number, weights: number];
  /** The same at level 3 for the twin. */
  readonly twinDistance: number;
  /** How far the twin runs ahead of the claimed law at `meanSpectrumLevels`, in eigenvalues. */
  readonly gaps: ArrayLike<number>;
  /**
   * Σ f(λ) of the twin against d ∫ f dF + shift, F the claimed law's own distribution function, with the covariance
   * given the weights.
   */
  readonly statistics: StatisticsOfDraw | undefined;
  /**
   * tr H^k of the twin, k = 1 … 4, with their exact mean and covariance under the claimed law; `undefined` for a law
   * without them.
   */
  readonly traces: StatisticsOfDraw | undefined;
  /** Σ a_n and Σ a_n² against the law given the initialisation, under which the N samples are independent. */
  readonly weightSums: StatisticsOfDraw | undefined;
}

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
    const { mean, meanSquare } = weightMoments(a);
    const common = { block, eigenvalues, weightMean: mean, weightMeanSquare: meanSquare };
    if (meanSquare === 0) {
      return {
        ...common,
        vanishes: true,
        outliers: noOutliers,
        coupling: undefined,
        claims: [],
        fresh: undefined,
        weights: undefined,
        band: undefined,
      };
    }
    // Without a twin (inputs that are not Gaussian) the block itself is held against the null.
    const twin = twins?.[index] ?? eigenvalues;
    const fluctuations = task.claimed.some(({ statistics }) => statistics)
      ? linearFluctuations(a, dimension)
      : undefined;
    return {
      ...common,
      vanishes: false,
      outliers: findOutliers(task, a, eigenvalues, field, basis.rank),
      coupling:
        twins === undefined ? undefined : couplingCheck({ eigenvalues, twinEigenvalues: twin, rank: basis.rank }),
      claims: task.claimed.map((claim) =>
        claimedFinding({ task, draw, block, weights: a, eigenvalues, twin, claim, fluctuations }),
      ),
      fresh: task.nulls > 0 ? freshDraws(task, environment, a, twin, `${seed} ${index}`) : undefined,
      weights: task.keepWeights ? a : undefined,
      band: task.band > 0 ? bandOf(task, environment, a, index, seed) : undefined,
    };
  });
  return { kind: 'law', blocks };
}

export function blockWeights(draw: Draw, { i, j }: BlockRequest): Float64Array {
  return weightedLayer(draw.model).weights(draw, i, j);
}

export function wantedBlocks(settings: DrawSettings, blocks: readonly BlockRequest[]) {
  const pairs = blocks.map(({ i, j }) => [i, j] as [number, number]);
  return { [weightedLayer(modelOf(settings)).layer]: pairs };
}

interface ClaimInputs {
  readonly task: LawTask;
  readonly draw: Draw;
  readonly block: BlockRequest;
  readonly weights: Float64Array;
  readonly eigenvalues: Float64Array;
  readonly twin: Float64Array;
  readonly claim: ClaimedPart;
  readonly fluctuations: LinearFluctuations | undefined;
}

function claimedFinding(inputs: ClaimInputs): ClaimedFinding {
  const { task, draw, block, weights, twin, fluctuations } = inputs;
  const { law: id, perturbation, distances, levels, statistics, weights: compareWeights } = inputs.claim;
  const { dimension } = task.settings;
  const law = distances || statistics ? claimedLawGivenWeights(weights, dimension, perturbation) : undefined;
  const second =
    levels || compareWeights
      ? weightsGivenInitialisation(blockClaim(task.settings, block, perturbation), draw)
      : undefined;
  const exact = distances ? claimedTraces(weights, dimension, perturbation) : undefined;
  return {
    law: id,
    ...(distances ? distanceFinding(inputs, law, second) : noDistances),
    statistics:
      statistics && law !== undefined && fluctuations !== undefined
        ? claimedLinearStatistics(twin, law, fluctuations)
        : undefined,
    traces: exact === undefined ? undefined : { values: tracesOf(twin), ...exact },
    weightSums: compareWeights && second !== undefined ? weightSums(weights, second.measure) : undefined,
  };
}

const noDistances = { distances: [NaN, NaN, NaN], twinDistance: NaN, gaps: [] } as const;

function distanceFinding(
  { task, draw, block, eigenvalues, twin, claim: { perturbation, levels } }: ClaimInputs,
  law: SpectralLaw | undefined,
  second: EstimatedMeasure | undefined,
): Pick<ClaimedFinding, 'distances' | 'twinDistance' | 'gaps'> {
  const { dimension, samples } = task.settings;
  const aspectRatio = (dimension / samples) * perturbation.aspectRatio;
  const first = levels ? limitLaw(blockClaim(task.settings, block, perturbation), draw, aspectRatio) : undefined;
  const to = (claimed: SpectralLaw | undefined, spectrum: Float64Array): number =>
    claimed === undefined ? NaN : kolmogorovDistance(spectrum, claimed);
  return {
    distances: [
      to(first, eigenvalues),
      to(second && estimatedLaw(second, aspectRatio), eigenvalues),
      to(law, eigenvalues),
    ],
    twinDistance: to(law, twin),
    gaps: law === undefined ? [] : spectrumGaps(twin, law),
  };
}

function freshDraws(
  { settings, nulls, replicate }: LawTask,
  environment: TaskEnvironment,
  weights: Float64Array,
  twin: Float64Array,
  seed: string,
): FreshDraws {
  const { dimension, samples } = settings;
  const law = sharedLaw(weights, dimension / samples);
  const spectra = Array.from({ length: nulls }, (_, n) =>
    drawGivenWeights(weights, dimension, randomStream(seed, `null ${n}`, replicate), environment),
  );
  return {
    twinDistance: kolmogorovDistance(twin, law),
    distances: spectra.map((spectrum) => kolmogorovDistance(spectrum, law)),
    traces: spectra.map(tracesOf),
  };
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
): BandFinding {
  const { dimension, samples } = task.settings;
  const law = sharedLaw(weights, dimension / samples);
  const x = bandAbscissae(law);
  const levels = law.cdfs(x);
  const columns = Array.from(x, () => new Float64Array(task.band));
  for (let n = 0; n < task.band; n++) {
    const stream = randomStream(seed, `band ${index} ${n}`, task.replicate);
    const spectrum = drawGivenWeights(weights, dimension, stream, environment);
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

const noOutliers: OutlierFinding = { predicted: [], scores: [], matched: [], missing: 0, unexplained: [] };

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
  const aspectRatio = (dimension / samples) * statedOf(task.claimed).perturbation.aspectRatio;
  const law = sharedLaw(weights, aspectRatio);
  const predicted = outliersFromSamples({ weights, coordinates: field, rank, aspectRatio, law });
  const { matched, missing, unexplained } = separateOutliers(eigenvalues, law, predicted);
  return {
    predicted,
    scores: outlierScores(eigenvalues, law, predicted),
    matched: matched.map(({ predicted: { at }, eigenvalue }) => ({ at, eigenvalue })),
    missing: missing.length,
    unexplained,
  };
}
