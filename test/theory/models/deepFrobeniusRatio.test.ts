import { describe, expect, test } from '@jest/globals';
import { deepRatios } from '../../../theory/deep/index.js';
import { blockLaw, frobeniusRatio } from '../../../theory/models/index.js';
import type { FrobeniusRatioSpec } from '../../../theory/models/index.js';

const network = { loss: 'ce', dimension: 96, aspectRatio: 0.5, widths: [64, 80], classes: 50 } as const;
const spec = { ...network, model: 'deep', layer: 'hidden-1' } as const satisfies FrobeniusRatioSpec;

describe('ratios of a deep model', () => {
  test('are those of the network, a layer at a time', () => {
    const [first, second] = deepRatios({ ...network, logitVariance: 1.5 });
    const given = frobeniusRatio({ ...spec, logitVariance: 1.5 });
    expect([given.ratio, given.ratioError, given.exponent]).toEqual([first!.ratio, first!.error, 1]);
    expect(frobeniusRatio({ ...spec, layer: 'hidden-2', logitVariance: 1.5 }).ratio).toBe(second!.ratio);
    expect(given.limit).toBe(Infinity);
    expect(given.reason).toContain(`r falls to ${first!.floor.toPrecision(4)}`);
    // Nothing stands above the last layer.
    expect(frobeniusRatio({ ...spec, layer: 'hidden-2', logitVariance: 1.5 })).not.toHaveProperty('reason');
  });

  // ReLU is homogeneous: s² is the variance factor of V times half of each layer's. By hand, for L = 2: LeCun 1·(1/2)²,
  // He 2·1², Xavier with 2/(1 + fan-out/fan-in).
  test.each([
    ['lecun', 1 / 4],
    ['he', 2],
    ['xavier', (1 / (1 + 64 / 96)) * (1 / (1 + 80 / 64)) * (2 / (1 + 50 / 80))],
  ] as const)('%s makes logits of variance %f', (initialisation, logitVariance) => {
    const { ratio } = frobeniusRatio({ ...spec, initialisation });
    expect(ratio / frobeniusRatio({ ...spec, logitVariance }).ratio).toBeCloseTo(1, 12);
    expect(
      Math.abs(ratio / frobeniusRatio({ ...spec, logitVariance: 1.05 * logitVariance }).ratio - 1),
    ).toBeGreaterThan(1e-4);
  });

  test("Xavier's logits vanish with C, so that cross-entropy has the limit of squared error", () => {
    const last = { ...spec, layer: 'hidden-2', initialisation: 'xavier' } as const;
    expect(frobeniusRatio(last).limit).toBeCloseTo(frobeniusRatio({ ...last, loss: 'mse' }).limit, 12);
  });

  // One hidden layer that is wider than all else, d → ∞: the closed form of the hidden model with normal V.
  test('with one layer they are those of the hidden model under squared error', () => {
    const one = { loss: 'mse', aspectRatio: 0.7, classes: 12 } as const;
    const deep = frobeniusRatio({ ...one, model: 'deep', layer: 'hidden-1', widths: [Infinity] });
    const hidden = frobeniusRatio({ ...one, model: 'hidden', layer: 'hidden', width: 8 });
    expect(deep.ratio / hidden.ratio).toBeCloseTo(1, 10);
    expect(deep.limit / hidden.limit).toBeCloseTo(1, 10);
  });

  test.each<[Partial<FrobeniusRatioSpec>, RegExp]>([
    [{ activation: 'tanh' }, /known with activation relu, got tanh/],
    [{ initialisation: 'pytorch' }, /known for normal entries, got initialisation pytorch; give lecun, he or xavier/],
    [{ layer: 'output' }, /no ratio of the output layer of a deep network is known under ce/],
    [{ layer: 'hidden-3' }, /the deep model has a hidden-1 layer and a hidden-2 layer and an output layer only/],
  ])('refuses %j', (change, message) => {
    expect(() => frobeniusRatio({ ...spec, ...change })).toThrow(message);
  });

  test('where a law needs more, or none is known, a sentence says so; blocks that are exactly zero have one', () => {
    const noteOf = (layer: typeof spec.layer | 'hidden-2' | 'output') =>
      blockLaw({ ...spec, layer, block: 'diagonal' }).note;
    for (const layer of ['hidden-1', 'hidden-2'] as const)
      expect(noteOf(layer)).toMatch(/^The weights of a diagonal block are random from pair to pair of units/);
    expect(noteOf('output')).toMatch(/^No limit law is known here for these blocks/);
    const zero = blockLaw({ ...spec, loss: 'mse', layer: 'output', block: 'off-diagonal' });
    expect(zero.law!.atoms).toEqual([{ at: 0, mass: 1 }]);
  });
});
