import { describe, expect, test } from '@jest/globals';
import { deepCrossNorms, deepRatios, type DeepNetwork } from '../../../theory/deep/index.js';
import { crossLayerNorms } from '../../../theory/norms/crossLayer.js';

const network: DeepNetwork = {
  loss: 'mse',
  dimension: 100,
  aspectRatio: 0.5,
  widths: [100, 100, 100],
  classes: 50,
  logitVariance: 1,
};

describe('blocks between layers', () => {
  // The closed forms of one hidden layer, exact in m and C (squared error), or to leading order in 1/C.
  test.each([
    ['mse', 30, 1e-4],
    ['ce', 1e6, 1e-4],
  ] as const)('%s: one hidden layer, wide, is that of the hidden model', (loss, classes, tolerance) => {
    const width = 1e5;
    const [found] = deepCrossNorms({ ...network, loss, classes, dimension: 1e6, widths: [width], logitVariance: 0.8 });
    const known = crossLayerNorms({
      loss,
      ...{ width, classes, aspectRatio: network.aspectRatio },
      hidden: { varianceFactor: 2, distribution: 'normal' },
      output: { varianceFactor: 0.8, distribution: 'normal' },
    });
    expect([found!.layer, found!.above]).toEqual([1, 2]);
    expect(Math.abs(found!.residual / known.residual - 1)).toBeLessThan(tolerance);
    expect(Math.abs(found!.curvature / known.curvature - 1)).toBeLessThan(tolerance);
  });

  test('every pair of layers, in order; how curvature grows with the widths at C in proportion', () => {
    const norms = deepCrossNorms(network);
    expect(norms.map(({ layer, above }) => `${layer} ${above}`)).toEqual(['1 2', '1 3', '1 4', '2 3', '2 4', '3 4']);
    const wide = deepCrossNorms({ ...network, widths: [1e4, 1e4, 1e4], classes: 5e3, dimension: 1e4 });
    const wider = deepCrossNorms({ ...network, widths: [1e5, 1e5, 1e5], classes: 5e4, dimension: 1e5 });
    // Inputs of the first layer are nearly orthogonal, those of others are not.
    wide.forEach(({ layer, above, curvature }, k) => {
      if (above < 4) expect(wider[k]!.curvature / curvature / (layer === 1 ? 1 : 10)).toBeCloseTo(1, 2);
    });
  });

  // One sample: signals keep their length from layer to layer, shared by n_L/n_ℓ: E‖K‖² = s²|h_{ℓ−1}|² n_L/(2n_ℓ) with the readout.
  test('one sample, squared error: the curvature with the readout by hand, at any depth', () => {
    const single = deepCrossNorms({
      ...network,
      aspectRatio: network.dimension,
      widths: [80, 120, 60],
      logitVariance: 0.7,
    });
    const readout = single.filter(({ above }) => above === 4).map(({ curvature }) => curvature);
    [100 * (60 / 80), 80 * (60 / 120), 120].forEach((size, k) => expect(readout[k]).toBeCloseTo((0.7 * size) / 2, 9));
  });

  // One sample, unit i of the first layer and j of the second and last, V with entries of variance τ = s²/n₂. K: a = v_jᵀ Σ_m v_m g_m w_mi g_i g_j, and
  // E w² = 2/n₁, E|v|⁴ = τ²(C² + 2C), E(v_j·v_m)² = τ²C. R: v_jᵀr = |v_j|² h_j + Σ v_j·v_m h_m − v_jy with E h² = 1, to leading order in C and n₂.
  test('one sample, squared error: both parts of a block between two hidden layers by hand', () => {
    const [dimension, n2, classes, s2] = [100, 120, 50, 0.7];
    const change = { dimension, aspectRatio: dimension, widths: [80, n2], classes, logitVariance: s2 };
    const { residual, curvature } = deepCrossNorms({ ...network, ...change }).find(({ above }) => above === 2)!;
    const t = s2 / n2;
    expect(curvature).toBeCloseTo(
      (dimension / 2) * t ** 2 * (classes ** 2 + 2 * classes + ((n2 - 1) * classes) / 2),
      9,
    );
    expect(residual).toBeCloseTo((dimension / 2) * (t ** 2 * (classes ** 2 + (classes * n2) / 2) + t / 2), 9);
  });

  test.each([{ dimension: Infinity }, { classes: Infinity }, { widths: [64, Infinity] }])(
    'refuses infinite sizes: %j',
    (change) => {
      expect(() => deepCrossNorms({ ...network, ...change })).toThrow(/dimension, widths and classes must be finite/);
      expect(() => deepRatios({ ...network, ...change })).not.toThrow();
    },
  );
});
