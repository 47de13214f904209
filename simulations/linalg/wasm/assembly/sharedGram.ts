// Panels of the Gram of all samples, squared: see linalg/sharedGram.ts.
import { packRows } from './packing';
import { updateFull, ROWS } from './tiles';

/**
 * out[n, m] = (x_n · x_m)² for the `count` rows index[n] of x and the first `columns` of the `samples` that `packInputs`
 * packed. Rows of out have `columns` numbers, rounded up to a multiple of 4; there is room for whole tiles.
 */
export function squaredProducts(
  x: usize,
  index: usize,
  count: usize,
  packedX: usize,
  samples: usize,
  columns: usize,
  dimension: usize,
  block: usize,
  a: usize,
  zeros: usize,
  out: usize,
): void {
  const padded = (samples + 3) & ~3;
  const row = ((columns + 3) & ~3) << 3;
  memory.fill(out, 0, ((count + ROWS - 1) / ROWS) * ROWS * row);
  for (let s: usize = 0; s < dimension; s += block) {
    const k = min(block, dimension - s);
    packRows(x + s * 8, dimension << 3, index, 0, 0, count, k, ROWS, zeros, a);
    updateFull(count, columns, k, a, packedX, out, row);
    packedX += padded * k * 8;
  }
  const end = out + count * row;
  for (; out < end; out += 32) {
    const x0 = v128.load(out),
      x1 = v128.load(out, 16);
    v128.store(out, f64x2.mul(x0, x0));
    v128.store(out, f64x2.mul(x1, x1), 16);
  }
}
