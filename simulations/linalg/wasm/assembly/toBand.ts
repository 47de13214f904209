// Householder reduction of a symmetric matrix to a band, in panels of as many rows as the band is wide, from the last row
// upwards. A panel's reflectors are Q = I − Vᵀ T V, with one vector in each row of V, and the leading part A becomes
// QᵀAQ = A − VᵀW − WᵀV with W = TᵀZ − SV/2, Z = VA, S = TᵀVZᵀT. Everything of order n³ is a product of matrices: each
// block of A is updated for one panel and multiplied by the vectors of the next while it is in the second-level cache.
// Source: J. J. Dongarra, D. C. Sorensen, S. J. Hammarling, "Block reduction of matrices to condensed forms" (1989);
// C. H. Bischof, B. Lang, X. Sun, "A framework for symmetric band reduction" (2000).
import { packPairs, packRows, packUpdate } from './packing';
import { reflector } from './reflector';
import { BLOCK, blockHeight, fillUpper, packStrip, rowsOfStrips, toStrips, wholeTiles } from './strips';
import { ROWS, updateColumn, updateFull, updateRow } from './tiles';
import { axpy, rowProducts } from './vectorOperations';
import { bandRow } from './bandToTridiagonal';

/**
 * Reduces c (lower triangle, row-major, rows `stride` bytes apart, up to 11 of them beyond the order; destroyed) to the
 * band that `bandToTridiagonal` takes, which is 0 before. `width` is a multiple of 12, at most 60. `vectors` is room for
 * 3·width rows of `stride` bytes, `a` for 4·width numbers for each row and at least BLOCK rows of c, `b` for 3·width for each
 * row and BLOCK² beside, `work` for 5·width² + width numbers. Numbers in c should be of order 1.
 */
export function toBand(
  order: usize,
  width: usize,
  c: usize,
  stride: usize,
  band: usize,
  vectors: usize,
  a: usize,
  b: usize,
  work: usize,
): void {
  const padded = wholeTiles(order);
  const v = vectors + width * stride,
    z = v + width * stride;
  const left6 = a + 2 * width * padded * 8,
    right4 = left6 + width * padded * 8,
    products = b + 2 * width * padded * 8,
    packed = products + width * padded * 8;
  toStrips(padded, c, stride, a);
  let last = order;
  let pending = false;
  for (let whole = padded; ; whole -= width) {
    const first = whole > width ? whole - width : 0;
    // The panel, as the one before it leaves it.
    rowsOfStrips(first, last, padded, c, stride, vectors);
    if (pending) {
      const panel = 2 * width * ROWS * 8;
      for (let i = first; i < whole; i += ROWS)
        updateRow(0, i + ROWS, 2 * width, a + (i / ROWS) * panel, b, vectors + (i - first) * stride, stride);
    }
    if (first > 0) factorPanel(first, last, width, stride, vectors, v, work);
    for (let i = first; i < last; i++) {
      const from = first + i > last ? first + i - last : 0;
      const row = band + (i * bandRow(width) + 2 * width + 1) * 8;
      memory.copy(row - ((i - from) << 3), vectors + (i - first) * stride + (from << 3), (i - from + 1) << 3);
    }
    if (first == 0) return;
    for (let top: usize = 0; top < first; top += BLOCK) {
      const rows = min(BLOCK, first - top);
      packRows(v + top * 8, stride, 0, 0, 0, width, rows, ROWS, 0, left6 + top * width * 8);
      packRows(v + top * 8, stride, 0, 0, 0, width, rows, 4, 0, right4 + top * width * 8);
    }
    updateAndMultiply(first, padded, width, pending, c, stride, a, b, left6, right4, packed, z, products);
    takeCorrection(first, width, stride, v, z, left6, right4, products, b, work);
    packUpdate(first, width, v, z, stride, a, b);
    pending = true;
    last = first;
  }
}

/**
 * Row last − 1 − p of the panel, p = 0, 1, …, keeps its entries from column first − 1 − p on: the vector that clears those
 * before becomes row p of v, 0 from column first − p on, and rows above in the panel are reflected by it. Rows of v
 * without one are 0.
 */
function factorPanel(
  first: usize,
  last: usize,
  width: usize,
  stride: usize,
  panel: usize,
  v: usize,
  work: usize,
): void {
  const rows = last - first;
  for (let p: usize = 0; p < width; p++) {
    memory.fill(v, 0, first << 3);
    if (p < rows && p + 1 < first) {
      const above = rows - 1 - p,
        row = panel + above * stride,
        rest = first - p - 1;
      memory.copy(v, row, (rest + 1) << 3);
      store<f64>(row + (rest << 3), reflector(rest, v, v + (rest << 3)));
      rowProducts(above, rest + 1, panel, stride, v, work);
      for (let q: usize = 0; q < above; q++) axpy(rest + 1, -load<f64>(work + q * 8), v, panel + q * stride);
    }
    v += stride;
  }
}

/**
 * The leading part of `order` (whole tiles): A less the update of the panel before, if one is pending, and Z = VA in rows,
 * from the lower triangle. `left6` and `right4` are the panels of V, a block of columns after another.
 */
