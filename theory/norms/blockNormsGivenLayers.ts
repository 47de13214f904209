import type { ActivationName, Layer, Loss } from '../contracts.js';
import { UsageError } from '../errors.js';
import { activationFunctions } from '../weights/activationFunctions.js';
import { forEachNormalPoint } from '../weights/latticePoints.js';
import { cholesky } from '../outliers/hiddenWeightFunction.js';

export interface BlockNormsOptions {
  readonly layer: Layer;
  readonly loss: Loss;
  readonly activation: ActivationName;
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
  /** Lattice points for each shift. Default 1024. */
  readonly points?: number;
  /** Lattice shifts, at least 3. Default 4. */
  readonly shifts?: number;
}

export interface BlockNorm {
  /** E[‖H_ij‖²_F | V, W]. */
  readonly squaredNorm: number;
  /** One standard error of the cubature, from the spread between shifts. */
  readonly error: number;
}

/**
 * Mean squared Frobenius norms of blocks of the hidden model given both layers, over standard normal inputs: no asymptotics in d, N, C or m
 * (paper-notes.md, norms given the layers). With H = (1/N) Σ a_n y_n y_nᵀ, y = x for the hidden layer and y = h for the output layer,
 *
 *   E‖H‖² = (1/N) E[a² |y|⁴] + (1 − 1/N) ‖E[a y yᵀ]‖².
 *
 * For y = x the d − m coordinates orthogonal to W's rows are integrated in closed form: with n = d − m and z the m others,
 * E[|x|⁴ | z] = n(n + 2) + 2n|z|² + |z|⁴ and ‖E a x xᵀ‖² = n (E a)² + ‖E a z zᵀ‖². The rest is cubature over z on shifted lattices; the
 * squared mean is a product over different shifts, so that cubature noise does not bias it. Cost O(points·shifts·C·m).
 *
 * Diagonal hidden blocks of a smooth activation have a term that depends on the labels, which is left to the draws: only ReLU is taken there.
 *
 * @throws UsageError for sizes that disagree, a smooth activation with i = j in the hidden layer, a width above the dimension
 */
export function blockNormsGivenLayers(options: BlockNormsOptions): BlockNorm[] {
  const { layer, activation, classes, width, dimension, samples, readout, blocks, points = 1024, shifts = 4 } = options;
  if (readout.length !== classes * width) {
    throw new UsageError(`blockNormsGivenLayers: readout must have ${classes}×${width} entries, got ${readout.length}; pass V row-major`);
  }
  if (width > dimension) throw new UsageError(`blockNormsGivenLayers: width must be at most dimension ${dimension}, got ${width}`);
  if (shifts < 3) throw new UsageError(`blockNormsGivenLayers: shifts must be at least 3, got ${shifts}: the error is their spread`);
  const { gated } = activationFunctions(activation);
  if (layer === 'hidden' && !gated && blocks.some(([i, j]) => i === j)) {
    throw new UsageError(`blockNormsGivenLayers: a diagonal hidden block of a ${activation} network depends on the labels; draw it instead`);
  }
  const rest = layer === 'hidden' ? dimension - width : 0;
  const weightsAt = pointWeights(options);
  const shares = blocks.map(() => ({
    quartic: new Float64Array(shifts),
    mean: new Float64Array(shifts),
    matrix: Array.from({ length: shifts }, () => new Float64Array(width * width)),
  }));
  const share = 1 / points;
  for (let shift = 0; shift < shifts; shift++) {
    forEachNormalPoint({ dimension: width, points, shift }, (z) => {
      const { weights, coordinates } = weightsAt(z);
      let square = 0;
      for (let k = 0; k < width; k++) square += coordinates[k]! ** 2;
      const quartic = rest * (rest + 2) + 2 * rest * square + square ** 2;
      for (let b = 0; b < blocks.length; b++) {
        const a = weights[b]! * share;
        if (a === 0) continue;
        const own = shares[b]!;
        own.quartic[shift]! += a * weights[b]! * quartic;
        own.mean[shift]! += a;
        const matrix = own.matrix[shift]!;
        for (let k = 0; k < width; k++) {
          for (let l = 0; l <= k; l++) matrix[k * width + l]! += a * coordinates[k]! * coordinates[l]!;
        }
      }
    });
  }
  return shares.map(({ quartic, mean, matrix }) => {
    const overShifts = jackknife(shifts, (used) => {
      const sampling = average(used.map((s) => quartic[s]!)) / samples;
      let pairs = 0;
      for (const s of used) for (const t of used) if (s !== t) pairs += rest * mean[s]! * mean[t]! + symmetricInner(matrix[s]!, matrix[t]!, width);
      return sampling + (1 - 1 / samples) * (pairs / (used.length * (used.length - 1)));
    });
    return { squaredNorm: overShifts.value, error: overShifts.error };
  });
}

