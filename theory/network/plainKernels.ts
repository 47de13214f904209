import { packedLength } from '../numerics/fields.js';
import { softmax } from '../numerics/softmax.js';
import type {
  Cubature,
  CubatureKernels,
  CubatureRequest,
  FieldProducts,
  FieldProductsRequest,
  PointFields,
} from './cubatureKernels.js';

/** Plain loops: what faster kernels are held against. */
export const plainKernels: CubatureKernels = {
  cubature: (request) => {
    const { width, length, layer } = request;
    const points = new Float64Array(width * length);
    const features = layer === undefined ? points : new Float64Array(width * length);
    const { update: updateLayer, ...below } = layerFields(request, points, features);
    const { update: updateReadout, ...above } = readoutFields(request, features);
    return {
      ...{ stride: length, points, features, ...below, ...above },
      products: (request.products ?? []).map((wanted) => fieldProducts(wanted, { points, features }, width, length)),
      update: (count) => {
        updateLayer(count);
        updateReadout(count);
      },
    };
  },
};

function layerFields(
  { width, length, layer }: CubatureRequest,
  points: Float64Array,
  features: Float64Array,
): Pick<Cubature, 'preactivations' | 'slopes' | 'update'> {
  const none = new Float64Array(0);
  if (layer === undefined) return { preactivations: none, slopes: none, update: () => undefined };
  const { factor, activation } = layer;
  const preactivations = new Float64Array(width * length);
  const slopes = new Float64Array(layer.slopes.length * length);
  return {
    preactivations,
    slopes,
    update: (count) => {
      for (let i = 0; i < width; i += 1) {
        const to = i * length;
        preactivations.fill(0, to, to + count);
        for (let k = 0; k < width; k += 1) {
          const entry = factor[i * width + k];
          if (entry === 0) continue;
          for (let n = 0; n < count; n += 1) preactivations[to + n] += entry * points[k * length + n];
        }
        for (let n = to; n < to + count; n += 1) features[n] = activation.value(preactivations[n]);
      }
      layer.slopes.forEach((unit, row) => {
        for (let n = 0; n < count; n += 1)
          slopes[row * length + n] = activation.first(preactivations[unit * length + n]);
      });
    },
  };
}

function readoutFields(
  { width, length, readout }: CubatureRequest,
  features: Float64Array,
): Pick<Cubature, 'probabilities' | 'means' | 'covariances' | 'update'> {
  const none = new Float64Array(0);
  if (readout === undefined) return { probabilities: none, means: none, covariances: none, update: () => undefined };
  const { classes, columns, pairs } = readout;
  const probabilities = new Float64Array(classes * length);
  const means = new Float64Array(columns.length * length);
  const covariances = new Float64Array(pairs.length * length);
  // Columns of V side by side, and one point after another: sums over classes run along memory.
  const entries = Array.from({ length: width }, (_, k) =>
    Float64Array.from({ length: classes }, (_unused, c) => readout.entries[c * width + k]),
  );
  const logits = new Float64Array(classes);
  const p = new Float64Array(classes);
  const centred = columns.map(() => new Float64Array(classes));
  return {
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

function fieldProducts(
  { rows, columns, others }: FieldProductsRequest,
  fields: Record<PointFields, Float64Array>,
  width: number,
  length: number,
): FieldProducts {
  const terms = others === undefined ? width : others === 'own' ? packedLength(width) : width * width;
  const left = new Float64Array(rows * length);
  const sums = new Float64Array(rows * terms);
  const right = fields[columns];
  const products = others === undefined ? right : new Float64Array(terms * length);
  const multiply = (count: number, factors: Float64Array): void => {
    for (let k = 0, to = 0; k < width; k += 1)
      for (let l = 0; l < (others === 'own' ? k + 1 : width); l += 1, to += length)
        for (let n = 0; n < count; n += 1) products[to + n] = right[k * length + n] * factors[l * length + n];
  };
  return {
    left,
    sums,
    add: (count) => {
      if (others !== undefined) multiply(count, others === 'own' ? right : fields[others]);
      for (let i = 0; i < rows; i += 1) {
        const a = i * length;
        // Two columns at a time: one sum would wait for its own last addition.
        for (let j = 0; j < terms; j += 2) {
          const [b, next] = [j * length, Math.min(j + 1, terms - 1) * length];
          let sum = 0;
          let other = 0;
          for (let n = 0; n < count; n += 1) {
            sum += left[a + n] * products[b + n];
            other += left[a + n] * products[next + n];
          }
          sums[i * terms + j] += sum;
          if (j + 1 < terms) sums[i * terms + j + 1] += other;
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
