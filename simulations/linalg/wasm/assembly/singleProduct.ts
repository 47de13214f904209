// The product of `project.ts` with factors, products and sums over one block of steps in single precision. Blocks are added
// in double, so that the error of an entry does not grow with their number.
import { madd32 } from './vector';
import { ROWS } from './tiles';

/** Samples of a panel of X: two registers of four. */
const COLUMNS: usize = 8;

/** Packs all of X, `block` columns at a time, into panels of 8 samples: the B side of `projectTileSingle`. */
export function packInputsSingle(x: usize, samples: usize, dimension: usize, block: usize, out: usize): void {
  const padded = (samples + 7) & ~7;
  for (let s: usize = 0; s < dimension; s += block) {
    const k = min(block, dimension - s);
    packRowsSingle(x + (s << 3), dimension << 3, samples, k, COLUMNS, out);
    out += (padded * k) << 2;
  }
}

/**
 * out[c, n] = v_c · x_n for the `count` rows of v and X as packed by `packInputsSingle`. Rows of out (f64) are `outStride`
 * bytes apart, with room for a multiple of 8 samples, and there is room for a multiple of the tile's rows. `room` is for a
 * tile of f32, ROWS × 32 bytes.
 */
export function projectTileSingle(
  v: usize,
  count: usize,
  packedX: usize,
  samples: usize,
  dimension: usize,
  block: usize,
  a: usize,
  room: usize,
  out: usize,
  outStride: usize,
): void {
  const padded = (samples + 7) & ~7;
  memory.fill(out, 0, ((count + ROWS - 1) / ROWS) * ROWS * outStride);
  for (let s: usize = 0; s < dimension; s += block) {
    const k = min(block, dimension - s);
    packRowsSingle(v + (s << 3), dimension << 3, count, k, ROWS, a);
    for (let j: usize = 0; j < padded; j += COLUMNS) {
      let panel = a;
      for (let i: usize = 0; i < count; i += ROWS) {
        tileSingle(k, panel, packedX + ((j * k) << 2), room);
        addTile(room, out + i * outStride + (j << 3), outStride);
        panel += (k * ROWS) << 2;
      }
    }
    packedX += (padded * k) << 2;
  }
}

/** `to` (f64) += `from` (f32), `length` numbers, a multiple of 4. */
export function addSingles(length: usize, from: usize, to: usize): void {
  for (let i: usize = 0; i < length << 2; i += 16) addFour(v128.load(from + i), to + (i << 1));
}

/** Rows of x (f64, `stride` bytes apart, k numbers each) side by side in panels `width` wide, with zeros in the last. */
function packRowsSingle(x: usize, stride: usize, count: usize, k: usize, width: usize, out: usize): void {
  const step = width << 2;
  for (let r: usize = 0; r < count; r += width) {
    for (let p: usize = 0; p < width; p++) {
      const to = out + (p << 2);
      if (r + p < count) packRowSingle(x + (r + p) * stride, k, to, step);
      else for (let s: usize = 0; s < k; s++) store<f32>(to + s * step, 0);
    }
    out += k * step;
  }
}

function packRowSingle(row: usize, k: usize, to: usize, step: usize): void {
  for (let s: usize = 0; s < k << 3; s += 8) {
    store<f32>(to, <f32>load<f64>(row + s));
    to += step;
  }
}

/** Adds a tile to the matrix in double. */
function addTile(from: usize, to: usize, stride: usize): void {
  for (let r: usize = 0; r < ROWS; r++) {
    addFour(v128.load(from), to);
    addFour(v128.load(from, 16), to + 32);
    from += 32;
    to += stride;
  }
}

// @ts-ignore: decorator
@inline
function addFour(x: v128, to: usize): void {
  v128.store(to, f64x2.add(v128.load(to), f64x2.promote_low_f32x4(x)));
  v128.store(to, f64x2.add(v128.load(to, 16), f64x2.promote_low_f32x4(v128.shuffle<i64>(x, x, 1, 1))), 16);
}

