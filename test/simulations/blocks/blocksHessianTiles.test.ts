import { describe, expect, test } from '@jest/globals';
import {
  crossBlock,
  crossBlockNorms,
  fullHessian,
  hessianHeatMap,
  visitHessianTiles,
} from '../../../simulations/blocks/index.js';
import type { DrawSettings } from '../../../simulations/contracts.js';
import { referenceBackend } from '../../../simulations/linalg/referenceBackend.js';
import { drawReplicate } from '../../../simulations/models/index.js';
import { UsageError } from '../../../theory/errors.js';
import { largestDiscrepancy } from '../../helpers/largestDiscrepancy.js';

const backend = referenceBackend();
const small = { initialisation: 'lecun', dimension: 6, samples: 13, classes: 5, width: 3 } as const;
const cases: DrawSettings[] = [
  { model: 'hidden', loss: 'ce', activation: 'relu', ...small },
  { model: 'hidden', loss: 'mse', activation: 'relu', ...small },
  { model: 'hidden', loss: 'ce', activation: 'tanh', ...small, dimension: 3, samples: 1100, classes: 4, width: 2 },
  { model: 'hidden', loss: 'mse', activation: 'gelu', ...small, dimension: 3, samples: 1100, classes: 4, width: 2 },
  { model: 'linear', loss: 'ce', activation: 'relu', ...small },
  { model: 'linear', loss: 'mse', activation: 'relu', ...small },
];
const drawn = (settings: DrawSettings) =>
  drawReplicate(settings, backend.createWorkspace(settings.dimension, settings.samples), 'hessian tiles', 0);
const norm = (values: Iterable<number>) => Math.sqrt([...values].reduce((sum, value) => sum + value * value, 0));

describe.each(cases)('$model $loss $activation, $samples samples', (settings) => {
  // The dense Hessian is checked against hyper-dual numbers in blocksAgainstHyperDual.test.ts.
  const draw = drawn(settings);
  const dense = fullHessian(draw);
  const order = Math.sqrt(dense.length);

  test('tiles make up the whole Hessian, each entry visited once', () => {
    const hessian = new Float64Array(order * order);
    const visits = new Float64Array(order * order);
    visitHessianTiles(draw, backend, (tile) => {
      for (let a = 0; a < tile.rows; a++) {
        for (let b = 0; b < tile.columns; b++) {
          const row = tile.rowStart + a * tile.rowStride;
          const column = tile.columnStart + b * tile.columnStride;
          const places = tile.isMirrored ? [row * order + column, column * order + row] : [row * order + column];
          for (const place of places) {
            hessian[place] = tile.entries[a * tile.columns + b]!;
            visits[place]! += 1;
          }
        }
      }
    });
    expect(largestDiscrepancy(hessian, dense)).toBeLessThan(1e-10);
    visits.forEach((count, place) => expect(count === 1 || (count === 0 && dense[place] === 0)).toBe(true));
  });

  test.each(['max', 'mean'] as const)('a picture of 7 pixels shows the %s of the entries under each', (reduce) => {
    const map = hessianHeatMap(draw, backend, { pixels: 7, reduce });
    const expected = new Float64Array(49);
    const counts = new Float64Array(49);
    dense.forEach((entry, place) => {
      const pixel = Math.floor((Math.floor(place / order) * 7) / order) * 7 + Math.floor(((place % order) * 7) / order);
      counts[pixel]! += 1;
      expected[pixel] =
        reduce === 'max' ? Math.max(expected[pixel]!, Math.abs(entry)) : expected[pixel]! + Math.abs(entry);
    });
    if (reduce === 'mean') counts.forEach((count, pixel) => (expected[pixel]! /= count));
    expect(largestDiscrepancy(map.values, expected)).toBeLessThan(1e-10);
  });

  test('more pixels than parameters: one pixel each, and the largest of them', () => {
    const map = hessianHeatMap(draw, backend, { pixels: 1000, reduce: 'max' });
    expect(map.pixels).toBe(order);
    expect(largestDiscrepancy(map.values, dense.map(Math.abs))).toBeLessThan(1e-10);
    expect(map.largest).toBeCloseTo(Math.max(...dense.map(Math.abs)), 10);
    expect(map.valuesByUnit).toBeUndefined();
  });

  test('a second picture has the readout unit by unit; without units it is the first', () => {
    const { valuesByUnit, values } = hessianHeatMap(draw, backend, { pixels: 1000, reduce: 'mean', byUnit: true });
    const { classes, width, dimension, model } = settings;
    const units = model === 'hidden' ? width : 0;
    // The row of the Hessian that row `r` of the picture shows, put together from names: w_i first, then entry j of V's
    // column i for every i.
    const rows =
      units === 0
        ? [...Array(order).keys()]
        : [
            ...Array(width * dimension).keys(),
            ...[...Array(units).keys()].flatMap((i) =>
              [...Array(classes).keys()].map((j) => width * dimension + j * units + i),
            ),
          ];
    const expected = Float64Array.from(
      rows.flatMap((row) => rows.map((column) => Math.abs(dense[row * order + column]!))),
    );
    expect(largestDiscrepancy(valuesByUnit!, expected)).toBeLessThan(1e-10);
    // And it is another picture where there are units.
    expect(largestDiscrepancy(valuesByUnit!, values) > 1e-3).toBe(units > 0);
  });

  test('the norms of all blocks', () => {
    const { hiddenNorms, outputNorms, crossNorms } = hessianHeatMap(draw, backend, { pixels: 3, reduce: 'max' });
    const { model, dimension: d, classes: C, width } = settings;
    const m = model === 'hidden' ? width : 0;
    const outputSize = model === 'hidden' ? width : d;
    const block = (top: number, left: number, rows: number, columns: number) => {
      const out: number[] = [];
      for (let a = 0; a < rows; a++) for (let b = 0; b < columns; b++) out.push(dense[(top + a) * order + left + b]!);
      return norm(out);
    };
    for (let i = 0; i < m; i++) {
      for (let j = 0; j < m; j++) expect(hiddenNorms[i * m + j]).toBeCloseTo(block(i * d, j * d, d, d), 12);
      for (let j = 0; j < C; j++) {
        expect(crossNorms[i * C + j]).toBeCloseTo(block(i * d, m * d + j * outputSize, d, outputSize), 12);
        expect(crossNorms[i * C + j]).toBeCloseTo(norm(crossBlock(draw, i, j).total), 12);
      }
    }
    for (let i = 0; i < C; i++) {
      for (let j = 0; j < C; j++) {
        const expected = block(m * d + i * outputSize, m * d + j * outputSize, outputSize, outputSize);
        expect(outputNorms[i * C + j]).toBeCloseTo(expected, 12);
      }
    }
  });

  test('a picture of one layer: its part of the whole Hessian, and its norms alone', () => {
    const norms = hessianHeatMap(draw, backend, { pixels: 3, reduce: 'max' });
    let start = 0;
    for (const { layer, count, order: size } of draw.model.layers) {
      const side = count(settings) * size(settings);
      const map = hessianHeatMap(draw, backend, { pixels: 1000, reduce: 'max', layer });
      const part = Array.from({ length: side ** 2 }, (_, e) =>
        Math.abs(dense[(start + Math.floor(e / side)) * order + start + (e % side)]!),
      );
      expect(map.order).toBe(side);
      expect(largestDiscrepancy(map.values, part)).toBeLessThan(1e-10);
      expect(largestDiscrepancy(map.norms.get(layer)!, norms.norms.get(layer)!)).toBeLessThan(1e-10);
      expect(map.crossNorms).toHaveLength(0);
      start += side;
    }
    expect(start).toBe(order);
  });
});

