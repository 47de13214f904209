/**
 * Weighted Grams of the inputs by BLAS, and what follows from them. Matrices are in columns there, so a row-major X
 * (N×d) is a d×N matrix with samples as columns.
 */
import {
  gramEigenvalues,
  leastPivotRatio,
  type GramEigenvalues,
  type ScaledWeights,
  type SignedSquares,
} from '../gramPlan.js';
import { panelSamples } from '../sharedGram.js';
import type { WeightedGrams } from '../weightedSums.js';
import type { Blas } from './blasFunctions.js';
import type { NativeEigenvalues } from './nativeEigenvalues.js';

/** Weighted samples copied at a time: the copy stays small and warm. */
const chunk = 1024;

type Triangle = 'U' | 'L';

export class NativeGrams implements GramEigenvalues, WeightedGrams {
  private matrixRoom = new Float64Array(0);
  private rowRoom = new Float64Array(0);
  /** The samples of squared products, one a row. */
  private taken: Float64Array = this.rowRoom;

  /** Fitted to times for 1 to 36 lists, d = 10 to 1000 and N/d = ½ to 4, where the way taken is a seventh slower at worst. */
  readonly normCosts = { coordinate: 80, entry: 30, row: 2 };

  constructor(
    private readonly blas: Blas,
    private readonly eigenvaluesOf: NativeEigenvalues,
    private readonly inputs: Float64Array,
    private readonly dimension: number,
  ) {}

  eigenvalues(weights: ScaledWeights): Float64Array {
    return gramEigenvalues(weights, this.dimension, this);
  }

  primal(weights: ScaledWeights): Float64Array {
    return this.eigenvaluesOf(this.primalGram(weights, 'L'), this.dimension);
  }

  dual(weights: ScaledWeights): Float64Array {
    return this.eigenvaluesOf(this.dualGram(weights, 'L'), weights.values.length);
  }

  signedDual(weights: ScaledWeights): Float64Array | undefined {
    const { blas } = this;
    const n = weights.values.length;
    const g = this.dualGram(weights, 'U');
    const diagonal = Float64Array.from({ length: n }, (_, i) => g[i * n + i]!);
    if (blas.dpotrf('U', n, g, n) !== 0) return undefined;
    for (let i = 0; i < n; i += 1) if (!(g[i * n + i]! ** 2 > leastPivotRatio * diagonal[i]!)) return undefined;
    // G = UᵀU; the eigenvalues of S G are those of U S Uᵀ, a sum over columns of U with their signs.
    const columns = this.rows(n * n);
    const result = new Float64Array(n * n);
    let started = false;
    for (const sign of [1, -1]) {
      let count = 0;
      for (let s = 0; s < n; s += 1) {
        if (Math.sign(weights.values[s]!) !== sign) continue;
        const to = count * n;
        for (let i = 0; i <= s; i += 1) columns[to + i] = g[s * n + i]!;
        columns.fill(0, to + s + 1, to + n);
        count += 1;
      }
      if (count === 0) continue;
      blas.dsyrk('L', 'N', n, count, sign, columns, n, started ? 1 : 0, result, n);
      started = true;
    }
    return this.eigenvaluesOf(result, n);
  }

  /** Σ a_n x_n x_nᵀ, one triangle in columns (the upper one is a lower in rows): one product for each sign. */
  private primalGram(weights: ScaledWeights, triangle: Triangle): Float64Array {
    const d = this.dimension;
    const count = weights.values.length;
    const c = this.matrix(d * d);
    const room = this.rows(Math.min(chunk, count) * d);
    let started = false;
    for (const sign of [1, -1]) {
      for (let first = 0; first < count;) {
        const gathered = this.gather(weights, sign, first, chunk, room);
        first = gathered.next;
        if (gathered.count === 0) continue;
        this.blas.dsyrk(triangle, 'N', d, gathered.count, sign, room, d, started ? 1 : 0, c, d);
        started = true;
      }
    }
    return c;
  }

  primalRows(weights: ScaledWeights): (i: number) => Float64Array {
    const c = this.primalGram(weights, 'U');
    return (i) => c.subarray(i * this.dimension, i * this.dimension + i + 1);
  }

