import { describe, expect, test } from '@jest/globals';
import {
  coordinates,
  hiddenBlockWeights,
  linearBlock,
  linearBlockWeights,
  projectionBasis,
  twinInputs,
} from '../../../simulations/blocks/index.js';
import type { DrawSettings, Workspace } from '../../../simulations/contracts.js';
import { referenceBackend } from '../../../simulations/linalg/referenceBackend.js';
import { drawFromParts, drawReplicate, type Draw } from '../../../simulations/models/index.js';
import { randomStream } from '../../../simulations/random/index.js';
import { UsageError } from '../../../theory/errors.js';
import { largestDiscrepancy } from '../../helpers/largestDiscrepancy.js';

const backend = referenceBackend();
const hidden: DrawSettings = {
  model: 'hidden',
  loss: 'ce',
  activation: 'relu',
  initialisation: 'lecun',
  dimension: 30,
  samples: 40,
  classes: 5,
  width: 3,
};
const linear: DrawSettings = { ...hidden, model: 'linear' };
const draw = (settings: DrawSettings, replicate = 0): Draw =>
  drawReplicate(settings, backend.createWorkspace(settings.dimension, settings.samples), 'twin', replicate);

/** rows(a) times rows(b) transposed. */
function products(a: Float64Array, b: Float64Array, length: number): Float64Array {
  const [p, q] = [a.length / length, b.length / length];
  const out = new Float64Array(p * q);
  for (let i = 0; i < p; i++) {
    for (let j = 0; j < q; j++) {
      for (let k = 0; k < length; k++) out[i * q + j]! += a[i * length + k]! * b[j * length + k]!;
    }
  }
  return out;
}

const identity = (size: number) => Float64Array.from({ length: size * size }, (_, e) => (e % (size + 1) === 0 ? 1 : 0));

describe('projectionBasis(draw)', () => {
  test.each([
    ['hidden', hidden, 3],
    ['linear', linear, 5],
    ['linear with more classes than coordinates', { ...linear, classes: 100 }, 30],
  ] as const)('is orthonormal and spans the directions, %s', (_name, settings, rank) => {
    const drawn = draw(settings);
    const basis = projectionBasis(drawn);
    expect(basis.rank).toBe(rank);
    expect(largestDiscrepancy(products(basis.rows, basis.rows, 30), identity(rank))).toBeLessThan(1e-9);
    // A direction v of the span has |P v| = |v|.
    const directions = settings.model === 'hidden' ? drawn.hiddenLayer : drawn.readout.matrix!.subarray(0, 90);
    const inside = products(basis.rows, directions, 30);
    const count = directions.length / 30;
    for (let k = 0; k < count; k++) {
      const length = directions.subarray(k * 30, (k + 1) * 30).reduce((sum, x) => sum + x * x, 0);
      let projected = 0;
      for (let b = 0; b < rank; b++) projected += inside[b * count + k]! ** 2;
      expect(projected / length).toBeCloseTo(1, 12);
    }
  });

  test('a repeated direction adds nothing to the rank', () => {
    const workspace = backend.createWorkspace(30, 40);
    const row = Float64Array.from({ length: 30 }, (_, a) => Math.sin(a + 1));
    const hiddenLayer = Float64Array.from([
      ...row,
      ...row.map((x) => -3 * x),
      ...row.map((x, a) => x + (a === 4 ? 1 : 0)),
    ]);
    const drawn = drawFromParts({
      settings: hidden,
      workspace,
      labels: new Int32Array(40),
      hiddenLayer,
      readout: new Float64Array(15),
    });
    expect(projectionBasis(drawn).rank).toBe(2);
  });

  test('coordinates(draw) is P Xᵀ', () => {
    const drawn = draw(hidden);
    const expected = products(projectionBasis(drawn).rows, drawn.workspace.inputs, 30);
    expect(largestDiscrepancy(coordinates(drawn), expected)).toBeLessThan(1e-9);
  });
});

