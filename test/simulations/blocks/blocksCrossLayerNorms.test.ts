import { describe, expect, test } from '@jest/globals';
import { crossLayerNorms, crossLayerNormsGivenReadout, type CrossLayerSpec } from '../../../theory/norms/crossLayer.js';
import {
  normalReadoutCoordinates,
  quadratureReadoutCoordinates,
  uniformGeneratingFunction,
} from '../../../theory/norms/readoutCoordinates.js';
import { UsageError } from '../../../theory/errors.js';

const normal = (varianceFactor: number) => ({ varianceFactor, distribution: 'normal' as const });
const lecun = { width: 8, aspectRatio: 0.1, hidden: normal(1), output: normal(1) } as const;

describe('factors of one hidden unit', () => {
  // M(x) = e^{t x²/2} for a normal entry of variance t.
  const ofNormal = (t: number) => (x: number) => {
    const value = Math.exp((t * x * x) / 2);
    return [value, t * x * value, (t + t * t * x * x) * value] as const;
  };

  test.each([
    [1, 1 / 8],
    [2, 0.05],
    [1 / 3, 0.3],
  ])('closed form equals quadrature, variances %d and %d', (w, t) => {
    const closed = normalReadoutCoordinates(w, t);
    const quadrature = quadratureReadoutCoordinates(w, ofNormal(t));
    for (const key of Object.keys(closed) as (keyof typeof closed)[]) {
      expect(Math.abs(quadrature[key] / closed[key] - 1)).toBeLessThan(1e-12);
    }
    expect(quadratureReadoutCoordinates(w, ofNormal(1.01 * t)).ownPair / closed.ownPair).toBeGreaterThan(1.005);
  });

  test('sinh(bx)/(bx) and its derivatives join smoothly where the series takes over', () => {
    const generate = uniformGeneratingFunction(2);
    for (const x of [1e-9, 0.02, 0.049999, 0.050001, 1.3, -0.7]) {
      // E e^{xv}, E v e^{xv}, E v² e^{xv} over v uniform on (−2, 2), by Simpson's rule.
      const panels = 2000;
      const expected = [0, 0, 0];
      for (let k = 0; k <= panels; k++) {
        const v = -2 + (4 * k) / panels;
        const weight = (k === 0 || k === panels ? 1 : k % 2 === 0 ? 2 : 4) / (3 * panels);
        expected.forEach((_, power) => (expected[power]! += weight * v ** power * Math.exp(x * v)));
      }
      generate(x).forEach((value, power) =>
        expect(Math.abs(value - expected[power]!)).toBeLessThan(1e-11 * Math.max(1, Math.abs(expected[power]!))),
      );
    }
  });
});

describe('cross-layer norms', () => {
  test('squared error: the ratio tends to 1 as classes grow, with excess of order 1/C', () => {
    const excess = (classes: number) => crossLayerNorms({ ...lecun, loss: 'mse', classes }).ratio - 1;
    expect(excess(1e7)).toBeLessThan(1e-6);
    expect(excess(1e5) / excess(1e6)).toBeCloseTo(10, 2);
  });

  test('squared error at width 1: residual and curvature by hand', () => {
    // width 1, all variance factors 1: curvature γ/2 + 1/4; residual adds γ/(2C) + 1/(2πC²).
    const { residual, curvature, column, otherColumns } = crossLayerNorms({
      ...lecun,
      width: 1,
      loss: 'mse',
      classes: 3,
    });
    expect(curvature).toBeCloseTo(0.3, 14);
    expect(residual).toBeCloseTo(0.3 + 0.1 / 6 + 1 / (18 * Math.PI), 14);
    expect(column).toBeCloseTo(residual + 0.9, 14);
    expect(otherColumns).toBe(0);
  });

  test('cross-entropy: the ratio grows like C', () => {
    const ratio = (classes: number) => crossLayerNorms({ ...lecun, loss: 'ce', classes }).ratio;
    expect(ratio(1e6) / ratio(1e5)).toBeCloseTo(10, 3);
  });

  test('cross-entropy with logits near zero: the curvature is that of the squared error over C²', () => {
    const small = { ...lecun, hidden: normal(1e-4), output: normal(1e-4), classes: 50 };
    const quotient =
      crossLayerNorms({ ...small, loss: 'ce' }).curvature / crossLayerNorms({ ...small, loss: 'mse' }).curvature;
    expect(quotient * 50 ** 2).toBeCloseTo(1, 6);
  });

  test('cross-entropy: Infinity with its reason where the second moment is infinite', () => {
    const he = crossLayerNorms({ ...lecun, loss: 'ce', classes: 10, hidden: normal(2), output: normal(2) });
    expect(he.curvature).toBe(Infinity);
    expect(he.reason).toMatch(/below 1\/2/);
  });

  test.each<[string, Partial<CrossLayerSpec>]>([
    ['classes', { classes: 1 }],
    ['classes', { classes: 2.5 }],
    ['width', { width: 0 }],
    ['aspectRatio', { aspectRatio: Number.NaN }],
    ['aspectRatio', { aspectRatio: -1 }],
  ])('a wrong %s is refused', (name, change) => {
    expect(() => crossLayerNorms({ ...lecun, loss: 'ce', classes: 10, ...change })).toThrow(UsageError);
    expect(() => crossLayerNorms({ ...lecun, loss: 'ce', classes: 10, ...change })).toThrow(name);
  });

  test.each([
    ['width', { width: 9 }],
    ['readout', { readout: new Float64Array(5) }],
    ['the Gram matrix', { preactivationGram: new Float64Array(3) }],
    ['preactivationGram', { preactivationGram: 0 }],
    ['outputs', { outputs: [2] }],
    ['shifts', { shifts: 1 }],
    ['samples', { samples: 0 }],
  ])('given the readout: a wrong %s is refused', (name, change) => {
    const right = {
      loss: 'ce',
      activation: 'relu',
      classes: 2,
      width: 2,
      dimension: 4,
      samples: 5,
      readout: Float64Array.of(1, 2, 3, 4),
      preactivationGram: 1,
      points: 16,
      shifts: 2,
    } as const;
    expect(crossLayerNormsGivenReadout(right).curvature).toBeGreaterThan(0);
    expect(() => crossLayerNormsGivenReadout({ ...right, ...change })).toThrow(UsageError);
    expect(() => crossLayerNormsGivenReadout({ ...right, ...change })).toThrow(name);
  });
});