/**
 * A ROWS×8 tile of C = A Bᵀ, rows of C one after the other. Exported only to remain a function of its own: inlined where it
 * is called, its accumulators no longer fit the registers of the engine's allocator, and it is a third slower.
 */
export function tileSingle(k: usize, a: usize, b: usize, c: usize): void {
  if (isDefined(FUSED)) sixRows(k, a, b, c);
  else fourRows(k, a, b, c);
}

function fourRows(k: usize, a: usize, b: usize, c: usize): void {
  let c00 = f32x4.splat(0), c01 = f32x4.splat(0);
  let c10 = f32x4.splat(0), c11 = f32x4.splat(0);
  let c20 = f32x4.splat(0), c21 = f32x4.splat(0);
  let c30 = f32x4.splat(0), c31 = f32x4.splat(0);
  const end = b + (k << 5);
  while (b < end) {
    const b0 = v128.load(b), b1 = v128.load(b, 16);
    const a0 = v128.load_splat<f32>(a);
    c00 = madd32(a0, b0, c00); c01 = madd32(a0, b1, c01);
    const a1 = v128.load_splat<f32>(a, 4);
    c10 = madd32(a1, b0, c10); c11 = madd32(a1, b1, c11);
    const a2 = v128.load_splat<f32>(a, 8);
    c20 = madd32(a2, b0, c20); c21 = madd32(a2, b1, c21);
    const a3 = v128.load_splat<f32>(a, 12);
    c30 = madd32(a3, b0, c30); c31 = madd32(a3, b1, c31);
    a += 16;
    b += 32;
  }
  v128.store(c, c00); v128.store(c, c01, 16);
  v128.store(c, c10, 32); v128.store(c, c11, 48);
  v128.store(c, c20, 64); v128.store(c, c21, 80);
  v128.store(c, c30, 96); v128.store(c, c31, 112);
}

function sixRows(k: usize, a: usize, b: usize, c: usize): void {
  let c00 = f32x4.splat(0), c01 = f32x4.splat(0);
  let c10 = f32x4.splat(0), c11 = f32x4.splat(0);
  let c20 = f32x4.splat(0), c21 = f32x4.splat(0);
  let c30 = f32x4.splat(0), c31 = f32x4.splat(0);
  let c40 = f32x4.splat(0), c41 = f32x4.splat(0);
  let c50 = f32x4.splat(0), c51 = f32x4.splat(0);
  const end = b + (k << 5);
  while (b < end) {
    const b0 = v128.load(b), b1 = v128.load(b, 16);
    const a0 = v128.load_splat<f32>(a);
    c00 = madd32(a0, b0, c00); c01 = madd32(a0, b1, c01);
    const a1 = v128.load_splat<f32>(a, 4);
    c10 = madd32(a1, b0, c10); c11 = madd32(a1, b1, c11);
    const a2 = v128.load_splat<f32>(a, 8);
    c20 = madd32(a2, b0, c20); c21 = madd32(a2, b1, c21);
    const a3 = v128.load_splat<f32>(a, 12);
    c30 = madd32(a3, b0, c30); c31 = madd32(a3, b1, c31);
    const a4 = v128.load_splat<f32>(a, 16);
    c40 = madd32(a4, b0, c40); c41 = madd32(a4, b1, c41);
    const a5 = v128.load_splat<f32>(a, 20);
    c50 = madd32(a5, b0, c50); c51 = madd32(a5, b1, c51);
    a += 24;
    b += 32;
  }
  v128.store(c, c00); v128.store(c, c01, 16);
  v128.store(c, c10, 32); v128.store(c, c11, 48);
  v128.store(c, c20, 64); v128.store(c, c21, 80);
  v128.store(c, c30, 96); v128.store(c, c31, 112);
  v128.store(c, c40, 128); v128.store(c, c41, 144);
  v128.store(c, c50, 160); v128.store(c, c51, 176);
}