describe('twinInputs(draw, workspace, stream)', () => {
  const twinOf = (drawn: Draw, workspace: Workspace, replicate = 0) =>
    twinInputs(drawn, workspace, randomStream('twin', 'twin', replicate));

  test.each([hidden, linear])(
    'keeps the part across the projections and renews the part along them, $model',
    (settings) => {
      const drawn = draw(settings);
      const basis = projectionBasis(drawn);
      const twin = backend.createWorkspace(30, 40);
      const before = coordinates(drawn, basis);
      twinOf(drawn, twin);
      const after = products(basis.rows, twin.inputs, 30);
      const across = (inputs: Float64Array, field: Float64Array) =>
        inputs.map((x, e) => {
          let along = 0;
          for (let k = 0; k < basis.rank; k++)
            along += field[k * 40 + Math.floor(e / 30)]! * basis.rows[k * 30 + (e % 30)]!;
          return x - along;
        });
      expect(largestDiscrepancy(across(twin.inputs, after), across(drawn.workspace.inputs, before))).toBeLessThan(1e-9);
      // The new coordinates are the stream's own normals.
      const fresh = new Float64Array(40 * basis.rank);
      randomStream('twin', 'twin', 0).fillNormals(fresh);
      const expected = after.map((_, e) => fresh[(e % 40) * basis.rank + Math.floor(e / 40)]!);
      expect(largestDiscrepancy(after, expected)).toBeLessThan(1e-9);
    },
  );

  test('blocks with the same weights differ by a matrix of rank at most 2k', () => {
    const drawn = draw(linear);
    const weights = linearBlockWeights(drawn, 0, 1);
    const original = linearBlock(drawn, 0, 1);
    const twin = backend.createWorkspace(30, 40);
    twinOf(drawn, twin);
    const difference = twin.weightedGram(weights).map((entry, e) => entry - original[e]!);
    const eigenvalues = backend.symmetricEigenvalues(difference, 30);
    const largest = Math.max(...eigenvalues.map(Math.abs));
    expect([...eigenvalues].filter((x) => Math.abs(x) > 1e-12 * largest).length).toBe(10);
  });

  // Mean over 600 draws of a sample covariance: within five standard errors, false alarm 6e-7.
  test('makes weights and inputs independent, which they are not in the draw, seed "twin"', () => {
    const settings: DrawSettings = { ...linear, dimension: 4, samples: 40, classes: 3 };
    const workspace = backend.createWorkspace(4, 40);
    const twin = backend.createWorkspace(4, 40);
    const values = { draw: [] as number[], twin: [] as number[] };
    for (let replicate = 0; replicate < 600; replicate++) {
      const drawn = drawReplicate(settings, workspace, 'twin', replicate);
      const weights = linearBlockWeights(drawn, 0, 0);
      const basis = projectionBasis(drawn);
      twinOf(drawn, twin, replicate);
      // Covariance over samples of the weight with the squared length of the projection.
      for (const [name, inputs] of [
        ['draw', workspace.inputs],
        ['twin', twin.inputs],
      ] as const) {
        const field = products(basis.rows, inputs, 4);
        const squares = Float64Array.from({ length: 40 }, (_, n) =>
          [0, 1, 2].reduce((sum, k) => sum + field[k * 40 + n]! ** 2, 0),
        );
        const mean = (f: (n: number) => number) =>
          Array.from({ length: 40 }, (_, n) => f(n)).reduce((a, b) => a + b, 0) / 40;
        values[name].push(mean((n) => weights[n]! * squares[n]!) - mean((n) => weights[n]!) * mean((n) => squares[n]!));
      }
    }
    const score = (list: number[]) => {
      const mean = list.reduce((a, b) => a + b, 0) / list.length;
      const variance = list.reduce((sum, x) => sum + (x - mean) ** 2, 0) / (list.length - 1);
      return mean / Math.sqrt(variance / list.length);
    };
    expect(Math.abs(score(values.twin))).toBeLessThan(5);
    expect(Math.abs(score(values.draw))).toBeGreaterThan(5);
  });

  test('in the draw’s own workspace the original inputs are gone, the weights of the hidden model are not', () => {
    const drawn = draw(hidden);
    const weights = hiddenBlockWeights(drawn, 0, 1);
    const separate = backend.createWorkspace(30, 40);
    twinOf(drawn, separate);
    twinOf(drawn, drawn.workspace);
    expect([...drawn.workspace.inputs]).toEqual([...separate.inputs]);
    expect([...hiddenBlockWeights(drawn, 0, 1)]).toEqual([...weights]);
    expect(() => coordinates(drawn)).toThrow(/^draw must still have its inputs/);
  });

  test('refuses inputs that are not standard normal, and a workspace of another size', () => {
    const workspace = backend.createWorkspace(30, 40);
    const given = drawReplicate(hidden, workspace, 'twin', 0, {
      inputs: (space, stream) => stream.fillUniforms(space.inputs),
    });
    expect(() => twinOf(given, workspace)).toThrow(UsageError);
    expect(() => twinOf(draw(hidden), backend.createWorkspace(30, 41))).toThrow(
      /^workspace must be .* 30×40, got 30×41/,
    );
  });
});