/** The weights of all blocks at one lattice point, with the coordinates y that the block is made of. */
function pointWeights(options: BlockNormsOptions): (z: Float64Array) => { weights: Float64Array; coordinates: Float64Array } {
  const { layer, loss, activation, readout, classes, width, preactivationGram, blocks } = options;
  const factor = cholesky(preactivationGram, width);
  const { value, first } = activationFunctions(activation);
  const preactivations = new Float64Array(width);
  const features = new Float64Array(width);
  const slopes = new Float64Array(width);
  const odds = new Float64Array(classes);
  const weights = new Float64Array(blocks.length);
  const inner = blocks.map(([i, j]) => {
    let sum = 0;
    for (let c = 0; c < classes; c++) sum += readout[c * width + i]! * readout[c * width + j]!;
    return sum;
  });

  const fillOdds = (): void => {
    let largest = -Infinity;
    for (let c = 0; c < classes; c++) {
      let logit = 0;
      for (let k = 0; k < width; k++) logit += readout[c * width + k]! * features[k]!;
      odds[c] = logit;
      if (logit > largest) largest = logit;
    }
    let total = 0;
    for (let c = 0; c < classes; c++) total += odds[c] = Math.exp(odds[c]! - largest);
    for (let c = 0; c < classes; c++) odds[c]! /= total;
  };
  const covariance = (i: number, j: number): number => {
    let [left, right, both] = [0, 0, 0];
    for (let c = 0; c < classes; c++) {
      const [p, vi, vj] = [odds[c]!, readout[c * width + i]!, readout[c * width + j]!];
      left += p * vi;
      right += p * vj;
      both += p * vi * vj;
    }
    return both - left * right;
  };

  return (z) => {
    for (let row = 0; row < width; row++) {
      let sum = 0;
      for (let k = 0; k <= row; k++) sum += factor[row * width + k]! * z[k]!;
      preactivations[row] = sum;
      features[row] = value(sum);
      slopes[row] = first(sum);
    }
    const gateOf = ([i, j]: readonly [number, number]): number => (layer === 'hidden' ? slopes[i]! * slopes[j]! : 1);
    if (loss === 'ce' && blocks.some((block) => gateOf(block) !== 0)) fillOdds();
    blocks.forEach(([i, j], b) => {
      const gate = gateOf([i, j]);
      if (gate === 0) weights[b] = 0;
      else if (layer === 'hidden') weights[b] = gate * (loss === 'ce' ? covariance(i, j) : inner[b]!);
      else weights[b] = loss === 'ce' ? odds[i]! * ((i === j ? 1 : 0) - odds[j]!) : i === j ? 1 : 0;
    });
    return { weights, coordinates: layer === 'hidden' ? z : features };
  };
}

/** Inner product of two symmetric matrices of which the lower triangles are filled. */
function symmetricInner(a: Float64Array, b: Float64Array, order: number): number {
  let sum = 0;
  for (let k = 0; k < order; k++) {
    for (let l = 0; l < k; l++) sum += 2 * a[k * order + l]! * b[k * order + l]!;
    sum += a[k * order + k]! * b[k * order + k]!;
  }
  return sum;
}

function average(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

/** A statistic of all shifts, with its jackknife standard error. */
function jackknife(count: number, statistic: (used: readonly number[]) => number): { value: number; error: number } {
  const all = [...Array(count).keys()];
  const value = statistic(all);
  const without = all.map((left) => statistic(all.filter((s) => s !== left)));
  const centre = average(without);
  return { value, error: Math.sqrt(((count - 1) / count) * without.reduce((sum, v) => sum + (v - centre) ** 2, 0)) };
}
