import type { BlockKind } from '../contracts.js';
import { UsageError } from '../errors.js';
import { forEachNormalPoint, largestLatticeDimension } from '../numerics/latticePoints.js';
import type { BulkLaw } from '../gmp/bulkLaw.js';
import { type EstimatedOutlier, outliersByCubature } from './cubatureOutliers.js';
import type { CubatureOptions } from './outliersOfWeightFunction.js';
import { clampToHull, withoutFarTails } from './weightTails.js';

/** The bulk of a block of the linear model, and the softmax behind its weights. */
export interface LinearCrossEntropyOutliersOptions extends CubatureOptions {
  readonly law: BulkLaw;
  /** C, from 2 to 256. */
  readonly classes: number;
  /** s², variance of the independent normal logits. */
  readonly logitVariance: number;
  readonly block: BlockKind;
}

/**
 * How many pairs of classes (or classes) of one point are used at most: neighbours in cyclic order, at growing
 * distances.
 */
const largestPerPoint = 60;

/**
 * Outliers of a block of the linear model's cross-entropy Hessian at initialisation, weights unscaled (p(1 − p), or
 * −p_i p_j), for independent logits (V Vᵀ = s² I, the limit).
 *
 * The k = C matrix E[a/(1 + γ a t)(g gᵀ − I)] commutes with the permutations that fix the block's own classes, and it
 * kills the vector of ones because a softmax does not see a common shift. So off the diagonal it has three eigenvalues:
 * on (e_i − e_j)/√2, on the sum e_i + e_j against the rest, and, C − 3 times, on contrasts among the rest; on the
 * diagonal two: e_i against the rest, and C − 2 times the contrasts. Each is the mean of one scalar, averaged over the
 * classes of every cubature point too (paper-notes.md, outliers).
 *
 * @throws UsageError for C outside 2 to 256; NumericalError when the law is of other weights
 */
export function linearCrossEntropyOutliers(options: LinearCrossEntropyOutliersOptions): EstimatedOutlier[] {
  const { classes, block, shifts = 8, negligibleMass = 0 } = options;
  const law = withoutFarTails(options.law, negligibleMass);
  if (!Number.isInteger(classes) || classes < 2 || classes > largestLatticeDimension) {
    throw new UsageError(
      `linearCrossEntropyOutliers: classes must be an integer from 2 to ${largestLatticeDimension}, got ${classes}; for more classes use outliersFromSamples`,
    );
  }
  if (shifts < 2) throw new UsageError(`linearCrossEntropyOutliers: shifts must be at least 2, got ${shifts}`);
  const choice = ownClasses(classes, block);
  const sets = Array.from({ length: shifts }, (_, shift) => cubatureSet(options, choice, shift));
  clampToHull(
    sets.map(({ weights }) => weights),
    law,
  );
  const perSet = (t: number): Float64Array[] => sets.map((set) => branchMeans(set, choice, law.aspectRatio, t));
  const { multiplicities } = choice;
  return outliersByCubature(law, {
    pooled: (t) => {
      const estimates = perSet(t);
      return Float64Array.from(multiplicities, (_, b) => estimates.reduce((sum, set) => sum + set[b]!, 0) / shifts);
    },
    perSet,
    multiplicities,
    gaps: false,
  });
}

/** The own classes of blocks that one point gives weights for, and the eigenspaces they leave. */
interface OwnClasses {
  readonly classes: number;
  readonly diagonal: boolean;
  /** i and j by block, the same on the diagonal; each pair once, as nothing tells (i, j) from (j, i). */
  readonly firsts: Int32Array;
  readonly seconds: Int32Array;
  /** Dimensions of the eigenspaces: the difference of the own classes (off the diagonal), their sum, contrasts. */
  readonly multiplicities: number[];
}

function ownClasses(classes: number, block: BlockKind): OwnClasses {
  const diagonal = block === 'diagonal';
  const rest = classes - (diagonal ? 1 : 2);
  const count = Math.min(largestPerPoint, diagonal ? classes : (classes * (classes - 1)) / 2);
  const firsts = Int32Array.from({ length: count }, (_, k) => k % classes);
  return {
    classes,
    diagonal,
    firsts,
    seconds: firsts.map((first, k) => (diagonal ? first : (first + 1 + Math.floor(k / classes)) % classes)),
    multiplicities: diagonal ? [1, Math.max(rest - 1, 0)] : [1, rest > 0 ? 1 : 0, Math.max(rest - 1, 0)],
  };
}

/** Points g of one lattice shift, C coordinates each, and the weights of all blocks at each. */
interface CubatureSet {
  readonly coordinates: Float64Array;
  readonly weights: Float64Array;
}

function cubatureSet(
  { logitVariance, points = 2048 }: LinearCrossEntropyOutliersOptions,
  { classes, diagonal, firsts, seconds }: OwnClasses,
  shift: number,
): CubatureSet {
  const deviation = Math.sqrt(logitVariance);
  const coordinates = new Float64Array(points * classes);
  const weights = new Float64Array(points * firsts.length);
  const odds = new Float64Array(classes);
  let entry = 0;
  forEachNormalPoint({ dimension: classes, points, shift }, (g, index) => {
    coordinates.set(g, index * classes);
    let total = 0;
    for (let c = 0; c < classes; c++) total += odds[c] = Math.exp(deviation * g[c]!);
    for (let k = 0; k < firsts.length; k++) {
      const first = odds[firsts[k]!]!;
      weights[entry++] = diagonal ? (first * (total - first)) / total ** 2 : (-first * odds[seconds[k]!]!) / total ** 2;
    }
  });
  return { coordinates, weights };
}

/**
 * The eigenvalues of E[a/(1 + γ a t)(g gᵀ − I)] from one set. The quadratic forms are made anew for every t: to keep
 * them would take three times the memory of the weights, and longer.
 */
function branchMeans(
  { coordinates, weights }: CubatureSet,
  { classes, diagonal, firsts, seconds }: OwnClasses,
  aspectRatio: number,
  t: number,
): Float64Array {
  const own = diagonal ? 1 : 2;
  const rest = classes - own;
  const perPoint = firsts.length;
  let difference = 0;
  let against = 0;
  let contrast = 0;
  for (let at = 0, entry = 0; entry < weights.length; at += classes) {
    let sum = 0;
    let squares = 0;
    for (let c = at; c < at + classes; c++) {
      sum += coordinates[c]!;
      squares += coordinates[c]! ** 2;
    }
    for (let k = 0; k < perPoint; k++) {
      const weight = weights[entry++]!;
      const share = weight / (1 + aspectRatio * weight * t);
      const first = coordinates[at + firsts[k]!]!;
      const second = coordinates[at + seconds[k]!]!;
      const ownSum = diagonal ? first : first + second;
      const ownSquares = diagonal ? first ** 2 : first ** 2 + second ** 2;
      const restSum = sum - ownSum;
      difference += share * ((first - second) ** 2 / 2 - 1);
      // Along the unit vector (own classes against the rest), and the mean over unit contrasts of the rest.
      if (rest > 0) against += share * ((rest * ownSum - own * restSum) ** 2 / (own * rest * classes) - 1);
      if (rest > 1) contrast += share * ((squares - ownSquares - restSum ** 2 / rest) / (rest - 1) - 1);
    }
  }
  const means = diagonal ? [against, contrast] : [difference, against, contrast];
  return Float64Array.from(means, (mean) => mean / weights.length);
}
