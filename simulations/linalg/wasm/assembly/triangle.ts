// Products of the rows of a field with a lower triangle: half of a quadratic form for each row.
import { packRows } from './packing';
import { updateFull } from './tiles';

/**
 * Packs rows 0 … order − 1 of a row-major matrix whose entries on and above the diagonal are 0: `block` rows at a time, as
 * panels of four columns up to the last one that has entries there.
 */
export function packTriangle(x: usize, stride: usize, order: usize, block: usize, out: usize): void {
  for (let s: usize = 0; s < order; s += block) {
    const k = min(block, order - s);
    for (let j: usize = 0; j < s + k; j += 4) {
      let row = x + s * stride + j * 8;
      for (let r: usize = 0; r < k; r++) {
        v128.store(out, v128.load(row));
        v128.store(out, v128.load(row, 16), 16);
        out += 32;
        row += stride;
      }
    }
  }
}

/** out[c, m] = Σ_{n>m} v[c, n] x[n, m] for `count` rows of v, `rows` of them in a panel, and x as packed above. */
export function triangularTile(
  v: usize,
  vStride: usize,
  count: usize,
  packed: usize,
  order: usize,
  block: usize,
  rows: usize,
  a: usize,
  zeros: usize,
  out: usize,
  outStride: usize,
): void {
  memory.fill(out, 0, ((count + rows - 1) / rows) * rows * outStride);
  for (let s: usize = 0; s < order; s += block) {
    const k = min(block, order - s);
    packRows(v + s * 8, vStride, 0, 0, 0, count, k, rows, zeros, a);
    updateFull(count, s + k, k, a, packed, out, outStride);
    packed += ((s + k + 3) & ~3) * k * 8;
  }
}
