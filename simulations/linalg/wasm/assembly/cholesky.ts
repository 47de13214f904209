// G = L Lᵀ of a positive definite matrix (lower triangle, row-major), by blocks of rows; the rest is updated by tiles.
import { ROWS, updateLower } from './tiles';
import { packRows } from './packing';
import { dot } from './vectorOperations';

/** A multiple of 4: a block starts on a whole tile column. */
const BLOCK: usize = 48;

/**
 * In place; entries above the diagonal become 0. Returns the smallest ratio of a pivot to the diagonal entry it came
 * from: the squared sine of the angle between a vector and those before it. At or below 0 the factor is not usable.
 */
export function cholesky(
  order: usize,
  g: usize,
  stride: usize,
  a: usize,
  b: usize,
  zeros: usize,
  diagonal: usize,
): f64 {
  for (let i: usize = 0; i < order; i++) store<f64>(diagonal + i * 8, load<f64>(g + i * stride + i * 8));
  let smallest: f64 = 1;
  for (let s: usize = 0; s < order; s += BLOCK) {
    const k = min(BLOCK, order - s);
    const corner = g + s * stride + s * 8;
    for (let i: usize = 0; s + i < order; i++) {
      const row = corner + i * stride;
      const columns = min(i, k);
      for (let j: usize = 0; j < columns; j++) {
        const other = corner + j * stride;
        store<f64>(row + j * 8, (load<f64>(row + j * 8) - dot(j, row, other)) / load<f64>(other + j * 8));
      }
      if (i < k) {
        const pivot = load<f64>(row + i * 8) - dot(i, row, row);
        smallest = min(smallest, pivot / load<f64>(diagonal + (s + i) * 8));
        if (!(pivot > 0)) return 0;
        store<f64>(row + i * 8, sqrt(pivot));
      }
    }
    const rest = s + k;
    if (rest < order) {
      const below = g + rest * stride + s * 8;
      packRows(below, stride, 0, 0, 0, order - rest, k, 4, zeros, b);
      packNegated(below, stride, order - rest, k, zeros, a);
      updateLower(order - rest, k, a, b, g + rest * stride + rest * 8, stride);
    }
  }
  for (let i: usize = 0; i < order; i++) memory.fill(g + i * stride + (i + 1) * 8, 0, stride - (i + 1) * 8);
  return smallest;
}

function packNegated(x: usize, stride: usize, count: usize, k: usize, zeros: usize, out: usize): void {
  packRows(x, stride, 0, 0, 0, count, k, ROWS, zeros, out);
  const end = out + ((count + ROWS - 1) / ROWS) * ROWS * k * 8;
  while (out < end) {
    v128.store(out, f64x2.neg(v128.load(out)));
    out += 16;
  }
}
