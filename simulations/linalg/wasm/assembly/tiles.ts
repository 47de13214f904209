// The micro-kernel: a ROWS×4 tile of C += A Bᵀ from packed panels. Everything of order n³ ends here. A panel holds ROWS
// numbers a step, a B panel 4. Six rows use all registers of a fused multiply-add; without it the product needs a
// register of its own, and four rows are faster.
import { madd } from './vector';

export const ROWS: usize = isDefined(FUSED) ? 6 : 4;
export const COLUMNS: usize = 4;

// The accumulators start from C: added at the end instead, they no longer fit the registers of the engine's allocator.

function tile4(k: usize, a: usize, b: usize, c: usize, stride: usize): void {
  let row = c;
  let c00 = v128.load(row), c01 = v128.load(row, 16);
  row += stride;
  let c10 = v128.load(row), c11 = v128.load(row, 16);
  row += stride;
  let c20 = v128.load(row), c21 = v128.load(row, 16);
  row += stride;
  let c30 = v128.load(row), c31 = v128.load(row, 16);
  const end = b + (k << 5);
  while (b < end) {
    const b0 = v128.load(b), b1 = v128.load(b, 16);
    const a0 = v128.load_splat<f64>(a);
    c00 = madd(a0, b0, c00); c01 = madd(a0, b1, c01);
    const a1 = v128.load_splat<f64>(a, 8);
    c10 = madd(a1, b0, c10); c11 = madd(a1, b1, c11);
    const a2 = v128.load_splat<f64>(a, 16);
    c20 = madd(a2, b0, c20); c21 = madd(a2, b1, c21);
    const a3 = v128.load_splat<f64>(a, 24);
    c30 = madd(a3, b0, c30); c31 = madd(a3, b1, c31);
    a += 32;
    b += 32;
  }
  v128.store(c, c00); v128.store(c, c01, 16);
  c += stride;
  v128.store(c, c10); v128.store(c, c11, 16);
  c += stride;
  v128.store(c, c20); v128.store(c, c21, 16);
  c += stride;
  v128.store(c, c30); v128.store(c, c31, 16);
}

function tile6(k: usize, a: usize, b: usize, c: usize, stride: usize): void {
  let row = c;
  let c00 = v128.load(row), c01 = v128.load(row, 16);
  row += stride;
  let c10 = v128.load(row), c11 = v128.load(row, 16);
  row += stride;
  let c20 = v128.load(row), c21 = v128.load(row, 16);
  row += stride;
  let c30 = v128.load(row), c31 = v128.load(row, 16);
  row += stride;
  let c40 = v128.load(row), c41 = v128.load(row, 16);
  row += stride;
  let c50 = v128.load(row), c51 = v128.load(row, 16);
  const end = b + (k << 5);
  while (b < end) {
    const b0 = v128.load(b), b1 = v128.load(b, 16);
    const a0 = v128.load_splat<f64>(a);
    c00 = madd(a0, b0, c00); c01 = madd(a0, b1, c01);
    const a1 = v128.load_splat<f64>(a, 8);
    c10 = madd(a1, b0, c10); c11 = madd(a1, b1, c11);
    const a2 = v128.load_splat<f64>(a, 16);
    c20 = madd(a2, b0, c20); c21 = madd(a2, b1, c21);
    const a3 = v128.load_splat<f64>(a, 24);
    c30 = madd(a3, b0, c30); c31 = madd(a3, b1, c31);
    const a4 = v128.load_splat<f64>(a, 32);
    c40 = madd(a4, b0, c40); c41 = madd(a4, b1, c41);
    const a5 = v128.load_splat<f64>(a, 40);
    c50 = madd(a5, b0, c50); c51 = madd(a5, b1, c51);
    a += 48;
    b += 32;
  }
  v128.store(c, c00); v128.store(c, c01, 16);
  c += stride;
  v128.store(c, c10); v128.store(c, c11, 16);
  c += stride;
  v128.store(c, c20); v128.store(c, c21, 16);
  c += stride;
  v128.store(c, c30); v128.store(c, c31, 16);
  c += stride;
  v128.store(c, c40); v128.store(c, c41, 16);
  c += stride;
  v128.store(c, c50); v128.store(c, c51, 16);
}

// @ts-ignore: decorator
@inline
function tile(k: usize, a: usize, b: usize, c: usize, stride: usize): void {
  if (isDefined(FUSED)) tile6(k, a, b, c, stride);
  else tile4(k, a, b, c, stride);
}

/** Columns of B kept in the second-level cache while the rows pass by. */
const COLUMN_BLOCK: usize = 256;

/**
 * Lower triangle of the order×order matrix C (rows `stride` bytes apart) += A Bᵀ, A and B packed with k steps. Whole
 * tiles are written: rows up to a multiple of ROWS, columns up to a multiple of 4, and some entries above the diagonal.
 */
export function updateLower(order: usize, k: usize, a: usize, b: usize, c: usize, stride: usize): void {
  const panel = k * ROWS * 8;
  for (let first: usize = 0; first < order; first += COLUMN_BLOCK) {
    const last = min(first + COLUMN_BLOCK, order);
    for (let i = (first / ROWS) * ROWS; i < order; i += ROWS) {
      updateRow(first, min(last, i + ROWS), k, a + (i / ROWS) * panel, b, c + i * stride, stride);
    }
  }
}

/** Tiles of one panel of A with the columns from `first` to `last`. */
export function updateRow(first: usize, last: usize, k: usize, a: usize, b: usize, c: usize, stride: usize): void {
  for (let j = first; j < last; j += COLUMNS) tile(k, a, b + j * k * 8, c + j * 8, stride);
}

/**
 * The rows×columns matrix C += A Bᵀ: B panels outside, the packed A (a block that fits the second-level cache) inside.
 */
export function updateFull(rows: usize, columns: usize, k: usize, a: usize, b: usize, c: usize, stride: usize): void {
  for (let j: usize = 0; j < columns; j += COLUMNS) updateColumn(rows, k, a, b + j * k * 8, c + j * 8, stride);
}

/** Panels of A one after another with one panel of B. */
export function updateColumn(rows: usize, k: usize, a: usize, b: usize, c: usize, stride: usize): void {
  const panel = k * ROWS * 8;
  for (let i: usize = 0; i < rows; i += ROWS) {
    tile(k, a, b, c + i * stride, stride);
    a += panel;
  }
}
