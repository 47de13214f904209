// The lower triangle of a symmetric matrix as it is reduced to a band: BLOCK rows at a time, and in them strips of four
// columns. A strip is the right operand of the micro-kernel as it lies, a tile of it is written in one piece, and a block
// of BLOCK columns stays in the second-level cache. Orders are rounded up to whole tiles of either build; rows beyond the
// order are there and mean nothing. Of the `height` rows from `top` on, entry (top + r, j) is number
// (j − j mod 4)·height + 4 r + j mod 4.
import { ROWS } from './tiles';

/** Rows of a block: whole tiles of 4 and 6. */
export const BLOCK: usize = 120;

/** An order rounded up. */
export function wholeTiles(order: usize): usize {
  return ((order + 11) / 12) * 12;
}

/** Rows that lie together with row `top`, a multiple of BLOCK. */
export function blockHeight(top: usize, padded: usize): usize {
  return min(BLOCK, padded - top);
}

/** Takes the row-major matrix to strips, in place; `room` holds BLOCK rows. Upper parts of blocks are not yet filled. */
export function toStrips(padded: usize, c: usize, stride: usize, room: usize): void {
  for (let top: usize = 0; top < padded; top += BLOCK) {
    const height = blockHeight(top, padded);
    let to = c + top * stride;
    for (let r: usize = 0; r < height; r++) memory.copy(room + r * stride, to + r * stride, (top + height) << 3);
    for (let j: usize = 0; j < top + height; j += 4) {
      let from = room + (j << 3);
      for (let r: usize = 0; r < height; r++) {
        v128.store(to, v128.load(from));
        v128.store(to, v128.load(from, 16), 16);
        from += stride;
        to += 32;
      }
    }
  }
}

/** Rows first … last − 1 up to their diagonal, and up to three numbers more, as rows of `out`, `stride` bytes apart. */
export function rowsOfStrips(first: usize, last: usize, padded: usize, c: usize, stride: usize, out: usize): void {
  for (let i = first; i < last; i++) {
    const top = (i / BLOCK) * BLOCK;
    const step = blockHeight(top, padded) << 5;
    let from = c + top * stride + ((i - top) << 5);
    for (let to = out; to <= out + (i << 3); to += 32) {
      v128.store(to, v128.load(from));
      v128.store(to, v128.load(from, 16), 16);
      from += step;
    }
    out += stride;
  }
}

/** Fills the part above the diagonal of a block on it: strips of `height` rows, of which `rows` are in use. */
export function fillUpper(block: usize, rows: usize, height: usize): void {
  const step = height << 5;
  for (let i: usize = 0; i < rows; i += 4) {
    const square = block + (i << 5);
    for (let j: usize = 0; j < i; j += 4) {
      const from = square + (j >> 2) * step,
        to = block + (i >> 2) * step + (j << 5);
      for (let half: usize = 0; half < 32; half += 16) {
        const x0 = v128.load(from + half),
          x1 = v128.load(from + half, 32),
          x2 = v128.load(from + half, 64),
          x3 = v128.load(from + half, 96);
        const out = to + (half << 2);
        v128.store(out, v128.shuffle<f64>(x0, x1, 0, 2));
        v128.store(out, v128.shuffle<f64>(x2, x3, 0, 2), 16);
        v128.store(out, v128.shuffle<f64>(x0, x1, 1, 3), 32);
        v128.store(out, v128.shuffle<f64>(x2, x3, 1, 3), 48);
      }
    }
    const corner = square + (i >> 2) * step;
    for (let r: usize = 1; r < 4; r++)
      for (let s: usize = 0; s < r; s++)
        store<f64>(corner + (s << 5) + (r << 3), load<f64>(corner + (r << 5) + (s << 3)));
  }
}

/** Four columns of a strip become steps of the left operand of the micro-kernel, whose panels have k steps. */
export function packStrip(strip: usize, rows: usize, k: usize, out: usize): void {
  for (let r: usize = 0; r < rows; r += ROWS) {
    for (let q: usize = 0; q < ROWS; q += 2) {
      const x0 = v128.load(strip),
        x1 = v128.load(strip, 16),
        y0 = v128.load(strip, 32),
        y1 = v128.load(strip, 48);
      const to = out + q * 8;
      v128.store(to, v128.shuffle<f64>(x0, y0, 0, 2));
      v128.store(to + ROWS * 8, v128.shuffle<f64>(x0, y0, 1, 3));
      v128.store(to + 2 * ROWS * 8, v128.shuffle<f64>(x1, y1, 0, 2));
      v128.store(to + 3 * ROWS * 8, v128.shuffle<f64>(x1, y1, 1, 3));
      strip += 64;
    }
    out += k * ROWS * 8;
  }
}
