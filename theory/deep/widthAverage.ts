import { gramFactor } from '../numerics/gramFactor.js';
import { cosineOf, forwardPath, type LayerState } from './forwardPath.js';
import { unitMomentsOfPair } from './gateMoments.js';

/** Whose average is wanted: sums over a layer's units deviate from their expectations by O(n^{−1/2}). */
export interface AverageOptions {
  readonly widths: readonly number[];
  /** Of the inputs, 0 or 1. */
  readonly cosine: number;
  /** d, and variance of the inputs' cosine times d. */
  readonly dimension: number;
  readonly cosineVariance: number;
}

/**
 * E of functions of all layers: f(0) Π_ℓ E_ℓ f/f(0), E_ℓ f by the degree-3 cubature in the sums of layer ℓ alone, f(0) + Σ_c ½[f(σ_c) +
 * f(−σ_c) − 2f(0)] over the columns σ_c of a factor of their covariance. Relative deviations of a layer are independent of those
 * below, so that the product is exact where f is a product of functions of the layers, quadratic in each: |h|⁴, numbers of open
 * gates. Exact to first order in 1/width for all f; of what is of second order it has what comes from different layers, which in
 * e^{s²h·h′} is most of it.
 *
 * @param f of the states of layers 0 … L; positive, or 0 whatever the states
 * @returns the averages of f's entries
 */
export function widthAverage(
  f: (states: readonly LayerState[]) => readonly number[],
  options: AverageOptions,
): number[] {
  const { widths, cosine } = options;
  const depth = widths.length;
  const path = forwardPath(depth, cosine);
  const centre = f(path);
  const average = [...centre];
  for (let layer = 0; layer <= depth; layer++) {
    const covariance =
      layer === 0 ? inputCovariance(options) : unitMomentsOfPair(cosineOf(path[layer - 1]!)).covariance;
    const scale = Math.sqrt(1 / (layer === 0 ? options.dimension : widths[layer - 1]!));
    if (scale === 0) continue;
    const ofLayer = [...centre];
    for (const column of factorColumns(covariance)) {
      for (const sign of [-scale, scale]) {
        const by = column.map((value) => sign * value);
        f(forwardPath(depth, cosine, { layer, by })).forEach((value, k) => (ofLayer[k]! += (value - centre[k]!) / 2));
      }
    }
    centre.forEach((value, k) => value !== 0 && (average[k]! *= ofLayer[k]! / value));
  }
  return average;
}

/** Of |x|²/d, |x′|²/d and x·x′/d, times d. */
function inputCovariance({ cosine, cosineVariance }: AverageOptions): readonly (readonly number[])[] {
  const shared = cosine === 1 ? 2 : 0;
  return [
    [2, shared, shared],
    [shared, 2, shared],
    [shared, shared, cosineVariance],
  ];
}

function factorColumns(covariance: readonly (readonly number[])[]): number[][] {
  const size = covariance.length;
  const { factor } = gramFactor('widthAverage', covariance.flat(), size, []);
  const columns = Array.from({ length: size }, (_, c) => Array.from({ length: size }, (_, r) => factor[r * size + c]!));
  return columns.filter((column) => column.some((value) => value !== 0));
}
