import { UsageError } from '../../theory/errors.js';
import type { Outlier, SpectralLaw } from '../../theory/contracts.js';
import { edgeScales, type EdgeScale } from './distances/edgeGaps.js';
import { checkAscending } from './distances/probabilityLevels.js';
import { roundingTolerance } from './distances/snapToAtoms.js';
import { tableOf } from './distances/distances.js';
import type { TabulatedLaw } from './distances/tabulateLaw.js';

export interface OutlierRule {
  /**
   * An eigenvalue is outside when it is further from the support than this many edge scales (`edgeScales`). The default
   * 2 is 5.6 Tracy–Widom units: an eigenvalue of the bulk is that far out with probability about 1e-5 (β = 1).
   */
  readonly edgeMultiple?: number;
  /**
   * An eigenvalue may be this many standard deviations, plus one scale of the nearest edge, from the prediction it is
   * matched with: 4 by default. The deviation is the prediction's own when it has one, else |at| √(2/n), that of an
   * isolated eigenvalue far from the bulk. Close to an edge the edge's fluctuation takes over, hence its scale.
   */
  readonly matchMultiple?: number;
}

/** A predicted outlier, with the standard deviation of its eigenvalue where the theory knows it. */
export type PredictedOutlier = Outlier & { readonly deviation?: number };

export interface MatchedOutlier {
  readonly predicted: PredictedOutlier;
  readonly eigenvalue: number;
  /** eigenvalue − predicted.at */
  readonly gap: number;
  readonly tolerance: number;
}

export interface SeparatedSpectrum {
  /** Ascending, everything that is neither matched nor unexplained. */
  readonly bulk: Float64Array;
  readonly matched: readonly MatchedOutlier[];
  /** Predicted so near the bulk (within its tolerance of an edge) that no eigenvalue need stand apart at this size. */
  readonly merged: readonly PredictedOutlier[];
  /** Predicted, well off the bulk, and not found. One entry for each missing copy. */
  readonly missing: readonly PredictedOutlier[];
  /** Eigenvalues outside by the rule with no prediction. */
  readonly unexplained: readonly number[];
}

/** One connected part of the complement of the support. */
interface Gap {
  readonly from: number;
  readonly to: number;
  /** Beyond these an eigenvalue is outside by the rule. */
  readonly outsideFrom: number;
  readonly outsideTo: number;
}

function gapsOf(table: TabulatedLaw, scales: readonly EdgeScale[], edgeMultiple: number, rounding: number): Gap[] {
  const scaleAt = new Map(scales.map((edge) => [`${edge.kind}${edge.at}`, edge.scale]));
  const gaps: Gap[] = [];
  let from = -Infinity;
  let outsideFrom = -Infinity;
  for (const { lower, upper, isAtom } of table.pieces) {
    const roomBelow = isAtom ? rounding : edgeMultiple * scaleAt.get(`lower${lower}`)!;
    const roomAbove = isAtom ? rounding : edgeMultiple * scaleAt.get(`upper${upper}`)!;
    if (lower > from) gaps.push({ from, to: lower, outsideFrom, outsideTo: lower - roomBelow });
    if (upper >= from) {
      from = upper;
      outsideFrom = upper + roomAbove;
    }
  }
  gaps.push({ from, to: Infinity, outsideFrom, outsideTo: Infinity });
  return gaps;
}

/**
 * Pairs two ascending lists in order: as many pairs within `allowed` as possible, then the smallest sum of squared
 * gaps.
 */
function pairInOrder(at: readonly number[], values: readonly number[], allowed: readonly number[]): [number, number][] {
  const columns = values.length + 1;
  const pairs = new Int32Array((at.length + 1) * columns);
  const cost = new Float64Array(pairs.length);
  for (let i = 1; i <= at.length; i++) {
    for (let j = 1; j <= values.length; j++) {
      const here = i * columns + j;
      const better = (candidatePairs: number, candidateCost: number): boolean =>
        candidatePairs > pairs[here]! || (candidatePairs === pairs[here]! && candidateCost < cost[here]!);
      pairs[here] = pairs[here - columns]!;
      cost[here] = cost[here - columns]!;
      if (better(pairs[here - 1]!, cost[here - 1]!)) {
        pairs[here] = pairs[here - 1]!;
        cost[here] = cost[here - 1]!;
      }
      const gap = values[j - 1]! - at[i - 1]!;
      const diagonal = here - columns - 1;
      if (Math.abs(gap) <= allowed[i - 1]! && better(pairs[diagonal]! + 1, cost[diagonal]! + gap * gap)) {
        pairs[here] = pairs[diagonal]! + 1;
        cost[here] = cost[diagonal]! + gap * gap;
      }
    }
  }
  const found: [number, number][] = [];
  for (let i = at.length, j = values.length; i > 0 && j > 0;) {
    const here = i * columns + j;
    if (pairs[here] === pairs[here - columns] && cost[here] === cost[here - columns]) i--;
    else if (pairs[here] === pairs[here - 1] && cost[here] === cost[here - 1]) j--;
    else found.push([--i, --j]);
  }
  return found.reverse();
}

