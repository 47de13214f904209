import { describe, expect, test } from '@jest/globals';
import { compiledCubatureKernels } from '../../../simulations/linalg/index.js';
import { randomStream } from '../../../simulations/random/index.js';
import { activationNames } from '../../../theory/names.js';
import { activationFunctions } from '../../../theory/network/activationFunctions.js';
import type { CubatureKernels, CubatureRequest, FieldProducts } from '../../../theory/network/cubatureKernels.js';
import { plainKernels } from '../../../theory/network/plainKernels.js';
import { blockNormsGivenLayers, crossLayerNormsGivenReadout, outputBlockMean } from '../../../theory/index.js';
import { hiddenWeightsGivenReadout } from '../../../theory/weights/index.js';

const seed = 'cubature kernels 1';

function normals(count: number, label: string, scale = 1): Float64Array {
  const values = new Float64Array(count);
  randomStream(seed, label, 0).fillNormals(values);
  return values.map((value) => scale * value);
}

/** The largest difference relative to the largest number expected. */
function gap(actual: ArrayLike<number>, expected: ArrayLike<number>): number {
  const scale = Math.max(...Array.from(expected, Math.abs));
  expect(actual.length).toBe(expected.length);
  return Math.max(...Array.from(expected, (value, k) => Math.abs(actual[k]! - value))) / scale;
}

const compiled = compiledCubatureKernels();

type LayerRequest = NonNullable<CubatureRequest['layer']>;
type ReadoutRequest = NonNullable<CubatureRequest['readout']>;

/** All fields of `count` points after an update, rows one after another. */
function fieldsOf(kernels: CubatureKernels, request: CubatureRequest, points: Float64Array, count: number) {
  const { width, length, layer, readout } = request;
  const { stride, update, ...fields } = kernels.cubature(request);
  for (let k = 0; k < width; k++) fields.points.set(points.subarray(k * length, k * length + count), k * stride);
  update(count);
  const rows = (field: Float64Array, number: number): number[] =>
    Array.from({ length: number }, (_, row) => [...field.subarray(row * stride, row * stride + count)]).flat();
  return {
    preactivations: rows(fields.preactivations, layer === undefined ? 0 : width),
    features: rows(fields.features, width),
    slopes: rows(fields.slopes, layer?.slopes.length ?? 0),
    probabilities: rows(fields.probabilities, readout?.classes ?? 0),
    means: rows(fields.means, readout?.columns.length ?? 0),
    covariances: rows(fields.covariances, readout?.pairs.length ?? 0),
  };
}

/** Lower triangular, as factors of Gram matrices are. */
function factorOf(width: number): Float64Array {
  const entries = normals(width * width, `factor ${width}`);
  return entries.map((entry, at) => (at % width > Math.floor(at / width) ? 0 : entry));
}

