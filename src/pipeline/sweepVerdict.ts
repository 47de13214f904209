/**
 * The verdict on one law over the sizes of a sweep, from two kinds of evidence: a calibrated test at the sizes drawn, and the rate at
 * which the distance to the law falls with d. A limit law may be right and a test still see its finite-size correction, so that
 * the two answer different questions; the verdict names the answer of each.
 *
 * | calibrated test | rate | verdict |
 * | --- | --- | --- |
 * | rejects | vanishes | agree in the limit: the correction at these sizes is seen |
 * | rejects | stays | disagree |
 * | rejects | open, or one size | undecided |
 * | does not reject | vanishes, open, or one size | agree |
 * | does not reject | stays | agree when its power is sufficient, else undecided |
 * | none exists | vanishes / stays / open | agree / disagree / undecided |
 */
import { fitExponent, type ExponentFit } from '../../simulations/comparisons/index.js';

export type SweepVerdict = 'agree' | 'agree in the limit' | 'disagree' | 'undecided';

/** What the rate says: the whole interval of the exponent below the threshold, above it, or around it. */
export type RateVerdict = 'vanishes' | 'stays' | 'open';

export interface DistanceRate {
  readonly fit: ExponentFit;
  readonly predicted: number;
  readonly verdict: RateVerdict;
}

export interface RateRule {
  /** The exponent of a law that holds. */
  readonly predicted: number;
  /** Between it and that of a distance that stays. */
  readonly threshold: number;
  /** log d is divided out. */
  readonly logCorrection: boolean;
}

export const RATE_RULES: Readonly<Record<'law' | 'weights' | 'applicable', RateRule>> = {
  law: { predicted: -0.5, threshold: -0.25, logCorrection: false },
  weights: { predicted: -1, threshold: -0.6, logCorrection: true },
  applicable: { predicted: -1, threshold: -0.6, logCorrection: true },
};

const CONFIDENCE = 0.95;
export const SUFFICIENT_POWER = 0.95;

/** Undefined for fewer than two sizes. */
export function distanceRate(sizes: readonly number[], distances: readonly (readonly number[])[], { predicted, threshold, logCorrection }: RateRule): DistanceRate | undefined {
  if (new Set(sizes).size < 2) return undefined;
  const fit = fitExponent({ sizes, values: distances, logCorrection, confidence: CONFIDENCE });
  return { fit, predicted, verdict: fit.interval[1] < threshold ? 'vanishes' : fit.interval[0] > threshold ? 'stays' : 'open' };
}

/** @param rejected by the calibrated test; undefined when there is none */
export function combinedVerdict(rejected: boolean | undefined, rate: RateVerdict | undefined, power: number | undefined): SweepVerdict {
  const byRate = { vanishes: 'agree', stays: 'disagree', open: 'undecided' } as const;
  if (rejected === undefined) return rate === undefined ? 'undecided' : byRate[rate];
  if (!rejected) return rate === 'stays' && !(power !== undefined && power >= SUFFICIENT_POWER) ? 'undecided' : 'agree';
  if (rate === undefined) return 'undecided';
  return rate === 'vanishes' ? 'agree in the limit' : byRate[rate];
}
