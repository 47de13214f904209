/** The steps of `fitBulk` on the non-zero eigenvalues: counts, variance and ratio, tests, intervals. */
import { bulkPlaces, bulkPlacesBeside, spikeStrength, type BulkPlaces } from '../../../theory/whiteBulk/index.js';
import { bulkPath, scoreOf, searchLimit, type BulkPath } from './bulkPath.js';
import type { BulkNull } from './bulkNull.js';
import { bulkScales } from './bulkScales.js';
import { shapeOf } from './bulkShape.js';
import { middleScale, middleWeights } from './middleWeights.js';

export interface Spike {
  readonly eigenvalue: number;
  /** ℓ: the eigenvalue of the covariance of x in units of σ². */
  readonly strength: number;
  /** Of several draws, the one it is in, from 0. */
  readonly draw?: number;
}

export interface BulkEstimate {
  /** σ² */
  readonly variance: number;
  /** 95 %; undefined where σ² is given. Holds if no spike goes unseen. */
  readonly varianceInterval: readonly [number, number] | undefined;
  /** d, without dead dimensions, and N, the degrees of freedom, which need not be whole where they are fitted. */
  readonly dimension: number;
  readonly degrees: number;
  /** d/N */
  readonly aspectRatio: number;
  /** 95 %; undefined where N is known. */
  readonly aspectRatioInterval: readonly [number, number] | undefined;
  /** Edges of the law, in units of the eigenvalues. */
  readonly edges: readonly [number, number];
  /** Largest first. */
  readonly above: readonly Spike[];
  /** Smallest first. */
  readonly below: readonly Spike[];
  /** Spikes above when tested one by one from the largest, up to the first that passes: fewer where strong ones hide weak ones. */
  readonly oneByOne: number;
  /** ℓ above which a spike leaves the bulk, 1 + √(d/N), and up to which some may be uncounted, 1 + 2√(d/N). */
  readonly threshold: number;
  readonly uncertainBelow: number;
  /** p-values: of the largest, of the smallest, of the shape of the bulk without them. */
  readonly tests: { readonly largest: number; readonly smallest: number; readonly shape: number };
  /** Root mean square of the bulk's ranks about their places. */
  readonly shape: number;
  readonly limitReached: boolean;
  readonly nullReplicates: number;
  /** Degrees of freedom of the null draws: near those fitted, where they are. */
  readonly nullDegrees: number;
  readonly nullFromTable: boolean;
}

export interface BulkProblem {
  /** Ascending, positive, in units of σ² W/m. */
  readonly values: Float64Array;
  /** m; fitted when absent. */
  readonly degrees: number | undefined;
  /** d > N */
  readonly wide: boolean;
  /** Units of `values` per unit of the eigenvalues as given. */
  readonly unit: number;
  readonly variance: number | undefined;
  readonly level: number;
  readonly calibration: BulkNull;
}

interface Counts {
  readonly above: number;
  readonly below: number;
  readonly scale: number;
  readonly degrees: number;
}

export function estimateBulk(problem: BulkProblem): BulkEstimate {
  const { values, variance, calibration, unit, wide, level } = problem;
  const rank = values.length;
  // With σ² known everything is in its units.
  const own = variance === undefined ? problem : { ...problem, values: values.map((value) => value / variance) };
  const { counts, path, whole } = countSpikes(own);
  const final = settle(own, counts);
  const scale = final.scale * (variance ?? 1);
  const shape = shapeOf(own.values, final.places, final.scale, counts.below);
  const ratio = rank / counts.degrees;
  const root = Math.sqrt(ratio);
  const aspectRatio = wide ? 1 / ratio : ratio;
  const spike = (at: number, strength: number): Spike => ({ eigenvalue: values[at]! / unit, strength });
  return {
    variance: scale,
    varianceInterval:
      variance === undefined ? intervalOf(scale, calibration.scales, widening(rank, counts)) : undefined,
    dimension: wide ? counts.degrees : rank,
    degrees: wide ? rank : counts.degrees,
    aspectRatio,
    aspectRatioInterval:
      problem.degrees === undefined
        ? cappedAtOne(intervalOf(ratio, calibration.ratios, widening(rank, counts)))
        : undefined,
    edges: [(scale * (1 - root) ** 2) / unit, (scale * (1 + root) ** 2) / unit],
    above: final.above.map((strength, k) => spike(rank - 1 - k, strength)),
    below: final.below.map((strength, k) => spike(k, strength)),
    oneByOne: countOneByOne(own, counts.below, path),
    threshold: 1 + Math.sqrt(aspectRatio),
    uncertainBelow: 1 + 2 * Math.sqrt(aspectRatio),
    tests: {
      largest: calibration.largest.pValue(largestScore(whole.path)),
      smallest: calibration.smallest.pValue(whole.smallest),
      shape: calibration.shape.pValue(shape),
    },
    shape,
    limitReached: counts.above >= searchLimit(rank) || counts.below >= searchLimit(rank),
    nullReplicates: calibration.settings.replicates,
    nullDegrees: calibration.settings.degrees,
    nullFromTable: calibration.fromTable,
  };

  function largestScore({ scores }: BulkPath): number {
    return scores.subarray(1).reduce((a, b) => Math.max(a, b));
  }

  function countOneByOne({ values: all }: BulkProblem, below: number, { fits }: BulkPath): number {
    let k = 0;
    while (
      k < fits.length - 1 &&
      calibration.forward.pValue(scoreOf(all[rank - 1 - k]!, fits[k]!, rank - below, k)) <= level
    )
      k++;
    return k;
  }
}

