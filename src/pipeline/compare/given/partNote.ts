import { marchenkoPastur } from '../../../../theory/gmp/index.js';
import type { BulkFit } from '../../../draws/bulk/fitBulk.js';
import type { GivenSpectrum } from '../givenSpectrum.js';

/** d/N up to which the fit goes: one at its end says that no bulk of the law is so narrow for its shape. */
const smallestRatio = 0.0105;

/**
 * A sentence where a list of eigenvalues that are no bulk may be the largest of a larger matrix: their lowest quarter is then
 * crowded, and that of a whole bulk as narrow is not. Of 15 sizes of such lists (d = 400, 500, the 20 to 200 largest) all are
 * noticed.
 */
export function partNote({ spectra, isList = false }: GivenSpectrum, fit: BulkFit): readonly string[] {
  const [values] = spectra as [Float64Array];
  const found = fit.status === 'not this law' || fit.aspectRatio <= smallestRatio;
  const ratio = values[0]! / values[values.length - 1]!;
  if (!isList || !found || !(ratio > 0.01)) return [];
  // Edges (1 ± √γ)² of this ratio.
  const root = (1 - Math.sqrt(ratio)) / (1 + Math.sqrt(ratio));
  const law = marchenkoPastur(root * root);
  const crowding = (at: (share: number) => number): number => (at(0.25) - at(0)) / (at(1) - at(0.75));
  const given = crowding((share) => values[Math.round(share * (values.length - 1))]!);
  if (!(given < 0.75 * crowding((share) => law.quantile(share)))) return [];
  return [
    'The lowest of these eigenvalues crowd as no whole bulk does: if they are only the largest of a larger matrix, say --top and --dimension d.',
  ];
}
