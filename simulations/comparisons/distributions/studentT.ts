import { UsageError } from '../../../theory/errors.js';
import { incompleteBeta } from './incompleteBeta.js';
import { invertMonotone } from './invertMonotone.js';
import { normalQuantile, normalSurvival } from './normal.js';

/** P(T > t), Student's t with `degrees` > 0 degrees of freedom (Infinity gives the normal law). */
export function studentSurvival(t: number, degrees: number): number {
  if (degrees === Infinity) return normalSurvival(t);
  if (t < 0) return 1 - studentSurvival(-t, degrees);
  const square = t * t;
  const x = degrees / (degrees + square);
  return incompleteBeta(degrees / 2, 0.5, x, square / (degrees + square)).lower / 2;
}

/** P(|T| ≥ |t|). */
export function studentTwoSided(t: number, degrees: number): number {
  return 2 * studentSurvival(Math.abs(t), degrees);
}

/** t with P(T > t) = level, 0 < level < 1. */
export function studentUpperQuantile(level: number, degrees: number): number {
  if (!(level > 0 && level < 1)) throw new UsageError(`studentUpperQuantile: level must lie in (0, 1), got ${level}`);
  if (degrees === Infinity) return -normalQuantile(level);
  if (level > 0.5) return -studentUpperQuantile(1 - level, degrees);
  if (level === 0.5) return 0;
  let upper = 2;
  while (studentSurvival(upper, degrees) > level) upper *= 2;
  return invertMonotone((t) => Math.log(level) - Math.log(studentSurvival(t, degrees)), 0, upper);
}
