/** Why the bulk of a spectrum has not the shape of white noise at the N that was stated. */
import { bulkPlaces } from '../../../theory/whiteBulk/index.js';
import type { BulkFit } from '../bulk/fitBulk.js';
import type { FamilyKind } from './drawnFamilies.js';
import { fitToPlaces } from './drawnPlaces.js';
import { familyDraws, fitFamilies, type FamilyDraws, type FamilyFit, type FamilySize } from './familyFits.js';

export interface ShapeProblem extends FamilySize {
  /** Ascending, without zeros. */
  readonly values: Float64Array;
  /** The fit with N free; undefined where the zeros tell N. */
  readonly free: BulkFit | undefined;
}

export type ShapeName = 'other N' | FamilyKind;

export interface ShapeCause {
  /** Undefined when nothing that was tried comes near. */
  readonly name: ShapeName | undefined;
  /** Root mean square of ranks off their places, of the best of each. */
  readonly tried: readonly { readonly name: ShapeName; readonly rms: number }[];
  /** How far the largest five eigenvalues lie above those of the best rows or columns, in standard deviations of their draws. */
  readonly topScore: number;
}

/** Draws cost the cube of it: a larger spectrum is asked by this many of its quantiles, which a limit law keeps. */
const mostRanks = 250;

/** By how much a law with one parameter less may be worse than the others and still be the cause. */
const simplicity = 1.25;
/**
 * In standard deviations: largest eigenvalues beyond what bounded variances explain, beyond what makes another N with spikes
 * the less likely story, and what heavy tails do not deny.
 */
const [tooLarge, large, tooSmall] = [3.5, 2, -3];
/** Of the ranks: what is further away is none of the kinds. */
const farthest = 0.03;

/**
 * Another N where one fits and its spectrum has no spikes, or fits better than all else; then heavy tails or rows or columns.
 * These two have bulks that can hardly be told apart and tops that can: the largest five eigenvalues against draws of the
 * best of either.
 */
export function shapeCause(problem: ShapeProblem): ShapeCause {
  const { free } = problem;
  const shrink = Math.max(1, problem.values.length / mostRanks);
  const values = shrink > 1 ? quantilesOf(problem.values, mostRanks) : problem.values;
  const draws = familyDraws({ ...problem, ...sizesOf(problem, values.length) });
  const fits = fitFamilies(values, draws);
  const bestOf = (kind: FamilyKind): FamilyFit =>
    fits.filter(({ family }) => family.kind === kind).reduce((a, b) => (b.rms < a.rms ? b : a));
  const [unequal, heavy] = [bestOf('rows or columns'), bestOf('heavy tails')];
  const drawn = Math.min(unequal.rms, heavy.rms);
  const otherN = free?.status === 'bulk' && free.below.length === 0 && free.above.length <= 2 ? free : undefined;
  const otherRms = otherN === undefined ? Infinity : rmsAt(values, otherN.degrees / shrink);
  const tried = [
    ...(otherN === undefined ? [] : [{ name: 'other N' as const, rms: otherRms }]),
    { name: 'rows or columns' as const, rms: unequal.rms },
    { name: 'heavy tails' as const, rms: heavy.rms },
  ].sort((a, b) => a.rms - b.rms);
  const score = topScore(values, unequal, draws);
  return { name: nameOf(), tried, topScore: score };

  function nameOf(): ShapeName | undefined {
    const near = otherRms < simplicity * drawn;
    if (otherRms * simplicity < drawn || (near && otherN?.above.length === 0)) return 'other N';
    if (score > (near ? large : tooLarge) && topScore(values, heavy, draws) > tooSmall) return 'heavy tails';
    if (near) return 'other N';
    return drawn > Math.max(3, farthest * values.length) ? undefined : 'rows or columns';
  }
}

function rmsAt(values: Float64Array, degrees: number): number {
  return fitToPlaces(values, bulkPlaces({ rank: values.length, degrees, above: 0 }).places).rms;
}

/** Of the larger spectrum's rank. */
function sizesOf(
  { values, dimension, samples }: ShapeProblem,
  rank: number,
): { readonly dimension: number; readonly samples: number } {
  const scaled = (size: number): number => Math.round((size * rank) / values.length);
  return { dimension: scaled(dimension), samples: scaled(samples) };
}

/** At the middles of `count` equal parts. */
function quantilesOf(values: Float64Array, count: number): Float64Array {
  return Float64Array.from({ length: count }, (_, k) => {
    const place = ((k + 0.5) * values.length) / count - 0.5;
    const below = Math.floor(place);
    const next = Math.min(values.length - 1, below + 1);
    return values[below]! + (place - below) * (values[next]! - values[below]!);
  });
}

const topDraws = 39;
const topCount = 5;

/** Σ log of the largest five over their places, in standard deviations of draws about their mean. */
function topScore(values: Float64Array, { family, parameter, places }: FamilyFit, draws: FamilyDraws): number {
  const topOf = (spectrum: Float64Array): number => {
    const { scale } = fitToPlaces(spectrum, places);
    let sum = 0;
    for (let k = 1; k <= topCount; k++) sum += Math.log(spectrum.at(-k)! / (scale * places.at(-k)!));
    return sum;
  };
  const drawn = Array.from({ length: topDraws }, (_, r) => topOf(draws.spectrum(family, parameter, r)));
  const mean = drawn.reduce((sum, top) => sum + top / topDraws, 0);
  const variance = drawn.reduce((sum, top) => sum + (top - mean) ** 2 / (topDraws - 1), 0);
  return (topOf(values) - mean) / Math.sqrt(variance);
}
