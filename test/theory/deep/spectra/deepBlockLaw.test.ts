import { describe, expect, test } from '@jest/globals';
import { deepBlockLaw, deepOpenWeights, deepRatios, type DeepNetwork } from '../../../../theory/deep/index.js';
import { marchenkoPastur } from '../../../../theory/gmp/index.js';
import { signalMoments } from '../../../../theory/deep/spectra/weightSignals.js';

const network: DeepNetwork = {
  ...{ loss: 'mse', dimension: Infinity, aspectRatio: 0.5, widths: [256, 192, 320], classes: 50, logitVariance: 1.3 },
};

describe('second moments of laws and the ratio of norms', () => {
  test.each([
    ['mse', [256, 192, 320], 0.5],
    ['ce', [256, 192, 320], 2],
    ['ce', [64], 0.7],
  ] as const)('%s, widths %j, aspect ratio %d: `deepRatios` in leading order', (loss, widths, aspectRatio) => {
    const setting = { ...network, loss, widths, aspectRatio };
    const { overlap, sharedOverlap, traces, sharedTraces } = signalMoments(setting, 1, { order: 'leading' });
    // γ E a² + E (E a)² over ξ, q = 1/4 and 1/2; both sides sum over pairs of samples, equal and different ones.
    const off = (aspectRatio * overlap) / 4 + sharedOverlap / 16;
    const diagonal = (aspectRatio * (traces + 2 * overlap)) / 2 + (sharedTraces + 2 * sharedOverlap) / 4;
    expect(off / diagonal / deepRatios(setting)[0]!.leading).toBeCloseTo(1, 12);
    // What is left out of that is of relative order 1/width.
    const next = signalMoments(setting, 1);
    expect(Math.abs(next.overlap / overlap - 1)).toBeLessThan(8 / Math.min(...widths));
    expect(Math.abs(next.traces / traces - 1)).toBeLessThan(8 / Math.min(...widths));
  });

  test('of the mean law over all pairs', () => {
    const { overlap, sharedOverlap } = signalMoments(network, 1);
    const { law } = deepBlockLaw({ network, layer: 1, block: 'off-diagonal' });
    expect(law.moment(2) / (overlap / 8 + sharedOverlap / 16)).toBeCloseTo(1, 8);
  });

  test('and in the last layer under squared error, where weights are v_i·v_j', () => {
    const { openShare, mean, deviation } = deepOpenWeights(network, { layer: 3, block: 'off-diagonal' }, 1);
    expect(deviation).toBe(0);
    expect(openShare).toBe(1 / 4);
    // E (v_i·v_j)² = C (s²/n_L)².
    expect(mean ** 2 / (50 * (1.3 / 320) ** 2)).toBeCloseTo(1, 10);
    const diagonal = deepOpenWeights(network, { layer: 3, block: 'diagonal' }, 0);
    // E |v_i|² = C s²/n_L.
    expect(diagonal.mean / ((50 * 1.3) / 320)).toBeCloseTo(1, 10);
  });

  test('one hidden layer: C·r of one wide layer under squared error, in closed form', () => {
    const setting = { ...network, widths: [1000] };
    const moment = (block: 'diagonal' | 'off-diagonal', signal: number) =>
      deepBlockLaw({ network: setting, layer: 1, block, signal }).law.moment(2);
    // E over ξ of (√Z + √(2Y)ξ)² = Z + 2Y, by ξ = ±1 with equal chances.
    const diagonal = (moment('diagonal', 1) + moment('diagonal', -1)) / 2;
    // (4γ + 1)/(4(2γ + 1)(C + 2)), the ratio of one hidden layer of ReLU units (paper-notes.md, hidden MSE ratio).
    expect(moment('off-diagonal', 1) / diagonal).toBeCloseTo(3 / (8 * 52), 12);
  });
});

describe('laws', () => {
  test('on the diagonal of a layer with many outputs: half of MP(2γ), scaled', () => {
    const setting = { ...network, widths: [1e5, 1e5], classes: 1e7 };
    const { law, openWeights } = deepBlockLaw({ network: setting, layer: 1, block: 'diagonal', signal: 0 });
    // E a = C s² 2/n · ½; C_eff ≈ n/2 leaves a deviation of order 1/√n, of which γ E a² is less sensitive.
    expect(openWeights!.mean).toBeCloseTo((1e7 * 1.3) / 1e5, 0);
    const closed = marchenkoPastur(0.5, { scale: openWeights!.mean, liveFraction: 0.5 });
    for (const p of [0.2, 0.5, 0.9]) expect(law.cdf(closed.quantile(p))).toBeCloseTo(p, 3);
  });

  test('over all pairs: the mean of the laws given signals, at twice as many', () => {
    const { law } = deepBlockLaw({ network, layer: 1, block: 'off-diagonal' });
    const given = (x: number) => {
      let sum = 0;
      let total = 0;
      for (let signal = -5.94; signal < 6; signal += 0.22) {
        const density = Math.exp(-(signal ** 2) / 2);
        total += density;
        sum += density * deepBlockLaw({ network, layer: 1, block: 'off-diagonal', signal }).law.cdf(x);
      }
      return sum / total;
    };
    const scale = Math.sqrt(law.moment(2));
    for (const x of [-0.7 * scale, 0.3 * scale]) expect(Math.abs(given(x) - law.cdf(x))).toBeLessThan(1e-8);
    // Even, with as many zeros as pairs of shut gates leave: 1 − q/γ.
    expect(law.moment(3) / scale ** 3).toBeCloseTo(0, 10);
    expect(law.atoms[0]!.mass).toBeCloseTo(0.5, 12);
    expect(law.quantile(law.cdf(scale))).toBeCloseTo(scale, 9);
    expect(law.quantile(0.5)).toBe(0);
  });

  test('given open weights', () => {
    const given = { mean: 0.2, deviation: 0.1 };
    const { law, openWeights } = deepBlockLaw({ network, layer: 1, block: 'off-diagonal', open: given });
    expect(openWeights).toEqual({ ...given, openShare: 0.25 });
    // E a and γ E a² + (E a)².
    expect(law.moment(1)).toBeCloseTo(0.05, 12);
    expect(law.moment(2)).toBeCloseTo(0.5 * 0.25 * 0.05 + 0.05 ** 2, 12);
  });
});

test.each([
  [{ layer: 2, signal: 1 }, /a law is known of the first layer alone, whose inputs are normal, got layer 2/],
  [{ layer: 4 }, /layer must be a hidden layer, from 1 to 3, got 4/],
  [{ layer: 1, signal: NaN }, /signal must be a finite number, got NaN/],
  [{ layer: 1, signal: 1, open: { mean: 1, deviation: 1 } }, /signal and open exclude each other/],
  [{ layer: 1, network: { ...network, classes: Infinity } }, /no scale; give finite numbers/],
  [{ layer: 1, network: { ...network, widths: [50], loss: 'mse' as const } }, /is not smooth; give a signal/],
  [{ layer: 1, network: { ...network, aspectRatio: -1 } }, /aspectRatio must be/],
])('refuses %j', (change, message) =>
  expect(() => deepBlockLaw({ network, block: 'off-diagonal', ...change })).toThrow(message),
);
