/** The Gaussian equivalent of random features, for output blocks of a wide hidden layer. */
import { outputWeights } from '../../../simulations/blocks/outputWeights.js';
import type { Backend } from '../../../simulations/contracts.js';
import { choleskyFactor } from '../../../simulations/inputs/index.js';
import type { Draw } from '../../../simulations/models/index.js';
import { layerOfBlock, type BlockName } from '../../../theory/names.js';

export interface FeaturePopulation {
  /** Eigenvalues of the equivalent's second-moment matrix, m of them. */
  readonly population: Float64Array;
  /** Its lower Cholesky factor, m×m. */
  readonly factor: Float64Array;
  /** ∂²ℓ/∂f_i∂f_j of each sample, times |h_n − E h|² over its mean. */
  readonly weights: Float64Array;
}

const halfRange = 9;
const intervals = 1200;

/**
 * h = σ(Wx) is replaced by the Gaussian vector with E h_i h_j = c_0i c_0j + c_1i c_1j cos(w_i, w_j) off the diagonal
 * and E σ² on it, c_0 = E σ(|w|u), c_1 = E u σ(|w|u), u standard normal (Pennington and Worah 2017; Mei and Montanari
 * 2022): what is left out has vanishing norm, up to finite rank, as m and d grow together.
 *
 * Each feature vector's squared length, over its mean tr Cov(h) = Σ (E σ² − c_0²), joins the weight, as the radius of
 * an input does. It tends to 1, so that the limit is the same; but it follows |x_n|² and, through the logits, the
 * weight itself, and left out it moves the spectrum by about half an eigenvalue at every size (measured,
 * paper-notes.md, scaling regimes).
 */
export function featurePopulation(draw: Draw, block: BlockName, backend: Backend): FeaturePopulation {
  const { dimension, width } = draw.settings;
  const W = draw.hiddenLayer;
  const product = (i: number, j: number) => {
    let sum = 0;
    for (let t = 0; t < dimension; t++) sum += W[i * dimension + t]! * W[j * dimension + t]!;
    return sum;
  };
  const lengths = Float64Array.from({ length: width }, (_, i) => Math.sqrt(product(i, i)));
  const coefficients = Array.from(lengths, (length) => hermiteCoefficients(draw, length));
  const matrix = new Float64Array(width * width);
  for (let i = 0; i < width; i++) {
    for (let j = 0; j < i; j++) {
      const cosine = product(i, j) / (lengths[i]! * lengths[j]!);
      const [a, b] = [coefficients[i]!, coefficients[j]!];
      matrix[i * width + j] = matrix[j * width + i] = a.mean * b.mean + a.slope * b.slope * cosine;
    }
    matrix[i * width + i] = coefficients[i]!.square;
  }
  return {
    population: backend.symmetricEigenvalues(matrix, width).map((value) => Math.max(0, value)),
    factor: choleskyFactor(matrix, width),
    weights: withLengths(outputWeights(draw, 0, layerOfBlock(block).j), draw, coefficients),
  };
}

function withLengths(
  weights: Float64Array,
  { features, settings: { width, samples } }: Draw,
  coefficients: readonly HermiteCoefficients[],
): Float64Array {
  const expected = coefficients.reduce((sum, { mean, square }) => sum + square - mean * mean, 0);
  return weights.map((weight, n) => {
    let length = 0;
    for (let i = 0; i < width; i++) length += (features[i * samples + n]! - coefficients[i]!.mean) ** 2;
    return (weight * length) / expected;
  });
}

interface HermiteCoefficients {
  readonly mean: number;
  readonly slope: number;
  readonly square: number;
}

/**
 * E σ(s u), E u σ(s u), E σ(s u)² by the trapezoid rule: exact to rounding for smooth σ, to 1e-4 relative with kinks.
 */
function hermiteCoefficients(draw: Draw, length: number): HermiteCoefficients {
  const step = (2 * halfRange) / intervals;
  const u = Float64Array.from({ length: intervals + 1 }, (_, k) => -halfRange + k * step);
  const values = new Float64Array(u.length);
  draw.activation.value(
    u.map((x) => length * x),
    values,
  );
  let mean = 0;
  let slope = 0;
  let square = 0;
  u.forEach((x, k) => {
    const weight = (step * Math.exp((-x * x) / 2)) / Math.sqrt(2 * Math.PI);
    mean += weight * values[k]!;
    slope += weight * x * values[k]!;
    square += weight * values[k]! ** 2;
  });
  return { mean, slope, square };
}
