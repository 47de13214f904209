import type { BulkPlaces } from '../../../theory/whiteBulk/index.js';

/**
 * Root mean square of how many ranks the eigenvalues of a bulk are off their places, n′ ρ_i (y_i/s − q_i), over the middle 96
 * % of them: about 0.7 for a draw of the law, since eigenvalues repel one another, whatever n.
 */
export function shapeOf(values: Float64Array, { places, densities }: BulkPlaces, scale: number, below = 0): number {
  const count = places.length;
  const [first, last] = [Math.floor(0.02 * count), Math.ceil(0.98 * count)];
  let sum = 0;
  for (let i = first; i < last; i++) {
    const off = count * densities[i]! * (values[i + below]! / scale - places[i]!);
    sum += off * off;
  }
  return Math.sqrt(sum / (last - first));
}
