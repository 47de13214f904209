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

describe('above the first layer', () => {
  const finite = { ...network, dimension: 128 };
  const open = { mean: 0.2, deviation: 0.1 };

  test.each([1, 2, 3])('layer %d: first two moments in closed form', (layer) => {
    const { law } = deepBlockLaw({ network: finite, layer, block: 'off-diagonal', open, openShare: 0.3 });
    // m_1 = E a E t and m_2 = (E a)² E t² + γ E a² (E t)², d/N = 1/2. The covariance of the features: E t = 1 − ρ, ρ_1 = 1/π and
    // ρ_2 = J(ρ_1) (Cho & Saul 2009); in the second layer t = MP(2)/2 + 1/2 − 1/π: E t² − (E t)² = 2/4.
    const second = (Math.sqrt(1 - Math.PI ** -2) + (Math.PI - Math.acos(1 / Math.PI)) / Math.PI) / Math.PI;
    const [width, mean] = [
      [128, 1],
      [256, 1 - 1 / Math.PI],
      [192, 1 - second],
    ][layer - 1]! as [number, number];
    expect(law.aspectRatio).toBeCloseTo((0.5 * width) / 128, 12);
    expect(law.moment(1)).toBeCloseTo(0.06 * mean, 11);
    if (layer < 3) {
      const square = mean ** 2 + (layer === 1 ? 0 : 0.5);
      expect(law.moment(2)).toBeCloseTo(0.06 ** 2 * square + law.aspectRatio * 0.3 * 0.05 * mean ** 2, 12);
    }
    // Of the law itself: ∫ P(λ > x) dx − ∫ P(λ ≤ x) dx on either side of 0, by the midpoint rule in √x.
    const [[bottom], [, top]] = [law.support[0]!, law.support.at(-1)!];
    const steps = Array.from({ length: 60 }, (_, k) => (k + 0.5) / 60);
    const side = (end: number, tail: (x: number) => number) =>
      steps.reduce((sum, u) => sum + (2 * u * tail(end * u * u)) / 60, 0) * end;
    const sum = side(top, law.survival) + side(bottom, law.cdf);
    expect(sum / law.moment(1)).toBeCloseTo(1, 3);
  });

  test('without deviation the weights are atoms, the limit of smooth ones', () => {
    const given = (deviation: number) =>
      deepBlockLaw({ network: finite, layer: 2, block: 'off-diagonal', open: { mean: 0.2, deviation } }).law;
    const [atoms, smooth] = [given(0), given(1e-6)];
    for (const p of [0.9, 0.95, 0.99]) expect(smooth.cdf(atoms.quantile(p))).toBeCloseTo(p, 6);
    expect(atoms.atoms[0]!.mass).toBeCloseTo(1 - 0.25 / 1, 12);
  });

  test('weights of the other sign reflect the law', () => {
    const given = (mean: number) =>
      deepBlockLaw({ network: finite, layer: 2, block: 'off-diagonal', open: { mean, deviation: 0.1 } }).law;
    for (const x of [-0.05, 0.02, 0.1]) expect(given(-0.2).survival(-x)).toBeCloseTo(given(0.2).cdf(x), 11);
  });
});

test.each([
  [{ layer: 2, signal: 1 }, /quotients of dimension and widths, which must be finite, got Infinity, 256/],
  [{ layer: 2 }, /no mean law over pairs is known, got layer 2/],
  [{ layer: 4 }, /layer must be a hidden layer, from 1 to 3, got 4/],
  [{ layer: 1, signal: NaN }, /signal must be a finite number, got NaN/],
  [{ layer: 1, signal: 1, open: { mean: 1, deviation: 1 } }, /signal and open exclude each other/],
  [{ layer: 1, network: { ...network, classes: Infinity } }, /no scale; give finite numbers/],
  [{ layer: 1, network: { ...network, widths: [50], loss: 'mse' as const } }, /is not smooth; give a signal/],
  [{ layer: 1, network: { ...network, aspectRatio: -1 } }, /aspectRatio must be/],
])('refuses %j', (change, message) =>
  expect(() => deepBlockLaw({ network, block: 'off-diagonal', ...change })).toThrow(message),
);
