/** Weighted Grams of the inputs in a kernel instance's memory, and what follows from them. */
import {
  gramEigenvalues,
  leastPivotRatio,
  type GramEigenvalues,
  type ScaledWeights,
  type SignedSquares,
} from '../gramPlan.js';
import { panelSamples } from '../sharedGram.js';
import type { WeightedGrams } from '../weightedSums.js';
import { eigenvaluesInPlace, matrixLength, rowLength } from './eigenSolver.js';
import type { KernelExports } from './kernelModule.js';
import { tileClasses, type WorkspaceRegions } from './workspaceRegions.js';

/** Rows of weights that a panel is multiplied with at a time: the place of a tile of fields has room for both. */
const weightRows = tileClasses - panelSamples;

export class WasmGrams implements GramEigenvalues, WeightedGrams {
  /** Rows of the input that a kernel visits, and the number by which it multiplies each. */
  private readonly index: Uint32Array;
  private readonly scales: Float64Array;
  /** Samples of which there are squared products. */
  private taken = 0;
  /** Fitted to times for 1 to 36 lists, d = 10 to 1000 and N/d = ½ to 4, where the way taken is a twentieth slower at worst. */
  readonly normCosts = { coordinate: 24, entry: 60, row: 1.5 };

  constructor(
    private readonly kernels: KernelExports,
    private readonly buffer: ArrayBuffer,
    private readonly at: WorkspaceRegions,
    private readonly dimension: number,
  ) {
    this.index = new Uint32Array(buffer, at.index.address, at.index.length * 2);
    this.scales = new Float64Array(buffer, at.scales.address, at.scales.length);
  }

  eigenvalues(weights: ScaledWeights): Float64Array {
    return gramEigenvalues(weights, this.dimension, this);
  }

  primal(weights: ScaledWeights): Float64Array {
    this.makePrimal(weights);
    return this.solve(this.at.matrix.address, this.dimension);
  }

  dual(weights: ScaledWeights): Float64Array {
    this.makeDual(weights);
    return this.solve(this.at.matrix.address, weights.values.length);
  }

  signedDual(weights: ScaledWeights): Float64Array | undefined {
    const { kernels, at } = this;
    this.makeDual(weights);
    const count = weights.values.length;
    const length = rowLength(count) * 8;
    const ratio = kernels.cholesky(
      count,
      at.matrix.address,
      length,
      at.eigen.packedA.address,
      at.eigen.packedB.address,
      at.eigen.zeros.address,
      at.eigen.diagonal.address,
    );
    if (!(ratio > leastPivotRatio)) return undefined;
    for (let s = 0; s < count; s += 1) {
      this.index[s] = s;
      this.scales[s] = Math.sign(weights.values[s]!);
    }
    const second = at.matrix.address + matrixLength(count) * 8;
    this.weightedGram({ rows: at.matrix.address, stride: length, order: count, triangular: 1, out: second }, count);
    return this.solve(second, count);
  }

  primalRows(weights: ScaledWeights): (i: number) => Float64Array {
    this.makePrimal(weights);
    const stride = rowLength(this.dimension) * 8;
    return (i) => new Float64Array(this.buffer, this.at.matrix.address + i * stride, i + 1);
  }

  primalSquares(weights: ScaledWeights): number {
    this.makePrimal(weights);
    return this.signedSquares(this.dimension, () => 1);
  }

  dualSquares(weights: ScaledWeights): SignedSquares {
    const { values, positive, negative } = weights;
    this.makeDual(weights);
    const size = this.signedSquares(values.length, () => 1);
    if (positive === 0 || negative === 0) return { norm: size, size };
    return { norm: this.signedSquares(values.length, (s) => Math.sign(values[s]!)), size };
  }

  /** Σ over the matrix region of signs i and j times the square of entry (i, j). */
  private signedSquares(order: number, sign: (i: number) => number): number {
    const { at } = this;
    for (let i = 0; i < order; i += 1) this.scales[i] = sign(i);
    return this.kernels.signedSquares(at.matrix.address, order, rowLength(order) * 8, at.scales.address);
  }