test.each(cases.slice(0, 4))('crossBlockNorms averages the parts of the blocks, $loss $activation', (settings) => {
  const draw = drawn(settings);
  const expected = { residual: 0, curvature: 0, column: 0, otherColumns: 0 };
  const outputs = [3, 1];
  for (let i = 0; i < settings.width; i++) {
    for (const j of outputs) {
      const block = crossBlock(draw, i, j);
      const column = block.total.filter((_, e) => e % settings.width === i);
      expected.residual += norm(block.residual) ** 2;
      expected.curvature += norm(block.curvature) ** 2;
      expected.column += norm(column) ** 2;
      expected.otherColumns += norm(block.total) ** 2 - norm(column) ** 2;
    }
  }
  const actual = crossBlockNorms(draw, backend, outputs);
  for (const part of ['residual', 'curvature', 'column', 'otherColumns'] as const) {
    expect((actual[part] * settings.width * outputs.length) / expected[part]).toBeCloseTo(1, 10);
  }
  expect(() => crossBlockNorms(draw, backend, [])).toThrow(/^outputs must name/);
  expect(() => crossBlockNorms(draw, backend, [settings.classes])).toThrow(/^j must be/);
});

test('the dense Hessian is refused beyond its limit, with the way out', () => {
  const settings: DrawSettings = { ...small, model: 'linear', loss: 'mse', activation: 'relu', classes: 700 };
  expect(() => fullHessian(drawn(settings))).toThrow(
    new UsageError(
      'the whole Hessian must have an order of at most 4096, got 4200; use visitHessianTiles, or a smaller model',
    ),
  );
});

test.each([0, -1, 2.5, Number.NaN])('a picture of %d pixels is refused', (pixels) => {
  expect(() => hessianHeatMap(drawn(cases[0]!), backend, { pixels, reduce: 'max' })).toThrow(/^pixels must be/);
});
