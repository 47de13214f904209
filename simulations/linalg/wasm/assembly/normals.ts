// xoshiro256++ and the ziggurat, operation by operation as in simulations/random: the draws must be the same bits.
// Plain arithmetic only: a fused multiply-add here would change the last bit of some draws.

const LAYERS: i32 = 256;
const TAIL_START: f64 = 3.6541528853610088;
const UNIT: f64 = 1.1102230246251565e-16; // 2^-53
const LN2_HIGH: f64 = 6.93147180369123816490e-1;
const LN2_LOW: f64 = 1.90821492927058770002e-10;
const OUTPUT_LENGTH: i32 = 4096;

const STATE: usize = memory.data(32, 16);
const WIDTHS: usize = memory.data((LAYERS + 1) * 8, 16);
const LIMITS: usize = memory.data(LAYERS * 8, 16);
const HEIGHTS: usize = memory.data((LAYERS + 1) * 8, 16);
const OUTPUT: usize = memory.data(OUTPUT_LENGTH * 8, 16);

export function stateAddress(): usize { return STATE; }
export function widthsAddress(): usize { return WIDTHS; }
export function limitsAddress(): usize { return LIMITS; }
export function heightsAddress(): usize { return HEIGHTS; }
export function outputAddress(): usize { return OUTPUT; }
export function outputLength(): i32 { return OUTPUT_LENGTH; }

let s0: u64 = 0, s1: u64 = 0, s2: u64 = 0, s3: u64 = 0;

// @ts-ignore: decorator
@inline
function next(): u64 {
  const result = rotl<u64>(s0 + s3, 23) + s0;
  const t = s1 << 17;
  s2 ^= s0;
  s3 ^= s1;
  s1 ^= s2;
  s0 ^= s3;
  s2 ^= t;
  s3 = rotl<u64>(s3, 45);
  return result;
}

// @ts-ignore: decorator
@inline
function next53(): f64 { return <f64>(next() >> 11); }

function logarithm(x: f64): f64 {
  let m = x;
  let k: f64 = 0;
  while (m <= 0.7071067811865476) { m *= 2; k += 1; }
  const s = (m - 1) / (m + 1);
  const z = s * s;
  let series: f64 = 1.0 / 21;
  series = series * z + 1.0 / 19;
  series = series * z + 1.0 / 17;
  series = series * z + 1.0 / 15;
  series = series * z + 1.0 / 13;
  series = series * z + 1.0 / 11;
  series = series * z + 1.0 / 9;
  series = series * z + 1.0 / 7;
  series = series * z + 1.0 / 5;
  series = series * z + 1.0 / 3;
  return 2 * s + (2 * s * z * series - k * LN2_LOW) - k * LN2_HIGH;
}

function decayingExponential(t: f64): f64 {
  let k: f64 = 0;
  let r = t;
  while (r > 0.34657359027997264) { k += 1; r = t - k * LN2_HIGH - k * LN2_LOW; }
  r = -r;
  let series: f64 = 1.0 / 6227020800;
  series = series * r + 1.0 / 479001600;
  series = series * r + 1.0 / 39916800;
  series = series * r + 1.0 / 3628800;
  series = series * r + 1.0 / 362880;
  series = series * r + 1.0 / 40320;
  series = series * r + 1.0 / 5040;
  series = series * r + 1.0 / 720;
  series = series * r + 1.0 / 120;
  series = series * r + 1.0 / 24;
  series = series * r + 1.0 / 6;
  series = series * r + 1.0 / 2;
  series = series * r + 1;
  series = series * r + 1;
  for (; k > 0; k -= 1) series *= 0.5;
  return series;
}

function nextTail(): f64 {
  while (true) {
    const excess = -logarithm((next53() + 1) * UNIT) / TAIL_START;
    const exponential = -logarithm((next53() + 1) * UNIT);
    if (exponential + exponential > excess * excess) return TAIL_START + excess;
  }
}

/** The rest of a draw whose first try (layer, sign, integer) was not accepted at once. */
function slowNormal(firstLayer: i32, firstSign: f64, firstInteger: f64): f64 {
  let layer = firstLayer;
  let sign = firstSign;
  let integer = firstInteger;
  while (true) {
    const x = integer * load<f64>(WIDTHS + (<usize>layer << 3));
    if (integer < load<f64>(LIMITS + (<usize>layer << 3))) return sign * x;
    if (layer == 0) return sign * nextTail();
    const bottom = load<f64>(HEIGHTS + (<usize>layer << 3));
    const height = bottom + next53() * UNIT * (load<f64>(HEIGHTS + (<usize>layer << 3), 8) - bottom);
    if (height < decayingExponential(0.5 * x * x)) return sign * x;
    const word = next();
    layer = <i32>(word & 0xff);
    sign = (word & 0x100) == 0 ? 1 : -1;
    integer = <f64>(word >> 11);
  }
}

// @ts-ignore: decorator
@inline
function loadState(): void {
  s0 = load<u64>(STATE);
  s1 = load<u64>(STATE, 8);
  s2 = load<u64>(STATE, 16);
  s3 = load<u64>(STATE, 24);
}

// @ts-ignore: decorator
@inline
function storeState(): void {
  store<u64>(STATE, s0);
  store<u64>(STATE, s1, 8);
  store<u64>(STATE, s2, 16);
  store<u64>(STATE, s3, 24);
}

export function fillNormals(count: i32): void {
  // The state in locals, which the engine keeps in registers; the rare slow path takes it through memory.
  let a = load<u64>(STATE), b = load<u64>(STATE, 8), c = load<u64>(STATE, 16), d = load<u64>(STATE, 24);
  const end = OUTPUT + (<usize>count << 3);
  for (let at = OUTPUT; at < end; at += 8) {
    const word = rotl<u64>(a + d, 23) + a;
    const t = b << 17;
    c ^= a;
    d ^= b;
    b ^= c;
    a ^= d;
    c ^= t;
    d = rotl<u64>(d, 45);
    const layer = <usize>(word & 0xff) << 3;
    const integer = <f64>(<i64>(word >> 11));
    // The sign is put into the sign bit: −1 · x without a multiplication.
    const x = integer * load<f64>(WIDTHS + layer);
    if (integer < load<f64>(LIMITS + layer)) store<u64>(at, reinterpret<u64>(x) | ((word & 0x100) << 55));
    else {
      s0 = a;
      s1 = b;
      s2 = c;
      s3 = d;
      store<f64>(at, slowNormal(<i32>(layer >> 3), (word & 0x100) == 0 ? 1 : -1, integer));
      a = s0;
      b = s1;
      c = s2;
      d = s3;
    }
  }
  store<u64>(STATE, a);
  store<u64>(STATE, b, 8);
  store<u64>(STATE, c, 16);
  store<u64>(STATE, d, 24);
}

export function fillUniforms(count: i32): void {
  loadState();
  const end = OUTPUT + (<usize>count << 3);
  for (let at = OUTPUT; at < end; at += 8) store<f64>(at, <f64>(<i64>(next() >> 11)) * UNIT);
  storeState();
}
