// Means and covariances of the rows of a matrix V under the softmax of V h, four samples at a time. Tiles of rows are
// joined by the update of Chan, Golub and LeVeque (1979), with weights relative to the largest logit met so far.
import { logitFields } from './logits';
import { exponential } from './softmax';
import { madd } from './vector';

/**
 * Takes in `count` rows of V (`width` numbers each). Fields over samples (features, logits, and the running largest, total,
 * means and covariances) have rows `stride` bytes apart; `samples` is a multiple of 4. `columns` and `pairs` are 32-bit
 * indices: columns of V, and for each pair two positions among those columns. `likelihoods` is room for count × 4
 * numbers, `room` for columnCount × 8, `packed` for width × 4. `logits` are those of the rows, or 0: then they are taken from
 * the features, which pays for few of them.
 */
export function momentsTile(
  rows: usize,
  count: usize,
  width: usize,
  features: usize,
  logits: usize,
  stride: usize,
  samples: usize,
  columns: usize,
  columnCount: usize,
  pairs: usize,
  pairCount: usize,
  largest: usize,
  total: usize,
  means: usize,
  covariances: usize,
  likelihoods: usize,
  room: usize,
  packed: usize,
): void {
  for (let n: usize = 0; n < samples << 3; n += 32) {
    if (logits != 0) pack(count, logits + n, stride, likelihoods);
    else {
      pack(width, features + n, stride, packed);
      logitFields(4, rows, count, width, packed, 32, likelihoods);
    }
    for (let half: usize = 0; half < 32; half += 16) {
      halfMoments(
        rows,
        count,
        width,
        stride,
        columns,
        columnCount,
        pairs,
        pairCount,
        largest + n + half,
        total + n + half,
        means + n + half,
        covariances + n + half,
        likelihoods + half,
        room,
      );
    }
  }
}

/** Packs features, rows `stride` bytes apart, into panels of 4 samples, `block` features at a time: as `packInputs`. */
export function packFeatures(width: usize, samples: usize, features: usize, stride: usize, block: usize, out: usize): void {
  for (let k: usize = 0; k < width; k += block) {
    const count = min(block, width - k);
    for (let n: usize = 0; n < samples << 3; n += 32) {
      pack(count, features + k * stride + n, stride, out);
      out += count << 5;
    }
  }
}

/** Fields at four samples side by side: rows of many samples lie too far apart for the first-level cache. */
function pack(rows: usize, fields: usize, stride: usize, out: usize): void {
  for (let k: usize = 0; k < rows; k++) {
    v128.store(out, v128.load(fields));
    v128.store(out, v128.load(fields, 16), 16);
    fields += stride;
    out += 32;
  }
}

/** Two of the four samples: likelihoods lie 32 bytes apart. */
function halfMoments(
  rows: usize,
  count: usize,
  width: usize,
  stride: usize,
  columns: usize,
  columnCount: usize,
  pairs: usize,
  pairCount: usize,
  largest: usize,
  total: usize,
  means: usize,
  covariances: usize,
  likelihoods: usize,
  room: usize,
): void {
  const oldLargest = v128.load(largest);
  let tileLargest = v128.load(likelihoods);
  for (let c: usize = 1; c < count; c++) tileLargest = f64x2.pmax(tileLargest, v128.load(likelihoods + (c << 5)));
  const newLargest = f64x2.pmax(oldLargest, tileLargest);
  const tileTotal = toLikelihoods(count, likelihoods, tileLargest);

  const before = f64x2.mul(v128.load(total), exponential(f64x2.sub(oldLargest, newLargest)));
  const added = f64x2.mul(tileTotal, exponential(f64x2.sub(tileLargest, newLargest)));
  const after = f64x2.add(before, added);
  const share = f64x2.div(added, after);
  v128.store(largest, newLargest);
  v128.store(total, after);

  // room: the means of this tile, then how far they are from the running means.
  const step = width << 3;
  for (let a: usize = 0; a < columnCount; a++) {
    const mean = f64x2.div(
      weightedSum(count, likelihoods, rows + ((<usize>load<u32>(columns + (a << 2))) << 3), step),
      tileTotal,
    );
    const running = means + a * stride;
    const shift = f64x2.sub(mean, v128.load(running));
    v128.store(room + (a << 5), mean);
    v128.store(room + (a << 5), shift, 16);
    v128.store(running, f64x2.add(v128.load(running), f64x2.mul(share, shift)));
  }
  for (let p: usize = 0; p < pairCount; p++) {
    const i = <usize>load<u32>(pairs + (p << 3)),
      j = <usize>load<u32>(pairs + (p << 3), 4);
    const atI = room + (i << 5),
      atJ = room + (j << 5);
    const columnI = rows + ((<usize>load<u32>(columns + (i << 2))) << 3),
      columnJ = rows + ((<usize>load<u32>(columns + (j << 2))) << 3);
    const inside = f64x2.div(
      centredSum(count, likelihoods, columnI, columnJ, step, v128.load(atI), v128.load(atJ)),
      tileTotal,
    );
    const running = covariances + p * stride;
    const old = v128.load(running);
    const between = f64x2.mul(share, f64x2.mul(v128.load(atI, 16), v128.load(atJ, 16)));
    const rest = f64x2.sub(f64x2.splat(1), share);
    v128.store(running, f64x2.add(f64x2.mul(rest, f64x2.add(old, between)), f64x2.mul(share, inside)));
  }
}

function toLikelihoods(count: usize, likelihoods: usize, reference: v128): v128 {
  let sum0 = f64x2.splat(0),
    sum1 = sum0;
  let c: usize = 0;
  for (; c + 2 <= count; c += 2) {
    const at = likelihoods + (c << 5);
    const e0 = exponential(f64x2.sub(v128.load(at), reference));
    const e1 = exponential(f64x2.sub(v128.load(at, 32), reference));
    v128.store(at, e0);
    v128.store(at, e1, 32);
    sum0 = f64x2.add(sum0, e0);
    sum1 = f64x2.add(sum1, e1);
  }
  if (c < count) {
    const at = likelihoods + (c << 5);
    const e0 = exponential(f64x2.sub(v128.load(at), reference));
    v128.store(at, e0);
    sum0 = f64x2.add(sum0, e0);
  }
  return f64x2.add(sum0, sum1);
}

function weightedSum(count: usize, likelihoods: usize, column: usize, step: usize): v128 {
  let sum = f64x2.splat(0);
  const end = likelihoods + (count << 5);
  while (likelihoods < end) {
    sum = madd(v128.load(likelihoods), v128.load_splat<f64>(column), sum);
    likelihoods += 32;
    column += step;
  }
  return sum;
}

function centredSum(
  count: usize,
  likelihoods: usize,
  columnI: usize,
  columnJ: usize,
  step: usize,
  meanI: v128,
  meanJ: v128,
): v128 {
  let sum = f64x2.splat(0);
  const end = likelihoods + (count << 5);
  while (likelihoods < end) {
    const product = f64x2.mul(
      f64x2.sub(v128.load_splat<f64>(columnI), meanI),
      f64x2.sub(v128.load_splat<f64>(columnJ), meanJ),
    );
    sum = madd(v128.load(likelihoods), product, sum);
    likelihoods += 32;
    columnI += step;
    columnJ += step;
  }
  return sum;
}
