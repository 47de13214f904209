/** Where the eigenvalues of a bulk beside spikes are expected, one by one. */
import { angleAtLevel, densityAtAngle, placeAtAngle } from './whiteLaw.js';
import { spikeShift } from './spikes.js';

/** Places q_i of the bulk's eigenvalues, ascending, in units of σ² W/m, and the density of the law there. */
export interface BulkPlaces {
  readonly places: Float64Array;
  readonly densities: Float64Array;
}

/** Shape of the bulk: all n non-zero eigenvalues, m ≥ n degrees of freedom, and how many stand apart. */
export interface BulkShape {
  readonly rank: number;
  /** Need not be whole: n/c where the ratio is fitted. */
  readonly degrees: number;
  readonly above: number;
  readonly below?: number;
}

/**
 * Places i = first … last − 1 beside spikes so strong that they take a dimension each: those of a Wishart matrix of
 * n′ = n − K − J and m′ = m − K, where n′ F(t) − (t − π/2)/(2π) = i + ½, times m′/m. The second term is the 1/n correction of
 * real matrices, arcsin of the place on [−1, 1].
 *
 * Accuracy: mean order statistics of draws to some 0.01 of a gap in the middle 10 to 80 % (docs/tables/fit.md has the bias
 * that is left in σ²).
 */
export function bulkPlaces(
  { rank, degrees, above, below = 0 }: BulkShape,
  first = 0,
  last = rank - above - below,
): BulkPlaces {
  const count = rank - above - below;
  const ratio = count / (degrees - above);
  const factor = (degrees - above) / degrees;
  const places = new Float64Array(last - first);
  const densities = new Float64Array(last - first);
  const tilt = -1 / (2 * Math.PI * count);
  let angle: number | undefined;
  for (let i = first; i < last; i++) {
    angle = angleAtLevel((i + 0.5) / count, ratio, tilt, angle);
    places[i - first] = placeAtAngle(angle, ratio) * factor;
    densities[i - first] = densityAtAngle(angle, ratio) / factor;
  }
  return { places, densities };
}

/**
 * All places beside spikes of finite strength (`spikeShift`): n′ F(t) − (t − π/2)/(2π) + Σ_ℓ shift = i + ½. With no
 * strengths `bulkPlaces`; as many above 1 as `above` says, as many below as `below`.
 */
export function bulkPlacesBeside(shape: BulkShape, strengths: readonly number[], wide: boolean): BulkPlaces {
  const { rank, degrees, above, below = 0 } = shape;
  const unshifted = bulkPlaces(shape);
  if (strengths.length === 0) return unshifted;
  const count = rank - above - below;
  const ratio = count / (degrees - above);
  const factor = (degrees - above) / degrees;
  const out = { places: new Float64Array(count), densities: new Float64Array(count) };
  for (let i = 0; i < count; i++) {
    let angle = angleOf(unshifted.places[i]! / factor, ratio);
    // The shift is of order 1/n′ of the level: each round gains two digits or more.
    for (let round = 0; round < 4; round++) {
      const place = placeAtAngle(angle, ratio);
      const shift = strengths.reduce((sum, strength) => sum + spikeShift(place, strength, ratio, wide), 0);
      const level = (i + 0.5 + (angle - Math.PI / 2) / (2 * Math.PI) - shift) / count;
      angle = angleAtLevel(Math.min(1 - 0.25 / count, Math.max(0.25 / count, level)), ratio, 0, angle);
    }
    out.places[i] = placeAtAngle(angle, ratio) * factor;
    out.densities[i] = densityAtAngle(angle, ratio) / factor;
  }
  return out;
}

function angleOf(place: number, ratio: number): number {
  return Math.acos(Math.min(1, Math.max(-1, (1 + ratio - place) / (2 * Math.sqrt(ratio)))));
}