function updateAndMultiply(
  order: usize,
  padded: usize,
  width: usize,
  pending: bool,
  c: usize,
  stride: usize,
  a: usize,
  b: usize,
  left6: usize,
  right4: usize,
  packed: usize,
  z: usize,
  products: usize,
): void {
  const steps = 2 * width;
  memory.fill(z, 0, width * stride);
  memory.fill(products, 0, width * order * 8);
  for (let top: usize = 0; top < order; top += BLOCK) {
    const height = blockHeight(top, padded),
      rows = min(BLOCK, order - top),
      below = left6 + top * width * 8;
    for (let start: usize = 0; start <= top; start += BLOCK) {
      const block = c + top * stride + start * height * 8,
        end = min(start + BLOCK, order);
      for (let j = start; j < end; j += 4) {
        const strip = block + (j - start) * height * 8;
        if (pending) {
          const skipped = start == top ? ((j - start) / ROWS) * ROWS : 0;
          updateColumn(
            rows - skipped,
            steps,
            a + (top + skipped) * steps * 8,
            b + j * steps * 8,
            strip + skipped * 32,
            32,
          );
        }
        if (start < top) {
          updateColumn(width, rows, below, strip, z + j * 8, stride);
          packStrip(strip, rows, end - start, packed + (j - start) * ROWS * 8);
        }
      }
      if (start < top) {
        updateFull(rows, width, end - start, packed, right4 + start * width * 8, products + top * width * 8, width * 8);
      } else {
        fillUpper(block, rows, height);
        for (let j = start; j < end; j += 4)
          updateColumn(width, rows, below, block + (j - start) * height * 8, z + j * 8, stride);
      }
    }
    addTransposed(rows, width, products + top * width * 8, z + top * 8, stride);
  }
}

/** z += the transpose of what the rows of blocks gave: `rows` rows of `width` numbers. */
function addTransposed(rows: usize, width: usize, products: usize, z: usize, stride: usize): void {
  for (let r: usize = 0; r < rows; r += 2) {
    const next = products + width * 8;
    for (let p: usize = 0; p < width; p += 2) {
      const x = v128.load(products + p * 8),
        y = v128.load(next + p * 8);
      const to = z + p * stride;
      v128.store(to, f64x2.add(v128.load(to), v128.shuffle<f64>(x, y, 0, 2)));
      v128.store(to + stride, f64x2.add(v128.load(to + stride), v128.shuffle<f64>(x, y, 1, 3)));
    }
    products = next + width * 8;
    z += 16;
  }
}

/** z = VA becomes W. `room4` is room for the panels of V and Z together; `products` is used again. */
function takeCorrection(
  order: usize,
  width: usize,
  stride: usize,
  v: usize,
  z: usize,
  left6: usize,
  right4: usize,
  products: usize,
  room4: usize,
  work: usize,
): void {
  const square = width * width * 8;
  const g = work,
    m = g + square,
    t = m + square,
    factors = t + square;
  // G = V Vᵀ and M = V Zᵀ.
  memory.fill(g, 0, 2 * square);
  for (let top: usize = 0; top < order; top += BLOCK) {
    const rows = min(BLOCK, order - top),
      at = top * width * 8;
    packRows(z + top * 8, stride, 0, 0, 0, width, rows, 4, 0, products);
    updateFull(width, width, rows, left6 + at, right4 + at, g, width * 8);
    updateFull(width, width, rows, left6 + at, products, m, width * 8);
  }
  triangularFactor(width, g, t);
  // S = Tᵀ M T in place of G; then W_p = Σ_q T[q, p] z_q − S[q, p] v_q / 2.
  congruence(width, t, m, g);
  for (let p: usize = 0; p < width; p++) {
    const out = factors + ((p / ROWS) * 2 * width * ROWS + (p % ROWS)) * 8;
    for (let q: usize = 0; q < width; q++) {
      store<f64>(out + 2 * q * ROWS * 8, load<f64>(t + (q * width + p) * 8));
      store<f64>(out + (2 * q + 1) * ROWS * 8, -0.5 * load<f64>(g + (q * width + p) * 8));
    }
  }
  packPairs(order, width, z, v, stride, room4);
  memory.fill(z, 0, width * stride);
  for (let j: usize = 0; j < order; j += 4)
    updateColumn(width, 2 * width, factors, room4 + j * 2 * width * 8, z + j * 8, stride);
}

/** T of I − Vᵀ T V, the product of the reflectors I − v vᵀ in the order of their rows, from G = V Vᵀ. */
function triangularFactor(width: usize, g: usize, t: usize): void {
  memory.fill(t, 0, width * width * 8);
  for (let p: usize = 0; p < width; p++) {
    store<f64>(t + (p * width + p) * 8, 1);
    for (let q: usize = 0; q < p; q++) {
      let sum: f64 = 0;
      for (let r = q; r < p; r++) sum += load<f64>(t + (q * width + r) * 8) * load<f64>(g + (r * width + p) * 8);
      store<f64>(t + (q * width + p) * 8, -sum);
    }
  }
}

/** s = Tᵀ M T for an upper triangular T; m is used up. */
function congruence(width: usize, t: usize, m: usize, s: usize): void {
  for (let q: usize = 0; q < width; q++) {
    for (let p = width; p-- > 0;) {
      let sum: f64 = 0;
      for (let r: usize = 0; r <= p; r++)
        sum += load<f64>(m + (q * width + r) * 8) * load<f64>(t + (r * width + p) * 8);
      store<f64>(m + (q * width + p) * 8, sum);
    }
  }
  for (let q: usize = 0; q < width; q++) {
    for (let p: usize = 0; p < width; p++) {
      let sum: f64 = 0;
      for (let r: usize = 0; r <= q; r++)
        sum += load<f64>(t + (r * width + q) * 8) * load<f64>(m + (r * width + p) * 8);
      store<f64>(s + (q * width + p) * 8, sum);
    }
  }
}
