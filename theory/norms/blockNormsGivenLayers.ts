import type { ActivationName, Layer, Loss } from '../contracts.js';
import { UsageError } from '../errors.js';
import { activationFunctions, type ActivationFunctions } from '../network/activationFunctions.js';
import { labelReadoutLaw } from '../network/labelReadoutLaw.js';
import { forEachNormalPoint } from '../numerics/latticePoints.js';
import { readoutStatistics } from '../network/readoutStatistics.js';
import { gramFactor, multiplyLower } from '../numerics/gramFactor.js';

/** Which blocks, and the layers as drawn or trained. */
export interface BlockNormsOptions {
  readonly layer: Layer;
  readonly loss: Loss;
  readonly activation: ActivationName | ActivationFunctions;
  /** V as drawn, C×m, row-major. */
  readonly readout: Float64Array;
  readonly classes: number;
  readonly width: number;
  /** d and N of the draw. */
  readonly dimension: number;
  readonly samples: number;
  /** W Wᵀ as drawn, m×m. */
  readonly preactivationGram: Float64Array;
  /** The blocks (i, j): hidden units for the hidden layer, classes for the output layer. */
  readonly blocks: readonly (readonly [number, number])[];
  /**
   * As in `hiddenWeightsGivenReadout`: whether a diagonal hidden block of a smooth activation has its term with the
   * residual and σ″. Default true.
   */
  readonly residualTerm?: boolean;
  /** Lattice points for each shift. Default 1024. */
  readonly points?: number;
  /** Lattice shifts, at least 3. Default 4. */
  readonly shifts?: number;
}

/** A squared norm given the layers, with the error of its cubature. */
export interface BlockNorm {
  /** E[‖H_ij‖²_F | V, W]. */
  readonly squaredNorm: number;
  /** One standard error of the cubature, from the spread between shifts. */
  readonly error: number;
}

/**
 * Mean squared Frobenius norms of blocks of the hidden model given both layers, over standard normal inputs and uniform
 * labels: no asymptotics in d, N, C or m (paper-notes.md, norms given the layers). With H = (1/N) Σ a_n y_n y_nᵀ, y = x
 * for the hidden layer and y = h for the output layer,
 *
 *   E‖H‖² = (1/N) E[a² |y|⁴] + (1 − 1/N) ‖E[a y yᵀ]‖².
 *
 * For y = x the d − m coordinates orthogonal to W's rows are integrated in closed form: with n = d − m and z the m
 * others, E[|x|⁴ | z] = n(n + 2) + 2n|z|² + |z|⁴ and ‖E a x xᵀ‖² = n (E a)² + ‖E a z zᵀ‖². The rest is cubature over z
 * on shifted lattices; the squared mean is a product over different shifts, so that cubature noise does not bias it.
 * Cost O(points·shifts·C·m).
 *
 * The label enters a diagonal hidden block of a smooth activation through −v_{y,i} σ″(u_i). A weight is affine in
 * v_{y,i}, so that E[a | z] and E[a² | z] = E[a | z]² + Var(v_{y,i}) σ″(u_i)² need no more of it than its mean and
 * variance, and are exact.
 *
 * @throws UsageError for sizes that disagree, a width above the dimension
 */
export function blockNormsGivenLayers(options: BlockNormsOptions): BlockNorm[] {
  const { layer, classes, width, dimension, samples, readout, blocks, points = 1024, shifts = 4 } = options;
  if (readout.length !== classes * width) {
    throw new UsageError(
      `blockNormsGivenLayers: readout must have ${classes}×${width} entries, got ${readout.length}; pass V row-major`,
    );
  }
  if (width > dimension)
    throw new UsageError(`blockNormsGivenLayers: width must be at most dimension ${dimension}, got ${width}`);
  if (shifts < 3)
    throw new UsageError(`blockNormsGivenLayers: shifts must be at least 3, got ${shifts}: the error is their spread`);
  const rest = layer === 'hidden' ? dimension - width : 0;
  const weightsAt = pointWeights(options);
  const shares = blocks.map(() => ({
    quartic: new Float64Array(shifts),
    mean: new Float64Array(shifts),
    matrix: Array.from({ length: shifts }, () => new Float64Array(packedLength(width))),
  }));
  const share = 1 / points;
  // The products y_k y_l, k ≥ l, are formed once a point and not once a block.
  const products = new Float64Array(packedLength(width));
  for (let shift = 0; shift < shifts; shift++) {
    forEachNormalPoint({ dimension: width, points, shift }, (z) => {
      const { means, variances, coordinates } = weightsAt(z);
      let square = 0;
      for (let k = 0, position = 0; k < width; k++) {
        for (let l = 0; l <= k; l++) products[position++] = coordinates[k]! * coordinates[l]!;
        square += products[position - 1]!;
      }
      const quartic = rest * (rest + 2) + 2 * rest * square + square ** 2;
      for (let b = 0; b < blocks.length; b++) {
        const a = means[b]! * share;
        if (a === 0 && variances[b] === 0) continue;
        const own = shares[b]!;
        own.quartic[shift]! += (a * means[b]! + variances[b]! * share) * quartic;
        own.mean[shift]! += a;
        const matrix = own.matrix[shift]!;
        for (let position = 0; position < products.length; position++) matrix[position]! += a * products[position]!;
      }
    });
  }
  return shares.map(({ quartic, mean, matrix }) => {
    const overShifts = jackknife(shifts, (used) => {
      const sampling = average(used.map((s) => quartic[s]!)) / samples;
      let pairs = 0;
      for (const s of used)
        for (const t of used)
          if (s !== t) pairs += rest * mean[s]! * mean[t]! + symmetricInner(matrix[s]!, matrix[t]!, width);
      return sampling + (1 - 1 / samples) * (pairs / (used.length * (used.length - 1)));
    });
    return { squaredNorm: overShifts.value, error: overShifts.error };
  });
}