describe(`compiled kernels give what the plain ones do (seed ${seed})`, () => {
  // Sizes on and off the tiles of four classes and four points; logits of order 1 and of order 1000. The last ones lose
  // three digits of the exponential with the rounding of the logits themselves.
  test.each([
    [1, 1, 1, 1, 1e-15],
    [2, 3, 5, 1, 1e-14],
    [7, 4, 16, 1, 1e-14],
    [10, 8, 31, 1, 1e-14],
    [129, 9, 64, 1, 1e-14],
    [6, 5, 12, 300, 1e-12],
  ])('softmax: C = %d, m = %d, %d points, logits times %d', (classes, width, count, scale, tolerance) => {
    const length = count + 3;
    const readout: ReadoutRequest = {
      entries: normals(classes * width, `readout ${classes}`, scale),
      classes,
      columns: width > 2 ? [2, 0] : [0],
      pairs:
        width > 2
          ? [
              [0, 1],
              [1, 1],
            ]
          : [[0, 0]],
    };
    const points = normals(width * length, `points ${classes}`);
    const of = (kernels: CubatureKernels) => fieldsOf(kernels, { width, length, readout }, points, count);
    const [actual, expected] = [of(compiled), of(plainKernels)];
    expect(actual.features).toEqual(expected.features);
    expect(gap(actual.probabilities, expected.probabilities)).toBeLessThan(tolerance);
    expect(gap(actual.means, expected.means)).toBeLessThan(tolerance);
    if (classes > 1) expect(gap(actual.covariances, expected.covariances)).toBeLessThan(tolerance);
    else expect(actual.covariances).toEqual(expected.covariances);
  });

  // Sums in the same order without fused multiply-adds: the same bits.
  test.each(activationNames)('one layer: %s', (name) => {
    const activation = activationFunctions(name);
    for (const [width, count] of [
      [1, 1],
      [5, 7],
      [8, 32],
    ] as const) {
      const length = count + 1;
      const layer: LayerRequest = { factor: factorOf(width), activation, slopes: width > 1 ? [width - 1, 0] : [0] };
      const points = normals(width * length, `points ${width}`);
      const of = (kernels: CubatureKernels) => fieldsOf(kernels, { width, length, layer }, points, count);
      const [actual, expected] = [of(compiled), of(plainKernels)];
      expect(actual).toEqual(expected);
      // The last point by its definition.
      const last = Array.from({ length: width }, (_, unit) => {
        let sum = 0;
        for (let k = 0; k < width; k++) sum += layer.factor[unit * width + k]! * points[k * length + count - 1]!;
        return sum;
      });
      last.forEach((u, unit) => {
        expect(actual.preactivations[unit * count + count - 1]).toBe(u);
        expect(actual.features[unit * count + count - 1]).toBe(activation.value(u));
      });
      layer.slopes.forEach((unit, row) =>
        expect(actual.slopes[row * count + count - 1]).toBe(activation.first(last[unit]!)),
      );
    }
  });

  test.each([
    [1, 1, 'points', undefined, 1],
    [2, 4, 'features', undefined, 6],
    [3, 7, 'points', undefined, 9],
    [5, 9, 'features', undefined, 32],
    [1, 1, 'features', 'points', 1],
    [3, 4, 'features', 'points', 9],
    [8, 3, 'points', 'features', 16],
    [1, 4, 'points', 'own', 6],
    [9, 5, 'features', 'own', 13],
  ] as const)(
    'sums: %d rows, m = %d, %s times %p, of %d points, over two batches',
    (rows, width, columns, others, count) => {
      const length = count + 1;
      const activation = activationFunctions('relu');
      const request: CubatureRequest = {
        ...{ width, length },
        layer: { factor: factorOf(width), activation, slopes: [] },
        products: [
          { rows, columns, ...(others === undefined ? {} : { others }) },
          { rows: 2, columns: 'points' },
        ],
      };
      const values = (label: string, number: number, batch: number): Float64Array =>
        normals(number * count, `${label} ${rows} ${batch}`);
      const fill = (field: Float64Array, stride: number, all: Float64Array): void => {
        for (let row = 0; row * count < all.length; row++)
          field.set(all.subarray(row * count, (row + 1) * count), row * stride);
      };
      let expected = 0;
      const run = (kernels: CubatureKernels): Float64Array => {
        expected = 0;
        const { points, features, stride, products, update } = kernels.cubature(request);
        // The second product must leave the first alone.
        const [product, other] = products as [FieldProducts, FieldProducts];
        const { left, sums, add } = product;
        other.left.fill(7);
        for (const batch of [0, 1]) {
          fill(points, stride, values('points', width, batch));
          fill(left, stride, values('left', rows, batch));
          // Stale numbers beyond the batch must not be counted.
          for (let row = 0; row < rows; row++) left[row * stride + count] = 1e6;
          update(count);
          add(count);
          other.add(count);
          // One entry by its definition: the last row's sum of the last of its terms.
          const of = { points, features };
          for (let n = 0; n < count; n++) {
            const last = of[columns][(width - 1) * stride + n]!;
            const factor =
              others === undefined ? 1 : of[others === 'own' ? columns : others][(width - 1) * stride + n]!;
            expected += values('left', rows, batch)[(rows - 1) * count + n]! * last * factor;
          }
        }
        return sums.slice();
      };
      const sums = run(plainKernels);
      expect(gap(run(compiled), sums)).toBeLessThan(1e-14);
      expect(Math.abs(sums.at(-1)! - expected)).toBeLessThan(1e-13);
    },
  );
});

describe(`expectations with compiled kernels (seed ${seed})`, () => {
  const [width, dimension, samples] = [5, 20, 30];
  const rows = normals(width * dimension, 'hidden layer', 1 / Math.sqrt(dimension));
  const preactivationGram = Float64Array.from({ length: width * width }, (_, at) => {
    const [a, b] = [Math.floor(at / width), at % width];
    let sum = 0;
    for (let k = 0; k < dimension; k++) sum += rows[a * dimension + k]! * rows[b * dimension + k]!;
    return sum;
  });
  const cases = (['ce', 'mse'] as const).flatMap((loss) =>
    (['relu', 'tanh'] as const).flatMap((activation) => [6, 37].map((classes) => ({ loss, activation, classes }))),
  );

  // Sums of some thousand terms of both signs: 1e-13 is a few hundred units of rounding.
  test.each(cases)('are those of plain ones to 1e-13: $loss, $activation, C = $classes', (of) => {
    const given = {
      ...of,
      ...{ width, dimension, samples, preactivationGram },
      readout: normals(of.classes * width, `V ${of.classes}`, 0.6),
    };
    const numbers = (kernels: CubatureKernels): Record<string, ArrayLike<number>> => {
      const all = { ...given, kernels };
      const blocks = [
        [0, 0],
        [3, 3],
        [0, 3],
      ] as const;
      const { residual, curvature, column, otherColumns } = crossLayerNormsGivenReadout({
        ...all,
        points: 128,
        outputs: [4, 1],
      });
      const normsOf = (layer: 'hidden' | 'output') =>
        blockNormsGivenLayers({ ...all, layer, blocks, points: 128 }).map(({ squaredNorm }) => squaredNorm);
      return {
        hidden: normsOf('hidden'),
        output: normsOf('output'),
        cross: [residual, curvature, column, otherColumns],
        weights: hiddenWeightsGivenReadout({ ...all, i: 1, j: 1, points: 512 }).measure.nodes,
        offDiagonalWeights: hiddenWeightsGivenReadout({ ...all, i: 1, j: 2, points: 512 }).measure.nodes,
        mean: outputBlockMean({ ...all, i: 1, j: 1, points: 512 }).matrix,
        offDiagonalMean: outputBlockMean({ ...all, i: 1, j: 2, points: 512 }).matrix,
      };
    };
    const [actual, expected] = [numbers(compiled), numbers(plainKernels)];
    for (const name of Object.keys(expected))
      if (Array.from(expected[name]!).some((value) => value !== 0))
        expect({ name, within: gap(actual[name]!, expected[name]!) < 1e-13 }).toEqual({ name, within: true });
      else expect(actual[name]).toEqual(expected[name]);
  });
});
