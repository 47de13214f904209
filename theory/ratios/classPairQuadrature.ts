import type { LogSumPair } from './logSumPair.js';

/** Highest derivative in x that four derivatives by h, h, h′, h′ need. */
const highestOrder = 6;
const orders = highestOrder + 1;

export interface ClassPairQuadrature {
  /** For each node x of the first input, and x′ of the second: E of 1 − G(x + z) and its derivatives by x, order 0 to 4. */
  readonly sides: readonly [readonly Float64Array[], readonly Float64Array[]];
  /** Distances of the nodes. */
  readonly steps: readonly [number, number];
  /** Writes E[∂^m_x (1 − G(x_i + z)) ∂^n_x′ (1 − G(x′_j + z′))] for (m, n) of `jointOrders`, in their order. */
  joint(i: number, j: number, out: Float64Array): void;
}

/**
 * Expectations over one class's pair of logits of products of G(x) = exp(−e^x) and its derivatives. The logits are split
 * into a common normal s, z = as + r, z′ = ±bs + r′, a² = θ|ρ|, b² = θ′|ρ|, with r, r′ independent; given s the
 * expectations are of G smoothed by r and r′. Everywhere the trapezoidal rule, spectrally accurate: G is analytic for |Im
 * x| < π/2.
 */
export function classPairQuadrature({ classes, own, other, shared }: LogSumPair): ClassPairQuadrature {
  const correlation = Math.min(1, Math.abs(shared) / Math.sqrt(own * other));
  const [a, b] = [Math.sqrt(own * correlation), Math.sqrt(other * correlation)];
  const rest = 1 - correlation;
  const tilt = shared > 0 ? a + b : Math.abs(a - b);
  const step = Math.min(0.75, Math.max(analyticStep / Math.max(a, b), smoothedStep(correlation)));
  const { nodes: common, masses: density } = standardNormalRule(step, tilt);
  const first = side(classes, own, shared, a, rest * own, common);
  const second = side(classes, other, shared, shared < 0 ? -b : b, rest * other, common);
  return {
    sides: [marginals(first, density), marginals(second, density)],
    steps: [first.step, second.step],
    joint: jointMoments(first, second, density, negligible / classes),
  };
}

/**
 * Steps of the trapezoidal rules: in the logits, and in x. Found by halving: with few classes of widely spread logits the
 * fourth derivatives cancel among each other, and 0.45 in the place of 0.35 costs several per cent at θ = 5.
 */
const analyticStep = 0.35;
const nodeStep = 0.6;
const deviations = 6;

/**
 * What r and r′ have smoothed needs no finer step in s: each smoothed function is, in s, one convolved with a normal
 * density of variance (1 − |ρ|)/|ρ|, so that the Fourier transform of the integrand falls like e^{−k²/2B}, B = 1 +
 * 2|ρ|/(1 − |ρ|), and the rule's error like its value at k = 2π/step.
 */
function smoothedStep(correlation: number): number {
  const bandwidth = 1 + (2 * correlation) / (1 - correlation);
  return (2 * Math.PI) / Math.sqrt(2 * digits * bandwidth);
}
const digits = 26;

interface Side {
  readonly count: number;
  readonly step: number;
  /** ∂^m (1 − G) smoothed, at node i and common value k, at ((i·K) + k)·7 + m. */
  readonly smoothed: Float64Array;
}

function side(
  classes: number,
  variance: number,
  shared: number,
  scale: number,
  rest: number,
  common: readonly number[],
): Side {
  const { lowest, count } = nodeRange(classes, variance, shared);
  const kernel = normalNodes(rest);
  const spacing = Math.abs(scale) * (common[1] - common[0]);
  const { every, stride } = commonGrid(spacing);
  const onGrid = stride < common.length;
  const step = onGrid ? (stride * spacing) / every : nodeStep;
  const nodes = Math.ceil((count * nodeStep) / step);
  const smoothed = new Float64Array(nodes * common.length * orders);
  const known = new Map<number, Float64Array>();
  for (let i = 0; i < nodes; i += 1) {
    for (let k = 0; k < common.length; k += 1) {
      const index = onGrid ? i * stride + Math.sign(scale) * every * k : i * common.length + k;
      let derivatives = known.get(index);
      if (derivatives === undefined) {
        derivatives = new Float64Array(orders);
        smoothedGumbel(lowest + i * step + scale * common[k], kernel, derivatives);
        known.set(index, derivatives);
      }
      smoothed.set(derivatives, (i * common.length + k) * orders);
    }
  }
  return { count: nodes, step, smoothed };
}

/**
 * A grid on which nodes x and common values share their arguments: `every` of its cells to a step of the common value,
 * `stride` of them to one of x, so that x steps by nearly as much as it may.
 */
