import type { DiscreteMeasure } from '../contracts.js';
import { discreteMeasure } from '../measures/index.js';

/** A law known through cubature points, with standard errors from independent shifts of the points. */
export interface EstimatedMeasure {
  readonly measure: DiscreteMeasure;
  /**
   * Standard error of the distribution function of the weights, the largest over fifteen quantiles; absolute. 0 when
   * exact.
   */
  readonly error: number;
  /** Standard errors of E[a] and E[a²], relative to √E[a²] and to E[a²]. Zeros when exact. */
  readonly momentErrors: readonly [first: number, second: number];
}

/**
 * Pools the values of several shifts (one array each, equal lengths), of total mass `liveFraction`; the rest is an atom
 * at zero.
 */
export function pooledMeasure(shifts: readonly Float64Array[], liveFraction: number): EstimatedMeasure {
  const total = shifts.length * shifts[0].length;
  const pooled = new Float64Array(total);
  shifts.forEach((values, k) => pooled.set(values, k * values.length));
  pooled.sort();
  const atoms = liveFraction < 1 ? 1 : 0;
  const nodes = new Float64Array(total + atoms);
  const masses = new Float64Array(total + atoms).fill(liveFraction / total);
  // Ascending, the atom at zero behind its equals: a measure is then made without sorting once more.
  const below = atoms === 1 ? countUpTo(pooled, 0) : total;
  nodes.set(pooled.subarray(0, below));
  nodes.set(pooled.subarray(below), below + atoms);
  if (atoms === 1) masses[below] = 1 - liveFraction;

  const mean = shifts.map((values) => average(values, (a) => a));
  const square = shifts.map((values) => average(values, (a) => a * a));
  const secondMoment = liveFraction * average(pooled, (a) => a * a);
  const quantiles = Array.from({ length: 15 }, (_, k) => pooled[Math.floor(((k + 1) * total) / 16)]);
  const sorted = shifts.map((values) => values.slice().sort());
  const error = Math.max(
    ...quantiles.map((x) => liveFraction * standardError(sorted.map((values) => countUpTo(values, x) / values.length))),
  );
  const scale = secondMoment > 0 ? secondMoment : 1;
  return {
    measure: discreteMeasure(nodes, masses),
    error,
    momentErrors: [
      (liveFraction * standardError(mean)) / Math.sqrt(scale),
      (liveFraction * standardError(square)) / scale,
    ],
  };
}

/** How many of ascending values are at most x. */
function countUpTo(values: Float64Array, x: number): number {
  let low = 0;
  let high = values.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (values[middle] <= x) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** A law that needed no cubature. */
export function exactMeasure(nodes: readonly number[], masses: readonly number[]): EstimatedMeasure {
  return { measure: discreteMeasure(nodes, masses), error: 0, momentErrors: [0, 0] };
}

/** Standard error of the mean of a few independent estimates. */
export function standardError(estimates: readonly number[]): number {
  const mean = estimates.reduce((sum, value) => sum + value, 0) / estimates.length;
  const square = estimates.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  return Math.sqrt(square / (estimates.length * (estimates.length - 1)));
}

function average(values: ArrayLike<number>, f: (value: number) => number): number {
  let sum = 0;
  for (let k = 0; k < values.length; k += 1) sum += f(values[k]);
  return sum / values.length;
}
