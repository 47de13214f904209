import { describe, expect, test } from '@jest/globals';
import { crossBlock, fullHessian } from '../../../simulations/blocks/index.js';
import type { DrawSettings } from '../../../simulations/contracts.js';
import { observeMark, type MarkObservation } from '../../../simulations/dynamics/index.js';
import { referenceBackend, wasmBackend } from '../../../simulations/linalg/index.js';
import { drawFromParts, drawReplicate, type Draw } from '../../../simulations/models/index.js';
import { losses } from '../../../theory/names.js';

// Norms against the blocks themselves, which other tests hold against second derivatives of the loss.

const backend = wasmBackend();
const small = { activation: 'relu', initialisation: 'lecun', dimension: 7, samples: 60, classes: 4, width: 3 } as const;

function drawOf(settings: Partial<DrawSettings>, on = backend): Draw {
  const all: DrawSettings = { model: 'hidden', loss: 'ce', ...small, ...settings };
  return drawReplicate(all, on.createWorkspace(all.dimension, all.samples), 'norms', 0);
}

const look = (draw: Draw, options = {}) => observeMark(draw, { step: 0, data: 'train', backend, ...options });
const squares = (values: Float64Array) => values.reduce((sum, value) => sum + value * value, 0);
const relative = (actual: number, expected: number) => Math.abs(actual - expected) / Math.abs(expected || 1);

/** Sums of squared norms over the diagonal and the off-diagonal blocks of each layer. */
function normsOfBlocks(draw: Draw) {
  return draw.model.layers.map(({ count, matrix }) => {
    const rows = count(draw.settings);
    let [diagonal, offDiagonal] = [0, 0];
    for (let i = 0; i < rows; i++)
      for (let j = 0; j < rows; j++)
        if (i === j) diagonal += squares(matrix(draw, i, i));
        else offDiagonal += squares(matrix(draw, i, j));
    return { diagonal: diagonal / rows, offDiagonal: offDiagonal / (rows * (rows - 1)), total: diagonal + offDiagonal };
  });
}

const cases = [
  { model: 'hidden', activation: 'relu' },
  { model: 'hidden', activation: 'tanh' },
  { model: 'linear', activation: 'relu' },
  // Few samples: kernels over pairs of samples multiply less than blocks.
  { model: 'linear', activation: 'relu', samples: 12, classes: 6 },
  { model: 'hidden', activation: 'gelu', samples: 12, classes: 10, width: 12 },
  { model: 'hidden', activation: 'relu', samples: 12, classes: 10, width: 12 },
] as const;

describe.each(losses.flatMap((loss) => cases.map((own) => ({ ...own, loss }))))('$model $activation $loss', (own) => {
  const draw = drawOf(own);
  const mark = look(draw);

  test('norms of layers are those of their blocks', () => {
    normsOfBlocks(draw).forEach((expected, k) => {
      for (const key of ['diagonal', 'offDiagonal', 'total'] as const)
        expect(relative(mark.layers[k]![key], expected[key])).toBeLessThan(1e-11);
      const { norms, total } = mark.layers[k]!;
      if (norms !== null)
        expect(
          relative(
            norms.flat().reduce((sum, norm) => sum + norm, 0),
            total,
          ),
        ).toBeLessThan(1e-12);
    });
  });

  test('cross-layer norms are those of their blocks, and the share that of the whole matrix', () => {
    const whole = fullHessian(draw);
    const eigenvalues = referenceBackend().symmetricEigenvalues(whole, mark.spectrum!.order);
    expect(Math.abs(mark.spectrum!.smallest - eigenvalues[0]!)).toBeLessThan(1e-12 * eigenvalues.at(-1)!);
    if (mark.cross === null) {
      expect([own.model, mark.crossShare, mark.units]).toEqual(['linear', null, []]);
      expect(mark.exact.map(({ id, holds }) => [id, holds])).toEqual([
        ['E7-smallest', true],
        ['E7-negative', true],
      ]);
      return;
    }
    const total = { residual: 0, curvature: 0, inner: 0, total: 0 };
    for (let i = 0; i < draw.settings.width; i++) {
      for (let j = 0; j < draw.settings.classes; j++) {
        const block = crossBlock(draw, i, j);
        for (const part of ['residual', 'curvature', 'total'] as const) total[part] += squares(block[part]);
        block.residual.forEach((value, e) => (total.inner += value * block.curvature[e]!));
      }
    }
    for (const [part, expected] of Object.entries(total) as [keyof typeof total, number][])
      expect(relative(mark.cross![part], expected)).toBeLessThan(1e-11);
    expect(relative(mark.crossShare!, (2 * total.total) / squares(whole))).toBeLessThan(1e-11);
  });
});

