// Softmax of V h at a batch of points, and what is summed over its classes or over the points. A field has a number for
// each of `points` points, a multiple of 4; rows of fields lie `stride` bytes apart.
import { logitFields } from './logits';
import { exponential } from './softmax';
import { laneSum, madd } from './vector';

/** out = max(u, 0). */
export function rectify(points: usize, u: usize, out: usize): void {
  const half = f64x2.splat(0.5);
  for (let p: usize = 0; p < points << 3; p += 16) {
    const value = v128.load(u + p);
    v128.store(out + p, f64x2.mul(f64x2.add(value, f64x2.abs(value)), half));
  }
}

/** out = 1 where u > 0, else 0. */
export function openGates(points: usize, u: usize, out: usize): void {
  const zero = f64x2.splat(0),
    one = f64x2.splat(1);
  for (let p: usize = 0; p < points << 3; p += 16)
    v128.store(out + p, v128.and(f64x2.gt(v128.load(u + p), zero), one));
}

/**
 * probabilities = softmax(V h), C rows, of `features` h (m rows) and V, C×m. `room` is for two fields.
 */
export function softmaxOverPoints(
  points: usize,
  readout: usize,
  classes: usize,
  width: usize,
  features: usize,
  stride: usize,
  probabilities: usize,
  room: usize,
): void {
  logitFields(points, readout, classes, width, features, stride, probabilities);
  const end = points << 3;
  const top = room,
    total = room + stride;
  memory.copy(top, probabilities, end);
  memory.fill(total, 0, end);
  for (let c: usize = 1; c < classes; c++) {
    const row = probabilities + c * stride;
    for (let p: usize = 0; p < end; p += 16) v128.store(top + p, f64x2.pmax(v128.load(top + p), v128.load(row + p)));
  }
  let c: usize = 0;
  for (; c + 2 <= classes; c += 2) addExponentials(end, probabilities + c * stride, stride, top, total);
  if (c < classes) {
    const row = probabilities + c * stride;
    for (let p: usize = 0; p < end; p += 16) {
      const e = exponential(f64x2.sub(v128.load(row + p), v128.load(top + p)));
      v128.store(row + p, e);
      v128.store(total + p, f64x2.add(v128.load(total + p), e));
    }
  }
  for (let p: usize = 0; p < end; p += 16)
    v128.store(total + p, f64x2.div(f64x2.splat(1), v128.load(total + p)));
  for (c = 0; c < classes; c++) {
    const row = probabilities + c * stride;
    for (let p: usize = 0; p < end; p += 16) v128.store(row + p, f64x2.mul(v128.load(row + p), v128.load(total + p)));
  }
}

/** Two rows by four points at a time, which share the constants of the exponential. */
function addExponentials(end: usize, row: usize, stride: usize, top: usize, total: usize): void {
  for (let p: usize = 0; p < end; p += 32) {
    const at = row + p,
      next = at + stride;
    const top0 = v128.load(top + p),
      top1 = v128.load(top + p, 16);
    const e0 = exponential(f64x2.sub(v128.load(at), top0));
    const e1 = exponential(f64x2.sub(v128.load(at, 16), top1));
    const e2 = exponential(f64x2.sub(v128.load(next), top0));
    const e3 = exponential(f64x2.sub(v128.load(next, 16), top1));
    v128.store(at, e0);
    v128.store(at, e1, 16);
    v128.store(next, e2);
    v128.store(next, e3, 16);
    v128.store(total + p, f64x2.add(v128.load(total + p), f64x2.add(e0, e2)));
    v128.store(total + p, f64x2.add(v128.load(total + p, 16), f64x2.add(e1, e3)), 16);
  }
}

/** out = Σ_c p_c v_c for one column v of V, from `column` on and `step` bytes from class to class. */
export function columnMean(
  points: usize,
  classes: usize,
  probabilities: usize,
  stride: usize,
  column: usize,
  step: usize,
  out: usize,
): void {
  const end = points << 3;
  let p: usize = 0;
  // A whole line of the cache at a time.
  for (; p + 64 <= end; p += 64) {
    let s0 = f64x2.splat(0),
      s1 = s0,
      s2 = s0,
      s3 = s0;
    let row = probabilities + p,
      v = column;
    for (let c: usize = 0; c < classes; c++) {
      const entry = v128.load_splat<f64>(v);
      s0 = madd(entry, v128.load(row), s0);
      s1 = madd(entry, v128.load(row, 16), s1);
      s2 = madd(entry, v128.load(row, 32), s2);
      s3 = madd(entry, v128.load(row, 48), s3);
      row += stride;
      v += step;
    }
    v128.store(out + p, s0);
    v128.store(out + p, s1, 16);
    v128.store(out + p, s2, 32);
    v128.store(out + p, s3, 48);
  }
  for (; p < end; p += 16) {
    let s0 = f64x2.splat(0);
    let row = probabilities + p,
      v = column;
    for (let c: usize = 0; c < classes; c++) {
      s0 = madd(v128.load_splat<f64>(v), v128.load(row), s0);
      row += stride;
      v += step;
    }
    v128.store(out + p, s0);
  }
}

