/** What is compared: the eigenvalues of one matrix, or of several independent ones, and what the file told about them. */

/** How the numbers were stored before they became doubles. */
export type Precision = 'float64' | 'float32' | 'float16';

export interface GivenSpectrum {
  /** Ascending, those of all draws together. */
  readonly eigenvalues: Float64Array;
  /** Ascending, those of each draw; one spectrum is one draw. */
  readonly spectra: readonly Float64Array[];
  /** Unit roundoff that tells zeros: 2^-52, 2^-23 of single precision, more for a matrix of half precision. */
  readonly roundoff: number;
  /** float64 when absent. */
  readonly precision?: Precision | undefined;
  /** Directions taken out of the matrix, 0 for none. */
  readonly rank: number;
  readonly description: string;
  /** N, where a data matrix told it. */
  readonly samples?: number | undefined;
  /** The mean was subtracted, which leaves N − 1 degrees of freedom. */
  readonly centred?: boolean | undefined;
  /** Rows of the matrix that are all 0, or columns of the data: coordinates that are always 0. */
  readonly dead?: number | undefined;
  /** From a list of eigenvalues, which may not be all. */
  readonly isList?: boolean | undefined;
  /** Of a correlation matrix: the sum of the eigenvalues is d. */
  readonly correlation?: boolean | undefined;
  /** What was taken for what, and what was skipped. */
  readonly notes?: readonly string[] | undefined;
}

/** All numbers in one list, in order. */
function concatenated(parts: readonly Float64Array[]): Float64Array {
  if (parts.length === 1) return parts[0]!;
  const all = new Float64Array(parts.reduce((sum, part) => sum + part.length, 0));
  let start = 0;
  for (const part of parts) {
    all.set(part, start);
    start += part.length;
  }
  return all;
}

/** The eigenvalues of several draws as one ascending list: its distribution is the mean of theirs. */
export function pooledSpectrum(spectra: readonly Float64Array[]): Float64Array {
  return spectra.length === 1 ? spectra[0]! : concatenated(spectra).sort();
}

/** Eigenvalues of one draw. */
export function dimensionOf({ spectra }: Pick<GivenSpectrum, 'spectra'>): number {
  return spectra[0]!.length;
}
