// Softmax over very many classes: a first pass finds the largest logit of each sample and the rest of its normaliser, later
// passes turn logits into probabilities. Fields have a row for each class of a tile, `stride` bytes apart; `length` is even.
import { exponential } from './softmax';
import { laneSum, madd } from './vector';

/** field[c, n] += shifts[c]. */
export function shiftRows(count: usize, length: usize, field: usize, stride: usize, shifts: usize): void {
  for (let c: usize = 0; c < count; c++) {
    const shift = v128.load_splat<f64>(shifts + c * 8);
    const row = field + c * stride;
    for (let i: usize = 0; i < length << 3; i += 16) v128.store(row + i, f64x2.add(v128.load(row + i), shift));
  }
}

/**
 * Takes in logits of the classes first, first + 1, …: `largest`, the class where it stands (`winner`, as a double), and
 * `others` = Σ e^(logit − largest) over all classes but that one, which a sum over all would round away. `largest` starts
 * at −1e308, `others` at 0. Returns the largest magnitude of a logit, NaN when there is one.
 */
export function takeLogits(
  count: usize,
  length: usize,
  logits: usize,
  stride: usize,
  first: f64,
  largest: usize,
  others: usize,
  winner: usize,
): f64 {
  const one = f64x2.splat(1);
  let magnitude = f64x2.splat(0);
  for (let c: usize = 0; c < count; c++) {
    const row = logits + c * stride;
    const label = f64x2.splat(first + <f64>c);
    for (let i: usize = 0; i < length << 3; i += 16) {
      const x = v128.load(row + i);
      const old = v128.load(largest + i);
      const sum = v128.load(others + i);
      const wins = f64x2.gt(x, old);
      const e = exponential(f64x2.neg(f64x2.abs(f64x2.sub(x, old))));
      magnitude = f64x2.max(magnitude, f64x2.abs(x));
      v128.store(others + i, v128.bitselect(f64x2.mul(f64x2.add(sum, one), e), f64x2.add(sum, e), wins));
      v128.store(largest + i, v128.bitselect(x, old, wins));
      v128.store(winner + i, v128.bitselect(label, v128.load(winner + i), wins));
    }
  }
  return max(f64x2.extract_lane(magnitude, 0), f64x2.extract_lane(magnitude, 1));
}

/**
 * p = e^(logit − shift) · scale in place of the logits, and its square, p − p², and the sums of p over classes, which are
 * added to `mass`.
 */
export function softmaxFields(
  count: usize,
  length: usize,
  logits: usize,
  stride: usize,
  shift: usize,
  scale: usize,
  squares: usize,
  weights: usize,
  mass: usize,
): void {
  for (let c: usize = 0; c < count; c++) {
    for (let i: usize = 0; i < length << 3; i += 16) {
      const x = v128.load(logits + i);
      const p = f64x2.mul(exponential(f64x2.sub(x, v128.load(shift + i))), v128.load(scale + i));
      const square = f64x2.mul(p, p);
      v128.store(logits + i, p);
      v128.store(squares + i, square);
      v128.store(weights + i, f64x2.sub(p, square));
      v128.store(mass + i, f64x2.add(v128.load(mass + i), p));
    }
    logits += stride;
    squares += stride;
    weights += stride;
  }
}

/** out[c] = Σ_n x[c, n] y[c, n]; with yStride 0 the same y for each row. */
export function rowDots(
  count: usize,
  length: usize,
  x: usize,
  xStride: usize,
  y: usize,
  yStride: usize,
  out: usize,
): void {
  for (let c: usize = 0; c < count; c++) {
    let s0 = f64x2.splat(0),
      s1 = s0;
    const end = (length & ~3) << 3;
    for (let i: usize = 0; i < end; i += 32) {
      s0 = madd(v128.load(x + i), v128.load(y + i), s0);
      s1 = madd(v128.load(x + i, 16), v128.load(y + i, 16), s1);
    }
    if (length & 2) s0 = madd(v128.load(x + end), v128.load(y + end), s0);
    store<f64>(out + c * 8, laneSum(f64x2.add(s0, s1)));
    x += xStride;
    y += yStride;
  }
}
