import type { DiscreteMeasure } from '../contracts.js';
import { measureMoment } from '../measures/measureMoment.js';

export interface SeparableMoments {
  /** m_1 and m_2 at an aspect ratio γ = d/N; at 0 those of Σ E a itself. */
  readonly moments: (aspectRatio: number) => readonly [mean: number, square: number];
  /** dm_2/dγ. */
  readonly slope: number;
}

/**
 * The first two moments of `separableLaw` in closed form, m_1 = E a E t and m_2 = (E a)² E t² + γ E a² (E t)², a of the
 * weights and t of the population; of the generalised Marčenko–Pastur law without a population (paper-notes.md,
 * separable law). Exact to rounding.
 */
export function separableMoments(weights: DiscreteMeasure, population?: DiscreteMeasure): SeparableMoments {
  const [first, second] = [measureMoment(weights, 1), measureMoment(weights, 2)];
  const [mean, square] =
    population === undefined ? [1, 1] : [measureMoment(population, 1), measureMoment(population, 2)];
  const slope = second * mean * mean;
  return { moments: (aspectRatio) => [first * mean, first * first * square + aspectRatio * slope], slope };
}