test('overlaps of units are what the weights of w–w blocks are made of under the squared error', () => {
  // a = (v_i·v_j) σ′_i σ′_j, so that E a is the product of the two overlaps; and E a² the same of gates with one factor more.
  const draw = drawOf({ loss: 'mse' });
  const { overlaps, blocks, units } = look(draw);
  for (const { i, j, mean, power } of blocks) {
    const [readout, slopes] = [overlaps!.readout[i]![j]!, overlaps!.slopes[i]![j]!];
    expect(relative(mean, readout * slopes)).toBeLessThan(1e-13);
    expect(relative(power, readout ** 2 * slopes)).toBeLessThan(1e-13);
  }
  expect(blocks.map(({ i, j }) => [i, j])).toEqual([
    [0, 0],
    [0, 1],
  ]);
  units.forEach(({ readoutPower, slopePower }, i) => {
    expect(relative(overlaps!.readout[i]![i]!, readoutPower)).toBeLessThan(1e-13);
    expect(relative(overlaps!.slopes[i]![i]!, slopePower)).toBeLessThan(1e-13);
  });
  expect(look(drawOf({ model: 'linear' })).overlaps).toBeNull();
});

test('a unit that no sample opens is named, kept in sums and left out of means', () => {
  const alive = drawOf({});
  const { settings, workspace, labels, readout } = alive;
  const hiddenLayer = alive.hiddenLayer.slice();
  // Minus the first input coordinate's sign: with inputs made positive the unit never opens.
  hiddenLayer.fill(0, settings.dimension, 2 * settings.dimension);
  hiddenLayer[settings.dimension] = -1;
  for (let n = 0; n < settings.samples; n++)
    workspace.inputs[n * settings.dimension] = Math.abs(workspace.inputs[n * settings.dimension]!);
  const draw = drawFromParts({
    settings,
    workspace,
    labels,
    hiddenLayer,
    readout: readout.rows([0, 1, 2, 3]),
    wanted: {},
  });
  const mark = look(draw);
  expect(mark.dead).toEqual([1]);
  expect(mark.units[1]).toMatchObject({ slopePower: 0, largestGram: 0, residualRatio: null, residualScore: null });
  expect(mark.units[0]!.residualScore).not.toBeNull();
  expect(mark.blocks.map(({ i, j }) => [i, j])).toEqual([
    [0, 0],
    [0, 2],
  ]);
  const { norms, diagonal, total } = mark.layers[0]!;
  expect(relative(diagonal, (norms![0]![0]! + norms![2]![2]!) / 2)).toBeLessThan(1e-14);
  expect(
    relative(
      total,
      norms!.flat().reduce((sum, norm) => sum + norm, 0),
    ),
  ).toBeLessThan(1e-14);
  expect(mark.exact.filter(({ holds }) => !holds)).toEqual([]);
});

// Two of three outputs 40 below the label's: p_y rounds to 1, and by 1 − p_y the residual would be 0.
test('loss and residual keep their digits where a probability rounds to 1', () => {
  const settings = { model: 'linear', loss: 'ce', ...small, dimension: 2, samples: 1, classes: 3 } as const;
  const workspace = backend.createWorkspace(2, 1);
  workspace.inputs.set([1, 0]);
  const readout = Float64Array.from([40, 0, 0, 0, 0, 0]);
  const seen = (label: number) =>
    look(
      drawFromParts({ settings, workspace, labels: Int32Array.of(label), hiddenLayer: new Float64Array(0), readout }),
    );
  const e = Math.exp(-40);
  const right = seen(0);
  expect(relative(right.residualPower, (6 * e * e) / (1 + 2 * e) ** 2)).toBeLessThan(1e-14);
  expect(relative(right.loss, Math.log1p(2 * e))).toBeLessThan(1e-14);
  expect(right.accuracy).toBe(1);
  const wrong = seen(1);
  expect(relative(wrong.loss, 40)).toBeLessThan(1e-14);
  expect(relative(wrong.residualPower, 2)).toBeLessThan(1e-14);
  expect(wrong.accuracy).toBe(0);
});

test('an observation is plain data, and every backend sees the same', () => {
  const mark = look(drawOf({ loss: 'mse' }));
  expect(JSON.parse(JSON.stringify(mark))).toEqual(mark);
  const other: MarkObservation = look(drawOf({ loss: 'mse' }, referenceBackend()), { backend: referenceBackend() });
  expect(relative(other.cross!.total, mark.cross!.total)).toBeLessThan(1e-13);
  other.units.forEach((unit, i) =>
    expect(relative(unit.residualScore!, mark.units[i]!.residualScore!)).toBeLessThan(1e-11),
  );
});
