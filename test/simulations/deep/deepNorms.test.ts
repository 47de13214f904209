import { describe, expect, test } from '@jest/globals';
import { deepSampler, drawDeepNetwork, type DeepNetworkSettings } from '../../../simulations/deep/index.js';
import { createBackend } from '../../../simulations/linalg/index.js';
import { randomStream } from '../../../simulations/random/index.js';

type Matrix = number[][];
const rowsOf = (values: Float64Array, columns: number): Matrix =>
  Array.from({ length: values.length / columns }, (_, r) => [...values.subarray(r * columns, (r + 1) * columns)]);
const apply = (matrix: Matrix, x: number[]): number[] =>
  matrix.map((row) => row.reduce((sum, entry, k) => sum + entry * x[k]!, 0));

/** Gradient of the mean loss in row `unit` of W_layer, by the chain rule written out, at labels 0. */
function gradient(
  loss: 'ce' | 'mse',
  inputs: Matrix,
  layers: Matrix[],
  readout: Matrix,
  layer: number,
  unit: number,
): number[] {
  const total: number[] = [];
  for (const x of inputs) {
    const features = [x];
    for (const weights of layers) features.push(apply(weights, features.at(-1)!).map((u) => Math.max(0, u)));
    const f = apply(readout, features.at(-1)!);
    const sum = f.reduce((all, value) => all + Math.exp(value), 0);
    const delta = f.map((value, c) => (loss === 'ce' ? Math.exp(value) / sum : value) - (c === 0 ? 1 : 0));
    let back = features.at(-1)!.map((_, m) => delta.reduce((all, value, c) => all + value * readout[c]![m]!, 0));
    for (let k = layers.length; k > layer; k--) {
      const gated = back.map((value, m) => (features[k]![m]! > 0 ? value : 0));
      back = features[k - 1]!.map((_, i) => gated.reduce((all, value, m) => all + value * layers[k - 1]![m]![i]!, 0));
    }
    const slope = features[layer]![unit]! > 0 ? back[unit]! : 0;
    features[layer - 1]!.forEach((h, k) => (total[k] = (total[k] ?? 0) + (slope * h) / inputs.length));
  }
  return total;
}

/** Block of rows i and j by central differences of the gradient: no Gauss–Newton, no weights. */
function blockNorm(
  loss: 'ce' | 'mse',
  settings: DeepNetworkSettings,
  seed: string,
  layer: number,
  i: number,
  j: number,
): number {
  const drawn = drawDeepNetwork(settings, randomStream(seed, 'deep-network', 0));
  const fanIns = [settings.dimension, ...settings.widths];
  const inputs = rowsOf(drawn.inputs, settings.dimension);
  const layers = drawn.layers.map((weights, k) => rowsOf(weights, fanIns[k]!));
  const readout = rowsOf(drawn.readout, settings.widths.at(-1)!);
  // Squared error is quadratic between kinks: any step is exact. Cross-entropy takes two steps and extrapolates.
  const at = (step: number, k: number): number[] => {
    const row = layers[layer - 1]![j]!;
    const kept = row[k]!;
    row[k] = kept + step;
    const ahead = gradient(loss, inputs, layers, readout, layer, i);
    row[k] = kept - step;
    const behind = gradient(loss, inputs, layers, readout, layer, i);
    row[k] = kept;
    return ahead.map((value, m) => (value - behind[m]!) / (2 * step));
  };
  const step = loss === 'mse' ? 1e-3 : 2e-3;
  let sum = 0;
  for (let k = 0; k < fanIns[layer - 1]!; k++) {
    const fine = at(step, k);
    const finer = loss === 'mse' ? fine : at(step / 2, k).map((value, m) => (4 * value - fine[m]!) / 3);
    for (const value of finer) sum += value * value;
  }
  return sum;
}

const sizes: Omit<DeepNetworkSettings, 'loss'> = {
  dimension: 4,
  samples: 8,
  widths: [5, 7, 6],
  classes: 6,
  logitVariance: 1.5,
};

describe('norms without a matrix', () => {
  test.each([
    ['mse', 1e-11],
    ['ce', 1e-8],
  ] as const)('%s: second derivatives of the loss itself, every pair of units', async (loss, tolerance) => {
    const settings = { ...sizes, loss };
    const seed = '1';
    const layers = deepSampler(settings, 5, await createBackend('wasm'))(randomStream(seed, 'deep-network', 0));
    for (const [index, { off, diagonal }] of layers.entries()) {
      const norm = (i: number, j: number) => blockNorm(loss, settings, seed, index + 1, i, j);
      expect(off).toBeGreaterThan(0);
      const units = [0, 1, 2, 3, 4];
      const mean = (values: number[]) => values.reduce((sum, value) => sum + value) / values.length;
      expect(diagonal / mean(units.map((i) => norm(i, i)))).toBeCloseTo(1, -Math.log10(tolerance));
      const pairs = units.flatMap((i) => units.slice(0, i).map((j) => norm(i, j)));
      expect(off / mean(pairs)).toBeCloseTo(1, -Math.log10(tolerance));
    }
  });

  test('backends agree, and the same stream gives the same bytes', async () => {
    const settings = { ...sizes, loss: 'ce', classes: 700 } as const;
    const [wasm, reference] = await Promise.all(
      (['wasm', 'reference'] as const).map(async (name) => deepSampler(settings, 5, await createBackend(name))),
    );
    const stream = () => randomStream('2', 'deep-network', 5);
    expect(wasm!(stream())).toEqual(wasm!(stream()));
    wasm!(stream()).forEach((layer, k) => {
      const other = reference!(stream())[k]!;
      expect(layer.off / other.off).toBeCloseTo(1, 11);
      expect(layer.products / other.products).toBeCloseTo(1, 11);
    });
  });

  test('refuses units that a layer does not have', async () => {
    const backend = await createBackend('reference');
    expect(() => deepSampler({ ...sizes, loss: 'mse' }, 6, backend)).toThrow(/from 2 to the smallest width, 5, got 6/);
    expect(() => deepSampler({ ...sizes, loss: 'mse' }, 1, backend)).toThrow(/units must be/);
  });
});