  primalSquares(weights: ScaledWeights): number {
    const d = this.dimension;
    const c = this.primalGram(weights, 'U');
    let sum = 0;
    for (let i = 0; i < d; i += 1) {
      let row = 0;
      for (let j = 0; j < i; j += 1) row += c[i * d + j]! ** 2;
      sum += 2 * row + c[i * d + i]! ** 2;
    }
    return sum;
  }

  dualSquares(weights: ScaledWeights): SignedSquares {
    const { values } = weights;
    const count = values.length;
    const g = this.dualGram(weights, 'U');
    let [norm, size] = [0, 0];
    for (let i = 0; i < count; i += 1) {
      let [signed, all] = [0, 0];
      for (let j = 0; j < i; j += 1) {
        const square = g[i * count + j]! ** 2;
        all += square;
        signed += values[j]! > 0 ? square : -square;
      }
      const own = g[i * count + i]! ** 2;
      norm += 2 * Math.sign(values[i]!) * signed + own;
      size += 2 * all + own;
    }
    return { norm, size };
  }

  takeSamples(index: Uint32Array): void {
    const { inputs, dimension: d } = this;
    if (index.length * d === inputs.length) {
      this.taken = inputs;
      return;
    }
    this.taken = this.rows(index.length * d);
    for (let s = 0; s < index.length; s += 1) {
      this.taken.set(inputs.subarray(index[s]! * d, (index[s]! + 1) * d), s * d);
    }
  }

  weighSquares(weights: Float64Array, rows: number, first: number, end: number): Float64Array {
    const { blas, taken, dimension: d } = this;
    const [count, row] = [end - first, weights.length / rows];
    const products = this.matrix(panelSamples * row);
    blas.dgemm('T', 'N', end, count, d, taken, d, taken.subarray(first * d), d, products, end);
    for (let k = 0; k < end * count; k += 1) products[k]! *= products[k]!;
    const weighed = new Float64Array(rows * count);
    blas.dgemm('T', 'N', count, rows, end, products, end, weights, row, weighed, count);
    return weighed;
  }

  trace({ index, scaled }: ScaledWeights): number {
    const { inputs, dimension: d } = this;
    let sum = 0;
    for (let s = 0; s < index.length; s += 1) {
      const from = index[s]! * d;
      let squares = 0;
      for (let j = 0; j < d; j += 1) squares += inputs[from + j]! ** 2;
      sum += scaled[s]! * squares;
    }
    return sum;
  }

  /** B Bᵀ with rows √|a_n| x_n, one triangle in columns. */
  private dualGram(weights: ScaledWeights, triangle: Triangle): Float64Array {
    const d = this.dimension;
    const count = weights.values.length;
    const room = this.rows(count * d);
    this.gather(weights, 0, 0, count, room);
    const g = this.matrix(count * count);
    this.blas.dsyrk(triangle, 'T', count, d, 1, room, d, 0, g, count);
    return g;
  }

  /**
   * Rows √|a_n| x_n of the live samples from `first` on, as many as `limit`, of one sign if asked; returns where it
   * stopped.
   */
  private gather(
    { index, scaled }: ScaledWeights,
    sign: number,
    first: number,
    limit: number,
    out: Float64Array,
  ): { next: number; count: number } {
    const { inputs, dimension: d } = this;
    let count = 0;
    let s = first;
    for (; s < index.length && count < limit; s += 1) {
      const weight = scaled[s]!;
      if (sign !== 0 && Math.sign(weight) !== sign) continue;
      const root = Math.sqrt(Math.abs(weight));
      const from = index[s]! * d;
      const to = count * d;
      for (let j = 0; j < d; j += 1) out[to + j] = root * inputs[from + j]!;
      count += 1;
    }
    return { next: s, count };
  }

  private matrix(length: number): Float64Array {
    return this.matrixRoom.length < length ? (this.matrixRoom = new Float64Array(length)) : this.matrixRoom;
  }

  private rows(length: number): Float64Array {
    return this.rowRoom.length < length ? (this.rowRoom = new Float64Array(length)) : this.rowRoom;
  }
}
