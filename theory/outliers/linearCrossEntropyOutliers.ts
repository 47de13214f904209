import type { BlockKind } from '../contracts.js';
import { UsageError } from '../errors.js';
import { forEachNormalPoint, largestLatticeDimension } from '../weights/latticePoints.js';
import type { BulkLaw } from './bulkLaw.js';
import { type EstimatedOutlier, outliersByCubature } from './cubatureOutliers.js';
import type { CubatureOptions } from './outliersOfWeightFunction.js';
import { clampToHull, withoutFarTails } from './weightTails.js';

export interface LinearCrossEntropyOutliersOptions extends CubatureOptions {
  readonly law: BulkLaw;
  /** C, from 2 to 256. */
  readonly classes: number;
  /** s², variance of the independent normal logits. */
  readonly logitVariance: number;
  readonly block: BlockKind;
}

/** How many pairs of classes (or classes) of one point are used at most: neighbours in cyclic order, at growing distances. */
const LARGEST_PER_POINT = 60;

/**
 * Outliers of a block of the linear model's cross-entropy Hessian at initialisation, weights unscaled (p(1 − p), or −p_i p_j), for
 * independent logits (V Vᵀ = s² I, the limit).
 *
 * The k = C matrix E[a/(1 + γ a t)(g gᵀ − I)] commutes with the permutations that fix the block's own classes, and it kills the
 * vector of ones because a softmax does not see a common shift. So off the diagonal it has three eigenvalues: on (e_i − e_j)/√2, on
 * the sum e_i + e_j against the rest, and, C − 3 times, on contrasts among the rest; on the diagonal two: e_i against the rest, and
 * C − 2 times the contrasts. Each is the mean of one scalar, averaged over the classes of every cubature point too
 * (paper-notes.md, outliers).
 *
 * @throws UsageError for C outside 2 to 256; NumericalError when the law is of other weights
 */
export function linearCrossEntropyOutliers(options: LinearCrossEntropyOutliersOptions): EstimatedOutlier[] {
  const { classes, logitVariance, block, points = 2048, shifts = 8, negligibleMass = 0 } = options;
  const law = withoutFarTails(options.law, negligibleMass);
  if (!Number.isInteger(classes) || classes < 2 || classes > largestLatticeDimension) {
    throw new UsageError(
      `linearCrossEntropyOutliers: classes must be an integer from 2 to ${largestLatticeDimension}, got ${classes}; for more classes use outliersFromSamples`,
    );
  }
  if (shifts < 2) throw new UsageError(`linearCrossEntropyOutliers: shifts must be at least 2, got ${shifts}`);
  const diagonal = block === 'diagonal';
  const own = diagonal ? 1 : 2;
  const rest = classes - own;
  const multiplicities = diagonal
    ? [1, Math.max(rest - 1, 0)]
    : [1, rest > 0 ? 1 : 0, Math.max(rest - 1, 0)];
  const branchCount = multiplicities.length;
  const pairs = Array.from({ length: Math.min(LARGEST_PER_POINT, diagonal ? classes : classes * (classes - 1)) }, (_, k) => {
    const first = k % classes;
    return [first, diagonal ? first : (first + 1 + Math.floor(k / classes)) % classes] as const;
  });
  const perPoint = pairs.length;
  const deviation = Math.sqrt(logitVariance);

  const sets = Array.from({ length: shifts }, (_, shift) => {
    const weights = new Float64Array(points * perPoint);
    const forms = new Float64Array(points * perPoint * branchCount);
    const odds = new Float64Array(classes);
    let entry = 0;
    forEachNormalPoint({ dimension: classes, points, shift }, (g) => {
      let [total, sum, squares] = [0, 0, 0];
      for (let c = 0; c < classes; c++) {
        total += odds[c] = Math.exp(deviation * g[c]!);
        sum += g[c]!;
        squares += g[c]! * g[c]!;
      }
      for (const [i, j] of pairs) {
        const ownSum = diagonal ? g[i]! : g[i]! + g[j]!;
        const ownSquares = diagonal ? g[i]! ** 2 : g[i]! ** 2 + g[j]! ** 2;
        const restSum = sum - ownSum;
        // Along the unit vector (own classes against the rest), and the mean over unit contrasts of the rest.
        const against = rest > 0 ? (rest * ownSum - own * restSum) ** 2 / (own * rest * classes) - 1 : 0;
        const contrast = rest > 1 ? (squares - ownSquares - restSum ** 2 / rest) / (rest - 1) - 1 : 0;
        weights[entry] = diagonal ? (odds[i]! * (total - odds[i]!)) / total ** 2 : (-odds[i]! * odds[j]!) / total ** 2;
        const at = entry * branchCount;
        if (!diagonal) forms[at] = (g[i]! - g[j]!) ** 2 / 2 - 1;
        forms[at + own - 1] = against;
        forms[at + own] = contrast;
        entry += 1;
      }
    });
    return { weights, forms };
  });

  clampToHull(sets.map(({ weights }) => weights), law);
  const perSet = (t: number): Float64Array[] =>
    sets.map(({ weights, forms }) => {
      const means = new Float64Array(branchCount);
      for (let n = 0; n < weights.length; n++) {
        const share = weights[n]! / (1 + law.aspectRatio * weights[n]! * t) / weights.length;
        for (let b = 0; b < branchCount; b++) means[b]! += share * forms[n * branchCount + b]!;
      }
      return means;
    });
  return outliersByCubature(law, {
    pooled: (t) => {
      const estimates = perSet(t);
      return Float64Array.from({ length: branchCount }, (_, b) => estimates.reduce((sum, set) => sum + set[b]!, 0) / shifts);
    },
    perSet,
    multiplicities,
    gaps: false,
  });
}