/** out = Σ_c p_c (v_c − mean)(w_c − otherMean) for two columns of V. */
export function columnCovariance(
  points: usize,
  classes: usize,
  probabilities: usize,
  stride: usize,
  column: usize,
  other: usize,
  step: usize,
  mean: usize,
  otherMean: usize,
  out: usize,
): void {
  for (let p: usize = 0; p < points << 3; p += 32) {
    const mean0 = v128.load(mean + p),
      mean1 = v128.load(mean + p, 16),
      other0 = v128.load(otherMean + p),
      other1 = v128.load(otherMean + p, 16);
    let s0 = f64x2.splat(0),
      s1 = s0;
    let row = probabilities + p,
      v = column,
      w = other;
    for (let c: usize = 0; c < classes; c++) {
      const entry = v128.load_splat<f64>(v),
        otherEntry = v128.load_splat<f64>(w);
      const d0 = f64x2.mul(f64x2.sub(entry, mean0), f64x2.sub(otherEntry, other0));
      const d1 = f64x2.mul(f64x2.sub(entry, mean1), f64x2.sub(otherEntry, other1));
      s0 = madd(d0, v128.load(row), s0);
      s1 = madd(d1, v128.load(row, 16), s1);
      row += stride;
      v += step;
      w += step;
    }
    v128.store(out + p, s0);
    v128.store(out + p, s1, 16);
  }
}

/** out[i, j] += Σ_points left_i right_j, `rows` × `columns`, two rows by four columns at a time. */
export function addFieldProducts(
  points: usize,
  rows: usize,
  left: usize,
  columns: usize,
  right: usize,
  stride: usize,
  out: usize,
): void {
  const end = points << 3;
  let i: usize = 0;
  for (; i + 2 <= rows; i += 2) {
    const a = left + i * stride;
    let j: usize = 0;
    for (; j + 4 <= columns; j += 4) {
      const b = right + j * stride;
      const zero = f64x2.splat(0);
      let s00 = zero,
        s01 = zero,
        s02 = zero,
        s03 = zero,
        s10 = zero,
        s11 = zero,
        s12 = zero,
        s13 = zero;
      for (let p: usize = 0; p < end; p += 16) {
        const a0 = v128.load(a + p),
          a1 = v128.load(a + stride + p);
        const b0 = v128.load(b + p),
          b1 = v128.load(b + stride + p),
          b2 = v128.load(b + 2 * stride + p),
          b3 = v128.load(b + 3 * stride + p);
        s00 = madd(a0, b0, s00);
        s01 = madd(a0, b1, s01);
        s02 = madd(a0, b2, s02);
        s03 = madd(a0, b3, s03);
        s10 = madd(a1, b0, s10);
        s11 = madd(a1, b1, s11);
        s12 = madd(a1, b2, s12);
        s13 = madd(a1, b3, s13);
      }
      const at = out + ((i * columns + j) << 3),
        below = at + (columns << 3);
      add(at, s00);
      add(at + 8, s01);
      add(at + 16, s02);
      add(at + 24, s03);
      add(below, s10);
      add(below + 8, s11);
      add(below + 16, s12);
      add(below + 24, s13);
    }
    for (; j < columns; j++) {
      addProduct(end, a, right + j * stride, out + ((i * columns + j) << 3));
      addProduct(end, a + stride, right + j * stride, out + (((i + 1) * columns + j) << 3));
    }
  }
  for (; i < rows; i++)
    for (let j: usize = 0; j < columns; j++)
      addProduct(end, left + i * stride, right + j * stride, out + ((i * columns + j) << 3));
}

/** The products y_k z_l of `columns` fields with `others` fields or, with 0 of them, l ≤ k: a field for each pair. */
export function multiplyFields(
  points: usize,
  columns: usize,
  y: usize,
  others: usize,
  z: usize,
  stride: usize,
  out: usize,
): void {
  const end = points << 3;
  for (let k: usize = 0; k < columns; k++, y += stride) {
    const count = others == 0 ? k + 1 : others;
    for (let l: usize = 0; l < count; l++, out += stride) {
      const other = z + l * stride;
      for (let p: usize = 0; p < end; p += 16)
        v128.store(out + p, f64x2.mul(v128.load(y + p), v128.load(other + p)));
    }
  }
}

function addProduct(end: usize, a: usize, b: usize, out: usize): void {
  let s = f64x2.splat(0);
  for (let p: usize = 0; p < end; p += 16) s = madd(v128.load(a + p), v128.load(b + p), s);
  add(out, s);
}

// @ts-ignore: decorator
@inline
function add(out: usize, sum: v128): void {
  store<f64>(out, load<f64>(out) + laneSum(sum));
}
