import type { ActivationName, Layer, Loss } from '../contracts.js';
import { UsageError } from '../errors.js';
import { activationFunctions, type ActivationFunctions } from '../network/activationFunctions.js';
import { columnProduct } from '../network/columnProduct.js';
import { labelReadoutLaw } from '../network/labelReadoutLaw.js';
import type { Cubature, CubatureKernels } from '../network/cubatureKernels.js';
import { batchLength, plainKernels } from '../network/plainKernels.js';
import { copyNormals, forEachLatticeBatch } from '../numerics/latticePoints.js';
import { gramFactor } from '../numerics/gramFactor.js';
import { packedLength, squaredLengths } from '../numerics/fields.js';

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
  /** Who computes sums over classes and over points; plain loops by default. */
  readonly kernels?: CubatureKernels;
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
  const length = batchLength(classes, points);
  const { cubature, coordinates, weights } = weightsOfBlocks(options, length);
  const { stride } = cubature;
  const { left, sums, add } = cubature.products[0]!;
  const shares = blocks.map(() => ({
    quartic: new Float64Array(shifts),
    mean: new Float64Array(shifts),
    matrix: [] as Float64Array[],
  }));
  const quartics = new Float64Array(length);
  for (let shift = 0; shift < shifts; shift++) {
    sums.fill(0);
    forEachLatticeBatch({ dimension: width, points, shift, length }, (batch) => {
      const { count } = batch;
      copyNormals(batch, width, cubature.points, stride);
      cubature.update(count);
      squaredLengths(coordinates, stride, width, count, quartics);
      for (let n = 0; n < count; n++) {
        const square = quartics[n]!;
        quartics[n] = rest * (rest + 2) + 2 * rest * square + square * square;
      }
      for (let b = 0; b < blocks.length; b++) {
        const variances = weights(b, count, left, b * stride);
        let quartic = 0;
        let mean = 0;
        for (let n = 0, at = b * stride; n < count; n++, at++) {
          const a = left[at]!;
          quartic += a * a * quartics[n]!;
          mean += a;
        }
        if (variances) for (let n = 0; n < count; n++) quartic += variances[n]! * quartics[n]!;
        shares[b]!.quartic[shift]! += quartic / points;
        shares[b]!.mean[shift]! += mean / points;
      }
      add(count);
    });
    const order = packedLength(width);
    shares.forEach(({ matrix }, b) => matrix.push(sums.slice(b * order, (b + 1) * order).map((sum) => sum / points)));
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

/**
 * The weights of the b-th block at the first `count` points of a cubature that has been updated, their means over the
 * labels from index `at` of `means` on. Returns their variances over the labels, where there are any.
 */
type BlockWeights = (b: number, count: number, means: Float64Array, at: number) => Float64Array | undefined;

/** A cubature for the weights of all blocks, which are the rows of its products. */
function weightsOfBlocks(
  options: BlockNormsOptions,
  length: number,
): { cubature: Cubature; coordinates: Float64Array; weights: BlockWeights } {
  const { layer, loss, readout, classes, width, blocks, residualTerm = true, kernels = plainKernels } = options;
  const { factor } = gramFactor('blockNormsGivenLayers', options.preactivationGram, width, []);
  const activation = activationFunctions(options.activation);
  const isHidden = layer === 'hidden';
  const units = isHidden ? [...new Set(blocks.flat())] : [];
  const pairs = isHidden ? blocks.map(([i, j]) => [units.indexOf(i), units.indexOf(j)] as const) : [];
  /** What the blocks are made of. */
  const coordinates = isHidden ? 'points' : 'features';
  const cubature = kernels.cubature({
    ...{ width, length },
    layer: { factor, activation, slopes: units },
    ...(loss === 'ce' ? { readout: { entries: readout, classes, columns: units, pairs } } : {}),
    products: [{ rows: blocks.length, columns: coordinates, others: 'own' }],
  });
  const { stride, preactivations, features, slopes, probabilities, means: columnMeans, covariances } = cubature;
  const product = (i: number, j: number): number => columnProduct(readout, classes, width, i, j);
  const variances = new Float64Array(length);

  /** As affine functions of the label's entry of V: its law, and (VᵀV)_ki for the outputs' part of the residual. */
  const residual = blocks.map(([i, j]) => {
    if (!isHidden || i !== j || activation.gated || !residualTerm) return undefined;
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

  /** E_p[v_i], or Σ_k h_k (VᵀV)_ki, at the n-th point. */
  const fitted = (column: number, products: Float64Array, n: number): number => {
    if (loss === 'ce') return columnMeans[column * stride + n]!;
    let sum = 0;
    for (let k = 0; k < width; k++) sum += features[k * stride + n]! * products[k]!;
    return sum;
  };
  const fillCurvature: (...of: Parameters<BlockWeights>) => void = (b, count, means, at) => {
    const [i, j] = blocks[b]!;
    const same = i === j ? 1 : 0;
    if (!isHidden && loss !== 'ce') means.fill(same, at, at + count);
    else if (!isHidden)
      for (let n = 0; n < count; n++)
        means[at + n] = probabilities[i * stride + n]! * (same - probabilities[j * stride + n]!);
    else {
      const [first, second] = pairs[b]!;
      for (let n = 0; n < count; n++) {
        const gate = slopes[first * stride + n]! * slopes[second * stride + n]!;
        means[at + n] = gate * (loss === 'ce' ? covariances[b * stride + n]! : inner[b]!);
      }
    }
  };
  const weights: BlockWeights = (b, count, means, at) => {
    fillCurvature(b, count, means, at);
    const label = residual[b];
    if (label === undefined) return undefined;
    const unit = blocks[b]![0];
    const column = units.indexOf(unit);
    for (let n = 0; n < count; n++) {
      const bend = activation.second(preactivations[unit * stride + n]!);
      means[at + n]! += (fitted(column, label.products, n) - label.mean) * bend;
      variances[n] = label.variance * bend * bend;
    }
    return variances;
  };
  return { cubature, coordinates: cubature[coordinates], weights };
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
