import { characteristicDensity } from './characteristicDensity.js';
import { mellinDensity } from './mellinDensity.js';
import type { GridDensity, LogRatioOptions } from './gridDensity.js';

/**
 * Density of W = u − log(e^{z_1} + … + e^{z_n}) with u ~ N(0, σ²) and z_c ~ N(0, s²), all independent: the log-odds of
 * one class against n others. Three routes, which agree where they overlap: n ≤ 2, a Gaussian or a mixture of
 * Gaussians; s ≥ 0.6, inversion of the Mellin transform of the sum, whose conditioning e^{π²/(8σ²)} is harmless there;
 * s < 0.6, inversion of the sum's characteristic function, feasible because the sum is then confined to a few hundred
 * of its own widths. Absolute error of the density about 1e-14 in the left tail; relative error about 1e-12 in the
 * right tail up to the largest tilt. The cost does not depend on n.
 */
export function logRatioLaw(options: LogRatioOptions): GridDensity {
  const { count, logitVariance, numeratorVariance } = options;
  if (count === 1) return gaussianMixture([0], [1], numeratorVariance + logitVariance, options);
  if (count === 2) {
    // log(e^x + e^y) = (x + y)/2 + log(2 cosh((x − y)/2)), the two parts independent.
    const half = logitVariance / 2;
    const spacing = Math.min(0.1, Math.sqrt(half) / 4);
    const offsets: number[] = [];
    const masses: number[] = [];
    for (let v = -Math.ceil((9.4 * Math.sqrt(half)) / spacing) * spacing; v <= 9.4 * Math.sqrt(half); v += spacing) {
      offsets.push(Math.log(2 * Math.cosh(v)));
      masses.push((spacing * Math.exp((-0.5 * v * v) / half)) / Math.sqrt(2 * Math.PI * half));
    }
    return gaussianMixture(offsets, masses, numeratorVariance + half, options);
  }
  if (logitVariance >= smallestMellinVariance) return mellinDensity(options);
  const sum = characteristicDensity({ count, logitVariance });
  const offsets: number[] = [];
  const masses: number[] = [];
  for (let k = 0; k < sum.points.length; k += 1) {
    const mass = sum.density[k] * sum.step;
    if (mass < 1e-18 || !(sum.points[k] > 0)) continue;
    offsets.push(Math.log(sum.points[k]));
    masses.push(mass);
  }
  return gaussianMixture(offsets, masses, numeratorVariance, options);
}

/** s = 0.6: both inversions are good to 1e-12 here. */
const smallestMellinVariance = 0.36;

/**
 * Σ mass_k N(−offset_k, variance) on a grid that covers it out to 1e-17, and the right tail further, for the tilted
 * moments.
 */
function gaussianMixture(
  offsets: readonly number[],
  masses: readonly number[],
  variance: number,
  options: LogRatioOptions,
): GridDensity {
  const deviation = Math.sqrt(variance);
  const lower = -Math.max(...offsets) - 9.2 * deviation;
  const upper = -Math.min(...offsets) + 9.2 * deviation + options.largestTilt * variance;
  const step = options.step;
  const first = Math.floor(lower / step);
  const length = Math.ceil(upper / step) - first + 1;
  const points = Float64Array.from({ length }, (_, k) => (first + k) * step);
  const normaliser = 1 / Math.sqrt(2 * Math.PI * variance);
  const density = points.map((x) => {
    let sum = 0;
    for (let k = 0; k < offsets.length; k += 1) {
      const gap = x + offsets[k];
      sum += masses[k] * Math.exp((-0.5 * gap * gap) / variance);
    }
    return sum * normaliser;
  });
  return { points, step, density };
}
