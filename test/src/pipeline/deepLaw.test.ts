import { describe, expect, test } from '@jest/globals';
import { lawCommand } from '../../../src/pipeline/law/lawCommand.js';
import { modelLaw } from '../../../src/pipeline/law/modelLaw.js';
import { deepBlockLaw } from '../../../theory/deep/index.js';

const options = {
  ...{ model: 'deep', loss: 'mse', block: 'off-diagonal', depth: '2', width: '64', classes: '50', aspectRatio: '0.5' },
  layer: '1',
};

describe('limitlaw law --model deep', () => {
  test('given a signal: LeCun layers have twice the block of He layers with s² = 1/2', async () => {
    // v_1/2 = 1/2 divides; s² = v · (v_1/2)(v_2/2) = 1/4.
    const network = { loss: 'mse', dimension: Infinity, aspectRatio: 0.5, widths: [64, 64], classes: 50 } as const;
    const { law } = deepBlockLaw({
      network: { ...network, logitVariance: 1 / 4 },
      ...{ layer: 1, block: 'off-diagonal', signal: 1 },
    });
    const { moments, note } = await lawCommand({ ...options, signal: '1', initialisation: 'lecun', moments: '2' });
    expect(moments[0]! / (2 * law.moment(1))).toBeCloseTo(1, 9);
    expect(moments[1]! / (4 * law.moment(2))).toBeCloseTo(1, 9);
    expect(note).toMatch(/^Weights: 0 for a share of 0.7500 of the samples, of mean /);
  });

  test('second layer of a LeCun network: the block of a He network, divided by v_2/2, features v_1/2 as large', async () => {
    const network = { loss: 'mse', dimension: 128, aspectRatio: 0.5, widths: [64, 64, 64], classes: 50 } as const;
    const { law } = deepBlockLaw({
      // s² = v · (1/2)³.
      network: { ...network, logitVariance: 1 / 8 },
      ...{ layer: 2, block: 'off-diagonal', signal: 1 },
    });
    const lecun = { ...options, depth: '3', layer: '2', inputDimension: '128', initialisation: 'lecun', moments: '2' };
    const { moments, note } = await lawCommand({ ...lecun, signal: '1' });
    expect(moments[0]! / (2 * law.moment(1))).toBeCloseTo(1, 9);
    expect(moments[1]! / (4 * law.moment(2))).toBeCloseTo(1, 9);
    expect(note).toMatch(/The share is that of units of median share/);
    const given = await lawCommand({ ...lecun, openMean: '0.2', openDeviation: '0.1', openShare: '0.3' });
    // q m E t · v_1/2, E t = 1 − 1/π.
    expect(given.moments[0]).toBeCloseTo((0.06 * (1 - 1 / Math.PI)) / 2, 12);
  });

  test.each([{ layer: '2', inputDimension: '64', signal: '1', depth: '3' }, { signal: 'all' }])(
    'no matrices to draw, for compare, of %j',
    async (change) => {
      const { ensemble } = await modelLaw({ ...options, ...change });
      expect(() => ensemble(64)).toThrow(/the law of the bulk of this block is known, but no matrix to draw has it/);
    },
  );

  test('given the open weights', async () => {
    const given = { openMean: '0.2', openDeviation: '0.1', openShare: '0.3' };
    const { moments, atoms } = await lawCommand({ ...options, ...given, moments: '2' });
    // q m, and γ q (m² + v) + (q m)²; an atom 1 − q/γ.
    expect(moments[0]).toBeCloseTo(0.06, 12);
    expect(moments[1]).toBeCloseTo(0.5 * 0.3 * 0.05 + 0.06 ** 2, 12);
    expect(atoms[0]!.mass).toBeCloseTo(0.4, 12);
  });

  test.each([
    [{}, /are random from pair to pair of units/],
    [{ layer: '2', signal: '1' }, /quotients of dimension and widths: give the dimension/],
    [{ layer: '2', signal: 'all', inputDimension: '64' }, /no mean law over pairs is known: give a signal/],
    [{ activation: 'tanh', signal: '1' }, /with activation relu, not tanh/],
    [{ classes: 'inf', signal: '1' }, /have no scale in the limit/],
  ])('has no law of %j, and says why', async (change, note) => {
    const report = await lawCommand({ ...options, ...change });
    expect(report.support).toEqual([]);
    expect(report.note).toMatch(note);
  });

  test.each([
    [{ openMean: '1' }, /--open-mean and --open-deviation say together/],
    [{ openMean: '1', openDeviation: '-1' }, /--open-deviation must be at least 0, got '-1'/],
    [{ openMean: '1', openDeviation: '1', signal: '1' }, /--signal and --open-mean both/],
    [{ inputDimension: '0', signal: '1' }, /--input-dimension must be/],
    [{ openShare: '0.2' }, /--open-share goes with --signal/],
    [{ openShare: '2', signal: '1' }, /openShare must be above 0 and at most 1, got 2/],
    [{ openShare: '0.2', signal: 'all' }, /--open-share says nothing to --signal all/],
    [{ model: 'hidden', layer: 'hidden', depth: undefined, signal: '1' }, /--signal is for --model deep: leave it out/],
  ])('refuses %j', async (change, message) => {
    await expect(lawCommand({ ...options, ...change })).rejects.toThrow(message);
  });
});
