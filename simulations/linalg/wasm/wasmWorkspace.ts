/** A workspace whose inputs, matrices and fields all live in one memory of fixed size. */
import type { Workspace } from '../../contracts.js';
import { checkLength, checkSize, checkWanted, checkWeights } from '../checks.js';
import { leastPivotRatio, clearExactZeros, gramMethod, liveWeights, withZeros, type LiveWeights } from '../gramPlan.js';
import { largestMagnitude, powerOfTwoScale } from '../scaling.js';
import { withSafeInputs } from '../safeInputs.js';
import { eigenBuffers, eigenvaluesInPlace, matrixLength, rowLength } from './eigenSolver.js';
import { instantiate, type KernelExports, type KernelModule } from './kernelModule.js';
import { MemoryLayout } from './memoryLayout.js';
import { fieldBuffers, runningSoftmax } from './runningSoftmax.js';
import { compiledSoftmaxMoments } from './softmaxMoments.js';

/** Classes or directions projected at a time; a multiple of both tile heights, 4 and 6. */
const tileClasses = 96;
/** Up to this many directions inner products are faster than packing X. */
const fewDirections = 24;

export function createWasmWorkspace(compiled: KernelModule, dimension: number, samples: number): Workspace {
  checkSize('dimension', dimension);
  checkSize('samples', samples);
  const probe = instantiate(compiled.module, 0).kernels;
  const { bytes } = place(probe, dimension, samples);
  const { kernels, buffer } = instantiate(compiled.module, bytes);
  const at = place(kernels, dimension, samples);
  const numbers = (address: number, length: number): Float64Array => new Float64Array(buffer, address, length);

  const inputs = numbers(at.inputs.address, samples * dimension);
  const scales = numbers(at.scales.address, at.scales.length);
  const index = new Uint32Array(buffer, at.index.address, at.index.length * 2);
  const stride = rowLength(dimension) * 8;
  const inputStride = dimension * 8;
  const { packedA, packedB, zeros } = at.eigen;

  const safely = <T>(work: (undoSquare: (x: number) => number) => T): T =>
    withSafeInputs(inputs, kernels.largestMagnitude(at.inputs.address, inputs.length), work);

  const loadIndex = (live: LiveWeights): void => index.set(live.index);

  /** Lower triangle of Σ a_n x_n x_nᵀ with the weights as given, into the matrix region. */
  const primal = (live: LiveWeights, factor: (weight: number) => number): void => {
    loadIndex(live);
    for (let s = 0; s < live.values.length; s += 1) scales[s] = factor(live.values[s]!);
    kernels.primalGram(
      at.inputs.address,
      inputStride,
      at.index.address,
      at.scales.address,
      live.values.length,
      dimension,
      0,
      at.matrix.address,
      stride,
      packedA.address,
      packedB.address,
    );
  };

  /** Lower triangle of B Bᵀ, with rows √|a_n| x_n for the live samples. */
  const dual = (live: LiveWeights, factor: (weight: number) => number): void => {
    loadIndex(live);
    for (let s = 0; s < live.values.length; s += 1) scales[s] = Math.sqrt(Math.abs(factor(live.values[s]!)));
    const count = live.values.length;
    kernels.dualGram(
      at.inputs.address,
      inputStride,
      at.index.address,
      at.scales.address,
      count,
      dimension,
      at.matrix.address,
      rowLength(count) * 8,
      packedA.address,
      packedB.address,
      zeros.address,
    );
  };

  const solve = (address: number, order: number): Float64Array =>
    eigenvaluesInPlace(kernels, buffer, at.eigen, address, order);

  /**
   * Non-zero eigenvalues when both signs occur, or undefined when the samples are too nearly dependent for this way.
   */
  const signedDual = (live: LiveWeights, factor: (weight: number) => number): Float64Array | undefined => {
    dual(live, factor);
    const count = live.values.length;
    const length = rowLength(count) * 8;
    const ratio = kernels.cholesky(
      count,
      at.matrix.address,
      length,
      packedA.address,
      packedB.address,
      zeros.address,
      at.eigen.diagonal.address,
    );
    if (!(ratio > leastPivotRatio)) return undefined;
    for (let s = 0; s < count; s += 1) {
      index[s] = s;
      scales[s] = Math.sign(live.values[s]!);
    }
    const second = at.matrix.address + matrixLength(count) * 8;
    kernels.primalGram(
      at.matrix.address,
      length,
      at.index.address,
      at.scales.address,
      count,
      count,
      1,
      second,
      length,
      packedA.address,
      packedB.address,
    );
    return solve(second, count);
  };

  const eigenvaluesOf = (live: LiveWeights, factor: (weight: number) => number): Float64Array => {
    const method = gramMethod(live, dimension);
    if (method === 'zero') return new Float64Array(dimension);
    if (method === 'dual') {
      dual(live, factor);
      const values = solve(at.matrix.address, live.values.length);
      if (live.positive === 0) for (let i = 0; i < values.length; i += 1) values[i] = -values[i]!;
      return withZeros(values, dimension);
    }
    if (method === 'signedDual') {
      const values = signedDual(live, factor);
      if (values) return withZeros(values, dimension);
    }
    primal(live, factor);
    return clearExactZeros(solve(at.matrix.address, dimension), live.values.length);
  };

  const prepare = (
    weights: Float64Array,
  ): { live: LiveWeights; factor: (weight: number) => number; up: (x: number) => number } => {
    checkWeights(weights, samples);
    const scale = powerOfTwoScale(largestMagnitude(weights));
    return { live: liveWeights(weights), factor: (weight) => scale.down(weight) / samples, up: scale.up };
  };

  const projectTiles = (
    directions: (start: number, tile: Float64Array) => void,
    count: number,
    use: (start: number, rows: number) => void,
  ): void => {
    const tile = numbers(at.directions.address, tileClasses * dimension);
    const few = count <= fewDirections;
    if (!few)
      kernels.packInputs(
        at.inputs.address,
        samples,
        dimension,
        kernels.stepBlock(),
        zeros.address,
        at.packedInputs.address,
      );
    for (let start = 0; start < count; start += tileClasses) {
      const rows = Math.min(tileClasses, count - start);
      directions(start, tile.subarray(0, rows * dimension));
      if (few)
        kernels.projectFew(
          at.directions.address,
          inputStride,
          rows,
          at.inputs.address,
          samples,
          dimension,
          at.field.fields.address,
          at.field.rowLength * 8,
        );
      else
        kernels.projectTile(
          at.directions.address,
          rows,
          at.packedInputs.address,
          samples,
          dimension,
          kernels.stepBlock(),
          kernels.tileRows(),
          packedA.address,
          zeros.address,
          at.field.fields.address,
          at.field.rowLength * 8,
        );
      use(start, rows);
    }
  };
  const field = (row: number): Float64Array => numbers(at.field.fields.address + row * at.field.rowLength * 8, samples);

  return {
    dimension,
    samples,
    inputs,
    drawInputs: (stream) => stream.fillNormals(inputs),
    project(directions, count, out) {
      checkLength('directions', directions, count * dimension, `${count} rows of ${dimension}`);
      checkLength('out', out, count * samples, `${count} rows of ${samples}`);
      projectTiles(
        (start, tile) => tile.set(directions.subarray(start * dimension, start * dimension + tile.length)),
        count,
        (start, rows) => {
          for (let c = 0; c < rows; c += 1) out.set(field(c), (start + c) * samples);
        },
      );
    },
    softmaxOfClasses(rows, classes, wanted) {
      checkWanted(wanted, classes);
      const softmax = runningSoftmax(kernels, buffer, at.field, samples, wanted);
      projectTiles(rows, classes, softmax.take);
      return softmax.probabilities();
    },
    softmaxMoments: (request) => compiledSoftmaxMoments(compiled.module, samples, request),
    weightedGram(weights) {
      const { live, factor, up } = prepare(weights);
      const gram = new Float64Array(dimension * dimension);
      if (live.values.length === 0) return gram;
      return safely((undoSquare) => {
        primal(live, factor);
        for (let i = 0; i < dimension; i += 1) {
          const row = numbers(at.matrix.address + i * stride, i + 1);
          for (let j = 0; j <= i; j += 1) gram[i * dimension + j] = up(undoSquare(row[j]!));
        }
        for (let i = 0; i < dimension; i += 1) {
          for (let j = 0; j < i; j += 1) gram[j * dimension + i] = gram[i * dimension + j]!;
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
      if (live.values.length === 0) return 0;
      return safely((undoSquare) => {
        const small = live.values.length < dimension;
        if (small) dual(live, factor);
        else primal(live, factor);
        const order = small ? live.values.length : dimension;
        for (let s = 0; s < order; s += 1) scales[s] = small ? Math.sign(live.values[s]!) : 1;
        const squares = kernels.signedSquares(at.matrix.address, order, rowLength(order) * 8, at.scales.address);
        return up(undoSquare(Math.sqrt(squares))) ** 2;
      });
    },
    trace(weights) {
      const { live, factor, up } = prepare(weights);
      return safely((undoSquare) => {
        loadIndex(live);
        for (let s = 0; s < live.values.length; s += 1) scales[s] = factor(live.values[s]!);
        return up(
          undoSquare(
            kernels.weightedTrace(
              at.inputs.address,
              inputStride,
              at.index.address,
              at.scales.address,
              live.values.length,
              dimension,
            ),
          ),
        );
      });
    },
  };
}

function place(kernels: KernelExports, dimension: number, samples: number) {
  const layout = new MemoryLayout(kernels.firstFreeAddress());
  const longest = Math.max(dimension, samples);
  return {
    inputs: layout.numbers(samples * dimension + 16),
    matrix: layout.numbers(matrixLength(dimension)),
    eigen: eigenBuffers(layout, kernels, Math.max(dimension, tileClasses)),
    index: layout.numbers(Math.ceil(longest / 2) + 1),
    scales: layout.numbers(longest),
    directions: layout.numbers(tileClasses * dimension),
    field: fieldBuffers(layout, tileClasses, samples),
    packedInputs: layout.numbers(Math.ceil(samples / 4) * 4 * dimension),
    get bytes() {
      return layout.bytes;
    },
  };
}
