import type { ActivationName, Layer, Loss } from '../contracts.js';
import { UsageError } from '../errors.js';
import { activationFunctions, type ActivationFunctions } from '../network/activationFunctions.js';
import { labelReadoutLaw } from '../network/labelReadoutLaw.js';
import { activationRow } from '../network/activationRow.js';
import type { CubatureKernels, ReadoutFields } from '../network/cubatureKernels.js';
import { batchLength, plainKernels } from '../network/plainKernels.js';
import { forEachLatticeBatch, type LatticeBatch } from '../numerics/latticePoints.js';
import { gramFactor, multiplyLowerFields } from '../numerics/gramFactor.js';
import { copyFields, packedLength, squaredLengths } from '../numerics/fields.js';

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
  const { kernels = plainKernels } = options;
  const length = batchLength(classes, points);
  const weights = blockWeights(options, kernels, length);
  const [products] = kernels.fieldProducts([{ rows: blocks.length, columns: width, others: 'own', length }]);
  const { left, right, stride, sums } = products!;
  const shares = blocks.map(() => ({
    quartic: new Float64Array(shifts),
    mean: new Float64Array(shifts),
    matrix: Array.from({ length: shifts }, () => new Float64Array(packedLength(width))),
  }));
  const share = 1 / points;
  const quartics = new Float64Array(length);
  for (let shift = 0; shift < shifts; shift++) {
    sums.fill(0);
    forEachLatticeBatch({ dimension: width, points, shift, length }, (batch) => {
      const { count } = batch;
      const { means, variances, coordinates, coordinateStride } = weights(batch);
      copyFields(coordinates, coordinateStride, width, count, right, stride);
      squaredLengths(coordinates, coordinateStride, width, count, quartics);
      for (let n = 0; n < count; n++) {
        const square = quartics[n]!;
        quartics[n] = rest * (rest + 2) + 2 * rest * square + square * square;
      }
      for (let b = 0; b < blocks.length; b++) {
        let quartic = 0;
        let mean = 0;
        for (let n = 0, at = b * length, to = b * stride; n < count; n++, at++, to++) {
          const a = means[at]! * share;
          left[to] = a;
          quartic += (a * means[at]! + variances[at]! * share) * quartics[n]!;
          mean += a;
        }
        shares[b]!.quartic[shift]! += quartic;
        shares[b]!.mean[shift]! += mean;
      }
      products!.add(count);
    });
    shares.forEach(({ matrix }, b) =>
      matrix[shift]!.set(sums.subarray(b * packedLength(width), (b + 1) * packedLength(width))),
    );
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

interface BlockWeights {
  /** Mean and variance over the labels of each block's weight, a row for each block, `length` numbers apart. */
  readonly means: Float64Array;
  readonly variances: Float64Array;
  /** The coordinates y that the blocks are made of, m rows. */
  readonly coordinates: Float64Array;
  readonly coordinateStride: number;
}

/** The weights of all blocks at a batch of points. */
function blockWeights(
  options: BlockNormsOptions,
  kernels: CubatureKernels,
  length: number,
): (batch: LatticeBatch) => BlockWeights {
  const { layer, loss, readout, classes, width, preactivationGram, blocks, residualTerm = true } = options;
  const factor = gramFactor('blockNormsGivenLayers', preactivationGram, width, []).factor;
  const activation = activationFunctions(options.activation);
  const isHidden = layer === 'hidden';
  const columns = isHidden ? [...new Set(blocks.flat())] : [];
  const pairs = isHidden ? blocks.map(([i, j]) => [columns.indexOf(i), columns.indexOf(j)] as const) : [];
  const fields: ReadoutFields | undefined =
    loss === 'ce' ? kernels.readoutFields({ readout, classes, width, length, columns, pairs }) : undefined;
  const stride = fields?.stride ?? length;
  const features = fields?.features ?? new Float64Array(width * length);
  const preactivations = new Float64Array(width * length);
  const slopes = new Float64Array(width * length);
  const coordinates = isHidden ? new Float64Array(width * length) : features;
  const means = new Float64Array(blocks.length * length);
  const variances = new Float64Array(blocks.length * length);
  const product = (i: number, j: number): number => {
    let sum = 0;
    for (let c = 0; c < classes; c++) sum += readout[c * width + i]! * readout[c * width + j]!;
    return sum;
  };
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
    if (fields !== undefined) return fields.means[column * stride + n]!;
    let sum = 0;
    for (let k = 0; k < width; k++) sum += features[k * stride + n]! * products[k]!;
    return sum;
  };
  const fillCurvature = ([i, j]: readonly [number, number], b: number, count: number): void => {
    const [at, to] = [b * length, b * stride];
    const same = i === j ? 1 : 0;
    if (isHidden) {
      for (let n = 0; n < count; n++) {
        const gate = slopes[i * length + n]! * slopes[j * length + n]!;
        means[at + n] = gate * (fields === undefined ? inner[b]! : fields.covariances[to + n]!);
      }
    } else if (fields === undefined) means.fill(same, at, at + count);
    else {
      for (let n = 0; n < count; n++)
        means[at + n] = fields.probabilities[i * stride + n]! * (same - fields.probabilities[j * stride + n]!);
    }
  };
  return (batch) => {
    const { count } = batch;
    multiplyLowerFields(factor, width, batch.normals, batch, preactivations, length);
    for (let unit = 0; unit < width; unit++) {
      activationRow(activation, count, preactivations, unit * length, features, unit * stride, slopes);
      const from = batch.offset + unit * batch.stride;
      if (isHidden) coordinates.set(batch.normals.subarray(from, from + count), unit * length);
    }
    fields?.update(count);
    blocks.forEach((block, b) => {
      fillCurvature(block, b, count);
      const label = residual[b];
      if (label === undefined) return;
      const [i] = block;
      for (let n = 0, at = b * length; n < count; n++, at++) {
        const bend = activation.second(preactivations[i * length + n]!);
        means[at]! += (fitted(columns.indexOf(i), label.products, n) - label.mean) * bend;
        variances[at] = label.variance * bend * bend;
      }
    });
    return { means, variances, coordinates, coordinateStride: isHidden ? length : stride };
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
