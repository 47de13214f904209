import { fixedNormals } from '../numerics/fixedSequence.js';
import { featureLawTraits } from '../names.js';
import { covarianceEigenvalues, type FeatureLaw } from './featureLaw.js';

/** Two features, or one with itself, with their share of an expectation. */
export interface DrawnPair {
  /** √(τ|h|²), √(τ|h′|²). */
  readonly length: number;
  readonly other: number;
  readonly cosine: number;
  /** (h·h′)²/D². */
  readonly overlap: number;
  readonly share: number;
}

/** As many draws of one feature and of two, from the fixed sequence: averages of share·f are unbiased for E f. */
export interface FeatureDraws {
  readonly singles: readonly DrawnPair[];
  readonly pairs: readonly DrawnPair[];
}

/** Tilts by e^{t|h|²} and e^{t h·h′}: none, and those of the limit's denominator and numerator. */
const tiltShares = [0, 0.5, 1];
/** Of the largest tilt that exists. */
const within = 0.9;

/**
 * Large values come from long features, and from pairs that lie alike. Normal ones are drawn as they are and under two
 * tilts, which leave them normal, and combined by the balance heuristic (Veach and Guibas, 1995); positive parts and
 * features of one length as they are.
 */
export function featureDraws(law: FeatureLaw, count: number, seed: number): FeatureDraws {
  const next = fixedNormals(seed);
  const draw = featureLawTraits[law.features].isNormal ? tiltedDraws(law, next) : plainDraws(law, next);
  return {
    singles: Array.from({ length: count }, (_, k) => draw.single(k)),
    pairs: Array.from({ length: count }, (_, k) => draw.pair(k)),
  };
}

interface Drawing {
  readonly single: (k: number) => DrawnPair;
  readonly pair: (k: number) => DrawnPair;
}

function pairOf(law: FeatureLaw, square: number, otherSquare: number, inner: number, share: number): DrawnPair {
  const { dimension, logitVariance } = law;
  const variance = logitVariance / dimension;
  return {
    length: Math.sqrt(variance * square),
    other: Math.sqrt(variance * otherSquare),
    cosine: square * otherSquare === 0 ? 0 : Math.max(-1, Math.min(1, inner / Math.sqrt(square * otherSquare))),
    overlap: (inner / dimension) ** 2,
    share,
  };
}

function plainDraws(law: FeatureLaw, next: () => number): Drawing {
  const { dimension, features } = law;
  const { isRectified, isNormalised } = featureLawTraits[features];
  const scales = isRectified ? undefined : covarianceEigenvalues(law).map(Math.sqrt);
  const [h, other] = [new Float64Array(dimension), new Float64Array(dimension)];
  const fill = (out: Float64Array): number => {
    let square = 0;
    for (let k = 0; k < dimension; k++) {
      const u = next();
      const value = scales === undefined ? Math.max(u, 0) : scales[k]! * u;
      out[k] = value;
      square += value * value;
    }
    if (!isNormalised) return square;
    const factor = Math.sqrt(dimension / square);
    for (let k = 0; k < dimension; k++) out[k]! *= factor;
    return dimension;
  };
  return {
    single: () => {
      const square = fill(h);
      return pairOf(law, square, square, square, 1);
    },
    pair: () => {
      const [square, otherSquare] = [fill(h), fill(other)];
      let inner = 0;
      for (let k = 0; k < dimension; k++) inner += h[k]! * other[k]!;
      return pairOf(law, square, otherSquare, inner, 1);
    },
  };
}

function tiltedDraws(law: FeatureLaw, next: () => number): Drawing {
  const { dimension, logitVariance } = law;
  const eigenvalues = covarianceEigenvalues(law);
  const largest = eigenvalues.reduce((top, value) => Math.max(top, value), 0);
  const numerator = (2 * logitVariance) / dimension;
  const singleTilts = tiltShares.map((share) => share * Math.min(numerator, within / (2 * largest)));
  const pairTilts = tiltShares.map((share) => share * Math.min(numerator, within / largest));
  const logSingle = singleTilts.map((t) => eigenvalues.reduce((sum, v) => sum - 0.5 * Math.log1p(-2 * t * v), 0));
  const logPair = pairTilts.map((t) => eigenvalues.reduce((sum, v) => sum - 0.5 * Math.log1p(-((t * v) ** 2)), 0));
  const shareOf = (tilts: readonly number[], logs: readonly number[], exponent: number): number =>
    tilts.length / tilts.reduce((sum, t, k) => sum + Math.exp(t * exponent - logs[k]!), 0);
  return {
    single: (k) => {
      const t = singleTilts[k % singleTilts.length]!;
      let square = 0;
      for (const v of eigenvalues) square += (v / (1 - 2 * t * v)) * next() ** 2;
      return pairOf(law, square, square, square, shareOf(singleTilts, logSingle, square));
    },
    pair: (k) => {
      const t = pairTilts[k % pairTilts.length]!;
      let [square, otherSquare, inner] = [0, 0, 0];
      for (const v of eigenvalues) {
        // Covariance v/(1 − t²v²) of each, and tv of it between them.
        const correlation = t * v;
        const variance = v / (1 - correlation * correlation);
        const a = next();
        const b = correlation * a + Math.sqrt(1 - correlation * correlation) * next();
        square += variance * a * a;
        otherSquare += variance * b * b;
        inner += variance * a * b;
      }
      return pairOf(law, square, otherSquare, inner, shareOf(pairTilts, logPair, inner));
    },
  };
}
