import type { Backend } from '../../contracts.js';
import { choleskyFactor } from '../../inputs/index.js';

/** Features count as normalised where Σ_k w_k h_k² is 1 with less than this standard deviation over the positions. */
const tolerance = 1e-3;

/**
 * Weights w ≥ 0 with Σ_k w_k h_k² = 1 at every position, as features have them that a norm to mean square 1 has gone over: equal
 * ones, or with a gain g in proportion to 1/g². So does LayerNorm without a shift. `undefined` where there are none: features
 * are not normalised, or N < 2D leaves a gain unknown.
 */
export function normMetric(features: Float64Array, samples: number, backend: Backend): Float64Array | undefined {
  const dimension = features.length / samples;
  const squares = features.map((value) => value * value);
  const isOne = (metric: Float64Array): boolean => deviationFromOne(squares, metric) < tolerance;
  let sum = 0;
  for (const square of squares) sum += square;
  const even = new Float64Array(dimension).fill(samples / sum);
  if (isOne(even)) return even;
  if (samples < 2 * dimension) return undefined;
  const fitted = leastSquares(squares, samples, backend);
  return fitted.every((weight) => weight >= 0) && isOne(fitted) ? fitted : undefined;
}

function deviationFromOne(squares: Float64Array, metric: Float64Array): number {
  const { length: dimension } = metric;
  const samples = squares.length / dimension;
  let total = 0;
  for (let n = 0; n < samples; n++) {
    let sum = 0;
    for (let k = 0; k < dimension; k++) sum += metric[k]! * squares[n * dimension + k]!;
    total += (sum - 1) ** 2;
  }
  return Math.sqrt(total / samples);
}

/** w of the least Σ_n (Σ_k w_k s_nk − 1)², by its normal equations in units of the mean of each s_k; 0 for what is 0 everywhere. */
function leastSquares(squares: Float64Array, samples: number, backend: Backend): Float64Array {
  const dimension = squares.length / samples;
  const means = new Float64Array(dimension);
  squares.forEach((square, at) => (means[at % dimension]! += square / samples));
  const scale = means.map((mean) => (mean > 0 ? 1 / mean : 0));
  const workspace = backend.createWorkspace(dimension, samples);
  workspace.inputs.set(squares.map((square, at) => square * scale[at % dimension]!));
  const factor = choleskyFactor(workspace.weightedGram(new Float64Array(samples).fill(1)), dimension);
  const solution = means.map((mean) => (mean > 0 ? 1 : 0));
  const pivot = (k: number): number => factor[k * (dimension + 1)]!;
  for (let k = 0; k < dimension; k++) {
    for (let j = 0; j < k; j++) solution[k]! -= factor[k * dimension + j]! * solution[j]!;
    solution[k] = pivot(k) === 0 ? 0 : solution[k]! / pivot(k);
  }
  for (let k = dimension - 1; k >= 0; k--) {
    for (let j = k + 1; j < dimension; j++) solution[k]! -= factor[j * dimension + k]! * solution[j]!;
    solution[k] = pivot(k) === 0 ? 0 : solution[k]! / pivot(k);
  }
  return solution.map((value, k) => value * scale[k]!);
}
