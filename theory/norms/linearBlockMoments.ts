import type { BlockKind } from '../contracts.js';
import { UsageError } from '../errors.js';
import { softmaxMoment } from '../weights/softmaxMoment.js';

/** Sizes and readout of a linear model. */
export interface LinearBlockMomentsOptions {
  readonly classes: number;
  /** Variance factor of the readout: logits of an input x have variance `logitVariance` · |x|²/d. */
  readonly logitVariance: number;
  readonly dimension: number;
  readonly samples: number;
}

/** Means at finite d, N and C. */
export interface LinearBlockMoments {
  /** (1/d) E‖H‖²_F over inputs and V. */
  readonly normalisedSquaredNorm: number;
  /** E a and E a² over inputs and V. */
  readonly weightMean: number;
  readonly weightMeanSquare: number;
}

/**
 * Nodes of the quadrature over |x|²/d: trapezoidal in its logarithm over ±6.3 standard deviations. The step of 0.9
 * standard deviations leaves 2 e^{−2π²/0.81} = 5e-11 of a normal density.
 */
const radialNodes = 15;
const radialReach = 6.3;

/**
 * Moments of a linear cross-entropy block at finite d and N, over inputs and a normal readout (paper-notes.md, norms at
 * finite dimension).
 *
 * Given |x|² = dρ the logits are independent N(0, s²ρ), so that E a and E a² are averages of exact softmax moments over
 * ρ ~ χ²_d/d. With two independent inputs, whose logits have covariance s² x·x′/d, the expansion in that covariance
 * gives
 *
 *   (1/d) E‖H‖² = (d/N) E[ρ² E a²] + (1 − 1/N) { (E[ρ E a])² + (3 s⁴ / 2d) Σ_{c,c′} (E ∂_c ∂_{c′} a)² } + O(d^{-2}),
 *
 * the last sum taken over the second derivatives of a in the logits at ρ = 1. The one approximation is that remainder.
 * Accuracy otherwise 1e-9 relative. Throws a UsageError for a dimension below 8 or sizes that are not whole.
 */
export function linearBlockMoments(
  options: LinearBlockMomentsOptions & { readonly block: BlockKind },
): LinearBlockMoments {
  const { classes, logitVariance, dimension, samples, block } = options;
  if (!Number.isSafeInteger(dimension) || dimension < 8) {
    throw new UsageError(`linearBlockMoments: dimension must be a whole number of at least 8, got ${dimension}`);
  }
  if (!Number.isSafeInteger(samples) || samples < 1) {
    throw new UsageError(`linearBlockMoments: samples must be a whole number of at least 1, got ${samples}`);
  }
  let [mean, meanSquare, tiltedMean, tiltedSquare] = [0, 0, 0, 0];
  for (const { at, mass } of radialQuadrature(dimension)) {
    const [first, second] = blockMoments(classes, logitVariance * at, block);
    mean += mass * first;
    meanSquare += mass * second;
    tiltedMean += mass * at * first;
    tiltedSquare += mass * at * at * second;
  }
  const curvature = curvatureSum(classes, logitVariance, block);
  return {
    normalisedSquaredNorm:
      (dimension / samples) * tiltedSquare +
      (1 - 1 / samples) * (tiltedMean ** 2 + (1.5 * logitVariance ** 2 * curvature) / dimension),
    weightMean: mean,
    weightMeanSquare: meanSquare,
  };
}

/**
 * Law of χ²_d/d as nodes and masses. The integrand in the logarithm is analytic and decays like a normal density:
 * spectral accuracy.
 */
function radialQuadrature(dimension: number): { at: number; mass: number }[] {
  const shape = dimension / 2;
  const step = (2 * radialReach * Math.sqrt(2 / dimension)) / (radialNodes - 1);
  const nodes = Array.from({ length: radialNodes }, (_, k) => {
    const logarithm = (k - (radialNodes - 1) / 2) * step;
    return { at: Math.exp(logarithm), mass: Math.exp(shape * (logarithm - Math.expm1(logarithm))) };
  });
  const total = nodes.reduce((sum, { mass }) => sum + mass, 0);
  // The upper tail of ρ falls faster than a normal one; far nodes carry nothing and may lie beyond the softmax moments'
  // verified range.
  return nodes.filter(({ mass }) => mass > 1e-13 * total).map(({ at, mass }) => ({ at, mass: mass / total }));
}

type Moment = (...exponents: number[]) => number;

function momentOf(classes: number, logitVariance: number): Moment {
  return (...exponents) => (exponents.length > classes ? 0 : softmaxMoment({ classes, logitVariance, exponents }));
}

/** E a and E a². */
function blockMoments(classes: number, logitVariance: number, block: BlockKind): [number, number] {
  const moment = momentOf(classes, logitVariance);
  if (block === 'off-diagonal') return [-moment(1, 1), moment(2, 2)];
  // p(1 − p) = Σ_{c ≠ 1} p p_c: positive terms only, so that two classes lose no digits.
  const mean = (classes - 1) * moment(1, 1);
  const square = (classes - 1) * moment(2, 2) + (classes - 1) * (classes - 2) * moment(2, 1, 1);
  return [mean, square];
}

/**
 * Σ_{c,c′} (E ∂_c ∂_{c′} a)² for a monomial-built weight. For a = Π p_k^{e_k} of degree K,
 * ∂_c a = a (e_c − K p_c) and ∂_c ∂_{c′} a = a [(e_c − K p_c)(e_{c′} − K p_{c′}) − K p_c (δ_{cc′} − p_{c′})].
 */
function curvatureSum(classes: number, logitVariance: number, block: BlockKind): number {
  const moment = momentOf(classes, logitVariance);
  const secondDerivative = (exponents: readonly number[], c: number, other: number): number => {
    const degree = exponents.reduce((sum, e) => sum + e, 0);
    const raised = (...indices: number[]): number => {
      const out = [...exponents, ...Array<number>(4).fill(0)];
      for (const index of indices) out[index]!++;
      while (out.length > 0 && out[out.length - 1] === 0) out.pop();
      return moment(...out);
    };
    const [e, f] = [exponents[c] ?? 0, exponents[other] ?? 0];
    return (
      e * f * raised() -
      degree * (e * raised(other) + f * raised(c)) +
      degree * (degree + 1) * raised(c, other) -
      (c === other ? degree * raised(c) : 0)
    );
  };
  // Classes 0 and 1 are those of the block; the others are alike, so that two of them stand for all.
  const own = block === 'diagonal' ? 1 : 2;
  const derivative = (c: number, other: number): number =>
    block === 'diagonal'
      ? secondDerivative([1], c, other) - secondDerivative([2], c, other)
      : -secondDerivative([1, 1], c, other);
  const others = classes - own;
  let sum = 0;
  for (let c = 0; c < own; c++) {
    for (let other = 0; other < own; other++) sum += derivative(c, other) ** 2;
    if (others > 0) sum += 2 * others * derivative(c, own) ** 2;
  }
  if (others > 0) sum += others * derivative(own, own) ** 2;
  if (others > 1) sum += others * (others - 1) * derivative(own, own + 1) ** 2;
  return sum;
}
