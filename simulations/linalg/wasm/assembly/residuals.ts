// From outputs to residuals, one sample a row.
import { exponential } from './softmax';
import { laneSum, madd } from './vector';

/** Takes the place of an output that is not there: e to its power is 0, and it is never the largest. */
const ABSENT: f64 = -1e308;
/** Numbers that are written for each sample. */
const SEEN: usize = 4;

/**
 * Rows of `classes` outputs, `stride` bytes apart (a multiple of 32), become p − y: softmax less the unit vector of the
 * label. The label's entry is minus the sum of the others, so that 1 − p_y keeps its digits. For each row `seen` gets,
 * with l the largest output, Σ_{c≠y} e^(f_c − l), e^(f_y − l), l − f_y and 1 or 0, whether y is the first of the largest.
 */
export function softmaxResiduals(
  count: usize,
  classes: usize,
  outputs: usize,
  stride: usize,
  labels: usize,
  seen: usize,
): void {
  for (let n: usize = 0; n < count; n++) {
    const y = <usize>load<i32>(labels + (n << 2));
    fillRest(classes, stride, outputs, ABSENT);
    const most = largest(stride, outputs);
    const label = outputs + (y << 3);
    const gap = most - load<f64>(label);
    const own = f64x2.extract_lane(exponential(f64x2.splat(-gap)), 0);
    store<f64>(seen, gap == 0 && isFirst(y, outputs, most) ? 1 : 0, 24);
    store<f64>(label, ABSENT);
    const others = toExponentials(stride, outputs, most);
    const scale = 1 / (others + own);
    scaleRow(stride, outputs, scale);
    store<f64>(label, -others * scale);
    store<f64>(seen, others);
    store<f64>(seen, own, 8);
    store<f64>(seen, gap, 16);
    outputs += stride;
    seen += SEEN << 3;
  }
}

/** Rows of outputs become f − y; of `seen`, as above, the first number is ‖f − y‖² and the last as there. */
export function squaredResiduals(
  count: usize,
  classes: usize,
  outputs: usize,
  stride: usize,
  labels: usize,
  seen: usize,
): void {
  for (let n: usize = 0; n < count; n++) {
    const y = <usize>load<i32>(labels + (n << 2));
    const label = outputs + (y << 3);
    fillRest(classes, stride, outputs, ABSENT);
    const most = largest(stride, outputs);
    fillRest(classes, stride, outputs, 0);
    store<f64>(seen, load<f64>(label) == most && isFirst(y, outputs, most) ? 1 : 0, 24);
    store<f64>(label, load<f64>(label) - 1);
    store<f64>(seen, squaredNorm(stride, outputs));
    outputs += stride;
    seen += SEEN << 3;
  }
}

function fillRest(classes: usize, stride: usize, row: usize, value: f64): void {
  for (let c = classes << 3; c < stride; c += 8) store<f64>(row + c, value);
}

function largest(stride: usize, row: usize): f64 {
  let l0 = v128.load(row),
    l1 = v128.load(row, 16);
  for (let c: usize = 32; c < stride; c += 32) {
    l0 = f64x2.pmax(l0, v128.load(row + c));
    l1 = f64x2.pmax(l1, v128.load(row + c, 16));
  }
  l0 = f64x2.pmax(l0, l1);
  return max(f64x2.extract_lane(l0, 0), f64x2.extract_lane(l0, 1));
}

function isFirst(y: usize, row: usize, most: f64): bool {
  for (let c: usize = 0; c < y; c++) if (load<f64>(row + (c << 3)) == most) return false;
  return true;
}

/** Each x becomes e^(x − most); returns their sum. */
function toExponentials(stride: usize, row: usize, most: f64): f64 {
  const shift = f64x2.splat(most);
  let s0 = f64x2.splat(0),
    s1 = s0;
  for (let c: usize = 0; c < stride; c += 32) {
    const e0 = exponential(f64x2.sub(v128.load(row + c), shift));
    const e1 = exponential(f64x2.sub(v128.load(row + c, 16), shift));
    v128.store(row + c, e0);
    v128.store(row + c, e1, 16);
    s0 = f64x2.add(s0, e0);
    s1 = f64x2.add(s1, e1);
  }
  return laneSum(f64x2.add(s0, s1));
}

function scaleRow(stride: usize, row: usize, factor: f64): void {
  const scale = f64x2.splat(factor);
  for (let c: usize = 0; c < stride; c += 16) v128.store(row + c, f64x2.mul(v128.load(row + c), scale));
}

function squaredNorm(stride: usize, row: usize): f64 {
  let s0 = f64x2.splat(0),
    s1 = s0;
  for (let c: usize = 0; c < stride; c += 32) {
    const r0 = v128.load(row + c),
      r1 = v128.load(row + c, 16);
    s0 = madd(r0, r0, s0);
    s1 = madd(r1, r1, s1);
  }
  return laneSum(f64x2.add(s0, s1));
}
