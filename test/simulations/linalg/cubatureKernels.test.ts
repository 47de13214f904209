import { describe, expect, test } from '@jest/globals';
import { compiledCubatureKernels } from '../../../simulations/linalg/index.js';
import { randomStream } from '../../../simulations/random/index.js';
import type { CubatureKernels, ReadoutFieldsRequest } from '../../../theory/network/cubatureKernels.js';
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

/** Fields of `count` points, rows one after another. */
function readoutFieldsOf(kernels: CubatureKernels, request: ReadoutFieldsRequest, points: Float64Array, count: number) {
  const { width, classes, columns, pairs, length } = request;
  const { stride, features, update, ...fields } = kernels.readoutFields(request);
  for (let k = 0; k < width; k++) features.set(points.subarray(k * length, k * length + count), k * stride);
  update(count);
  const rows = (field: Float64Array, number: number): number[] =>
    Array.from({ length: number }, (_, row) => [...field.subarray(row * stride, row * stride + count)]).flat();
  return {
    probabilities: rows(fields.probabilities, classes),
    means: rows(fields.means, columns.length),
    covariances: rows(fields.covariances, pairs.length),
  };
}

describe(`compiled kernels give the sums of the plain ones (seed ${seed})`, () => {
  // Sizes on and off the tiles of four classes and four points; logits of order 1 and of order 1000. The last ones lose
  // three digits of the exponential with the rounding of the logits themselves.
  test.each([
    [1, 1, 1, 1, 1e-15],
    [2, 3, 5, 1, 1e-14],
    [7, 4, 16, 1, 1e-14],
    [10, 8, 31, 1, 1e-14],
    [129, 9, 64, 1, 1e-14],
    [6, 5, 12, 300, 1e-12],
  ])('C = %d, m = %d, %d points, logits times %d', (classes, width, count, scale, tolerance) => {
    const length = count + 3;
    const request: ReadoutFieldsRequest = {
      readout: normals(classes * width, `readout ${classes}`, scale),
      ...{ classes, width, length },
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
    const expected = readoutFieldsOf(plainKernels, request, points, count);
    const actual = readoutFieldsOf(compiled, request, points, count);
    expect(gap(actual.probabilities, expected.probabilities)).toBeLessThan(tolerance);
    expect(gap(actual.means, expected.means)).toBeLessThan(tolerance);
    if (classes > 1) expect(gap(actual.covariances, expected.covariances)).toBeLessThan(tolerance);
    else expect(actual.covariances).toEqual(expected.covariances);
  });

  test.each([
    [1, 1, undefined, 1],
    [2, 4, undefined, 6],
    [3, 7, undefined, 9],
    [5, 36, undefined, 32],
    [1, 1, 1, 1],
    [3, 4, 5, 9],
    [8, 3, 3, 16],
    [1, 4, 'own' as const, 6],
    [9, 5, 'own' as const, 13],
  ])(
    'products of %d and %d fields, times %p others, of %d points, over two batches',
    (rows, columns, others, count) => {
      const request = { rows, columns, ...(others === undefined ? {} : { others }), length: count + 1 };
      const run = (kernels: CubatureKernels): Float64Array => {
        // The second product must leave the first alone.
        const [product, other] = kernels.fieldProducts([request, { rows: 2, columns: 2, length: 4 }]);
        const { left, right, others: third, stride, sums, add } = product!;
        other!.left.fill(7);
        for (const batch of [0, 1]) {
          const fill = (field: Float64Array, number: number, label: string): void => {
            const values = normals(number * count, `${label} ${rows} ${batch}`);
            for (let row = 0; row < number; row++)
              field.set(values.subarray(row * count, (row + 1) * count), row * stride);
          };
          fill(left, rows, 'left');
          fill(right, columns, 'right');
          if (typeof others === 'number') fill(third, others, 'others');
          // Stale numbers beyond the batch must not be counted.
          for (let row = 0; row < rows; row++) left[row * stride + count] = 1e6;
          add(count);
          other!.add(4);
        }
        return sums.slice();
      };
      const sums = run(plainKernels);
      expect(gap(run(compiled), sums)).toBeLessThan(1e-14);
      // One entry by its definition: the last row's sum of the last of its terms.
      const value = (label: string, number: number, row: number, n: number, batch: number): number =>
        normals(number * count, `${label} ${rows} ${batch}`)[row * count + n]!;
      let expected = 0;
      for (const batch of [0, 1])
        for (let n = 0; n < count; n++) {
          const last = value('right', columns, columns - 1, n, batch);
          const factor = typeof others === 'number' ? value('others', others, others - 1, n, batch) : last;
          expected += value('left', rows, rows - 1, n, batch) * last * (others === undefined ? 1 : factor);
        }
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