  takeSamples(index: Uint32Array): void {
    const { kernels, at } = this;
    this.index.set(index);
    this.taken = index.length;
    kernels.packInputs(
      at.inputs.address,
      at.index.address,
      index.length,
      this.dimension,
      kernels.stepBlock(),
      at.eigen.zeros.address,
      at.packedInputs.address,
    );
  }

  weighSquares(weights: Float64Array, rows: number, first: number, end: number): Float64Array {
    const { kernels, buffer, at, taken } = this;
    const count = end - first;
    const squares = at.field.fields.address;
    kernels.squaredProducts(
      at.inputs.address,
      at.index.address + first * 4,
      count,
      at.packedInputs.address,
      taken,
      end,
      this.dimension,
      kernels.stepBlock(),
      at.eigen.packedA.address,
      at.eigen.zeros.address,
      squares,
    );
    const columns = Math.ceil(end / 4) * 4;
    const room = new Float64Array(buffer, squares + panelSamples * columns * 8, weightRows * columns);
    const out = at.eigen.packedA.address;
    const weighed = new Float64Array(rows * count);
    for (let start = 0; start < rows; start += weightRows) {
      const few = Math.min(weightRows, rows - start);
      for (let r = 0; r < few; r += 1) {
        room.set(weights.subarray((start + r) * taken, (start + r) * taken + end), r * columns);
        room.fill(0, r * columns + end, (r + 1) * columns);
      }
      // Rows go by fours: what the others hold does not matter.
      const padded = Math.ceil(few / 4) * 4;
      kernels.projectFew(room.byteOffset, columns * 8, padded, squares, count, columns, out, count * 8);
      weighed.set(new Float64Array(buffer, out, few * count), start * count);
    }
    return weighed;
  }

  trace(weights: ScaledWeights): number {
    const { at, dimension } = this;
    this.index.set(weights.index);
    this.scales.set(weights.scaled);
    return this.kernels.weightedTrace(
      at.inputs.address,
      dimension * 8,
      at.index.address,
      at.scales.address,
      weights.values.length,
      dimension,
    );
  }

  /** Lower triangle of Σ a_n x_n x_nᵀ with the scaled weights, into the matrix region. */
  private makePrimal(weights: ScaledWeights): void {
    const { at, dimension } = this;
    this.index.set(weights.index);
    this.scales.set(weights.scaled);
    const { address: rows } = at.inputs;
    this.weightedGram(
      { rows, stride: dimension * 8, order: dimension, triangular: 0, out: at.matrix.address },
      weights.values.length,
    );
  }

  /** Lower triangle of Σ scale · row rowᵀ over the first `count` rows of the index. */
  private weightedGram(
    { rows, stride, order, triangular, out }: Record<'rows' | 'stride' | 'order' | 'triangular' | 'out', number>,
    count: number,
  ): void {
    const { at } = this;
    this.kernels.primalGram(
      rows,
      stride,
      at.index.address,
      at.scales.address,
      count,
      order,
      triangular,
      out,
      rowLength(order) * 8,
      at.eigen.packedA.address,
      at.eigen.packedB.address,
    );
  }

  /** Lower triangle of B Bᵀ, with rows √|a_n| x_n for the live samples. */
  private makeDual({ index, scaled }: ScaledWeights): void {
    const { at, dimension } = this;
    this.index.set(index);
    for (let s = 0; s < scaled.length; s += 1) this.scales[s] = Math.sqrt(Math.abs(scaled[s]!));
    this.kernels.dualGram(
      at.inputs.address,
      dimension * 8,
      at.index.address,
      at.scales.address,
      scaled.length,
      dimension,
      at.matrix.address,
      rowLength(scaled.length) * 8,
      at.eigen.packedA.address,
      at.eigen.packedB.address,
      at.eigen.zeros.address,
    );
  }

  private solve(matrix: number, order: number): Float64Array {
    return eigenvaluesInPlace(this.kernels, this.buffer, this.at.eigen, matrix, order);
  }
}
