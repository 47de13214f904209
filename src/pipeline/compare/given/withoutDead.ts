import type { GivenSpectrum } from '../givenSpectrum.js';

/** A coordinate that is always 0 adds a zero to the spectrum and nothing to the noise: without these, and a sentence about them. */
export function withoutDead(spectrum: GivenSpectrum): GivenSpectrum {
  const { spectra, dead = 0, notes = [] } = spectrum;
  if (dead === 0) return spectrum;
  const [values] = spectra as [Float64Array];
  const kept = Float64Array.from(
    Array.from(values)
      .sort((a, b) => Math.abs(a) - Math.abs(b))
      .slice(dead),
  ).sort();
  return {
    ...spectrum,
    eigenvalues: kept,
    spectra: [kept],
    notes: [
      ...notes,
      `${dead} of ${values.length} coordinates are always 0: they are taken off, with as many zeros of the spectrum, and d = ${kept.length}.`,
    ],
  };
}
