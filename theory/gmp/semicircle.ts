import type { Complex, SpectralLaw } from '../contracts.js';
import { UsageError } from '../errors.js';

/**
 * Wigner's semicircle law with the given mean and variance: support mean ± 2√variance. Closed forms throughout; its
 * aspect ratio is NaN. With x = mean − 2σ cos τ the distribution function is (2τ − sin 2τ)/2π, which both tails
 * evaluate from their own end.
 *
 * @throws UsageError unless the mean is finite and the variance positive and finite
 */
export function semicircle({ mean = 0, variance = 1 }: { mean?: number; variance?: number } = {}): SpectralLaw {
  if (!Number.isFinite(mean)) throw new UsageError(`mean must be a finite number, got ${mean}`);
  if (!(variance > 0 && Number.isFinite(variance)))
    throw new UsageError(`variance must be a positive finite number, got ${variance}`);
  const radius = 2 * Math.sqrt(variance);
  const lower = mean - radius;
  const upper = mean + radius;

  /** Mass within `distance` of an edge. */
  function massFromEdge(distance: number): number {
    if (!(distance > 0)) return 0;
    if (distance >= 2 * radius) return 1;
    return doubleAngleMass(4 * Math.asin(Math.sqrt(distance / (2 * radius))));
  }

  function density(x: number): number {
    const product = (x - lower) * (upper - x);
    return product > 0 ? (2 * Math.sqrt(product)) / (Math.PI * radius * radius) : 0;
  }
  const cdf = (x: number): number => (x <= mean ? massFromEdge(x - lower) : 1 - massFromEdge(upper - x));
  const survival = (x: number): number => (x <= mean ? 1 - massFromEdge(x - lower) : massFromEdge(upper - x));

  function quantile(p: number): number {
    if (!(p >= 0 && p <= 1)) throw new UsageError(`p must lie between 0 and 1, got ${p}`);
    const fromEdge = 2 * radius * Math.sin(doubleAngleOf(Math.min(p, 1 - p)) / 4) ** 2;
    return p <= 0.5 ? lower + fromEdge : upper - fromEdge;
  }

  return {
    aspectRatio: NaN,
    support: [[lower, upper]],
    atoms: [],
    density,
    cdf,
    survival,
    densities: (points) => points.map(density),
    cdfs: (points) => points.map(cdf),
    quantile,
    moment: (k) => momentOf(mean, variance, k),
    stieltjes: (z) => transformAt(mean, radius, z),
    diagnostics: { converged: true, residual: 0, nodes: 0, notes: [] },
  };
}

/** E (mean + σ s)^k = Σ binomial(k, 2j) Catalan_j σ^{2j} mean^{k − 2j}. */
function momentOf(mean: number, variance: number, k: number): number {
  if (!Number.isInteger(k) || k < 0) throw new UsageError(`k must be a whole number, 0 or more, got ${k}`);
  let sum = 0;
  let coefficient = 1;
  for (let j = 0; 2 * j <= k; j++) {
    sum += coefficient * variance ** j * mean ** (k - 2 * j);
    coefficient *= ((k - 2 * j) * (k - 2 * j - 1)) / ((j + 1) * (j + 2));
  }
  return sum;
}

function transformAt(mean: number, radius: number, z: Complex): Complex {
  const re = z.re - mean;
  if (z.im === 0 && Math.abs(re) < radius)
    throw new UsageError(`z = ${z.re} lies in the support, where the transform is not defined`);
  // m = −2/(w + √(w − r) √(w + r)), w = z − mean: the branch that decays at infinity, and no cancellation.
  const minus = squareRoot(re - radius, z.im);
  const plus = squareRoot(re + radius, z.im);
  const sumRe = re + minus.re * plus.re - minus.im * plus.im;
  const sumIm = z.im + minus.re * plus.im + minus.im * plus.re;
  const modulus = sumRe * sumRe + sumIm * sumIm;
  return { re: (-2 * sumRe) / modulus, im: (2 * sumIm) / modulus };
}

/** (y − sin y)/2π, by its series where the difference would cancel. */
function doubleAngleMass(y: number): number {
  if (y > 0.5) return (y - Math.sin(y)) / (2 * Math.PI);
  const square = y * y;
  let term = (y * square) / 6;
  let sum = 0;
  for (let k = 4; k < 24; k += 2) {
    sum += term;
    term *= -square / (k * (k + 1));
  }
  return sum / (2 * Math.PI);
}

/** The y in [0, π] with (y − sin y)/2π = mass ≤ 1/2: Newton from the right, where the function is convex. */
function doubleAngleOf(mass: number): number {
  if (mass === 0) return 0;
  let y = Math.min(Math.PI, 1.2 * Math.cbrt(12 * Math.PI * mass));
  for (let iteration = 0; iteration < 60; iteration++) {
    const half = Math.sin(y / 2);
    const step = (doubleAngleMass(y) - mass) / ((half * half) / Math.PI);
    y -= step;
    if (Math.abs(step) <= 1e-15 * y) break;
  }
  return y;
}

/** Principal square root, continuous from above on the negative axis (and its conjugate from below). */
function squareRoot(re: number, im: number): Complex {
  const modulus = Math.hypot(re, im);
  const large = Math.sqrt((modulus + Math.abs(re)) / 2);
  if (large === 0) return { re: 0, im: 0 };
  const small = Math.abs(im) / (2 * large);
  const sign = im < 0 ? -1 : 1;
  return re >= 0 ? { re: large, im: sign * small } : { re: small, im: sign * large };
}
