/**
 * Compiled sums for conditional expectations. Of the build without fused multiply-adds, so that what is predicted has
 * the same last digits on every machine.
 */
import type {
  CubatureKernels,
  FieldProducts,
  FieldProductsRequest,
  ReadoutFields,
  ReadoutFieldsRequest,
} from '../../../theory/network/cubatureKernels.js';
import { keptInstance, type KeptInstance } from './keptInstance.js';
import { kernelModule } from './kernelModule.js';
import type { Region } from './memoryLayout.js';

/** Each of the two kinds keeps one instance for the next request, as large as the largest was. */
export function compiledCubatureKernels(): CubatureKernels {
  const { module } = kernelModule({ fused: false });
  const fields = keptInstance(module);
  const products = keptInstance(module);
  return {
    readoutFields: (request) => readoutFields(fields, request),
    fieldProducts: (requests) => fieldProducts(products, requests),
  };
}

/** Kernels take four points at a time. */
const pointsAtOnce = 4;

function wholeSteps(count: number): number {
  return Math.ceil(count / pointsAtOnce) * pointsAtOnce;
}

/**
 * Numbers from one field to the next. Not a multiple of a power of two: fields of one point would share a few places of
 * the first-level cache.
 */
function strideOf(length: number): number {
  return wholeSteps(length) + 8;
}

function readoutFields(instance: KeptInstance, request: ReadoutFieldsRequest): ReadoutFields {
  const { readout, classes, width, length, columns, pairs } = request;
  const stride = strideOf(length);
  const { kernels, at, view } = instance((layout) => ({
    readout: layout.numbers(classes * width),
    features: layout.numbers(width * stride),
    probabilities: layout.numbers(classes * stride),
    means: layout.numbers(columns.length * stride),
    covariances: layout.numbers(pairs.length * stride),
    room: layout.numbers(2 * stride),
  }));
  view(at.readout).set(readout);
  const column = (k: number): number => at.readout.address + 8 * k;
  const row = ({ address }: Region, k: number): number => address + 8 * k * stride;
  const [step, rowBytes] = [8 * width, 8 * stride];
  return {
    stride,
    features: view(at.features),
    probabilities: view(at.probabilities),
    means: view(at.means),
    covariances: view(at.covariances),
    update: (count) => {
      const points = wholeSteps(count);
      const probabilities = at.probabilities.address;
      kernels.softmaxOverPoints(
        points,
        at.readout.address,
        classes,
        width,
        at.features.address,
        rowBytes,
        probabilities,
        at.room.address,
      );
      columns.forEach((k, position) =>
        kernels.columnMean(points, classes, probabilities, rowBytes, column(k), step, row(at.means, position)),
      );
      pairs.forEach(([a, b], position) =>
        kernels.columnCovariance(
          points,
          classes,
          probabilities,
          rowBytes,
          column(columns[a]!),
          column(columns[b]!),
          step,
          row(at.means, a),
          row(at.means, b),
          row(at.covariances, position),
        ),
      );
    },
  };
}

/** Columns, or pairs of fields, that a row has sums of. */
function termsOf({ columns, others }: FieldProductsRequest): number {
  if (others === undefined) return columns;
  return others === 'own' ? (columns * (columns + 1)) / 2 : columns * others;
}

function fieldProducts(instance: KeptInstance, requests: readonly FieldProductsRequest[]): FieldProducts[] {
  const { kernels, at, view } = instance((layout) =>
    requests.map((request) => {
      const { rows, columns, others, length } = request;
      const fields = (count: number): Region => layout.numbers(count * strideOf(length));
      const right = fields(columns);
      return {
        left: fields(rows),
        right,
        others: fields(typeof others === 'number' ? others : 0),
        terms: others === undefined ? right : fields(termsOf(request)),
        sums: layout.numbers(rows * termsOf(request)),
      };
    }),
  );
  return requests.map((request, k) => {
    const { rows, columns, others, length } = request;
    const stride = strideOf(length);
    const row = 8 * stride;
    const regions = at[k]!;
    const left = view(regions.left);
    const multiply = (points: number): void => {
      if (others === undefined) return;
      const { right, others: given, terms } = regions;
      if (others === 'own')
        kernels.multiplyFields(points, columns, right.address, 0, right.address, row, terms.address);
      else kernels.multiplyFields(points, columns, right.address, others, given.address, row, terms.address);
    };
    return {
      stride,
      left,
      right: view(regions.right),
      others: view(regions.others),
      sums: view(regions.sums),
      add: (count) => {
        const points = wholeSteps(count);
        if (points > count) for (let i = 0; i < rows; i += 1) left.fill(0, i * stride + count, i * stride + points);
        multiply(points);
        kernels.addFieldProducts(
          points,
          rows,
          regions.left.address,
          termsOf(request),
          regions.terms.address,
          row,
          regions.sums.address,
        );
      },
    };
  });
}
