/**
 * A workspace on a BLAS library. Matrices are in columns there, so a row-major X (N×d) is a d×N matrix with samples as
 * columns.
 */
import type { Workspace } from '../../contracts.js';
import { checkLength, checkSize, checkWanted, checkWeights } from '../checks.js';
import { leastPivotRatio, clearExactZeros, gramMethod, liveWeights, withZeros, type LiveWeights } from '../gramPlan.js';
import { withSafeInputs } from '../safeInputs.js';
import { largestMagnitude, powerOfTwoScale } from '../scaling.js';
import { instantiate, kernelModule } from '../wasm/kernelModule.js';
import { MemoryLayout } from '../wasm/memoryLayout.js';
import { fieldBuffers, runningSoftmax, type FieldBuffers } from '../wasm/runningSoftmax.js';
import type { KernelExports, KernelModule } from '../wasm/kernelModule.js';
import { compiledSoftmaxMoments } from '../wasm/softmaxMoments.js';
import type { Blas } from './blasFunctions.js';
import { nativeEigenvalues } from './nativeEigenvalues.js';

/** Classes projected at a time. */
const tileClasses = 256;
/** Weighted samples copied at a time: the copy stays small and warm. */
const chunk = 1024;

export function createNativeWorkspace(blas: Blas, dimension: number, samples: number): Workspace {
  checkSize('dimension', dimension);
  checkSize('samples', samples);
  const d = dimension;
  const inputs = new Float64Array(samples * d);
  let matrixRoom = new Float64Array(0);
  let rowRoom = new Float64Array(0);
  const matrix = (length: number): Float64Array =>
    matrixRoom.length < length ? (matrixRoom = new Float64Array(length)) : matrixRoom;
  const rows = (length: number): Float64Array =>
    rowRoom.length < length ? (rowRoom = new Float64Array(length)) : rowRoom;
  let embedded: KernelModule | undefined;
  let softmaxRoom: { kernels: KernelExports; buffer: ArrayBuffer; at: FieldBuffers } | undefined;

  const safely = <T>(work: (undoSquare: (x: number) => number) => T): T =>
    withSafeInputs(inputs, largestMagnitude(inputs), work);

  /**
   * Rows √|a_n| x_n of the live samples from `first` on, as many as `limit`, of one sign if asked; returns where it
   * stopped.
   */
  const gather = (
    live: LiveWeights,
    factor: (weight: number) => number,
    sign: number,
    first: number,
    limit: number,
    out: Float64Array,
  ): { next: number; count: number } => {
    let count = 0;
    let s = first;
    for (; s < live.index.length && count < limit; s += 1) {
      const weight = factor(live.values[s]!);
      if (sign !== 0 && Math.sign(weight) !== sign) continue;
      const root = Math.sqrt(Math.abs(weight));
      const from = live.index[s]! * d;
      const to = count * d;
      for (let j = 0; j < d; j += 1) out[to + j] = root * inputs[from + j]!;
      count += 1;
    }
    return { next: s, count };
  };

  /** Σ a_n x_n x_nᵀ, upper triangle in columns (lower in rows): one product for each sign. */
  const primal = (live: LiveWeights, factor: (weight: number) => number): Float64Array => {
    const c = matrix(d * d);
    const room = rows(Math.min(chunk, live.index.length) * d);
    let started = false;
    for (const sign of [1, -1]) {
      for (let first = 0; first < live.index.length;) {
        const { next, count } = gather(live, factor, sign, first, chunk, room);
        first = next;
        if (count === 0) continue;
        blas.dsyrk('U', 'N', d, count, sign, room, d, started ? 1 : 0, c, d);
        started = true;
      }
    }
    return c;
  };

  /** B Bᵀ with rows √|a_n| x_n, upper triangle in columns. */
  const dual = (live: LiveWeights, factor: (weight: number) => number): Float64Array => {
    const count = live.index.length;
    const room = rows(count * d);
    gather(live, factor, 0, 0, count, room);
    const g = matrix(count * count);
    blas.dsyrk('U', 'T', count, d, 1, room, d, 0, g, count);
    return g;
  };

  const signedDual = (live: LiveWeights, factor: (weight: number) => number): Float64Array | undefined => {
    const n = live.index.length;
    const g = dual(live, factor);
    const diagonal = Float64Array.from({ length: n }, (_, i) => g[i * n + i]!);
    if (blas.dpotrf('U', n, g, n) !== 0) return undefined;
    for (let i = 0; i < n; i += 1) if (!(g[i * n + i]! ** 2 > leastPivotRatio * diagonal[i]!)) return undefined;
    // G = UᵀU; the eigenvalues of S G are those of U S Uᵀ, a sum over columns of U with their signs.
    const columns = rows(n * n);
    const result = new Float64Array(n * n);
    let started = false;
    for (const sign of [1, -1]) {
      let count = 0;
      for (let s = 0; s < n; s += 1) {
        if (Math.sign(live.values[s]!) !== sign) continue;
        const to = count * n;
        for (let i = 0; i <= s; i += 1) columns[to + i] = g[s * n + i]!;
        columns.fill(0, to + s + 1, to + n);
        count += 1;
      }
      if (count === 0) continue;
      blas.dsyrk('U', 'N', n, count, sign, columns, n, started ? 1 : 0, result, n);
      started = true;
    }
    return nativeEigenvalues(blas, 'U', result, n);
  };

  const eigenvaluesOf = (live: LiveWeights, factor: (weight: number) => number): Float64Array => {
    const method = gramMethod(live, d);
    const count = live.index.length;
    if (method === 'zero') return new Float64Array(d);
    if (method === 'dual') {
      const values = nativeEigenvalues(blas, 'U', dual(live, factor), count);
      if (live.positive === 0) for (let i = 0; i < count; i += 1) values[i] = -values[i]!;
      return withZeros(values, d);
    }
    if (method === 'signedDual') {
      const values = signedDual(live, factor);
      if (values) return withZeros(values, d);
    }
    return clearExactZeros(nativeEigenvalues(blas, 'U', primal(live, factor), d), count);
  };

  const prepare = (
    weights: Float64Array,
  ): { live: LiveWeights; factor: (weight: number) => number; up: (x: number) => number } => {
    checkWeights(weights, samples);
    const scale = powerOfTwoScale(largestMagnitude(weights));
    return { live: liveWeights(weights), factor: (weight) => scale.down(weight) / samples, up: scale.up };
  };

  const softmaxKernels = (): { kernels: KernelExports; buffer: ArrayBuffer; at: FieldBuffers } => {
    if (softmaxRoom) return softmaxRoom;
    const { module } = (embedded ??= kernelModule());
    const place = (kernels: KernelExports): { at: FieldBuffers; bytes: number } => {
      const layout = new MemoryLayout(kernels.firstFreeAddress());
      const at = fieldBuffers(layout, tileClasses, samples);
      return { at, bytes: layout.bytes };
    };
    const { bytes } = place(instantiate(module, 0).kernels);
    const { kernels, buffer } = instantiate(module, bytes);
    softmaxRoom = { kernels, buffer, at: place(kernels).at };
    return softmaxRoom;
  };

  return {
    dimension,
    samples,
    inputs,
    drawInputs: (stream) => stream.fillNormals(inputs),
    project(directions, count, out) {
      checkLength('directions', directions, count * d, `${count} rows of ${d}`);
      checkLength('out', out, count * samples, `${count} rows of ${samples}`);
      blas.dgemm('T', 'N', samples, count, d, inputs, d, directions, d, out, samples);
    },
    softmaxOfClasses(fillRows, classes, wanted) {
      checkWanted(wanted, classes);
      const { kernels, buffer, at } = softmaxKernels();
      const tile = new Float64Array(Math.min(tileClasses, classes) * d);
      const fields = new Float64Array(buffer, at.fields.address, tileClasses * at.rowLength);
      const softmax = runningSoftmax(kernels, buffer, at, samples, wanted);
      for (let start = 0; start < classes; start += tileClasses) {
        const count = Math.min(tileClasses, classes - start);
        fillRows(start, tile.subarray(0, count * d));
        blas.dgemm('T', 'N', samples, count, d, inputs, d, tile, d, fields, at.rowLength);
        softmax.take(start, count);
      }
      return softmax.probabilities();
    },
    softmaxMoments: (request) => compiledSoftmaxMoments((embedded ??= kernelModule()).module, samples, request),
    weightedGram(weights) {
      const { live, factor, up } = prepare(weights);
      const gram = new Float64Array(d * d);
      if (live.index.length === 0) return gram;
      return safely((undoSquare) => {
        const c = primal(live, factor);
        for (let i = 0; i < d; i += 1) {
          for (let j = 0; j <= i; j += 1) gram[i * d + j] = up(undoSquare(c[i * d + j]!));
        }
        for (let i = 0; i < d; i += 1) {
          for (let j = 0; j < i; j += 1) gram[j * d + i] = gram[i * d + j]!;
        }
        return gram;
      });
    },
    eigenvalues(weights) {
      const { live, factor, up } = prepare(weights);
      return safely((undoSquare) => eigenvaluesOf(live, factor).map((x) => up(undoSquare(x))));
    },
    squaredFrobeniusNorm(weights) {
      const { live, factor, up } = prepare(weights);
      const count = live.index.length;
      if (count === 0) return 0;
      return safely((undoSquare) => {
        const small = count < d;
        const c = small ? dual(live, factor) : primal(live, factor);
        const order = small ? count : d;
        let sum = 0;
        for (let i = 0; i < order; i += 1) {
          let row = 0;
          for (let j = 0; j < i; j += 1) row += (small ? Math.sign(live.values[j]!) : 1) * c[i * order + j]! ** 2;
          sum += 2 * (small ? Math.sign(live.values[i]!) : 1) * row + c[i * order + i]! ** 2;
        }
        return up(undoSquare(Math.sqrt(sum))) ** 2;
      });
    },
    trace(weights) {
      const { live, factor, up } = prepare(weights);
      return safely((undoSquare) => {
        let sum = 0;
        for (let s = 0; s < live.index.length; s += 1) {
          const from = live.index[s]! * d;
          let squares = 0;
          for (let j = 0; j < d; j += 1) squares += inputs[from + j]! ** 2;
          sum += factor(live.values[s]!) * squares;
        }
        return up(undoSquare(sum));
      });
    },
  };
}