/** Rounds of counting above without those below, and below without those above. */
const mostRounds = 4;

interface Counted {
  readonly counts: Counts;
  /** Without those below. */
  readonly path: BulkPath;
  readonly whole: { readonly path: BulkPath; readonly smallest: number };
}

function countSpikes(problem: BulkProblem): Counted {
  const { values, calibration, level } = problem;
  const whole = bulkPath(values, calibration.working);
  let path = whole;
  let counts: Counts | undefined;
  let smallest = 0;
  for (let round = 0; round < mostRounds; round++) {
    const removed = counts?.below ?? 0;
    if (round > 0) path = pathWithout(problem, removed);
    const above = lastBeyond(path, (score) => calibration.largest.pValue(score) <= level);
    const { scale, degrees: found } = path.fits[above]!;
    const next = countBelow(problem, above, scale, found);
    if (round === 0) smallest = next.first;
    counts = { above, below: next.below, scale: next.scale, degrees: found };
    if (next.below === removed) break;
  }
  return { counts: counts!, path, whole: { path: whole, smallest } };
}

function pathWithout({ values, degrees, variance }: BulkProblem, below: number): BulkPath {
  const rest = values.subarray(below);
  const scales = bulkScales(rest.length, { degrees, variance: variance === undefined ? undefined : 1 });
  return bulkPath(rest, scales, Math.min(searchLimit(values.length), searchLimit(rest.length)));
}

/** The largest k ≥ 1 whose score is too large; 0 for none. */
function lastBeyond({ scores }: BulkPath, isTooLarge: (score: number) => boolean): number {
  for (let k = scores.length - 1; k >= 1; k--) if (isTooLarge(scores[k]!)) return k;
  return 0;
}

function countBelow(
  { values, variance, calibration, level }: BulkProblem,
  above: number,
  start: number,
  degrees: number,
): { readonly below: number; readonly scale: number; readonly first: number } {
  const rank = values.length;
  let scale = start;
  let first: number | undefined;
  for (let below = 0; ; below++) {
    const shape = { rank, degrees, above, below };
    if (below > 0 && variance === undefined) scale = middleScale(values, middleWeights(shape), below);
    const score = -values[below]! / (scale * bulkPlaces(shape, 0, 1).places[0]!);
    first ??= score;
    if (below >= searchLimit(rank) || calibration.smallest.pValue(score) > level) return { below, scale, first };
  }
}

interface Settled {
  readonly scale: number;
  readonly places: BulkPlaces;
  /** Strengths, outermost first. */
  readonly above: readonly number[];
  readonly below: readonly number[];
}

/** The scale moves the strengths and they the scale, by less each time. */
const settlingRounds = 3;

function settle({ values, variance, wide }: BulkProblem, { above, below, scale: start, degrees }: Counts): Settled {
  const rank = values.length;
  const shape = { rank, degrees, above, below };
  const ratio = rank / degrees;
  let scale = start;
  let settled: Settled = { scale, places: bulkPlaces(shape), above: [], below: [] };
  if (above + below === 0) return settled;
  for (let round = 0; round < settlingRounds; round++) {
    const outer = Array.from({ length: above }, (_, k) =>
      spikeStrength(values[rank - 1 - k]! / scale, ratio, wide, 'above'),
    );
    const inner = Array.from({ length: below }, (_, k) => spikeStrength(values[k]! / scale, ratio, wide, 'below'));
    const places = bulkPlacesBeside(shape, [...inner, ...outer], wide);
    if (variance === undefined) scale = middleScale(values, middleWeights(shape, places), below);
    settled = { scale, places, above: outer, below: inner };
    if (variance !== undefined) break;
  }
  return settled;
}

/** The best relative standard deviation is √(2/(n m)): what a bulk without its spikes has less of. */
function widening(rank: number, { above, below, degrees }: Counts): number {
  return Math.sqrt((rank * degrees) / ((rank - above - below) * (degrees - above)));
}

/** estimate/ratio at the 2.5 and 97.5 % points of what is found for 1, their logarithms widened. */
export function intervalOf(estimate: number, found: Float64Array, factor: number): readonly [number, number] {
  const point = (p: number): number =>
    found[Math.min(found.length - 1, Math.max(0, Math.round((found.length + 1) * p) - 1))]!;
  return [estimate / point(0.975) ** factor, estimate / point(0.025) ** factor];
}

/** n ≤ m: near 1 the interval has one side. */
const cappedAtOne = ([low, high]: readonly [number, number]): readonly [number, number] => [low, Math.min(1, high)];
