import { UsageError } from '../../../../theory/errors.js';
import type { GivenSpectrum } from '../givenSpectrum.js';

/**
 * Without a law beside it a spectrum is taken for that of (1/N) Σ x xᵀ, which has no negative eigenvalues.
 * @throws UsageError with what else it may be, where some are negative beyond rounding
 */
export function requireCovariance({ spectra, roundoff, description }: GivenSpectrum): void {
  let negative = 0;
  let smallest = 0;
  for (const values of spectra) {
    const largest = Math.max(Math.abs(values[0]!), Math.abs(values[values.length - 1]!));
    const tolerance = 8 * Math.sqrt(values.length) * roundoff * largest;
    negative += values.filter((value) => value < -tolerance).length;
    smallest = Math.min(smallest, values[0]!);
  }
  if (negative === 0) return;
  const count = spectra.reduce((sum, values) => sum + values.length, 0);
  throw new UsageError(
    `${description}: ${negative} of ${count} eigenvalues ${negative === 1 ? 'is' : 'are'} negative, down to ${smallest.toPrecision(4)}. Without a law beside it a spectrum is compared with that of a covariance matrix (1/N) Σ x xᵀ, which has none, and nothing is fitted to it. Of a Hessian give one block on the diagonal, or state its law: with --model and its block (--block whole for all of it), --weights-file with the weights of both signs, --weights value:mass,…, or --semicircle for independent entries.`,
  );
}
