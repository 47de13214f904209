/** The steps of a fit of a law with free scale: counts on either side, scale, tests, interval. `estimateBulk` for any law. */
import { shapeOf } from './bulkShape.js';
import { intervalOf, type BulkEstimate, type Spike } from './estimateBulk.js';
import { bulkOf, scaleOf, statedPath, statedSearchLimit, type BulkOfSpectrum, type StatedPath } from './statedPath.js';
import { addShift, mirrored, negated, statedStrength } from './statedPlaces.js';
import { largestScore, lowScore, type StatedNull } from './statedNull.js';

export interface StatedProblem {
  /** Ascending, all d of them. */
  readonly values: Float64Array;
  readonly samples: number;
  readonly level: number;
  readonly calibration: StatedNull;
  /** Strength above which a direction leaves the bulk above. */
  readonly threshold: number;
}

interface Counts {
  readonly above: number;
  readonly below: number;
  readonly path: StatedPath;
  /** Of the whole spectrum. */
  readonly scores: { readonly largest: number; readonly smallest: number };
}

export function estimateStated(problem: StatedProblem): BulkEstimate {
  const { values, samples, calibration, threshold } = problem;
  const { expected } = calibration;
  const order = values.length;
  const counts = expected.law.signed ? countBothSides(problem) : countSpikes(problem);
  const { above, below } = counts;
  const { scale, bulk, strengths } = settle(problem, counts);
  const shape = shapeOf(values, bulk.places, scale, bulk.first);
  const [bottom, top] = expected.law.edges;
  const bulkSize = order - expected.zeros;
  const widening = Math.sqrt((bulkSize * samples) / ((bulkSize - above - below) * Math.max(1, samples - above)));
  const limit = statedSearchLimit(bulkSize);
  const spike = (at: number, strength: number): Spike => ({ eigenvalue: values[at]!, strength });
  return {
    variance: scale,
    varianceInterval: intervalOf(scale, calibration.scales, widening),
    dimension: order,
    degrees: samples,
    aspectRatio: order / samples,
    aspectRatioInterval: undefined,
    edges: [scale * bottom, scale * top],
    above: strengths.above.map((strength, k) => spike(order - 1 - k, strength)),
    below: strengths.below.map((strength, k) => spike(expected.zeros + k, strength)),
    oneByOne: countOneByOne(problem, counts.path),
    threshold,
    uncertainBelow: 1 + 2 * (threshold - 1),
    tests: {
      largest: calibration.largest.pValue(counts.scores.largest),
      smallest: calibration.smallest.pValue(counts.scores.smallest),
      shape: calibration.shape.pValue(shape),
    },
    shape,
    limitReached: above >= limit || below >= limit,
    nullReplicates: calibration.replicates,
    nullDegrees: samples,
    nullFromTable: calibration.fromTable,
  };
}

/** The largest k ≥ 1 whose score a bulk alone does not reach; 0 for none. */
function lastBeyond({ scores }: StatedPath, isTooLarge: (score: number) => boolean): number {
  for (let k = scores.length - 1; k >= 1; k--) if (isTooLarge(scores[k]!)) return k;
  return 0;
}

function countOneByOne({ calibration, level }: StatedProblem, { forward }: StatedPath): number {
  let k = 0;
  while (k < forward.length - 1 && calibration.forward.pValue(forward[k]!) <= level) k++;
  return k;
}

/** Rounds of counting above without those below, and below without those above. */
const mostRounds = 4;

/** Weights of one sign: large variances leave the bulk above, small ones below. */
function countSpikes({ values, calibration, level }: StatedProblem): Counts {
  const { expected, units } = calibration;
  const isTooLarge = (score: number): boolean => calibration.largest.pValue(score) <= level;
  let path = statedPath(values, expected, units[0]);
  const largest = largestScore(path.scores);
  let above = 0;
  let below = 0;
  let smallest: number | undefined;
  for (let round = 0; round < mostRounds; round++) {
    if (below > 0)
      path = statedPath(values, expected, units[0], takenBelow(values, calibration, path.scales[0]!, below));
    above = lastBeyond(path, isTooLarge);
    const next = countBelow({ values, calibration, level }, above, path.scales[above]!);
    smallest ??= next.first;
    if (next.below === below) break;
    below = next.below;
  }
  return { above, below, path, scores: { largest, smallest: smallest! } };
}

