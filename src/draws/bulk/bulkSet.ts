/**
 * Several independent draws of one bulk: each is fitted by itself, its spikes counted at a level that makes a false alarm in
 * any of them as rare as in one spectrum; scale, ratio and shape are means over the draws.
 */
import { UsageError } from '../../../theory/errors.js';
import { pearsonThreeSurvival, summarise } from '../../../simulations/comparisons/index.js';
import type { BulkEstimate, Spike } from './estimateBulk.js';
import { estimateOf, fitOf, requireOptions, type BulkFit, type EstimatedBulk, type FitBulkOptions } from './fitBulk.js';

/** Level of the counts in each of several draws. */
export const levelOfEach = (level: number, draws: number): number => level / draws;

/**
 * `fitBulk` of several draws together.
 * @throws UsageError as `fitBulk`, and for draws that are not of one size
 */
export function fitBulkSet(spectra: readonly Float64Array[], options: FitBulkOptions = {}): BulkFit {
  for (const eigenvalues of spectra) requireOptions(eigenvalues, options);
  const own = { ...options, level: levelOfEach(options.level ?? 0.01, spectra.length) };
  const first = estimateOf(spectra[0]!, own);
  if (first.impossible !== undefined) return fitOfSet([first], options.level);
  const rest = spectra.slice(1).map((eigenvalues) => estimateOf(eigenvalues, { ...own, null: first.calibration }));
  const other = rest.find(({ zeros }) => zeros !== first.zeros);
  if (other !== undefined)
    throw new UsageError(
      `draws of one size are needed to be fitted together, but of one ${first.zeros} eigenvalues are zero and of another ${other.zeros}. Take them one by one with --row.`,
    );
  return fitOfSet([first, ...rest], options.level);
}

type Estimated = Extract<EstimatedBulk, { impossible: undefined }>;

/** @param found of each draw, from the same null draws, at `levelOfEach` */
export function fitOfSet(found: readonly EstimatedBulk[], level = 0.01): BulkFit {
  if (found.length === 1) return fitOf(found[0]!, level);
  const bad = found.findIndex(({ impossible }) => impossible !== undefined);
  if (bad >= 0) {
    const { impossible, zeros } = found[bad]!;
    return { status: 'not this law', reason: `draw ${bad}: ${impossible}`, zeros, notes: [] };
  }
  const estimated = found as readonly Estimated[];
  const { limit, calibration, zeros } = estimated[0]!;
  const unreachable = estimated.reduce((sum, each) => sum + each.unreachable, 0);
  const notes = [...new Set(estimated.flatMap(({ notes: own }) => own))];
  const estimate = together(estimated);
  return fitOf({ impossible: undefined, estimate, unreachable, limit, calibration, zeros, notes }, level);
}

function together(found: readonly Estimated[]): BulkEstimate {
  const { calibration } = found[0]!;
  const estimates = found.map(({ estimate }) => estimate);
  const first = estimates[0]!;
  const draws = estimates.length;
  const mean = (of: (estimate: BulkEstimate) => number): number =>
    estimates.reduce((sum, estimate) => sum + of(estimate) / draws, 0);
  const variance = mean((each) => each.variance);
  const aspectRatio = mean((each) => each.aspectRatio);
  const shape = mean((each) => each.shape);
  const spikes = (of: (estimate: BulkEstimate) => readonly Spike[]): Spike[] =>
    estimates.flatMap((estimate, draw) => of(estimate).map((spike) => ({ ...spike, draw })));
  return {
    ...first,
    variance,
    varianceInterval: first.varianceInterval && intervalOfMean(variance, calibration.scales, draws),
    degrees: mean((each) => each.degrees),
    aspectRatio,
    aspectRatioInterval: first.aspectRatioInterval && oneSided(intervalOfMean(aspectRatio, calibration.ratios!, draws)),
    edges: [mean((each) => each.edges[0]), mean((each) => each.edges[1])],
    above: spikes((each) => each.above),
    below: spikes((each) => each.below),
    oneByOne: estimates.reduce((sum, each) => sum + each.oneByOne, 0),
    tests: {
      largest: ofAny(estimates.map(({ tests }) => tests.largest)),
      smallest: ofAny(estimates.map(({ tests }) => tests.smallest)),
      shape: shapeOfMean(shape, calibration, draws),
    },
    shape,
    limitReached: estimates.some(({ limitReached }) => limitReached),
  };
}

/** Chance that the least of independent p-values is as small. */
function ofAny(pValues: readonly number[]): number {
  return -Math.expm1(pValues.length * Math.log1p(-Math.min(...pValues)));
}

/** Of a mean over draws, beside a mean over null draws that has an error of its own. */
function shapeOfMean(value: number, { shape }: Pick<Estimated['calibration'], 'shape'>, draws: number): number {
  const spread = shape.standardDeviation * Math.sqrt(1 / draws + 1 / shape.count);
  return pearsonThreeSurvival(value, shape.mean, spread, shape.skewness / Math.sqrt(draws));
}

const normal95 = 1.959964;

/** estimate/mean of what is found for 1, at the ends of 95 % of such means. */
function intervalOfMean(estimate: number, found: Float64Array, draws: number): readonly [number, number] {
  const { mean, variance, count } = summarise(found);
  const reach = normal95 * Math.sqrt(variance * (1 / draws + 1 / count));
  return [estimate / (mean + reach), estimate / (mean - reach)];
}

const oneSided = ([low, high]: readonly [number, number]): readonly [number, number] => [low, Math.min(1, high)];
