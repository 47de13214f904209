import type { Outlier, SpectralLaw } from '../../theory/contracts.js';
import { edgeScales } from './distances/edgeGaps.js';
import { tableOf } from './distances/distances.js';
import type { TabulatedLaw } from './distances/tabulateLaw.js';
import { chiSquareSurvival } from './distributions/chiSquare.js';

/** How far an eigenvalue lies from the place predicted for it, in the standard deviations predicted with it. */
export interface OutlierScore {
  /** Further from zero than the edge of the bulk it lies beyond, or nearer. */
  readonly position: 'outer' | 'inner';
  /** Positive when the eigenvalue is further from zero than predicted. */
  readonly z: number;
}

/**
 * A prediction counts when its place is this many of its standard deviations, plus two edge scales, off the bulk:
 * nearer to it the edge's own fluctuation takes over (paper-notes.md, outliers).
 */
const clearance = 4;

/**
 * Scores of the predicted outliers below and above the bulk, by rank: the j-th prediction from the outside is compared
 * with the j-th eigenvalue. Which predictions count is decided from the predictions alone, never from what was drawn,
 * so that under a true prediction the scores are standard normal and a wrong place cannot drop out by not matching.
 * Places and signs are told from zero, because a block and its negative have mirrored outliers and draws of both signs
 * are pooled.
 */
export function outlierScores(
  eigenvalues: Float64Array,
  law: SpectralLaw | TabulatedLaw,
  predicted: readonly (Outlier & { readonly deviation: number })[],
): OutlierScore[] {
  const scales = edgeScales(tableOf(law), eigenvalues.length);
  const [lowest, highest] = [scales[0], scales.at(-1)];
  if (lowest === undefined || highest === undefined) return [];
  const count = eigenvalues.length;
  return (['below', 'above'] as const).flatMap((side) => {
    const edge = side === 'below' ? lowest : highest;
    return predicted
      .filter((outlier) => outlier.side === side)
      .toSorted((a, b) => Math.abs(b.at - edge.at) - Math.abs(a.at - edge.at))
      .flatMap(({ at, deviation }, rank) => {
        if (Math.abs(at - edge.at) <= clearance * deviation + 2 * edge.scale) return [];
        const eigenvalue = eigenvalues[side === 'below' ? rank : count - 1 - rank]!;
        const position = Math.abs(at) > Math.abs(edge.at) ? 'outer' : 'inner';
        return [{ position, z: (Math.sign(at) * (eigenvalue - at)) / deviation }];
      });
  });
}

/**
 * Do outliers of independent draws lie where they are predicted? Σ z/√n of the outer and of the inner ones, squared and
 * added: χ² with as many degrees of freedom as there are of the two. `undefined` when there is none.
 */
export function outlierPlaceTest(
  scores: readonly OutlierScore[],
): { statistic: number; degrees: number; outliers: number; pValue: number } | undefined {
  const groups = (['outer', 'inner'] as const)
    .map((position) => scores.filter((score) => score.position === position))
    .filter((own) => own.length > 0);
  if (groups.length === 0) return undefined;
  const statistic = groups.reduce((sum, own) => sum + own.reduce((total, { z }) => total + z, 0) ** 2 / own.length, 0);
  return {
    statistic,
    degrees: groups.length,
    outliers: scores.length,
    pValue: chiSquareSurvival(statistic, groups.length),
  };
}