interface PointWeights {
  /** Mean and variance over the labels of each block's weight. */
  readonly means: Float64Array;
  readonly variances: Float64Array;
  /** The coordinates y that the blocks are made of. */
  readonly coordinates: Float64Array;
}

/** The weights of all blocks at one lattice point. */
function pointWeights(options: BlockNormsOptions): (z: Float64Array) => PointWeights {
  const { layer, loss, readout, classes, width, preactivationGram, blocks, residualTerm = true } = options;
  const factor = gramFactor('blockNormsGivenLayers', preactivationGram, width, []).factor;
  const { value, first, second, gated } = activationFunctions(options.activation);
  const preactivations = new Float64Array(width);
  const features = new Float64Array(width);
  const slopes = new Float64Array(width);
  const means = new Float64Array(blocks.length);
  const variances = new Float64Array(blocks.length);
  const statistics = readoutStatistics(readout, classes, width);
  const product = (i: number, j: number): number => {
    let sum = 0;
    for (let c = 0; c < classes; c++) sum += readout[c * width + i]! * readout[c * width + j]!;
    return sum;
  };
  const residual = blocks.map(([i, j]) => {
    if (layer === 'output' || i !== j || gated || !residualTerm) return undefined;
    const law = labelReadoutLaw(readout, classes, width, i);
    const mean = innerProduct(law.nodes, law.masses);
    return {
      mean,
      variance: innerProduct(
        law.nodes.map((v) => (v - mean) ** 2),
        law.masses,
      ),
      products: Float64Array.from({ length: width }, (_, k) => product(i, k)),
    };
  });
  const inner = blocks.map(([i, j]) => product(i, j));

  return (z) => {
    multiplyLower(factor, z, width, preactivations);
    for (let unit = 0; unit < width; unit++) {
      features[unit] = value(preactivations[unit]!);
      slopes[unit] = first(preactivations[unit]!);
    }
    const gateOf = ([i, j]: readonly [number, number]): number => (layer === 'hidden' ? slopes[i]! * slopes[j]! : 1);
    if (loss === 'ce' && blocks.some((block, b) => residual[b] !== undefined || gateOf(block) !== 0))
      statistics.update(features);
    blocks.forEach(([i, j], b) => {
      const gate = gateOf([i, j]);
      if (gate === 0) means[b] = 0;
      else if (layer === 'hidden') means[b] = gate * (loss === 'ce' ? statistics.covariance(i, j) : inner[b]!);
      else
        means[b] =
          loss === 'ce'
            ? statistics.probabilities[i]! * ((i === j ? 1 : 0) - statistics.probabilities[j]!)
            : i === j
              ? 1
              : 0;
      const label = residual[b];
      if (label === undefined) return;
      const fitted = loss === 'ce' ? statistics.mean(i) : innerProduct(features, label.products);
      const bend = second(preactivations[i]!);
      means[b]! += (fitted - label.mean) * bend;
      variances[b] = label.variance * bend * bend;
    });
    return { means, variances, coordinates: layer === 'hidden' ? z : features };
  };
}

/** Inner product of two symmetric matrices of which the lower triangles are filled. */
function symmetricInner(a: Float64Array, b: Float64Array, order: number): number {
  let sum = 0;
  for (let k = 0, position = 0; k < order; k++) {
    for (let l = 0; l < k; l++, position++) sum += 2 * a[position]! * b[position]!;
    sum += a[position]! * b[position++]!;
  }
  return sum;
}

/** Entries of a symmetric matrix's lower triangle, kept row by row. */
function packedLength(order: number): number {
  return (order * (order + 1)) / 2;
}

function average(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

function innerProduct(values: Float64Array, others: Float64Array): number {
  return values.reduce((sum, value, k) => sum + value * others[k]!, 0);
}

/** A statistic of all shifts, with its jackknife standard error. */
function jackknife(count: number, statistic: (used: readonly number[]) => number): { value: number; error: number } {
  const all = [...Array(count).keys()];
  const value = statistic(all);
  const without = all.map((left) => statistic(all.filter((s) => s !== left)));
  const centre = average(without);
  return { value, error: Math.sqrt(((count - 1) / count) * without.reduce((sum, v) => sum + (v - centre) ** 2, 0)) };
}
