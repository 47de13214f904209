/** What a picture of a spectrum and its law is made of. */
import { roundingTolerance } from '../../simulations/comparisons/index.js';
import type { Interval, SpectralLaw } from '../../theory/contracts.js';

/** Points of a law's curve on each interval of its support. */
const curvePoints = 240;

export function shareAt(eigenvalues: Float64Array, at: number): number {
  const near = roundingTolerance(eigenvalues);
  return eigenvalues.filter((value) => Math.abs(value - at) <= near).length / eigenvalues.length;
}

/** Points crowd towards the edges like the cosine of evenly spaced angles: the density is a square root there. */
export function crowdedPoints([lower, upper]: Interval, count: number): number[] {
  return Array.from(
    { length: count },
    (_, k) => lower + ((upper - lower) / 2) * (1 - Math.cos((Math.PI * (k + 0.5)) / count)),
  );
}

export function lawCurve(
  law: Pick<SpectralLaw, 'support' | 'densities' | 'cdfs'>,
  support: SpectralLaw['support'] = law.support,
): { x: number[]; density: number[]; cdf: number[] } {
  const x = Float64Array.from(support.flatMap((interval) => crowdedPoints(interval, curvePoints)));
  return { x: Array.from(x), density: Array.from(law.densities(x)), cdf: Array.from(law.cdfs(x)) };
}
