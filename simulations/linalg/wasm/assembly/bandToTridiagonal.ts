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

/** Columns whose chases go down the band together: what one has touched is still in the cache for the next. */
const CHASES: usize = 4;

/** Numbers of the work space: two vectors for each chase and three for what is at hand. */
export function chaseRoom(width: usize): usize {
  return (2 * CHASES + 3) * width;
}

/**
 * diagonal[i] and offDiagonal[i] (couples i and i + 1) of the tridiagonal form. Entry (i, i − k), k = 0 … width, is number
 * 2·width + 1 − k of row i of `band`, which has order + width rows of `bandRow(width)` numbers, zero where there is no
 * entry; it is destroyed. `width` is a multiple of 4, `work` room for `chaseRoom(width)` numbers. Entries should be of
 * order 1.
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
  for (let s: usize = 0; s < order; s += CHASES) {
    const chases = min(CHASES, order - s);
    // Column s + q is a block behind column s + q − 1, whose vector there has already been applied.
    for (let lead: usize = 0, active = true; active; lead++) {
      active = false;
      for (let q: usize = 0; q < min(chases, lead + 1); q++) {
        const column = s + q,
          step = lead - q,
          first = column + 1 + step * width;
        if (step == 0)
          startChase(column, order, width, origin, stride, diagonal, offDiagonal, work + 2 * q * (width << 3));
        if (first >= order) continue;
        active = true;
        chase(
          first,
          order,
          width,
          origin,
          stride,
          step & 1,
          work + 2 * q * (width << 3),
          work + 2 * CHASES * (width << 3),
        );
      }
    }
  }
}

/** The vector that clears column s below its first entry under the diagonal, which is final with the one on it. */
function startChase(
  s: usize,
  order: usize,
  width: usize,
  origin: usize,
  stride: usize,
  diagonal: usize,
  offDiagonal: usize,
  v: usize,
): void {
  store<f64>(diagonal + s * 8, load<f64>(origin + s * (stride + 8)));
  store<f64>(offDiagonal + s * 8, 0);
  if (s + 1 == order) return;
  const column = origin + (s + 1) * stride + s * 8;
  for (let k: usize = 0; k < width; k++) store<f64>(v + k * 8, load<f64>(column + k * stride));
  store<f64>(offDiagonal + s * 8, reflector(width - 1, v + 8, v));
}

/** Applies the vector of rows from `first` on, number `which` of two, and makes the other that of the next rows. */
function chase(
  first: usize,
  order: usize,
  width: usize,
  origin: usize,
  stride: usize,
  which: usize,
  vectors: usize,
  room: usize,
): void {
  const bytes = width << 3;
  const v = vectors + which * bytes,
    u = vectors + (1 - which) * bytes;
  const corner = origin + first * (stride + 8);
  reflectSquare(width, corner, stride, v, room);
  if (first + width < order) clearColumn(width, corner + width * stride, stride, v, u, room + bytes, room + 2 * bytes);
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
