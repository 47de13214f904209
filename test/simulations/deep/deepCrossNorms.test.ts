import { describe, expect, test } from '@jest/globals';
import { deepCrossSampler, drawDeepNetwork, type DeepNetworkSettings } from '../../../simulations/deep/index.js';
import { createBackend } from '../../../simulations/linalg/index.js';
import { randomStream } from '../../../simulations/random/index.js';

type Matrix = number[][];
const rowsOf = (values: Float64Array, columns: number): Matrix =>
  Array.from({ length: values.length / columns }, (_, r) => [...values.subarray(r * columns, (r + 1) * columns)]);
const apply = (matrix: Matrix, x: number[]): number[] =>
  matrix.map((row) => row.reduce((sum, entry, k) => sum + entry * x[k]!, 0));

const settings: Omit<DeepNetworkSettings, 'loss'> = {
  dimension: 4,
  samples: 6,
  widths: [5, 7, 6],
  classes: 4,
  logitVariance: 1.5,
};
const units = 2;
const seed = '2';

/** A network that can be moved in the rows of two layers, by its loss and outputs alone. */
function network(loss: 'mse' | 'ce') {
  const stream = randomStream(seed, 'deep-network', 0);
  const drawn = drawDeepNetwork({ ...settings, loss }, stream);
  const labels = Array.from({ length: settings.samples }, () => Math.floor(stream.uniform() * settings.classes));
  const fanIns = [settings.dimension, ...settings.widths];
  const inputs = rowsOf(drawn.inputs, settings.dimension);
  const layers = [...drawn.layers, drawn.readout].map((weights, k) => rowsOf(weights, fanIns[k]!));
  const outputs = (x: number[]): number[] =>
    layers.reduce((h, weights, k) => apply(weights, h).map((u) => (k < layers.length - 1 ? Math.max(0, u) : u)), x);
  const lossOf = (f: number[], label: number): number =>
    loss === 'mse'
      ? f.reduce((sum, value, c) => sum + (value - (c === label ? 1 : 0)) ** 2 / 2, 0)
      : Math.log(f.reduce((sum, value) => sum + Math.exp(value), 0)) - f[label]!;
  return { layers, inputs, labels, fanIns, outputs, lossOf };
}

/** R + K by mixed differences of the loss, K by differences of the outputs, which are linear in each layer between kinks. */
function blockOf(loss: 'mse' | 'ce', layer: number, i: number, above: number, j: number) {
  const { layers, inputs, labels, fanIns, outputs, lossOf } = network(loss);
  const [lower, upper] = [layers[layer - 1]![i]!, layers[above - 1]![j]!];
  const at = <Value>(moves: readonly (readonly [number[], number, number])[], value: () => Value): Value => {
    const kept = moves.map(([row, k]) => row[k]!);
    for (const [row, k, by] of moves) row[k]! += by;
    const out = value();
    moves.forEach(([row, k], m) => (row[k] = kept[m]!));
    return out;
  };
  const mean = () => inputs.reduce((sum, x, n) => sum + lossOf(outputs(x), labels[n]!), 0) / inputs.length;
  const mixed = (a: number, b: number, step: number): number => {
    const corner = (p: number, q: number) =>
      at(
        [
          [lower, a, p * step],
          [upper, b, q * step],
        ],
        mean,
      );
    return (corner(1, 1) - corner(1, -1) - corner(-1, 1) + corner(-1, -1)) / (4 * step * step);
  };
  const slopes = (row: number[], k: number): Matrix => {
    const step = 1e-3;
    const [ahead, behind] = [step, -step].map((by) => at([[row, k, by]], () => inputs.map(outputs)));
    return ahead!.map((f, n) => f.map((value, c) => (value - behind![n]![c]!) / (2 * step)));
  };
  const lowerSlopes = Array.from({ length: fanIns[layer - 1]! }, (_, a) => slopes(lower, a));
  const upperSlopes = Array.from({ length: fanIns[above - 1]! }, (_, b) => slopes(upper, b));
  const shares = inputs.map((x) => {
    const f = outputs(x);
    const total = f.reduce((sum, value) => sum + Math.exp(value), 0);
    return f.map((value) => Math.exp(value) / total);
  });
  const gaussNewton = (one: Matrix, other: Matrix): number =>
    one.reduce((sum, f, n) => {
      const g = other[n]!;
      if (loss === 'mse') return sum + f.reduce((all, value, c) => all + value * g[c]!, 0);
      const p = shares[n]!;
      const weighted = (v: number[]) => v.reduce((all, value, c) => all + p[c]! * value, 0);
      return sum + weighted(f.map((value, c) => value * g[c]!)) - weighted(f) * weighted(g);
    }, 0) / inputs.length;
  const whole = lowerSlopes.map((_, a) =>
    upperSlopes.map((__, b) =>
      loss === 'mse' ? mixed(a, b, 1e-3) : (4 * mixed(a, b, 1.5e-3) - mixed(a, b, 3e-3)) / 3,
    ),
  );
  const curvature = lowerSlopes.map((one) => upperSlopes.map((other) => gaussNewton(one, other)));
  return { whole, curvature, residual: whole.map((row, a) => row.map((value, b) => value - curvature[a]![b]!)) };
}

const square = (matrix: Matrix): number => matrix.flat().reduce((sum, value) => sum + value * value, 0);
const columnsOf = (matrix: Matrix): number[] => matrix[0]!.map((_, c) => square(matrix.map((row) => [row[c]!])));

describe('norms of blocks between layers', () => {
  test.each([
    ['mse', 7],
    ['ce', 5],
  ] as const)('%s: second derivatives of the loss, and the two parts', async (loss, digits) => {
    const found = deepCrossSampler(
      { ...settings, loss },
      units,
      await createBackend('wasm'),
    )(randomStream(seed, 'deep-network', 0));
    expect(found.map(({ layer, above }) => `${layer} ${above}`)).toEqual(['1 2', '1 3', '1 4', '2 3', '2 4', '3 4']);
    for (const { layer, above, residual, curvature, largestColumn, whole } of found) {
      const pairs = [0, 1].flatMap((i) => [0, 1].map((j) => blockOf(loss, layer, i, above, j)));
      const mean = (part: 'residual' | 'curvature') =>
        pairs.reduce((sum, block) => sum + square(block[part]), 0) / pairs.length;
      expect(residual / mean('residual')).toBeCloseTo(1, digits);
      expect(curvature / mean('curvature')).toBeCloseTo(1, digits);
      const same = [pairs[0]!.whole, pairs[3]!.whole];
      expect(whole / ((square(same[0]!) + square(same[1]!)) / 2)).toBeCloseTo(1, digits);
      const largest = same.map((block) => Math.max(...columnsOf(block)));
      expect(largestColumn / ((largest[0]! + largest[1]!) / 2)).toBeCloseTo(1, digits);
      // Neighbours: nothing of the residual part outside column i. Others: every column.
      const columns = pairs.map((block) => columnsOf(block.residual));
      const total = columns.flat().reduce((sum, value) => sum + value, 0);
      // Pairs (0, 0), (0, 1), (1, 0), (1, 1).
      const own = columns.reduce((sum, values, k) => sum + values[k < 2 ? 0 : 1]!, 0);
      if (above === layer + 1) expect(1 - own / total).toBeLessThan(10 ** -digits);
      else expect(1 - own / total).toBeGreaterThan(0.3);
    }
  });

  test('refuses units or classes that are not there', async () => {
    const backend = await createBackend('reference');
    expect(() => deepCrossSampler({ ...settings, loss: 'mse' }, 5, backend)).toThrow(/widths and classes, 4, got 5/);
  });
});
