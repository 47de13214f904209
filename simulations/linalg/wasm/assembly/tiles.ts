// The micro-kernel: a ROWS×4 tile of C += A Bᵀ from packed panels. Everything of order n³ ends here.
// A panel holds ROWS numbers a step, a B panel 4. Six rows use all registers of a fused multiply-add; without it the product
// needs a register of its own, and four rows are faster.
import { madd, splatAt } from './vector';

export const ROWS: usize = isDefined(FUSED) ? 6 : 4;
export const COLUMNS: usize = 4;

// @ts-ignore: decorator
@inline
function addTo(c: usize, left: v128, right: v128): void {
  v128.store(c, f64x2.add(v128.load(c), left));
  v128.store(c, f64x2.add(v128.load(c, 16), right), 16);
}

function tile4(k: usize, a: usize, b: usize, c: usize, stride: usize): void {
  let c00 = f64x2.splat(0), c01 = c00, c10 = c00, c11 = c00, c20 = c00, c21 = c00, c30 = c00, c31 = c00;
  const end = b + (k << 5);
  while (b < end) {
    const b0 = v128.load(b), b1 = v128.load(b, 16);
    const a0 = splatAt(a);
    c00 = madd(a0, b0, c00); c01 = madd(a0, b1, c01);
    const a1 = splatAt(a + 8);
    c10 = madd(a1, b0, c10); c11 = madd(a1, b1, c11);
    const a2 = splatAt(a + 16);
    c20 = madd(a2, b0, c20); c21 = madd(a2, b1, c21);
    const a3 = splatAt(a + 24);
    c30 = madd(a3, b0, c30); c31 = madd(a3, b1, c31);
    a += 32;
    b += 32;
  }
  addTo(c, c00, c01); c += stride;
  addTo(c, c10, c11); c += stride;
  addTo(c, c20, c21); c += stride;
  addTo(c, c30, c31);
}

function tile6(k: usize, a: usize, b: usize, c: usize, stride: usize): void {
  let c00 = f64x2.splat(0), c01 = c00, c10 = c00, c11 = c00, c20 = c00, c21 = c00, c30 = c00, c31 = c00, c40 = c00, c41 = c00, c50 = c00, c51 = c00;
  const end = b + (k << 5);
  while (b < end) {
    const b0 = v128.load(b), b1 = v128.load(b, 16);
    const a0 = splatAt(a);
    c00 = madd(a0, b0, c00); c01 = madd(a0, b1, c01);
    const a1 = splatAt(a + 8);
    c10 = madd(a1, b0, c10); c11 = madd(a1, b1, c11);
    const a2 = splatAt(a + 16);
    c20 = madd(a2, b0, c20); c21 = madd(a2, b1, c21);
    const a3 = splatAt(a + 24);
    c30 = madd(a3, b0, c30); c31 = madd(a3, b1, c31);
    const a4 = splatAt(a + 32);
    c40 = madd(a4, b0, c40); c41 = madd(a4, b1, c41);
    const a5 = splatAt(a + 40);
    c50 = madd(a5, b0, c50); c51 = madd(a5, b1, c51);
    a += 48;
    b += 32;
  }
  addTo(c, c00, c01); c += stride;
  addTo(c, c10, c11); c += stride;
  addTo(c, c20, c21); c += stride;
  addTo(c, c30, c31); c += stride;
  addTo(c, c40, c41); c += stride;
  addTo(c, c50, c51);
}

// @ts-ignore: decorator
@inline
function tile(k: usize, a: usize, b: usize, c: usize, stride: usize): void {
  if (isDefined(FUSED)) tile6(k, a, b, c, stride);
  else tile4(k, a, b, c, stride);
}

/** Columns of B kept in the second-level cache while the rows pass by. */
const COLUMN_BLOCK: usize = 128;

/**
 * Lower triangle of the order×order matrix C (rows `stride` bytes apart) += A Bᵀ, A and B packed with k steps.
 * Whole tiles are written: rows up to a multiple of ROWS, columns up to a multiple of 4, and some entries above the diagonal.
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

/** The rows×columns matrix C += A Bᵀ: B panels outside, the packed A (a block that fits the second-level cache) inside. */
export function updateFull(rows: usize, columns: usize, k: usize, a: usize, b: usize, c: usize, stride: usize): void {
  for (let j: usize = 0; j < columns; j += COLUMNS) updateColumn(rows, k, a, b + j * k * 8, c + j * 8, stride);
}

function updateColumn(rows: usize, k: usize, a: usize, b: usize, c: usize, stride: usize): void {
  const panel = k * ROWS * 8;
  for (let i: usize = 0; i < rows; i += ROWS) {
    tile(k, a, b, c + i * stride, stride);
    a += panel;
  }
}
