/**
 * What a prediction says of the spectrum of a block given its drawn weights: its law, its traces, its linear
 * statistics. A perturbation makes the claim wrong and nothing else: draws that a claim is judged by have the weights,
 * the dimension and the inputs that were observed, whatever is claimed.
 */
import type { SpectralLaw } from '../../../theory/contracts.js';
import { linearStatisticCovariance, traceMoments } from '../../../theory/fluctuations/index.js';
import { marchenkoPastur, semicircle } from '../../../theory/gmp/index.js';
import type { GmpLaw } from '../../../theory/gmp/index.js';
import {
  expectationsUnderLaw,
  linearStatistics,
  spectralFunctions,
  spectrumGivenWeights,
  tableOf,
} from '../../../simulations/comparisons/index.js';
import type { SmoothFunction, StatisticsOfDraw } from '../../../simulations/comparisons/index.js';
import type { RandomStream } from '../../../simulations/contracts.js';
import { lawGivenWeights } from '../lawsOfDraw.js';
import type { Perturbation } from '../perturbation.js';
import type { TaskEnvironment } from '../environment.js';

const laws = new WeakMap<Float64Array, Map<number, GmpLaw>>();

/** The law given the weights, made once for each array of weights and aspect ratio, and with it its table. */
export function sharedLaw(weights: Float64Array, aspectRatio: number): GmpLaw {
  let byRatio = laws.get(weights);
  if (byRatio === undefined) laws.set(weights, (byRatio = new Map()));
  let law = byRatio.get(aspectRatio);
  if (law === undefined) byRatio.set(aspectRatio, (law = lawGivenWeights(weights, aspectRatio)));
  return law;
}

/** The law that is claimed of the block; `undefined` when no such law has the mean and variance of the predicted one. */
export function claimedLawGivenWeights(
  weights: Float64Array,
  dimension: number,
  { aspectRatio: factor, shape }: Perturbation,
): SpectralLaw | undefined {
  const aspectRatio = (dimension / weights.length) * factor;
  if (shape === 'predicted') return sharedLaw(weights, aspectRatio);
  const { mean, meanSquare } = weightMoments(weights);
  // Free cumulants of the predicted law: mean E a, variance γ E a².
  const variance = aspectRatio * meanSquare;
  if (shape === 'semicircle') return semicircle({ mean, variance });
  return mean === 0 ? undefined : marchenkoPastur(variance / mean ** 2, { scale: mean });
}

export function weightMoments(weights: Float64Array): { readonly mean: number; readonly meanSquare: number } {
  const samples = weights.length;
  return {
    mean: weights.reduce((sum, value) => sum + value, 0) / samples,
    meanSquare: weights.reduce((sum, value) => sum + value * value, 0) / samples,
  };
}

/** Powers k of the traces tr H^k that are compared. */
const tracePowers = 4;

/** tr H^k, k = 1 … 4. */
export function tracesOf(eigenvalues: Float64Array): number[] {
  return Array.from({ length: tracePowers }, (_, k) => eigenvalues.reduce((sum, value) => sum + value ** (k + 1), 0));
}

/**
 * Exact mean and covariance of the first traces under the claim; `undefined` for a law of another shape, which has
 * none.
 */
export function claimedTraces(
  weights: Float64Array,
  dimension: number,
  { aspectRatio: factor, shape }: Perturbation,
  maximumPower = tracePowers,
): Omit<StatisticsOfDraw, 'values'> | undefined {
  if (shape !== 'predicted') return undefined;
  // The claimed aspect ratio with the weights as they are: another dimension.
  const claimedDimension = Math.max(1, Math.round(factor * dimension));
  const { mean, covariance } = traceMoments({ weights, dimension: claimedDimension, maximumPower });
  // A trace of d eigenvalues of a law whose own draws have d′: their sum grows with d, their fluctuation does not
  // depend on it.
  return { mean: mean.map((value) => (value * dimension) / claimedDimension), covariance };
}

/** Shift and covariance of the linear statistics of a block given its weights: what is true of it, whatever is claimed. */
export interface LinearFluctuations {
  readonly functions: readonly SmoothFunction[];
  readonly meanShifts: readonly number[];
  readonly covariance: readonly (readonly number[])[];
}

/**
 * Half as many points of the contour as full accuracy takes, an eighth of the time: 1e-6 of the standard deviation is
 * enough beside what draws can tell.
 */
const halfPoints = 96;

export function linearFluctuations(weights: Float64Array, dimension: number): LinearFluctuations {
  const law = sharedLaw(weights, dimension / weights.length);
  const { mean, meanSquare } = weightMoments(weights);
  const spread = Math.sqrt((dimension / weights.length) * meanSquare + mean * mean);
  // Root mean square of the eigenvalues, and never so small beside the support that its functions are rough on it.
  const ends = [...law.support.flat(), ...law.atoms.map(({ at }) => at)];
  const functions = spectralFunctions(Math.max(spread, (Math.max(...ends) - Math.min(...ends)) / 4));
  const { meanShifts, covariance } = linearStatisticCovariance({
    law,
    dimension,
    // N, as the law has it: what drawn weights would add is not used here.
    samples: dimension / law.aspectRatio,
    functions: functions.map(({ value }) => value),
    halfPoints,
  });
  return { functions, meanShifts, covariance };
}

/** Σ f(λ) against d ∫ f dF + shift with F the distribution function of the claimed law. */
export function claimedLinearStatistics(
  eigenvalues: Float64Array,
  law: SpectralLaw,
  { functions, meanShifts, covariance }: LinearFluctuations,
): StatisticsOfDraw {
  const expectations = expectationsUnderLaw(tableOf(law), functions);
  return {
    values: linearStatistics(eigenvalues, functions),
    mean: expectations.map((value, k) => eigenvalues.length * value + meanShifts[k]!),
    covariance,
  };
}

/** Ascending eigenvalues of a fresh (1/N) Σ a_n x_n x_nᵀ with the given weights and independent standard normal x_n. */
export function drawGivenWeights(
  weights: Float64Array,
  dimension: number,
  stream: RandomStream,
  environment: TaskEnvironment,
): Float64Array {
  return spectrumGivenWeights(environment.workspace(dimension, weights.length), weights, stream);
}
