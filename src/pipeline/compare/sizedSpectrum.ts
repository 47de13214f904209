import type { GivenSpectrum } from './givenSpectrum.js';

/** A spectrum of d eigenvalues that are not known: for a hypothesis of which nothing is fitted. */
export function sizedSpectrum(dimension: number): GivenSpectrum {
  const eigenvalues = new Float64Array(dimension);
  return { eigenvalues, spectra: [eigenvalues], roundoff: 2 ** -52, rank: 0, description: '' };
}
