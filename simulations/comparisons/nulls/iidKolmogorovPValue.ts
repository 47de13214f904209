import { kolmogorovSurvival } from '../distributions/kolmogorov.js';

/** A p-value that is not one. The label goes wherever the number goes. */
export interface VoidPValue {
  readonly value: number;
  readonly label: 'void';
  readonly reason: string;
}

/**
 * The textbook p-value of a Kolmogorov distance, as if eigenvalues were n independent draws. VOID: eigenvalues repel
 * one another, n·D grows like log n instead of √n, and for the true law this number stays above 0.99 in practice; a
 * test at any level built on it never rejects (test/simulations/comparisons/comparisonsNulls.statistical.test.ts shows it). Printed
 * so that readers can see why it is not used.
 */
export function iidKolmogorovPValue(distance: number, count: number): VoidPValue {
  return {
    value: kolmogorovSurvival(distance, count),
    label: 'void',
    reason: 'eigenvalues are not independent draws; it does not see a law a few per cent wrong',
  };
}
