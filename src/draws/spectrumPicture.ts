/** What a picture of a spectrum and its law is made of. */
import type { SpectralLaw } from '../../theory/contracts.js';

/** Points of a law's curve on each interval of its support. */
const curvePoints = 240;

/** Eigenvalues below this are exact zeros up to rounding. */
export function zeroTolerance(eigenvalues: Float64Array): number {
  const largest = Math.max(Math.abs(eigenvalues[0]!), Math.abs(eigenvalues[eigenvalues.length - 1]!));
  return 4 * eigenvalues.length * Number.EPSILON * largest;
}

export function shareAt(eigenvalues: Float64Array, at: number): number {
  const near = zeroTolerance(eigenvalues);
  return eigenvalues.filter((value) => Math.abs(value - at) <= near).length / eigenvalues.length;
}

/** Points crowd towards the edges like the cosine of evenly spaced angles: the density is a square root there. */
export function lawCurve(
  law: Pick<SpectralLaw, 'support' | 'densities' | 'cdfs'>,
  support: SpectralLaw['support'] = law.support,
): { x: number[]; density: number[]; cdf: number[] } {
  const x = Float64Array.from(
    support.flatMap(([lower, upper]) =>
      Array.from(
        { length: curvePoints },
        (_, k) => lower + ((upper - lower) / 2) * (1 - Math.cos((Math.PI * (k + 0.5)) / curvePoints)),
      ),
    ),
  );
  return { x: Array.from(x), density: Array.from(law.densities(x)), cdf: Array.from(law.cdfs(x)) };
}
