/**
 * A random matrix that the claimed law is true of, so that a statistic can be compared with its own null, whatever the
 * law claimed: the null of a wrong law is made of draws of that wrong law.
 */
import type { SpectralLaw } from '../../../../theory/contracts.js';
import { traceMoments } from '../../../../theory/fluctuations/index.js';
import { marchenkoPastur, semicircle } from '../../../../theory/gmp/index.js';
import type { RandomStream } from '../../../../simulations/contracts.js';
import { lawGivenWeights } from '../claimedLaws.js';
import type { Perturbation } from '../perturbation.js';
import type { TaskEnvironment } from './environment.js';

export interface NullEnsemble {
  readonly law: SpectralLaw;
  /** Ascending eigenvalues of one draw. */
  draw(stream: RandomStream): Float64Array;
  /** Exact mean and covariance of tr H^k, k = 1 … 4, for a matrix of the dimension that was observed. */
  readonly traces:
    { readonly mean: readonly number[]; readonly covariance: readonly (readonly number[])[] } | undefined;
}

export interface NullEnsembleOptions {
  readonly weights: Float64Array;
  /** d of the observed block. */
  readonly dimension: number;
  /** d/N that the law claims. */
  readonly aspectRatio: number;
  readonly shape: Perturbation['shape'];
  readonly environment: TaskEnvironment;
}

/** `undefined` when no such law has the mean and variance of the predicted one at this size. */
export function nullEnsemble(options: NullEnsembleOptions): NullEnsemble | undefined {
  const { weights, dimension, aspectRatio, shape, environment } = options;
  if (shape === 'predicted') return weightedWishart(weights, dimension, aspectRatio, environment);
  const samples = weights.length;
  const mean = weights.reduce((sum, value) => sum + value, 0) / samples;
  const meanSquare = weights.reduce((sum, value) => sum + value * value, 0) / samples;
  // Free cumulants of the predicted law: mean E a, variance γ E a².
  const variance = aspectRatio * meanSquare;
  if (shape === 'semicircle') {
    return {
      law: semicircle({ mean, variance }),
      draw: (stream) => wigner(dimension, mean, variance, stream, environment),
      traces: undefined,
    };
  }
  const ratio = variance / mean ** 2;
  const columns = Math.round(dimension / ratio);
  if (columns < 1) return undefined;
  const scale = new Float64Array(columns).fill(mean);
  return {
    law: marchenkoPastur(dimension / columns, { scale: mean }),
    draw: (stream) => weightedDraw(scale, dimension, stream, environment),
    traces: traceMoments({ weights: scale, dimension }),
  };
}

function weightedWishart(
  weights: Float64Array,
  dimension: number,
  aspectRatio: number,
  environment: TaskEnvironment,
): NullEnsemble {
  // The claimed aspect ratio with the weights as they are: another dimension.
  const claimedDimension = Math.max(1, Math.round(aspectRatio * weights.length));
  const share = dimension / claimedDimension;
  const { mean, covariance } = traceMoments({ weights, dimension: claimedDimension });
  return {
    law: lawGivenWeights(weights, claimedDimension / weights.length),
    draw: (stream) => weightedDraw(weights, claimedDimension, stream, environment),
    // A trace of d eigenvalues of a law whose own draws have d′: their sum grows with d, their fluctuation does not
    // depend on it.
    traces: { mean: mean.map((value) => value * share), covariance },
  };
}

function weightedDraw(
  weights: Float64Array,
  dimension: number,
  stream: RandomStream,
  environment: TaskEnvironment,
): Float64Array {
  const workspace = environment.workspace(dimension, weights.length);
  workspace.drawInputs(stream);
  return workspace.eigenvalues(weights).slice();
}

/** mean · I + a Gaussian orthogonal matrix whose limit law has the given variance. */
function wigner(
  dimension: number,
  mean: number,
  variance: number,
  stream: RandomStream,
  environment: TaskEnvironment,
): Float64Array {
  const matrix = new Float64Array(dimension * dimension);
  const scale = Math.sqrt(variance / dimension);
  for (let i = 0; i < dimension; i++) {
    for (let j = 0; j < i; j++) matrix[i * dimension + j] = matrix[j * dimension + i] = scale * stream.normal();
    matrix[i * dimension + i] = mean + Math.SQRT2 * scale * stream.normal();
  }
  return environment.backend.symmetricEigenvalues(matrix, dimension);
}
