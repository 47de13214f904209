import { describe, expect, test } from '@jest/globals';
import { blockSums, fullHessian, hessianHeatMap, matrixPicture } from '../../../simulations/blocks/index.js';
import type { DrawSettings } from '../../../simulations/contracts.js';
import { referenceBackend } from '../../../simulations/linalg/index.js';
import { drawReplicate } from '../../../simulations/models/index.js';
import { randomStream } from '../../../simulations/random/index.js';

const order = 11;
const entries = new Float64Array(order * order);
randomStream('matrix picture', 'entries', 0).fillNormals(entries);
const indices = Array.from({ length: order }, (_, i) => i);

test('a pixel is the mean of |entry| under it: rows r with ⌊r · pixels/order⌋ its number', () => {
  const { values, pixels, largest } = matrixPicture(entries, order, 4);
  expect(pixels).toBe(4);
  const under = (pixel: number) => indices.filter((r) => Math.floor((r * 4) / order) === pixel);
  for (let a = 0; a < 4; a++) {
    for (let b = 0; b < 4; b++) {
      const magnitudes = under(a).flatMap((r) => under(b).map((c) => Math.abs(entries[r * order + c]!)));
      expect(values[4 * a + b]).toBeCloseTo(magnitudes.reduce((x, y) => x + y) / magnitudes.length, 14);
    }
  }
  expect(largest).toBe(Math.max(...entries.map(Math.abs)));
});

test('there are no more pixels than rows; a picture has a side', () => {
  expect(matrixPicture(entries, order, 400).values).toEqual(entries.map(Math.abs));
  expect(() => matrixPicture(entries, order, 0)).toThrow(/pixels must be a whole number of at least 1, got 0/);
});

test('sums over unequal blocks are those of their entries', () => {
  const starts = [0, 3, 4, 9];
  const sums = blockSums(entries, order, starts);
  const within = (k: number) => indices.filter((r) => r >= starts[k]! && r < (starts[k + 1] ?? order));
  for (let a = 0; a < 4; a++) {
    for (let b = 0; b < 4; b++) {
      const block = within(a).flatMap((r) => within(b).map((c) => entries[r * order + c]!));
      const sum = (f: (x: number) => number) => block.map(f).reduce((x, y) => x + y);
      expect(sums.signed[4 * a + b]).toBeCloseTo(
        sum((x) => x),
        13,
      );
      expect(sums.absolute[4 * a + b]).toBeCloseTo(sum(Math.abs), 13);
      expect(sums.squares[4 * a + b]).toBeCloseTo(
        sum((x) => x * x),
        13,
      );
    }
  }
});

describe('a drawn Hessian given as a matrix', () => {
  const settings: DrawSettings = {
    ...{ model: 'hidden', loss: 'ce', activation: 'relu', initialisation: 'lecun' },
    ...{ dimension: 5, samples: 40, classes: 4, width: 3 },
  };
  const backend = referenceBackend();
  const draw = drawReplicate(settings, backend.createWorkspace(5, 40), 'matrix picture', 0);
  const map = hessianHeatMap(draw, backend, { pixels: 9, reduce: 'mean' });
  const hessian = fullHessian(draw);
  const whole = 3 * 5 + 4 * 3;

  test('makes the picture that is drawn of it', () => {
    const { values, largest } = matrixPicture(hessian, whole, 9);
    values.forEach((value, k) => expect(value).toBeCloseTo(map.values[k]!, 14));
    expect(largest).toBeCloseTo(map.largest, 14);
  });

  test('has the norms of its blocks: hidden, output and between them', () => {
    const starts = [0, 5, 10, 15, 18, 21, 24];
    const norms = blockSums(hessian, whole, starts).squares.map(Math.sqrt);
    const at = (i: number, j: number) => norms[7 * i + j]!;
    for (let i = 0; i < 3; i++)
      for (let j = 0; j < 3; j++) expect(at(i, j)).toBeCloseTo(map.hiddenNorms[3 * i + j]!, 14);
    for (let i = 0; i < 4; i++)
      for (let j = 0; j < 4; j++) expect(at(3 + i, 3 + j)).toBeCloseTo(map.outputNorms[4 * i + j]!, 14);
    for (let i = 0; i < 3; i++)
      for (let j = 0; j < 4; j++) expect(at(i, 3 + j)).toBeCloseTo(map.crossNorms[4 * i + j]!, 14);
  });
});
