import type { Complex, LayerInitialisation } from '../contracts.js';

/** The law of one entry of V through its cumulant function κ(θ) = log E[e^{θv}]. */
export interface ReadoutEntry {
  readonly distribution: LayerInitialisation['distribution'];
  readonly variance: number;
  /** E[v⁴]/E[v²]². */
  readonly kurtosis: number;
  cumulant(theta: number): number;
  /** κ′: the mean of v under the tilt e^{θv}. */
  mean(theta: number): number;
  /** κ″: its variance under the tilt. */
  tiltedVariance(theta: number): number;
}

/** Normal or uniform entries of a given variance. */
export function readoutEntry(distribution: LayerInitialisation['distribution'], variance: number): ReadoutEntry {
  if (distribution === 'normal') {
    return {
      distribution,
      variance,
      kurtosis: 3,
      cumulant: (theta) => 0.5 * variance * theta * theta,
      mean: (theta) => variance * theta,
      tiltedVariance: () => variance,
    };
  }
  const bound = Math.sqrt(3 * variance);
  return {
    distribution,
    variance,
    kurtosis: 9 / 5,
    cumulant: (theta) => logSinhRatio(bound * theta),
    mean: (theta) => bound * langevin(bound * theta),
    tiltedVariance: (theta) => bound * bound * langevinSlope(bound * theta),
  };
}

/** Below this the Taylor series is used: the closed forms lose digits to cancellation there. */
const smallArgument = 0.1;

/** log(sinh x / x), even in x, without overflow. */
function logSinhRatio(x: number): number {
  const y = Math.abs(x);
  if (y < smallArgument) return evenSeries(y, [1 / 6, -1 / 180, 1 / 2835, -1 / 37800, 1 / 467775, -691 / 3831077250]);
  return y + Math.log(-Math.expm1(-2 * y) / (2 * y));
}

/** coth x − 1/x. */
function langevin(x: number): number {
  const y = Math.abs(x);
  const value =
    y < smallArgument
      ? evenSeries(y, [1 / 3, -1 / 45, 2 / 945, -1 / 4725, 2 / 93555, -1382 / 638512875]) / (y === 0 ? 1 : y)
      : 1 / Math.tanh(y) - 1 / y;
  return x < 0 ? -value : value;
}

/** 1/x² − 1/sinh² x. */
function langevinSlope(x: number): number {
  const y = Math.abs(x);
  if (y < smallArgument) {
    const square = y * y;
    return (
      1 / 3 +
      square * (-1 / 15 + square * (2 / 189 + square * (-1 / 675 + square * (2 / 10395 + square * (-1382 / 58046625)))))
    );
  }
  const sinh = Math.sinh(Math.min(y, 350));
  return 1 / (y * y) - 1 / (sinh * sinh);
}

/** Σ c_k y^{2k}, k from 1. */
function evenSeries(y: number, coefficients: readonly number[]): number {
  const square = y * y;
  let sum = 0;
  for (let k = coefficients.length - 1; k >= 0; k -= 1) sum = square * (coefficients[k] + sum);
  return sum;
}

/**
 * κ″ of a uniform entry near the real axis, |Im bθ| < π: with sinh² z = z² + r(z), r = Σ_{k≥2} (2z)^{2k}/(2 (2k)!), it
 * is b² r/(z² sinh² z) at z = bθ, in which nothing cancels.
 */
export function uniformTiltedVariance(variance: number): (theta: Complex) => Complex {
  const bound = Math.sqrt(3 * variance);
  return ({ re, im }) => {
    const z = { re: bound * re, im: bound * im };
    const square = product(z, z);
    let term = { re: 2 * square.re, im: 2 * square.im };
    term = scaled(product(term, square), 1 / 6);
    const rest = { re: 0, im: 0 };
    // From r(z) = z⁴/3 + …; each term is the one before times 4z²/((2k + 1)(2k + 2)).
    for (let k = 2; k < 60; k += 1) {
      rest.re += term.re;
      rest.im += term.im;
      if (Math.hypot(term.re, term.im) <= 1e-17 * Math.hypot(rest.re, rest.im)) break;
      term = scaled(product(term, square), 4 / ((2 * k + 1) * (2 * k + 2)));
    }
    const below = product(square, { re: square.re + rest.re, im: square.im + rest.im });
    const modulus = below.re * below.re + below.im * below.im;
    if (modulus === 0) return { re: (bound * bound) / 3, im: 0 };
    return scaled(product(rest, { re: below.re, im: -below.im }), (bound * bound) / modulus);
  };
}

function product(a: Complex, b: Complex): Complex {
  return { re: a.re * b.re - a.im * b.im, im: a.re * b.im + a.im * b.re };
}

function scaled({ re, im }: Complex, factor: number): Complex {
  return { re: factor * re, im: factor * im };
}
