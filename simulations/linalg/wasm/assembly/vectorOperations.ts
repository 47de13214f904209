// Products and updates of long vectors with a few others at once.
import { laneSum, madd } from './vector';

export function dot(length: usize, x: usize, y: usize): f64 {
  let s0 = f64x2.splat(0),
    s1 = s0;
  const end = x + ((length & ~3) << 3);
  while (x < end) {
    s0 = madd(v128.load(x), v128.load(y), s0);
    s1 = madd(v128.load(x, 16), v128.load(y, 16), s1);
    x += 32;
    y += 32;
  }
  let sum = laneSum(f64x2.add(s0, s1));
  for (let i: usize = 0; i < (length & 3); i++) sum += load<f64>(x + i * 8) * load<f64>(y + i * 8);
  return sum;
}

/** y += alpha x. */
export function axpy(length: usize, alpha: f64, x: usize, y: usize): void {
  const factor = f64x2.splat(alpha);
  const end = x + ((length & ~3) << 3);
  while (x < end) {
    v128.store(y, madd(factor, v128.load(x), v128.load(y)));
    v128.store(y, madd(factor, v128.load(x, 16), v128.load(y, 16)), 16);
    x += 32;
    y += 32;
  }
  for (let i: usize = 0; i < (length & 3); i++)
    store<f64>(y + i * 8, load<f64>(y + i * 8) + alpha * load<f64>(x + i * 8));
}

/** out[q] = m_q · x for `count` rows m_q, `stride` bytes apart. */
export function rowProducts(count: usize, length: usize, m: usize, stride: usize, x: usize, out: usize): void {
  let q: usize = 0;
  for (; q + 4 <= count; q += 4) fourProducts(length, m + q * stride, stride, x, out + q * 8);
  for (; q < count; q++) store<f64>(out + q * 8, dot(length, m + q * stride, x));
}

function fourProducts(length: usize, m: usize, stride: usize, x: usize, out: usize): void {
  let s0 = f64x2.splat(0),
    s1 = s0,
    s2 = s0,
    s3 = s0;
  const m1 = stride,
    m2 = m1 + stride,
    m3 = m2 + stride;
  const end = x + ((length & ~1) << 3);
  while (x < end) {
    const x0 = v128.load(x);
    s0 = madd(v128.load(m), x0, s0);
    s1 = madd(v128.load(m + m1), x0, s1);
    s2 = madd(v128.load(m + m2), x0, s2);
    s3 = madd(v128.load(m + m3), x0, s3);
    m += 16;
    x += 16;
  }
  let t0 = laneSum(s0),
    t1 = laneSum(s1),
    t2 = laneSum(s2),
    t3 = laneSum(s3);
  if (length & 1) {
    const last = load<f64>(x);
    t0 += load<f64>(m) * last;
    t1 += load<f64>(m + m1) * last;
    t2 += load<f64>(m + m2) * last;
    t3 += load<f64>(m + m3) * last;
  }
  store<f64>(out, t0);
  store<f64>(out, t1, 8);
  store<f64>(out, t2, 16);
  store<f64>(out, t3, 24);
}

/** y += Σ_q factors[q] m_q for `count` rows m_q, `stride` bytes apart. */
export function addRows(count: usize, length: usize, factors: usize, m: usize, stride: usize, y: usize): void {
  let q: usize = 0;
  for (; q + 4 <= count; q += 4) addFourRows(length, factors + q * 8, m + q * stride, stride, y);
  for (; q < count; q++) axpy(length, load<f64>(factors + q * 8), m + q * stride, y);
}

function addFourRows(length: usize, factors: usize, m: usize, stride: usize, y: usize): void {
  const f0 = v128.load_splat<f64>(factors),
    f1 = v128.load_splat<f64>(factors, 8),
    f2 = v128.load_splat<f64>(factors, 16),
    f3 = v128.load_splat<f64>(factors, 24);
  const m1 = stride,
    m2 = m1 + stride,
    m3 = m2 + stride;
  const end = y + ((length & ~1) << 3);
  while (y < end) {
    const pair = madd(f1, v128.load(m + m1), madd(f0, v128.load(m), v128.load(y)));
    v128.store(y, f64x2.add(pair, madd(f3, v128.load(m + m3), f64x2.mul(f2, v128.load(m + m2)))));
    m += 16;
    y += 16;
  }
  if (length & 1) {
    store<f64>(
      y,
      load<f64>(y) +
        f64x2.extract_lane(f0, 0) * load<f64>(m) +
        f64x2.extract_lane(f1, 0) * load<f64>(m + m1) +
        f64x2.extract_lane(f2, 0) * load<f64>(m + m2) +
        f64x2.extract_lane(f3, 0) * load<f64>(m + m3),
    );
  }
}
