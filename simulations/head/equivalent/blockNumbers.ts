import type { Workspace } from '../../contracts.js';

/** What is read of a block's spectrum. */
export interface BlockNumbers {
  readonly mean: number;
  readonly largest: number;
  readonly second: number;
  readonly median: number;
}

/** Eigenvalues below this share of the largest are rounding. */
const negligible = 1e-13;

/** Of H = (1/N) Σ a_n h_n h_nᵀ, with h the inputs of the workspace; at least two eigenvalues. */
export function blockNumbers(workspace: Workspace, weights: Float64Array): BlockNumbers {
  const spectrum = workspace.eigenvalues(weights);
  const count = spectrum.length;
  const largest = Math.max(Number.MIN_VALUE, spectrum[count - 1]!);
  const atLeast = (value: number): number => Math.max(value, negligible * largest, Number.MIN_VALUE);
  let sum = 0;
  for (const value of spectrum) sum += value;
  return {
    mean: atLeast(sum / count),
    largest,
    second: atLeast(spectrum[count - 2]!),
    median: atLeast(spectrum[count >> 1]!),
  };
}

export const logarithms = ({ mean, largest, second, median }: BlockNumbers): number[] =>
  [mean, largest, second, median].map(Math.log);