function commonGrid(spacing: number): { every: number; stride: number } {
  for (let every = 1; ; every += 1) {
    // The quotient may be a whole number but for its last digits.
    const stride = Math.floor((nodeStep * every) / spacing + 1e-9);
    if ((stride * spacing) / every > 0.9 * nodeStep) return { every, stride };
  }
}

/** Where ψ(x)^C differs from 0, and 1 − ψ(x)^C from what no derivative of interest notices. */
function nodeRange(classes: number, variance: number, shared: number): { lowest: number; count: number } {
  const kernel = normalNodes(variance);
  const missing = new Float64Array(orders);
  const at = (x: number): number => {
    smoothedGumbel(x, kernel, missing);
    return missing[0];
  };
  const typical = Math.log(classes) + variance / 2;
  let highest = -typical;
  while (-classes * Math.log1p(-Math.min(at(highest), 1 - 1e-16)) < 22) highest += nodeStep;
  const farthest = -Math.max(typical, variance + Math.abs(shared) + 4 * Math.sqrt(variance)) - 12;
  let lowest = Math.min(highest, -Math.log(classes));
  while (lowest > farthest && classes * at(lowest) > 1e-6 / classes) lowest -= nodeStep;
  return { lowest, count: Math.ceil((highest - lowest) / nodeStep) + 1 };
}

interface NormalNodes {
  /** e^r at the nodes. */
  readonly factors: Float64Array;
  readonly masses: Float64Array;
}

/** Trapezoidal nodes of N(0, variance), as far up as a tilt by e^r needs. */
function normalNodes(variance: number): NormalNodes {
  if (variance < 1e-14) return { factors: Float64Array.of(1), masses: Float64Array.of(1) };
  const deviation = Math.sqrt(variance);
  const step = Math.min(0.75, analyticStep / deviation);
  const { nodes, masses } = standardNormalRule(step, deviation);
  return {
    factors: Float64Array.from(nodes, (node) => Math.exp(node * deviation)),
    masses: Float64Array.from(masses),
  };
}

/** Trapezoidal nodes of N(0, 1) and their masses, as far up as a tilt by e^{tilt z} needs. */
function standardNormalRule(step: number, tilt: number): { readonly nodes: number[]; readonly masses: number[] } {
  const nodes: number[] = [];
  for (let k = -Math.ceil(deviations / step); k * step <= deviations + tilt; k += 1) nodes.push(k * step);
  const masses = nodes.map((node) => (step * Math.exp(-0.5 * node ** 2)) / Math.sqrt(2 * Math.PI));
  return { nodes, masses };
}

/** E of 1 − G(y + r) and its six derivatives: with w = e^y, G^(m) = G·Σ_j S(m, j)(−w)^j, S Stirling's numbers. */
function smoothedGumbel(y: number, { factors, masses }: NormalNodes, out: Float64Array): void {
  const scale = Math.exp(y);
  let q0 = 0;
  let q1 = 0;
  let q2 = 0;
  let q3 = 0;
  let q4 = 0;
  let q5 = 0;
  let q6 = 0;
  for (let k = 0; k < factors.length; k += 1) {
    const w = scale * factors[k];
    if (w > 700) {
      q0 += masses[k];
      continue;
    }
    q0 -= masses[k] * Math.expm1(-w);
    let term = masses[k] * Math.exp(-w) * w;
    q1 += term;
    q2 += term *= w;
    q3 += term *= w;
    q4 += term *= w;
    q5 += term *= w;
    q6 += term * w;
  }
  out[0] = q0;
  out[1] = q1;
  out[2] = q1 - q2;
  out[3] = q1 - 3 * q2 + q3;
  out[4] = q1 - 7 * q2 + 6 * q3 - q4;
  out[5] = q1 - 15 * q2 + 25 * q3 - 10 * q4 + q5;
  out[6] = q1 - 31 * q2 + 90 * q3 - 65 * q4 + 15 * q5 - q6;
}

function weighted({ smoothed }: Side, density: readonly number[]): Float64Array {
  const products = new Float64Array(smoothed.length);
  for (let at = 0; at < smoothed.length; at += 1)
    products[at] = smoothed[at] * density[Math.floor(at / orders) % density.length];
  return products;
}

function marginals({ count, smoothed }: Side, density: readonly number[]): Float64Array[] {
  return Array.from({ length: count }, (_, i) => {
    const sums = new Float64Array(5);
    density.forEach((mass, k) => {
      const at = (i * density.length + k) * orders;
      for (let m = 0; m < 5; m += 1) sums[m] += mass * smoothed[at + m];
    });
    return sums;
  });
}

