/**
 * The largest eigenvalues of a spectrum, one after the other, against the largest that is expected beside those above it:
 * `bulkPath` for any law of the weights, each eigenvalue that is taken off with the shift of a spike of its own strength.
 */
import type { BulkPlaces } from '../../../theory/whiteBulk/index.js';
import { middleScale, middleWeights } from './middleWeights.js';
import { addShift, placesOfRanks, statedStrength, type StatedPlaces } from './statedPlaces.js';

export interface StatedPath {
  /** (y/s_k − expected)/unit of the k-th largest, k = 1, 2, …; at 0 the largest with the scale that includes it. */
  readonly scores: Float64Array;
  /** With k taken off. */
  readonly scales: Float64Array;
  /** The (k + 1)-th largest with the scale that includes it. */
  readonly forward: Float64Array;
}

/** What spikes below the bulk, already taken off, leave. */
export interface TakenBelow {
  readonly count: number;
  readonly strengths: readonly number[];
}

/** At most three tenths stand apart: the shift of a spike is known to first order in their share. */
export function statedSearchLimit(bulk: number): number {
  return Math.max(1, Math.min(Math.floor(0.3 * bulk), bulk - 12));
}

/** Places of the bulk alone, and the index in the spectrum of the first of them. */
export interface BulkOfSpectrum {
  readonly first: number;
  readonly places: BulkPlaces;
}

export function bulkOf(expected: StatedPlaces, shifts: Float64Array, above: number, below: number): BulkOfSpectrum {
  const first = expected.zeros + below;
  return { first, places: placesOfRanks(expected, shifts, first, expected.means.length - above) };
}

/** Least squares over the middle of the bulk. */
export function scaleOf(values: Float64Array, { first, places }: BulkOfSpectrum, signed: boolean): number {
  const rank = places.places.length;
  const weights = middleWeights({ rank, degrees: NaN, above: 0 }, places, signed ? signedMiddle : undefined);
  return middleScale(values, weights, first);
}

/** Both ends have spikes. */
const signedMiddle = [0.1, 0.9] as const;

/** @param values ascending, all d of them */
export function statedPath(
  values: Float64Array,
  expected: StatedPlaces,
  unit: number,
  { count: below, strengths }: TakenBelow = { count: 0, strengths: [] },
): StatedPath {
  const order = values.length;
  const { law } = expected;
  const most = statedSearchLimit(order - expected.zeros - below);
  const shifts = new Float64Array(order);
  for (const strength of strengths) addShift(expected, strength, shifts);
  const scores = new Float64Array(most + 1);
  const scales = new Float64Array(most + 1);
  const forward = new Float64Array(most + 1);
  const scaleWithout = (above: number): number => scaleOf(values, bulkOf(expected, shifts, above, below), law.signed);
  scales[0] = scaleWithout(0);
  for (let k = 0; k <= most; k++) {
    // Of the largest that is left, before it is taken off.
    const largest = placesOfRanks(expected, shifts, order - 1 - k, order - k).places[0]!;
    const value = values[order - 1 - k]!;
    forward[k] = (value / scales[k]! - largest) / unit;
    if (k === 0) scores[0] = forward[0]!;
    if (k === most) break;
    addShift(expected, statedStrength(law, value / scales[k]!, 'above'), shifts);
    scales[k + 1] = scaleWithout(k + 1);
    scores[k + 1] = (value / scales[k + 1]! - largest) / unit;
  }
  return { scores, scales, forward };
}
