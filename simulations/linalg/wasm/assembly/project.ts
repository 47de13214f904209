// Fields over samples: a few directions at once by inner products, many by packed tiles.
import { laneSum, madd } from './vector';
import { packRows } from './packing';
import { updateFull } from './tiles';

/**
 * Samples that stay in the second-level cache while all directions pass over them; even, so that pairs fall the same
 * way.
 */
const SAMPLE_BLOCK: usize = 32;

/** out[c, n] = v_c · x_n for a few directions; rows of out are `outStride` bytes apart. */
export function projectFew(
  v: usize,
  vStride: usize,
  count: usize,
  x: usize,
  samples: usize,
  dimension: usize,
  out: usize,
  outStride: usize,
): void {
  for (let n: usize = 0; n < samples; n += SAMPLE_BLOCK) {
    projectBlock(
      v,
      vStride,
      count,
      x + ((n * dimension) << 3),
      min(SAMPLE_BLOCK, samples - n),
      dimension,
      out + (n << 3),
      outStride,
    );
  }
}

function projectBlock(
  v: usize,
  vStride: usize,
  count: usize,
  x: usize,
  samples: usize,
  dimension: usize,
  out: usize,
  outStride: usize,
): void {
  let c: usize = 0;
  for (; c + 4 <= count; c += 4)
    projectFour(v + c * vStride, vStride, x, samples, dimension, out + c * outStride, outStride);
  for (; c < count; c++) projectOne(v + c * vStride, x, samples, dimension, out + c * outStride);
}

function projectFour(
  v: usize,
  vStride: usize,
  x: usize,
  samples: usize,
  dimension: usize,
  out: usize,
  outStride: usize,
): void {
  let n: usize = 0;
  const row = dimension << 3;
  for (; n + 2 <= samples; n += 2) fourByTwo(v, vStride, x + n * row, dimension, out + n * 8, outStride);
  if (n < samples)
    for (let c: usize = 0; c < 4; c++)
      store<f64>(out + c * outStride + n * 8, inner(v + c * vStride, x + n * row, dimension));
}

function fourByTwo(v: usize, vStride: usize, x: usize, dimension: usize, out: usize, outStride: usize): void {
  let s00 = f64x2.splat(0),
    s01 = s00,
    s10 = s00,
    s11 = s00,
    s20 = s00,
    s21 = s00,
    s30 = s00,
    s31 = s00;
  const v1 = vStride,
    v2 = v1 + vStride,
    v3 = v2 + vStride;
  const row = dimension << 3;
  const end = x + ((dimension & ~1) << 3);
  while (x < end) {
    const x0 = v128.load(x),
      x1 = v128.load(x + row);
    const a0 = v128.load(v);
    s00 = madd(a0, x0, s00);
    s01 = madd(a0, x1, s01);
    const a1 = v128.load(v + v1);
    s10 = madd(a1, x0, s10);
    s11 = madd(a1, x1, s11);
    const a2 = v128.load(v + v2);
    s20 = madd(a2, x0, s20);
    s21 = madd(a2, x1, s21);
    const a3 = v128.load(v + v3);
    s30 = madd(a3, x0, s30);
    s31 = madd(a3, x1, s31);
    x += 16;
    v += 16;
  }
  if (dimension & 1) {
    const x0 = v128.load64_zero(x),
      x1 = v128.load64_zero(x + row);
    const a0 = v128.load64_zero(v),
      a1 = v128.load64_zero(v + v1),
      a2 = v128.load64_zero(v + v2),
      a3 = v128.load64_zero(v + v3);
    s00 = madd(a0, x0, s00);
    s01 = madd(a0, x1, s01);
    s10 = madd(a1, x0, s10);
    s11 = madd(a1, x1, s11);
    s20 = madd(a2, x0, s20);
    s21 = madd(a2, x1, s21);
    s30 = madd(a3, x0, s30);
    s31 = madd(a3, x1, s31);
  }
  store<f64>(out, laneSum(s00));
  store<f64>(out, laneSum(s01), 8);
  out += outStride;
  store<f64>(out, laneSum(s10));
  store<f64>(out, laneSum(s11), 8);
  out += outStride;
  store<f64>(out, laneSum(s20));
  store<f64>(out, laneSum(s21), 8);
  out += outStride;
  store<f64>(out, laneSum(s30));
  store<f64>(out, laneSum(s31), 8);
}

function projectOne(v: usize, x: usize, samples: usize, dimension: usize, out: usize): void {
  for (let n: usize = 0; n < samples; n++) store<f64>(out + n * 8, inner(v, x + ((n * dimension) << 3), dimension));
}

/** The same order of additions as in `fourByTwo`: a direction gives the same bits alone and among others. */
function inner(v: usize, x: usize, dimension: usize): f64 {
  let sum = f64x2.splat(0);
  const end = x + ((dimension & ~1) << 3);
  while (x < end) {
    sum = madd(v128.load(v), v128.load(x), sum);
    x += 16;
    v += 16;
  }
  if (dimension & 1) sum = madd(v128.load64_zero(v), v128.load64_zero(x), sum);
  return laneSum(sum);
}

/**
 * Packs rows of X, by `index` or (0) in order, `block` columns at a time, into panels of 4 samples: the B side of
 * `projectTile`.
 */
export function packInputs(
  x: usize,
  index: usize,
  samples: usize,
  dimension: usize,
  block: usize,
  zeros: usize,
  out: usize,
): void {
  const padded = (samples + 3) & ~3;
  for (let s: usize = 0; s < dimension; s += block) {
    const k = min(block, dimension - s);
    packRows(x + s * 8, dimension << 3, index, 0, 0, samples, k, 4, zeros, out);
    out += padded * k * 8;
  }
}

/**
 * out[c, n] = v_c · x_n for the `count` rows of v and X as packed by `packInputs`. Rows of out are `outStride` bytes
 * apart, and there is room for a multiple of the tile's rows.
 */
export function projectTile(
  v: usize,
  count: usize,
  packedX: usize,
  samples: usize,
  dimension: usize,
  block: usize,
  rows: usize,
  a: usize,
  zeros: usize,
  out: usize,
  outStride: usize,
): void {
  const padded = (samples + 3) & ~3;
  memory.fill(out, 0, ((count + rows - 1) / rows) * rows * outStride);
  for (let s: usize = 0; s < dimension; s += block) {
    const k = min(block, dimension - s);
    packRows(v + s * 8, dimension << 3, 0, 0, 0, count, k, rows, zeros, a);
    updateFull(count, samples, k, a, packedX, out, outStride);
    packedX += padded * k * 8;
  }
}