/** One prediction for each copy, ascending. */
const singleOutliers = (predicted: readonly PredictedOutlier[]): PredictedOutlier[] =>
  predicted
    .flatMap((outlier) => Array.from({ length: outlier.multiplicity }, () => ({ ...outlier, multiplicity: 1 })))
    .sort((a, b) => a.at - b.at);

function indicesBetween(values: Float64Array, low: number, high: number): number[] {
  const found: number[] = [];
  values.forEach((value, i) => {
    if (value > low && value < high) found.push(i);
  });
  return found;
}

/** How far from the prediction its eigenvalue may be: see `OutlierRule.matchMultiple`. */
function matchTolerance(
  { at, deviation }: PredictedOutlier,
  edges: readonly EdgeScale[],
  count: number,
  matchMultiple: number,
): number {
  let nearest = Infinity;
  let room = 0;
  for (const edge of edges) {
    if (Math.abs(edge.at - at) >= nearest) continue;
    nearest = Math.abs(edge.at - at);
    room = edge.scale;
  }
  return matchMultiple * (deviation ?? Math.abs(at) * Math.sqrt(2 / count)) + room;
}

/**
 * Matches predicted outliers with eigenvalues and sets both apart from the bulk, by rule: in each gap of the support
 * the predictions and the eigenvalues there are paired in order; then any eigenvalue further out than `edgeMultiple`
 * edge scales is unexplained. Nothing inside the support is ever removed.
 *
 * Distances then use `bulk`, whose F_n is normalised by its own size: an outlier takes its eigenvalue out of the bulk,
 * which the bulk law, of total mass 1, does not know. What remains of a rank-k part is a shift of F_n by at most k/n
 * (interlacing).
 */
export function separateOutliers(
  eigenvalues: Float64Array,
  law: SpectralLaw | TabulatedLaw,
  predicted: readonly PredictedOutlier[],
  { edgeMultiple = 2, matchMultiple = 4 }: OutlierRule = {},
): SeparatedSpectrum {
  checkAscending('separateOutliers', eigenvalues);
  if (!(edgeMultiple > 0)) throw new UsageError(`separateOutliers: edgeMultiple must be positive, got ${edgeMultiple}`);
  if (!(matchMultiple > 0))
    throw new UsageError(`separateOutliers: matchMultiple must be positive, got ${matchMultiple}`);
  const count = eigenvalues.length;
  const copies = singleOutliers(predicted);
  const table = tableOf(law);
  const edges = edgeScales(table, count);
  const tolerance = (outlier: PredictedOutlier): number => matchTolerance(outlier, edges, count, matchMultiple);
  const rounding = roundingTolerance(eigenvalues);

  const removed = new Uint8Array(count);
  const matched: MatchedOutlier[] = [];
  const merged: PredictedOutlier[] = [];
  const missing: PredictedOutlier[] = [];
  const unexplained: number[] = [];
  const placed = new Set<PredictedOutlier>();
  for (const gap of gapsOf(table, edges, edgeMultiple, rounding)) {
    const inGap = indicesBetween(eigenvalues, gap.from + rounding, gap.to - rounding);
    const wanted = copies.filter((outlier) => outlier.at >= gap.from && outlier.at <= gap.to && !placed.has(outlier));
    wanted.forEach((outlier) => placed.add(outlier));
    const pairs = pairInOrder(
      wanted.map((outlier) => outlier.at),
      inGap.map((i) => eigenvalues[i]!),
      wanted.map((outlier) => tolerance(outlier)),
    );
    const found = new Set<PredictedOutlier>();
    for (const [prediction, position] of pairs) {
      const outlier = wanted[prediction]!;
      const index = inGap[position]!;
      found.add(outlier);
      removed[index] = 1;
      const eigenvalue = eigenvalues[index]!;
      matched.push({ predicted: outlier, eigenvalue, gap: eigenvalue - outlier.at, tolerance: tolerance(outlier) });
    }
    for (const outlier of wanted) {
      if (found.has(outlier)) continue;
      const toEdge = Math.min(outlier.at - gap.from, gap.to - outlier.at);
      (toEdge <= tolerance(outlier) ? merged : missing).push(outlier);
    }
    for (const index of inGap) {
      const value = eigenvalues[index]!;
      if (!removed[index] && value > gap.outsideFrom && value < gap.outsideTo) {
        removed[index] = 1;
        unexplained.push(value);
      }
    }
  }
  for (const outlier of copies) if (!placed.has(outlier)) merged.push(outlier);
  return { bulk: eigenvalues.filter((_, i) => !removed[i]), matched, merged, missing, unexplained };
}
