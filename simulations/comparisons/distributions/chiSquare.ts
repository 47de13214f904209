import { UsageError } from '../../../theory/errors.js';
import { incompleteGamma } from './incompleteGamma.js';
import { invertMonotone } from './invertMonotone.js';
import { deviance, stirlingRemainder } from './stirling.js';

/** P(χ²_k > x), k > 0 degrees of freedom. */
export function chiSquareSurvival(x: number, degrees: number): number {
  return x <= 0 ? 1 : incompleteGamma(degrees / 2, x / 2).upper;
}

/** P(χ²_k ≤ x). */
export function chiSquareCdf(x: number, degrees: number): number {
  return x <= 0 ? 0 : incompleteGamma(degrees / 2, x / 2).lower;
}

/** x with P(χ²_k > x) = level. */
export function chiSquareUpperQuantile(level: number, degrees: number): number {
  if (!(level > 0 && level <= 1))
    throw new UsageError(`chiSquareUpperQuantile: level must lie in (0, 1], got ${level}`);
  let upper = degrees + 10;
  while (chiSquareSurvival(upper, degrees) > level) upper *= 2;
  return invertMonotone((x) => Math.log(level) - Math.log(chiSquareSurvival(x, degrees)), 0, upper);
}

/**
 * P(χ'_k ≤ √x) ≤ Φ(√x − √noncentrality) is nothing long before the terms of the sum, whose number grows with the root
 * of the noncentrality, are too many. Statistics that do not vary at all have one like 1e30.
 */
const farShift = 1e4;

/**
 * P(χ²_k(noncentrality) > x): the Poisson mixture of central survival functions, summed outwards from its largest
 * weight. Relative error about 1e-12 when the value is not tiny; used for power.
 */
export function noncentralChiSquareSurvival(x: number, degrees: number, noncentrality: number): number {
  if (!(noncentrality >= 0)) {
    throw new UsageError(`noncentralChiSquareSurvival: noncentrality must be ≥ 0, got ${noncentrality}`);
  }
  if (x <= 0) return 1;
  if (noncentrality === 0) return chiSquareSurvival(x, degrees);
  if (Math.sqrt(noncentrality) - Math.sqrt(x) > farShift) return 1;
  const mean = noncentrality / 2;
  const poisson = (j: number): number =>
    j === 0 ? Math.exp(-mean) : Math.exp(-stirlingRemainder(j) - deviance(j, mean)) / Math.sqrt(2 * Math.PI * j);
  const centre = Math.floor(mean);
  let sum = 0;
  for (let j = centre; j >= 0; j--) {
    const weight = poisson(j);
    sum += weight * chiSquareSurvival(x, degrees + 2 * j);
    if (weight < 1e-18) break;
  }
  for (let j = centre + 1; ; j++) {
    const weight = poisson(j);
    sum += weight * chiSquareSurvival(x, degrees + 2 * j);
    if (weight < 1e-18) break;
  }
  return Math.min(1, sum);
}
