// w = A v for a symmetric A given by its lower triangle: the half of a tridiagonalisation that runs at memory speed.
// Several rows at a time: each entry of A is read once and used twice.
import { laneSum, madd } from './vector';

/** Order `order`, rows `stride` bytes apart. w and v must be readable up to a multiple of four numbers. */
export function symmetricProduct(order: usize, a: usize, stride: usize, v: usize, w: usize): void {
  memory.fill(w, 0, order << 3);
  let r: usize = 0;
  for (; r + 4 <= order; r += 4) fourRows(r, a + r * stride, stride, v, w);
  for (; r < order; r++) oneRow(r, a + r * stride, v, w);
}

/** Rows r … r + 3, r a multiple of 4: a rectangle of r columns, then a 4×4 triangle. */
function fourRows(r: usize, a: usize, stride: usize, v: usize, w: usize): void {
  let s0 = f64x2.splat(0),
    s1 = s0,
    s2 = s0,
    s3 = s0;
  const v0 = v128.load_splat<f64>(v + r * 8),
    v1 = v128.load_splat<f64>(v + r * 8, 8),
    v2 = v128.load_splat<f64>(v + r * 8, 16),
    v3 = v128.load_splat<f64>(v + r * 8, 24);
  const a1 = stride,
    a2 = stride + stride,
    a3 = a2 + stride;
  let row = a,
    x = v,
    y = w;
  const end = a + (r << 3);
  while (row < end) {
    const x0 = v128.load(x),
      r0 = v128.load(row),
      r1 = v128.load(row + a1),
      r2 = v128.load(row + a2),
      r3 = v128.load(row + a3);
    s0 = madd(r0, x0, s0);
    s1 = madd(r1, x0, s1);
    s2 = madd(r2, x0, s2);
    s3 = madd(r3, x0, s3);
    v128.store(y, f64x2.add(madd(r1, v1, madd(r0, v0, v128.load(y))), madd(r3, v3, f64x2.mul(r2, v2))));
    const x1 = v128.load(x, 16),
      q0 = v128.load(row, 16),
      q1 = v128.load(row + a1, 16),
      q2 = v128.load(row + a2, 16),
      q3 = v128.load(row + a3, 16);
    s0 = madd(q0, x1, s0);
    s1 = madd(q1, x1, s1);
    s2 = madd(q2, x1, s2);
    s3 = madd(q3, x1, s3);
    v128.store(y, f64x2.add(madd(q1, v1, madd(q0, v0, v128.load(y, 16))), madd(q3, v3, f64x2.mul(q2, v2))), 16);
    row += 32;
    x += 32;
    y += 32;
  }
  store<f64>(y, load<f64>(y) + laneSum(s0));
  store<f64>(y, load<f64>(y, 8) + laneSum(s1), 8);
  store<f64>(y, load<f64>(y, 16) + laneSum(s2), 16);
  store<f64>(y, load<f64>(y, 24) + laneSum(s3), 24);
  triangle(row, stride, x, y);
}

function triangle(a: usize, stride: usize, v: usize, w: usize): void {
  for (let i: usize = 0; i < 4; i++) {
    const row = a + i * stride;
    const vi = load<f64>(v + i * 8);
    let sum = load<f64>(w + i * 8);
    for (let j: usize = 0; j < i; j++) {
      const entry = load<f64>(row + j * 8);
      sum += entry * load<f64>(v + j * 8);
      store<f64>(w + j * 8, load<f64>(w + j * 8) + entry * vi);
    }
    store<f64>(w + i * 8, sum + load<f64>(row + i * 8) * vi);
  }
}

function oneRow(r: usize, row: usize, v: usize, w: usize): void {
  const vr = load<f64>(v + r * 8);
  let sum: f64 = 0;
  for (let j: usize = 0; j < r; j++) {
    const entry = load<f64>(row + j * 8);
    sum += entry * load<f64>(v + j * 8);
    store<f64>(w + j * 8, load<f64>(w + j * 8) + entry * vr);
  }
  store<f64>(w + r * 8, sum + load<f64>(row + r * 8) * vr);
}
