/**
 * Where the eigenvalues of (1/N) Σ a_n x_n x_nᵀ are expected, one by one, with and without spikes beside them, for any law
 * of the weights. Without: the means over draws, which have every correction of finite size. With: the mean of a rank nearby,
 * since a spike moves the expected number of eigenvalues up to x by a known amount (`countShift`).
 */
import type { Complex } from '../../../theory/contracts.js';
import { countShift, strengthOfSpike } from '../../../theory/outliers/index.js';
import type { BulkPlaces } from '../../../theory/whiteBulk/index.js';

/** Of a law at scale 1. */
export interface StatedLaw {
  /** Ends of the support. */
  readonly edges: readonly [number, number];
  /** Stieltjes transform at x + i0, x no atom. */
  readonly transform: (x: number) => Complex;
  /** The weights have both signs: there is no lower edge that only small variances pass. */
  readonly signed: boolean;
}

/** Ascending, d of each: mean of each eigenvalue, and transform of the law there; none where the mean is an atom at 0. */
export interface StatedPlaces {
  readonly law: StatedLaw;
  readonly means: Float64Array;
  readonly transforms: readonly (Complex | undefined)[];
  /** How many of a one-signed law are 0, in any draw. */
  readonly zeros: number;
}

/** Means this small beside the largest are zero. */
const atZero = 1e-9;

/** @param zeros how many of a one-signed law are 0 in any draw */
export function statedPlaces(law: StatedLaw, means: Float64Array, zeros: number): StatedPlaces {
  const floor = atZero * Math.max(Math.abs(means[0]!), means.at(-1)!);
  const transforms = Array.from(means, (mean, i) =>
    Math.abs(mean) <= floor || i < zeros ? undefined : law.transform(mean),
  );
  return { law, means, transforms, zeros };
}

/** Those of −λ. */
export function mirrored({ law, means, transforms, zeros }: StatedPlaces): StatedPlaces {
  const [bottom, top] = law.edges;
  const flipped = ({ re, im }: Complex): Complex => ({ re: -re, im });
  return {
    law: { edges: [-top, -bottom], transform: (x) => flipped(law.transform(-x)), signed: law.signed },
    means: negated(means),
    transforms: transforms.map((each) => each && flipped(each)).reverse(),
    zeros,
  };
}

/** −λ of ascending values, ascending. */
export function negated(values: Float64Array): Float64Array {
  return values.map((value) => 0 - value).reverse();
}

/** The same law with means of other draws. */
export function withMeans(places: StatedPlaces, means: Float64Array): StatedPlaces {
  return { ...places, means };
}

/**
 * Strength of the direction that put an eigenvalue at x, above or below the bulk; an x that is not outside counts as just
 * outside.
 */
export function statedStrength({ edges, transform, signed }: StatedLaw, x: number, side: 'above' | 'below'): number {
  const [bottom, top] = edges;
  const margin = 1e-4 * (side === 'above' ? top : Math.abs(bottom));
  const place = side === 'above' ? Math.max(x, top + margin) : Math.min(x, bottom - margin);
  const least = 1e-9;
  // Nothing leaves a hard edge at 0 but what is zero.
  if (side === 'below' && !signed && !(place > 0)) return least;
  const strength = strengthOfSpike(place, transform(place).re);
  if (side === 'above' || signed) return strength > 1 ? strength : Infinity;
  return Math.min(1 - 1e-6, Math.max(least, strength));
}

/** Adds the shift of one spike at every mean. */
export function addShift({ means, transforms }: StatedPlaces, strength: number, shifts: Float64Array): void {
  // Beyond any double that stands for infinity: the argument is then that of w alone.
  const finite = Math.min(strength, 1e12);
  for (let j = 0; j < shifts.length; j++) {
    const transform = transforms[j];
    if (transform !== undefined) shifts[j]! += countShift(means[j]!, transform, finite);
  }
}

/**
 * Places of ranks first … last − 1 among all d, those outside the bulk counted: rank i lies where j + shift(j) = i.
 * Densities are per eigenvalue of `last − first`, so that a distance times their number times the density counts ranks.
 */
export function placesOfRanks(
  { means, transforms }: StatedPlaces,
  shifts: Float64Array,
  first: number,
  last: number,
): BulkPlaces {
  const count = last - first;
  const out = { places: new Float64Array(count), densities: new Float64Array(count) };
  const order = means.length;
  let j = 0;
  for (let i = first; i < last; i++) {
    while (j < order - 2 && j + 1 + shifts[j + 1]! < i) j++;
    const [from, to] = [j + shifts[j]!, j + 1 + shifts[j + 1]!];
    const part = to > from ? Math.min(1, Math.max(0, (i - from) / (to - from))) : 0;
    out.places[i - first] = means[j]! + part * (means[j + 1]! - means[j]!);
    const [left, right] = [transforms[j]?.im ?? 0, transforms[j + 1]?.im ?? 0];
    out.densities[i - first] = ((left + part * (right - left)) * order) / (Math.PI * count);
  }
  return out;
}
