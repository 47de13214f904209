// Networks drawn at seeds of their own against the ratios. Scores are normal: beyond 4.2 once in 37 000, so that a false alarm of this
// file has a chance below 1e-3.
import { describe, expect, test } from '@jest/globals';
import { ratioOfMeans } from '../../../simulations/comparisons/index.js';
import { deepSampler, type DeepNetworkSettings } from '../../../simulations/deep/index.js';
import { createBackend } from '../../../simulations/linalg/index.js';
import { randomStream } from '../../../simulations/random/index.js';
import { deepRatios } from '../../../theory/deep/index.js';

const seed = 'deep ratios';
const largest = 4.2;

async function drawn(setting: DeepNetworkSettings, draws: number) {
  const sample = deepSampler(setting, 24, await createBackend('wasm'));
  const layers = Array.from({ length: draws }, (_, k) => sample(randomStream(seed, 'deep-network', k)));
  return deepRatios({ ...setting, aspectRatio: setting.dimension / setting.samples }).map((claim, k) => ({
    claim,
    ratio: ratioOfMeans(
      layers.map((each) => each[k]!.off),
      layers.map((each) => each[k]!.diagonal),
    ),
    // C_eff is a quotient of expectations the other way round.
    inverse: ratioOfMeans(
      layers.map((each) => each[k]!.squares),
      layers.map((each) => each[k]!.products),
    ),
  }));
}

const small = { dimension: 32, samples: 32, widths: [32, 32, 32], logitVariance: 1 } as const;

describe(`drawn networks (seed "${seed}")`, () => {
  test.each([
    ['mse', 30],
    ['ce', 30],
  ] as const)('%s, C = %d: every layer, and its C_eff', async (loss, classes) => {
    const found = await drawn({ ...small, loss, classes }, 600);
    for (const { claim, ratio, inverse } of found) {
      const error = Math.hypot(ratio.standardError, claim.error);
      expect(Math.abs(ratio.ratio - claim.ratio) / error).toBeLessThan(largest);
      const inverseError = Math.hypot(inverse.standardError, claim.error / claim.ratio / claim.effectiveOutputs);
      expect(Math.abs(inverse.ratio - 1 / claim.effectiveOutputs) / inverseError).toBeLessThan(largest);
    }
    // Wrong: the terms of order 1/width left out, in the last layer at least.
    const last = found.at(-1)!;
    expect(Math.abs(last.ratio.ratio - last.claim.leading) / last.ratio.standardError).toBeGreaterThan(
      loss === 'ce' ? largest : 2,
    );
  });

  test('cross-entropy, more classes than units: fluctuations of the layers multiply, and nearly double r in the last', async () => {
    const last = (await drawn({ ...small, loss: 'ce', classes: 300 }, 400)).at(-1)!;
    const { ratio, standardError } = last.ratio;
    expect(Math.abs(ratio - last.claim.ratio) / Math.hypot(standardError, last.claim.error)).toBeLessThan(largest);
    expect(Math.abs(ratio - last.claim.leading) / standardError).toBeGreaterThan(largest);
  });

  test('wrong: one width left out, or C alone', async () => {
    const setting = {
      dimension: 64,
      samples: 64,
      widths: [64, 48, 64],
      logitVariance: 1,
      loss: 'mse',
      classes: 300,
    } as const;
    const [first] = await drawn(setting, 40);
    const without = (widths: number[]) => deepRatios({ ...setting, aspectRatio: 1, widths })[0]!.ratio;
    const score = (value: number) => Math.abs(first!.ratio.ratio - value) / first!.ratio.standardError;
    expect(score(first!.claim.ratio)).toBeLessThan(largest);
    expect(score(without([64, 48, Infinity]))).toBeGreaterThan(3 * largest);
    expect(score(without([64, Infinity, 64]))).toBeGreaterThan(3 * largest);
    expect(score(without([Infinity, Infinity, Infinity]))).toBeGreaterThan(3 * largest);
  });
});
