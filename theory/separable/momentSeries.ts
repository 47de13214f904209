import type { DiscreteMeasure } from '../contracts.js';
import { measureMoment } from '../measures/measureMoment.js';
import type { Population } from './population.js';

/*
 * The equations of the separable law in powers of u = 1/z: with P(y) = Σ τ_{j+1} y^j and raw moments ν_j, τ_j
 *   −γ g = γ u P(e u),   e = Σ ν_{j+1} (−γ g)^j,   −m = u Σ τ_j (e u)^j = u Σ m_k u^k.
 */

/** Coefficients of the product of two series, to the order of the first. */
function seriesProduct(a: Float64Array, b: Float64Array): Float64Array {
  const product = new Float64Array(a.length);
  for (let i = 0; i < a.length; i++) {
    if (a[i] === 0) continue;
    for (let j = 0; i + j < a.length; j++) product[i + j]! += a[i]! * b[j]!;
  }
  return product;
}

/** Σ coefficients_j series^j, where the series has no constant term, by Horner's rule. */
export function seriesComposition(coefficients: Float64Array, series: Float64Array): Float64Array {
  let sum: Float64Array = new Float64Array(series.length);
  for (let j = Math.min(series.length, coefficients.length) - 1; j >= 0; j--) {
    sum = seriesProduct(sum, series);
    sum[0]! += coefficients[j]!;
  }
  return sum;
}

/** u times a series, to its order. */
export function shiftedSeries(series: Float64Array, factor = 1): Float64Array {
  return series.map((_, k) => (k === 0 ? 0 : factor * series[k - 1]!));
}

/**
 * Raw moment m_k of the separable law from those of its weights and of its population. Exact to rounding; no terms cancel where no
 * weight is negative.
 */
export function separableRawMoment(
  k: number,
  weights: DiscreteMeasure,
  population: Population,
  aspectRatio: number,
): number {
  const ofWeights = Float64Array.from({ length: k + 1 }, (_, j) => measureMoment(weights, j));
  const ofPopulation = population.moments(k);
  let eu: Float64Array = new Float64Array(k + 1);
  // Each round settles one more order.
  for (let round = 0; round <= k; round++) {
    const g = shiftedSeries(seriesComposition(ofPopulation.subarray(1), eu), aspectRatio);
    eu = shiftedSeries(seriesComposition(ofWeights.subarray(1), g));
  }
  return seriesComposition(ofPopulation, eu)[k]!;
}