function takenBelow(values: Float64Array, { expected }: StatedNull, scale: number, count: number) {
  const strengths = Array.from({ length: count }, (_, k) =>
    statedStrength(expected.law, values[expected.zeros + k]! / scale, 'below'),
  );
  return { count, strengths };
}

function countBelow(
  { values, calibration, level }: Pick<StatedProblem, 'values' | 'calibration' | 'level'>,
  above: number,
  start: number,
): { readonly below: number; readonly first: number } {
  const { expected } = calibration;
  const limit = statedSearchLimit(values.length - expected.zeros);
  const shifts = new Float64Array(values.length);
  for (let k = 0; k < above; k++)
    addShift(expected, statedStrength(expected.law, values[values.length - 1 - k]! / start, 'above'), shifts);
  let scale = start;
  let first: number | undefined;
  for (let below = 0; ; below++) {
    const bulk = bulkOf(expected, shifts, above, below);
    if (below > 0) scale = scaleOf(values, bulk, false);
    const score = lowScore(values[bulk.first]!, scale, bulk.places.places[0]!);
    first ??= score;
    if (below >= limit || calibration.smallest.pValue(score) > level) return { below, first };
    addShift(expected, statedStrength(expected.law, values[bulk.first]! / scale, 'below'), shifts);
  }
}

/** Weights of both signs: large variances leave the bulk at either end, or at both. */
function countBothSides({ values, calibration, level }: StatedProblem): Counts {
  const { expected, units } = calibration;
  const path = statedPath(values, expected, units[0]);
  const lower = statedPath(negated(values), mirrored(expected), units[1]);
  return {
    above: lastBeyond(path, (score) => calibration.largest.pValue(score) <= level),
    below: lastBeyond(lower, (score) => calibration.smallest.pValue(score) <= level),
    path,
    scores: { largest: largestScore(path.scores), smallest: largestScore(lower.scores) },
  };
}

interface Settled {
  readonly scale: number;
  readonly bulk: BulkOfSpectrum;
  /** Outermost first. */
  readonly strengths: { readonly above: readonly number[]; readonly below: readonly number[] };
}

/** The scale moves the strengths and they the scale, by less each time. */
const settlingRounds = 3;

function settle({ values, calibration: { expected } }: StatedProblem, { above, below, path }: Counts): Settled {
  const { law, zeros } = expected;
  const order = values.length;
  const strengthsAt = (scale: number): Settled['strengths'] => ({
    above: Array.from({ length: above }, (_, k) => statedStrength(law, values[order - 1 - k]! / scale, 'above')),
    below: Array.from({ length: below }, (_, k) => statedStrength(law, values[zeros + k]! / scale, 'below')),
  });
  let scale = path.scales[above]!;
  let strengths = strengthsAt(scale);
  let bulk = bulkOf(expected, new Float64Array(order), above, below);
  for (let round = 0; round < settlingRounds; round++) {
    strengths = strengthsAt(scale);
    const shifts = new Float64Array(order);
    for (const strength of directionsOf(strengths, law.signed)) addShift(expected, strength, shifts);
    bulk = bulkOf(expected, shifts, above, below);
    scale = scaleOf(values, bulk, law.signed);
  }
  return { scale, bulk, strengths };
}

/** With weights of both signs a direction that shows at both ends counts once: the end that shows more has all. */
function directionsOf({ above, below }: Settled['strengths'], signed: boolean): readonly number[] {
  if (!signed) return [...below, ...above];
  return above.length >= below.length ? above : below;
}