/** Orders (m, n) of derivation by x and x′ that the coefficients of `overlapTaylor` need. */
export const jointOrders: readonly (readonly [m: number, n: number])[] = [
  [0, 0],
  [0, 2],
  [0, 4],
  [2, 0],
  [4, 0],
  [1, 1],
  [1, 3],
  [3, 1],
  [1, 5],
  [5, 1],
  [3, 3],
  [3, 5],
  [5, 3],
  [2, 2],
  [2, 4],
  [4, 2],
  [4, 4],
  [2, 6],
  [6, 2],
];

/** Of this size over C, what a common value adds to an expectation is left out. */
const negligible = 1e-16;

/**
 * For each node, where the common values begin to matter, and where all that is left of the smoothed derivatives is 1 −
 * G = 1: for widely spread logits a small part of all.
 */
function significantRanges(
  { count, smoothed }: Side,
  density: readonly number[],
  smallest: number,
): { readonly starts: Int32Array; readonly ends: Int32Array } {
  const starts = new Int32Array(count).fill(density.length);
  const ends = new Int32Array(count);
  for (let i = 0; i < count; i += 1) {
    density.forEach((mass, k) => {
      const at = (i * density.length + k) * orders;
      let [value, change] = [Math.abs(smoothed[at]), Math.abs(1 - smoothed[at])];
      for (let m = 1; m < orders; m += 1) {
        const size = Math.abs(smoothed[at + m]);
        value = Math.max(value, size);
        change = Math.max(change, size);
      }
      if (mass * value > smallest) starts[i] = Math.min(starts[i], k);
      if (mass * change > smallest) ends[i] = k + 1;
    });
  }
  return { starts, ends };
}

/**
 * Long, because the nineteen sums of its innermost loop are local variables and its terms written out, not tables;
 * each sum has a line of its own, because an array of first values would be allocated in every one of millions of calls.
 */
function jointMoments(
  first: Side,
  second: Side,
  density: readonly number[],
  smallest: number,
): ClassPairQuadrature['joint'] {
  const count = density.length;
  const p = first.smoothed;
  const q = weighted(second, density);
  const [own, other] = [first, second].map((one) => significantRanges(one, density, smallest));
  /** Masses of the common values from each one on. */
  const tails = new Float64Array(count + 1);
  for (let k = count - 1; k >= 0; k -= 1) tails[k] = tails[k + 1] + density[k];
  return (i, j, out) => {
    const start = Math.max(own.starts[i], other.starts[j]);
    const end = Math.max(start, own.ends[i], other.ends[j]);
    let s00 = 0;
    let s02 = 0;
    let s04 = 0;
    let s20 = 0;
    let s40 = 0;
    let s11 = 0;
    let s13 = 0;
    let s31 = 0;
    let s15 = 0;
    let s51 = 0;
    let s33 = 0;
    let s35 = 0;
    let s53 = 0;
    let s22 = 0;
    let s24 = 0;
    let s42 = 0;
    let s44 = 0;
    let s26 = 0;
    let s62 = 0;
    let at = (i * count + start) * orders;
    let to = (j * count + start) * orders;
    for (let k = start; k < end; k += 1, at += orders, to += orders) {
      const q0 = q[to];
      const q1 = q[to + 1];
      const q2 = q[to + 2];
      const q3 = q[to + 3];
      const q4 = q[to + 4];
      const q5 = q[to + 5];
      const q6 = q[to + 6];
      const p0 = p[at];
      s00 += p0 * q0;
      s02 += p0 * q2;
      s04 += p0 * q4;
      const p1 = p[at + 1];
      s11 += p1 * q1;
      s13 += p1 * q3;
      s15 += p1 * q5;
      const p2 = p[at + 2];
      s20 += p2 * q0;
      s22 += p2 * q2;
      s24 += p2 * q4;
      s26 += p2 * q6;
      const p3 = p[at + 3];
      s31 += p3 * q1;
      s33 += p3 * q3;
      s35 += p3 * q5;
      const p4 = p[at + 4];
      s40 += p4 * q0;
      s42 += p4 * q2;
      s44 += p4 * q4;
      const p5 = p[at + 5];
      s51 += p5 * q1;
      s53 += p5 * q3;
      s62 += p[at + 6] * q2;
    }
    out[0] = s00 + tails[end];
    out[1] = s02;
    out[2] = s04;
    out[3] = s20;
    out[4] = s40;
    out[5] = s11;
    out[6] = s13;
    out[7] = s31;
    out[8] = s15;
    out[9] = s51;
    out[10] = s33;
    out[11] = s35;
    out[12] = s53;
    out[13] = s22;
    out[14] = s24;
    out[15] = s42;
    out[16] = s44;
    out[17] = s26;
    out[18] = s62;
  };
}
