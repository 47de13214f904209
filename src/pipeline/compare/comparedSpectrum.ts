import type { Outlier, SpectralLaw } from '../../../theory/contracts.js';

/** What a comparison has measured its law against, for a picture of both. */
export interface ComparedSpectrum {
  /** Ascending, of all draws together; those outside and apart from the bulk are not among them. */
  readonly nodes: Float64Array;
  /** Of the nodes of a quadrature, whose sum is any; of eigenvalues all alike, and absent. */
  readonly masses?: Float64Array;
  /** With the scale that was fitted. */
  readonly law: SpectralLaw;
  readonly outside: readonly number[];
  readonly predicted: readonly Outlier[];
}

/** Called before the comparison is answered, where there is such a spectrum. */
export interface ShowsSpectrum {
  readonly onSpectrum?: ((spectrum: ComparedSpectrum) => void) | undefined;
}
