// From a symmetric band matrix to tridiagonal form. A reflector of as many rows as the band is wide leaves one entry of
// column s below the diagonal; applied from both sides it fills the block below, whose first column the next reflector
// clears, and so on to the last row. The other columns of that block are left as they are: they come next with s.
// Source: B. Lang, "A parallel algorithm for reducing symmetric banded matrices to tridiagonal form" (1993).
import { reflector } from './reflector';
import { symmetricProduct } from './symmetricProduct';
import { negatedMadd } from './vector';
import { addRows, axpy, dot, rowProducts } from './vectorOperations';

/** Numbers from one row of the band to the next: the band, what fills below it, and a spare right of the diagonal. */
export function bandRow(width: usize): usize {
  return 2 * width + 3;
}

/**
 * diagonal[i] and offDiagonal[i] (couples i and i + 1) of the tridiagonal form. Entry (i, i − k), k = 0 … width, is number
 * 2·width + 1 − k of row i of `band`, which has order + width rows of `bandRow(width)` numbers, zero where there is no
 * entry; it is destroyed. `width` is a multiple of 4, `work` room for 5·width numbers. Entries should be of order 1.
 */
export function bandToTridiagonal(
  order: usize,
  width: usize,
  band: usize,
  diagonal: usize,
  offDiagonal: usize,
  work: usize,
): void {
  // Seen as a matrix, a row begins one number earlier than the row above it.
  const stride = (bandRow(width) - 1) << 3;
  const origin = band + ((2 * width + 1) << 3);
  const room = width << 3;
  let v = work,
    u = v + room;
  const w = work + 2 * room,
    t = w + room,
    z = t + room;
  for (let s: usize = 0; s < order; s++) {
    store<f64>(diagonal + s * 8, load<f64>(origin + s * (stride + 8)));
    if (s + 1 == order) break;
    const column = origin + (s + 1) * stride + s * 8;
    for (let k: usize = 0; k < width; k++) store<f64>(v + k * 8, load<f64>(column + k * stride));
    store<f64>(offDiagonal + s * 8, reflector(width - 1, v + 8, v));
    for (let first = s + 1; ; first += width) {
      const corner = origin + first * (stride + 8);
      reflectSquare(width, corner, stride, v, w);
      if (first + width >= order) break;
      clearColumn(width, corner + width * stride, stride, v, u, t, z);
      const next = u;
      u = v;
      v = next;
    }
  }
  store<f64>(offDiagonal + (order - 1) * 8, 0);
}

/** D becomes (I − v vᵀ) D (I − v vᵀ): D − v wᵀ − w vᵀ with w = D v − (vᵀ D v / 2) v. Its lower triangle is held. */
function reflectSquare(width: usize, d: usize, stride: usize, v: usize, w: usize): void {
  symmetricProduct(width, d, stride, v, w);
  axpy(width, -0.5 * dot(width, v, w), v, w);
  for (let i: usize = 0; i < width; i += 2) {
    const row = d + i * stride,
      next = row + stride;
    const v0 = v128.load_splat<f64>(v + i * 8),
      v1 = v128.load_splat<f64>(v + i * 8, 8),
      w0 = v128.load_splat<f64>(w + i * 8),
      w1 = v128.load_splat<f64>(w + i * 8, 8);
    for (let j: usize = 0; j <= i; j += 2) {
      const x = v128.load(v + j * 8),
        y = v128.load(w + j * 8);
      v128.store(row + j * 8, negatedMadd(w0, x, negatedMadd(v0, y, v128.load(row + j * 8))));
      v128.store(next + j * 8, negatedMadd(w1, x, negatedMadd(v1, y, v128.load(next + j * 8))));
    }
  }
}

/**
 * E becomes (I − u uᵀ) E (I − v vᵀ) with the u that clears its first column below the head. With t = E v, that is
 * E − t vᵀ − u zᵀ, z = Eᵀ u − (tᵀ u) v.
 */
function clearColumn(width: usize, e: usize, stride: usize, v: usize, u: usize, t: usize, z: usize): void {
  rowProducts(width, width, e, stride, v, t);
  const head = load<f64>(v);
  for (let k: usize = 0; k < width; k++) store<f64>(u + k * 8, load<f64>(e + k * stride) - load<f64>(t + k * 8) * head);
  const beta = reflector(width - 1, u + 8, u);
  memory.fill(z, 0, width << 3);
  axpy(width, -dot(width, t, u), v, z);
  addRows(width, width, u, e, stride, z);
  for (let i: usize = 0; i < width; i += 2) {
    const row = e + i * stride,
      next = row + stride;
    const t0 = v128.load_splat<f64>(t + i * 8),
      t1 = v128.load_splat<f64>(t + i * 8, 8),
      u0 = v128.load_splat<f64>(u + i * 8),
      u1 = v128.load_splat<f64>(u + i * 8, 8);
    for (let j: usize = 0; j < width << 3; j += 16) {
      const x = v128.load(v + j),
        y = v128.load(z + j);
      v128.store(row + j, negatedMadd(u0, y, negatedMadd(t0, x, v128.load(row + j))));
      v128.store(next + j, negatedMadd(u1, y, negatedMadd(t1, x, v128.load(next + j))));
    }
  }
  store<f64>(e, beta);
  for (let k: usize = 1; k < width; k++) store<f64>(e + k * stride, 0);
}
