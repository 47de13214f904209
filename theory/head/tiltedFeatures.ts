import { featureLawTraits } from '../names.js';
import { covarianceEigenvalues, type FeatureLaw } from './featureLaw.js';

/** Expectations over features that the limit C → ∞ is made of, over D². */
export interface TiltedFeatures {
  /** D^{−2} E |h|⁴ e^{t|h|²}; Infinity where it diverges. */
  readonly single: (t: number) => number;
  /** D^{−2} E (h·h′)² e^{t h·h′} over two independent features; Infinity where it diverges. */
  readonly pair: (t: number) => number;
}

/**
 * In closed form for normal features and their positive parts: with M(t) = E e^{tg} both are M″(t) = M (L″ + L′²), L =
 * log M a sum over independent coordinates.
 *
 * - Gaussian, eigenvalues λ: E e^{t|h|²} = Π (1 − 2tλ)^{−1/2}, E e^{th·h′} = Π (1 − t²λ²)^{−1/2}.
 * - ReLU: E e^{t|h|²} = [½ + ½(1 − 2t)^{−1/2}]^D, E e^{th·h′} = [¾ + J(t)]^D, J(t) = (1 − t²)^{−1/2}(¼ + arcsin(t)/2π).
 */
export function tiltedFeatures(law: FeatureLaw): TiltedFeatures {
  const { dimension } = law;
  const perSquare = (value: number): number => value / (dimension * dimension);
  if (featureLawTraits[law.features].isRectified) {
    return {
      single: (t) => perSquare(secondDerivative(reluSquare(t), dimension)),
      pair: (t) => perSquare(secondDerivative(reluProduct(t), dimension)),
    };
  }
  const eigenvalues = covarianceEigenvalues(law);
  const over = (t: number, coordinate: (t: number, eigenvalue: number) => LogDerivatives): number => {
    const sum: [number, number, number] = [0, 0, 0];
    for (const eigenvalue of eigenvalues) coordinate(t, eigenvalue).forEach((value, k) => (sum[k]! += value));
    return perSquare(fromLogarithm(sum));
  };
  return { single: (t) => over(t, normalSquare), pair: (t) => over(t, normalProduct) };
}

/** log M and its first two derivatives. */
type LogDerivatives = readonly [log: number, first: number, second: number];

const divergent: LogDerivatives = [Infinity, Infinity, Infinity];

function fromLogarithm([log, first, second]: LogDerivatives): number {
  return Math.exp(log) * (second + first * first);
}

function normalSquare(t: number, eigenvalue: number): LogDerivatives {
  const rest = 1 - 2 * t * eigenvalue;
  if (rest <= 0) return divergent;
  return [-0.5 * Math.log(rest), eigenvalue / rest, 2 * (eigenvalue / rest) ** 2];
}

function normalProduct(t: number, eigenvalue: number): LogDerivatives {
  const square = (t * eigenvalue) ** 2;
  if (square >= 1) return divergent;
  const variance = eigenvalue ** 2;
  return [-0.5 * Math.log1p(-square), (t * variance) / (1 - square), (variance * (1 + square)) / (1 - square) ** 2];
}

/** M of one coordinate and its first two derivatives. */
type Derivatives = readonly [value: number, first: number, second: number];

/** Of M^D. */
function secondDerivative([value, first, second]: Derivatives, dimension: number): number {
  if (!Number.isFinite(value)) return Infinity;
  const slope = first / value;
  return fromLogarithm([dimension * Math.log(value), dimension * slope, dimension * (second / value - slope * slope)]);
}

function reluSquare(t: number): Derivatives {
  const rest = 1 - 2 * t;
  if (rest <= 0) return divergent;
  return [0.5 + 0.5 * rest ** -0.5, 0.5 * rest ** -1.5, 1.5 * rest ** -2.5];
}

/** ¾ + J and its derivatives, J = (1 − t²)^{−1/2}(¼ + arcsin(t)/2π). */
function reluProduct(t: number): Derivatives {
  const rest = 1 - t * t;
  if (rest <= 0) return divergent;
  const angle = 0.25 + Math.asin(t) / (2 * Math.PI);
  const root = rest ** -0.5;
  const value = root * angle;
  // (1 − t²) J′ = tJ + 1/2π, and its derivative.
  const first = (t * value + 1 / (2 * Math.PI)) / rest;
  const second = (value + 3 * t * first) / rest;
  return [0.75 + value, first, second];
}
