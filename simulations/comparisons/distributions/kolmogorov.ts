import { UsageError } from '../../../theory/errors.js';
import { logGamma } from './stirling.js';

/** Largest half-width of the Marsaglia–Tsang–Wang matrix: 2·100 − 1 rows, below 0.1 s. */
const largestBand = 100;

/** From n D² = 5 on, P(D_n ≥ D) = 2 P(D_n⁺ ≥ D) up to a relative error of e^{−6·5} = 1e-13. */
const oneSidedFrom = 5;

function multiply(a: Float64Array, b: Float64Array, order: number): Float64Array {
  const product = new Float64Array(order * order);
  for (let i = 0; i < order; i++) {
    for (let k = 0; k < order; k++) {
      const factor = a[i * order + k]!;
      if (factor === 0) continue;
      for (let j = 0; j < order; j++) product[i * order + j]! += factor * b[k * order + j]!;
    }
  }
  return product;
}

/** A matrix times 10^(140 exponent), kept inside the range of doubles. */
interface Scaled {
  matrix: Float64Array;
  exponent: number;
}

function rescale(scaled: Scaled, order: number): Scaled {
  const middle = (order - 1) / 2;
  if (scaled.matrix[middle * order + middle]! > 1e140) {
    return { matrix: scaled.matrix.map((entry) => entry * 1e-140), exponent: scaled.exponent + 1 };
  }
  return scaled;
}

function power(base: Float64Array, order: number, exponent: number): Scaled {
  let result: Scaled | undefined;
  let square: Scaled = { matrix: base, exponent: 0 };
  for (let rest = exponent; ;) {
    if (rest % 2 === 1) {
      result = result
        ? rescale(
            { matrix: multiply(result.matrix, square.matrix, order), exponent: result.exponent + square.exponent },
            order,
          )
        : square;
    }
    rest = Math.floor(rest / 2);
    if (rest === 0) return result!;
    square = rescale({ matrix: multiply(square.matrix, square.matrix, order), exponent: 2 * square.exponent }, order);
  }
}

/** P(D_n < distance) by the matrix power of Marsaglia, Tsang and Wang (2003). */
function exactCdf(distance: number, count: number): number {
  const scaled = count * distance;
  const band = Math.floor(scaled) + 1;
  const order = 2 * band - 1;
  const h = band - scaled;
  const base = new Float64Array(order * order);
  for (let i = 0; i < order; i++) for (let j = 0; j < order; j++) base[i * order + j] = i - j + 1 < 0 ? 0 : 1;
  for (let i = 0; i < order; i++) {
    base[i * order]! -= h ** (i + 1);
    base[(order - 1) * order + i]! -= h ** (order - i);
  }
  if (2 * h - 1 > 0) base[(order - 1) * order]! += (2 * h - 1) ** order;
  for (let i = 0; i < order; i++) {
    for (let j = 0; j < order; j++) {
      for (let g = 1; g <= i - j + 1; g++) base[i * order + j]! /= g;
    }
  }
  const raised = power(base, order, count);
  let value = raised.matrix[(band - 1) * order + band - 1]!;
  let exponent = raised.exponent;
  for (let i = 1; i <= count; i++) {
    value = (value * i) / count;
    if (value < 1e-140) {
      value *= 1e140;
      exponent -= 1;
    }
  }
  return value * 10 ** (140 * exponent);
}

/** P(D_n⁺ ≥ distance), the exact sum of Smirnov (1944): every term is positive. */
function oneSidedSurvival(distance: number, count: number): number {
  const last = Math.floor(count * (1 - distance));
  const logFactorial = logGamma(count + 1);
  let sum = 0;
  for (let j = 0; j <= last; j++) {
    const below = distance + j / count;
    const above = 1 - below;
    if (above <= 0) {
      if (j === count) sum += Math.exp((j - 1) * Math.log(below));
      continue;
    }
    const logChoose = logFactorial - logGamma(j + 1) - logGamma(count - j + 1);
    sum += Math.exp(logChoose + (count - j) * Math.log(above) + (j - 1) * Math.log(below));
  }
  return Math.min(1, distance * sum);
}

/** 1 − P(K < x) for the limit law K, from whichever series converges at once. */
function limitSurvival(x: number): number {
  if (x <= 0) return 1;
  if (x < 1) {
    let sum = 0;
    for (let k = 1; k < 20; k += 2) sum += Math.exp((-k * k * Math.PI * Math.PI) / (8 * x * x));
    return 1 - (Math.sqrt(2 * Math.PI) / x) * sum;
  }
  let sum = 0;
  for (let k = 1; k < 20; k++) sum += (k % 2 === 1 ? 2 : -2) * Math.exp(-2 * k * k * x * x);
  return sum;
}

/**
 * P(D_n ≥ distance) for n INDEPENDENT draws from a continuous law: Kolmogorov's test as textbooks have it.
 *
 * Exact (relative error below 1e-9) while n·distance < 100 or n·distance² ≥ 5; otherwise the limit law at
 * √n D + 1/(6√n) + (√n D − 1)/(4n) (Vrbik 2018), absolute error below 1e-4.
 *
 * Eigenvalues are not independent draws: they repel one another, and for the true law this value is above 0.99 nearly
 * always. Use it for independent samples (the weights of one initialisation), never as evidence about a spectrum; there
 * `iidKolmogorovPValue` carries the warning in its result.
 */
export function kolmogorovSurvival(distance: number, count: number): number {
  if (!(distance >= 0)) throw new UsageError(`kolmogorovSurvival: distance must be ≥ 0, got ${distance}`);
  if (!Number.isInteger(count) || count < 1)
    throw new UsageError(`kolmogorovSurvival: count must be a positive integer, got ${count}`);
  if (distance >= 1) return 0;
  if (2 * count * distance <= 1) return 1;
  if (count * distance * distance >= oneSidedFrom || distance >= 0.5)
    return Math.min(1, 2 * oneSidedSurvival(distance, count));
  if (count * distance < largestBand) return 1 - exactCdf(distance, count);
  const root = Math.sqrt(count);
  return limitSurvival(root * distance + 1 / (6 * root) + (root * distance - 1) / (4 * count));
}
