import { UsageError } from '../errors.js';
import type { LiveWeights } from './liveWeights.js';

/** Moments made at once: the recursion is cubic in the order, and most callers ask for a few. */
const momentsAtOnce = 24;

/** Free cumulants and raw moments of the law of weights at an aspect ratio. */
export interface WeightSums {
  /** κ_k = γ^{k−1} E[a^k], k ≥ 1. */
  freeCumulant(k: number): number;
  /** Raw moment of order k ≥ 0. */
  moment(k: number): number;
}

/** @throws UsageError from its methods for an order that is not a whole number or too small */
export function weightSums({ nodes, masses, scale }: LiveWeights, aspectRatio: number): WeightSums {
  const scaledCumulant = (k: number): number => {
    let sum = 0;
    for (let j = 0; j < nodes.length; j++) sum += masses[j] * nodes[j] ** k;
    return aspectRatio ** (k - 1) * sum;
  };
  let moments: Float64Array = new Float64Array();
  return {
    freeCumulant(k) {
      if (!Number.isInteger(k) || k < 1) throw new UsageError(`k must be a whole number, 1 or more, got ${k}`);
      return scaledCumulant(k) * scale ** k;
    },
    moment(k) {
      if (!Number.isInteger(k) || k < 0) throw new UsageError(`k must be a whole number, 0 or more, got ${k}`);
      if (k >= moments.length) {
        const order = Math.max(k, momentsAtOnce);
        moments = momentsFromFreeCumulants(
          Array.from({ length: order + 1 }, (_, i) => (i === 0 ? 0 : scaledCumulant(i))),
        );
      }
      return moments[k] * scale ** k;
    },
  };
}

/**
 * Raw moments m_0 … m_n from free cumulants κ_1 … κ_n (`cumulants[k]` = κ_k; index 0 unused), by Speicher's recursion
 * m_n = Σ_s κ_s Σ_{i_1 + … + i_s = n − s} m_{i_1} … m_{i_s} (Nica and Speicher 2006, lectures 10 and 11).
 */
export function momentsFromFreeCumulants(cumulants: ArrayLike<number>): Float64Array {
  const order = cumulants.length - 1;
  const moments = new Float64Array(order + 1);
  moments[0] = 1;
  for (let n = 1; n <= order; n++) {
    // power[j] = coefficient of t^j in (Σ m_i t^i)^s; only j ≤ n − 1 is needed, where all moments are known.
    let power = new Float64Array(n);
    power[0] = 1;
    for (let s = 1; s <= n; s++) {
      const next = new Float64Array(n);
      for (let i = 0; i < n; i++) for (let j = 0; i + j < n; j++) next[i + j] += power[i] * moments[j];
      power = next;
      moments[n] += cumulants[s] * power[n - s];
    }
  }
  return moments;
}
