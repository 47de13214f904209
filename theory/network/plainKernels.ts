import { softmax } from '../numerics/softmax.js';
import { packedLength } from '../numerics/fields.js';
import type {
  CubatureKernels,
  FieldProducts,
  FieldProductsRequest,
  ReadoutFields,
  ReadoutFieldsRequest,
} from './cubatureKernels.js';

/** Plain loops: what faster kernels are held against. */
export const plainKernels: CubatureKernels = {
  readoutFields,
  fieldProducts: (requests) => requests.map(fieldProducts),
};

function readoutFields(request: ReadoutFieldsRequest): ReadoutFields {
  const { readout, classes, width, length, columns, pairs } = request;
  const fields = (rows: number): Float64Array => new Float64Array(rows * length);
  const features = fields(width);
  const probabilities = fields(classes);
  const means = fields(columns.length);
  const covariances = fields(pairs.length);
  // Columns of V side by side, and one point after another: sums over classes run along memory.
  const entries = Array.from({ length: width }, (_, k) =>
    Float64Array.from({ length: classes }, (_unused, c) => readout[c * width + k]),
  );
  const logits = new Float64Array(classes);
  const p = new Float64Array(classes);
  const centred = columns.map(() => new Float64Array(classes));
  return {
    stride: length,
    features,
    probabilities,
    means,
    covariances,
    update: (count) => {
      for (let n = 0; n < count; n += 1) {
        logits.fill(0);
        entries.forEach((column, k) => addMultiple(features[k * length + n], column, logits));
        softmax(logits, p);
        for (let c = 0; c < classes; c += 1) probabilities[c * length + n] = p[c];
        columns.forEach((k, row) => {
          const mean = innerProduct(p, entries[k]);
          means[row * length + n] = mean;
          for (let c = 0; c < classes; c += 1) centred[row][c] = entries[k][c] - mean;
        });
        pairs.forEach(([a, b], row) => (covariances[row * length + n] = tripleProduct(p, centred[a], centred[b])));
      }
    },
  };
}

function addMultiple(factor: number, from: Float64Array, to: Float64Array): void {
  if (factor === 0) return;
  for (let c = 0; c < from.length; c += 1) to[c] += factor * from[c];
}

function innerProduct(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let c = 0; c < a.length; c += 1) sum += a[c] * b[c];
  return sum;
}

function tripleProduct(a: Float64Array, b: Float64Array, d: Float64Array): number {
  let sum = 0;
  for (let c = 0; c < a.length; c += 1) sum += a[c] * b[c] * d[c];
  return sum;
}

function fieldProducts(request: FieldProductsRequest): FieldProducts {
  const { rows, columns: first, others: second, length } = request;
  const columns = second === undefined ? first : second === 'own' ? packedLength(first) : first * second;
  const left = new Float64Array(rows * length);
  const right = new Float64Array(first * length);
  const others = new Float64Array((typeof second === 'number' ? second : 0) * length);
  const sums = new Float64Array(rows * columns);
  const terms = second === undefined ? right : new Float64Array(columns * length);
  const multiply = (count: number): void => {
    const factors = second === 'own' ? right : others;
    for (let k = 0, to = 0; k < first; k += 1)
      for (let l = 0; l < (second === 'own' ? k + 1 : second!); l += 1, to += length)
        for (let n = 0; n < count; n += 1) terms[to + n] = right[k * length + n] * factors[l * length + n];
  };
  return {
    stride: length,
    left,
    right,
    others,
    sums,
    add: (count) => {
      if (second !== undefined) multiply(count);
      for (let i = 0; i < rows; i += 1) {
        const a = i * length;
        // Two columns at a time: one sum would wait for its own last addition.
        for (let j = 0; j < columns; j += 2) {
          const [b, next] = [j * length, Math.min(j + 1, columns - 1) * length];
          let sum = 0;
          let other = 0;
          for (let n = 0; n < count; n += 1) {
            sum += left[a + n] * terms[b + n];
            other += left[a + n] * terms[next + n];
          }
          sums[i * columns + j] += sum;
          if (j + 1 < columns) sums[i * columns + j + 1] += other;
        }
      }
    },
  };
}

/**
 * Points of a batch: a power of two of which C fields stay in a second-level cache, and some of which a kernel gains
 * from taking together.
 */
export function batchLength(classes: number, points: number): number {
  let length = 128;
  while (length > 16 && length * classes > 2 ** 16) length /= 2;
  return Math.min(length, points);
}
