import { UsageError } from '../../../theory/errors.js';
import type { SpectralLaw } from '../../../theory/contracts.js';
import type { RandomStream } from '../../contracts.js';
import { tableOf } from '../distances/distances.js';
import { checkAscending } from '../distances/probabilityLevels.js';
import { roundingTolerance, snapToAtoms } from '../distances/snapToAtoms.js';
import type { TabulatedLaw } from '../distances/tabulateLaw.js';
import { pearsonThreeSurvival } from '../distributions/pearsonThree.js';
import { monteCarloPValue } from '../nulls/monteCarloPValue.js';
import { summarise } from './summary.js';

/** Levels p at whose quantiles a spectrum is held against its law: (k − ½)/64. */
export const meanSpectrumLevels = Float64Array.from({ length: 64 }, (_, k) => (k + 0.5) / 64);

export interface MeanSpectrumTest {
  /**
   * max_k |D̄_k| with D̄_k the mean over draws of n (F_n − F) at the k-th quantile of the draw's law: in eigenvalues.
   */
  readonly gap: number;
  /** What the finite size may do by itself. */
  readonly allowance: number;
  /** Largest standard error of the D̄_k, from the spread between draws. */
  readonly standardError: number;
  readonly draws: number;
  /** Exact to the resamples: (1 + #{noise ≥ gap − allowance})/(1 + B). */
  readonly pValue: number;
  /** The same tail from a shifted gamma law fitted to the B noise maxima: not bounded below by 1/(1 + B). */
  readonly fittedPValue: number;
  /** D̄_k at `meanSpectrumLevels`, for a figure. */
  readonly differences: Float64Array;
}

/**
 * For real Gaussian matrices n (E F_n − F) tends to 1/4 just inside a lower edge, −1/4 just inside an upper edge and an
 * arcsine between (Johansson 1998 for β = 1; for these blocks measured, paper-notes.md, mean spectrum): at most 1/4
 * anywhere.
 */
const edgeShift = 0.25;

/**
 * #{λ ≤ Q(p)} − n F(Q(p)) at each level p, for one ascending spectrum and the law that is claimed of it, for instance
 * given its own drawn weights: how far the spectrum runs ahead of the law, in eigenvalues.
 */
export function spectrumGaps(eigenvalues: Float64Array, law: SpectralLaw | TabulatedLaw): Float64Array {
  checkAscending('spectrumGaps', eigenvalues);
  const table = tableOf(law);
  const snapped = snapToAtoms(eigenvalues, table.law.atoms, roundingTolerance(eigenvalues));
  let below = 0;
  return meanSpectrumLevels.map((level) => {
    const x = table.quantile(level);
    while (below < snapped.length && snapped[below]! <= x) below++;
    return below - snapped.length * table.cdf(x);
  });
}

/**
 * Are spectra of independent draws, each against its own law, right to within a fraction of an eigenvalue? Rigidity
 * makes a single n (F_n − F) fluctuate by less than one eigenvalue; averaged over R draws the fluctuation falls like
 * 1/√R and the finite-size shift stays below 1/4, while a wrong law is off by n times its error: 1 to 5 eigenvalues for
 * an aspect ratio 5 % off at d = 100.
 *
 * Needs no null spectra, and is not blind to a wrong law, as a null drawn with the same weights is: there the null's
 * distances grow with the observed ones. p-value: Gaussian multiplier bootstrap over draws of max_k |D̄_k − E D̄_k|,
 * against gap − allowance. Needs 8 draws or more to be calibrated. `rows`: `spectrumGaps` of each draw.
 *
 * Throws UsageError for fewer than 2 draws.
 */
export function meanSpectrumTest({
  rows,
  stream,
  resamples = 999,
  allowance = edgeShift,
}: {
  rows: readonly ArrayLike<number>[];
  stream: RandomStream;
  resamples?: number;
  allowance?: number;
}): MeanSpectrumTest {
  const count = rows.length;
  if (count < 2) throw new UsageError(`meanSpectrumTest: needs at least 2 draws, got ${count}`);
  const marks = meanSpectrumLevels.length;
  const differences = new Float64Array(marks);
  for (const row of rows) for (let k = 0; k < marks; k++) differences[k]! += row[k]! / count;
  let variance = 0;
  for (let k = 0; k < marks; k++) {
    const column = rows.map((row) => row[k]!);
    variance = Math.max(variance, summarise(column).variance);
  }
  const gap = differences.reduce((largest, value) => Math.max(largest, Math.abs(value)), 0);
  const noise = new Float64Array(resamples);
  const sums = new Float64Array(marks);
  const scale = 1 / Math.sqrt(count * (count - 1));
  for (let b = 0; b < resamples; b++) {
    sums.fill(0);
    for (const row of rows) {
      const multiplier = stream.normal() * scale;
      for (let k = 0; k < marks; k++) sums[k]! += multiplier * (row[k]! - differences[k]!);
    }
    for (let k = 0; k < marks; k++) noise[b] = Math.max(noise[b]!, Math.abs(sums[k]!));
  }
  const beyond = gap - allowance;
  return {
    gap,
    allowance,
    standardError: Math.sqrt(variance / count),
    draws: count,
    pValue: monteCarloPValue(beyond, noise),
    fittedPValue: fittedTail(beyond, noise),
    differences,
  };
}

function fittedTail(value: number, noise: Float64Array): number {
  const { count, mean, variance } = summarise(noise);
  // Draws that are all alike leave nothing to chance.
  if (variance === 0) return value > mean ? 0 : 1;
  const deviation = Math.sqrt(variance);
  let third = 0;
  for (const each of noise) third += ((each - mean) / deviation) ** 3 / count;
  return pearsonThreeSurvival(value, mean, deviation, third);
}
