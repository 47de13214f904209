import { UsageError } from '../../../theory/errors.js';
import { incompleteGamma } from './incompleteGamma.js';

/** P(Z > z), Z standard normal; relative error below 1e-12 as far as z = 37. */
export function normalSurvival(z: number): number {
  if (Number.isNaN(z)) return NaN;
  if (z < 0) return 1 - normalSurvival(-z);
  const { upper } = incompleteGamma(0.5, (z * z) / 2);
  return upper / 2;
}

/** P(|Z| ≥ |z|). */
export function normalTwoSided(z: number): number {
  return 2 * normalSurvival(Math.abs(z));
}

/**
 * z with P(Z ≤ z) = p, 0 < p < 1; relative error about 1e-14 in the lower tail. Start: Abramowitz and Stegun 26.2.23
 * (4.5e-4), then Halley steps on the tail probability itself.
 */
export function normalQuantile(p: number): number {
  if (!(p >= 0 && p <= 1)) throw new UsageError(`normalQuantile: p must lie in [0, 1], got ${p}`);
  if (p === 0) return -Infinity;
  if (p === 1) return Infinity;
  if (p > 0.5) return -normalQuantile(1 - p);
  if (p === 0.5) return 0;
  const t = Math.sqrt(-2 * Math.log(p));
  let z = t - (2.515517 + t * (0.802853 + t * 0.010328)) / (1 + t * (1.432788 + t * (0.189269 + t * 0.001308)));
  for (let step = 0; step < 4; step++) {
    const density = Math.exp(-(z * z) / 2) / Math.sqrt(2 * Math.PI);
    if (density === 0) break;
    const newton = (normalSurvival(z) - p) / density;
    const change = newton / (1 - (z * newton) / 2);
    z += change;
    if (Math.abs(change) < 1e-15 * Math.abs(z)) break;
  }
  return -z;
}
