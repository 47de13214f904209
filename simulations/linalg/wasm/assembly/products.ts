// Products of a tile of samples with the layers of a network, and of two fields over those samples. Columns go by
// fours: what stands beyond the last column is read and written too, and means nothing.
import { madd } from './vector';

/**
 * c[r, j] = Σ_k a[r, k] b[k, j] for `rows` (a multiple of 4) rows of a, `aStride` bytes apart. Four columns of b make a
 * panel: `bStep` bytes from one k to the next, `bPanel` bytes from one panel to the next.
 */
export function tileProducts(
  rows: usize,
  steps: usize,
  columns: usize,
  a: usize,
  aStride: usize,
  b: usize,
  bStep: usize,
  bPanel: usize,
  c: usize,
  cStride: usize,
): void {
  for (let j: usize = 0; j < columns; j += 4) {
    for (let r: usize = 0; r < rows; r += 4)
      fourRows(steps, a + r * aStride, aStride, b, bStep, c + r * cStride + j * 8, cStride);
    b += bPanel;
  }
}

function fourRows(steps: usize, a0: usize, aStride: usize, b: usize, bStep: usize, c: usize, cStride: usize): void {
  let s00 = f64x2.splat(0),
    s01 = s00,
    s10 = s00,
    s11 = s00,
    s20 = s00,
    s21 = s00,
    s30 = s00,
    s31 = s00;
  let a1 = a0 + aStride,
    a2 = a1 + aStride,
    a3 = a2 + aStride;
  const end = a0 + (steps << 3);
  while (a0 < end) {
    const b0 = v128.load(b),
      b1 = v128.load(b, 16);
    const x0 = v128.load_splat<f64>(a0);
    s00 = madd(x0, b0, s00);
    s01 = madd(x0, b1, s01);
    const x1 = v128.load_splat<f64>(a1);
    s10 = madd(x1, b0, s10);
    s11 = madd(x1, b1, s11);
    const x2 = v128.load_splat<f64>(a2);
    s20 = madd(x2, b0, s20);
    s21 = madd(x2, b1, s21);
    const x3 = v128.load_splat<f64>(a3);
    s30 = madd(x3, b0, s30);
    s31 = madd(x3, b1, s31);
    a0 += 8;
    a1 += 8;
    a2 += 8;
    a3 += 8;
    b += bStep;
  }
  v128.store(c, s00);
  v128.store(c, s01, 16);
  c += cStride;
  v128.store(c, s10);
  v128.store(c, s11, 16);
  c += cStride;
  v128.store(c, s20);
  v128.store(c, s21, 16);
  c += cStride;
  v128.store(c, s30);
  v128.store(c, s31, 16);
}

/**
 * c[i, j] += Σ_n a[n, i] b[n, j] over `samples` rows of a and of b; `rows` and `columns` go by fours.
 */
export function addOuterProducts(
  samples: usize,
  rows: usize,
  columns: usize,
  a: usize,
  aStride: usize,
  b: usize,
  bStride: usize,
  c: usize,
  cStride: usize,
): void {
  for (let j: usize = 0; j < columns; j += 4) {
    for (let i: usize = 0; i < rows; i += 4)
      addFourByFour(samples, a + i * 8, aStride, b + j * 8, bStride, c + i * cStride + j * 8, cStride);
  }
}

function addFourByFour(
  samples: usize,
  a: usize,
  aStride: usize,
  b: usize,
  bStride: usize,
  c0: usize,
  cStride: usize,
): void {
  const c1 = c0 + cStride,
    c2 = c1 + cStride,
    c3 = c2 + cStride;
  let s00 = v128.load(c0),
    s01 = v128.load(c0, 16),
    s10 = v128.load(c1),
    s11 = v128.load(c1, 16),
    s20 = v128.load(c2),
    s21 = v128.load(c2, 16),
    s30 = v128.load(c3),
    s31 = v128.load(c3, 16);
  for (let n: usize = 0; n < samples; n++) {
    const b0 = v128.load(b),
      b1 = v128.load(b, 16);
    const x0 = v128.load_splat<f64>(a);
    s00 = madd(x0, b0, s00);
    s01 = madd(x0, b1, s01);
    const x1 = v128.load_splat<f64>(a, 8);
    s10 = madd(x1, b0, s10);
    s11 = madd(x1, b1, s11);
    const x2 = v128.load_splat<f64>(a, 16);
    s20 = madd(x2, b0, s20);
    s21 = madd(x2, b1, s21);
    const x3 = v128.load_splat<f64>(a, 24);
    s30 = madd(x3, b0, s30);
    s31 = madd(x3, b1, s31);
    a += aStride;
    b += bStride;
  }
  v128.store(c0, s00);
  v128.store(c0, s01, 16);
  v128.store(c1, s10);
  v128.store(c1, s11, 16);
  v128.store(c2, s20);
  v128.store(c2, s21, 16);
  v128.store(c3, s30);
  v128.store(c3, s31, 16);
}

/** x[i] *= y[i] for an even number of numbers. */
export function multiplyVectors(length: usize, x: usize, y: usize): void {
  const end = x + (length << 3);
  while (x < end) {
    v128.store(x, f64x2.mul(v128.load(x), v128.load(y)));
    x += 16;
    y += 16;
  }
}
