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
  const sorted = shifts.map((values) => values.slice().sort());
  const pooled = mergeAscending(sorted);
  const atoms = liveFraction < 1 ? 1 : 0;
  const nodes = new Float64Array(total + atoms);
  const masses = new Float64Array(total + atoms).fill(liveFraction / total);
  // Ascending, the atom at zero behind its equals: a measure is then made without sorting once more.
  const below = atoms === 1 ? countUpTo(pooled, 0) : total;
  nodes.set(pooled.subarray(0, below));
  nodes.set(pooled.subarray(below), below + atoms);
  if (atoms === 1) masses[below] = 1 - liveFraction;

  const moments = shifts.map(firstMoments);
  const mean = moments.map(([first]) => first);
  const square = moments.map(([, second]) => second);
  const secondMoment = liveFraction * firstMoments(pooled)[1];
  const quantiles = Array.from({ length: 15 }, (_, k) => pooled[Math.floor(((k + 1) * total) / 16)]);
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

/** All values of ascending lists, ascending: of neighbours first, which takes a third of the time of sorting them once more. */
function mergeAscending(lists: readonly Float64Array[]): Float64Array {
  if (lists.length === 1) return lists[0];
  const half = lists.length >> 1;
  const [left, right] = [mergeAscending(lists.slice(0, half)), mergeAscending(lists.slice(half))];
  const merged = new Float64Array(left.length + right.length);
  for (let i = 0, j = 0, to = 0; to < merged.length; to += 1)
    if (j === right.length || (i < left.length && left[i] <= right[j])) merged[to] = left[i++];
    else merged[to] = right[j++];
  return merged;
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

/** Averages of the values and of their squares. */
function firstMoments(values: Float64Array): [mean: number, square: number] {
  let sum = 0;
  let squares = 0;
  for (let k = 0; k < values.length; k += 1) {
    sum += values[k];
    squares += values[k] * values[k];
  }
  return [sum / values.length, squares / values.length];
}
