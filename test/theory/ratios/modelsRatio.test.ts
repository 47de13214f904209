import { describe, expect, test } from '@jest/globals';
import { readFileSync } from 'node:fs';
import type { ActivationName, InitialisationName, Loss } from '../../../theory/contracts.js';
import { UsageError } from '../../../theory/errors.js';
import { frobeniusRatio } from '../../../theory/models/index.js';
import { hiddenCeLimit } from '../../../theory/ratios/hiddenCeLimit.js';
import { hiddenCeRatioNormal } from '../../../theory/ratios/hiddenCeRatioNormal.js';
import { hiddenCeRatioUniform } from '../../../theory/ratios/hiddenCeRatioUniform.js';
import { outputCeLimit } from '../../../theory/ratios/outputCeLimit.js';
import { readoutEntry } from '../../../theory/network/readoutEntry.js';

interface Simulated {
  loss: Loss;
  activation: ActivationName;
  initialisation: InitialisationName;
  classes: number;
  width: number;
  aspectRatio: number;
  ratio: number;
  error: number;
}

const read = (path: string) => JSON.parse(readFileSync(new URL(path, import.meta.url), 'utf8'));
// Closed forms T_1, T_2 and K″(2t)/K″(t) in 30 digits, derivatives by mpmath: test/fixtures/mpmath/weightsSoftmax.py
const closed = read('../../fixtures/mpmath/weightsSoftmax.json').normalRelu as Record<
  'width' | 'output' | 'hidden0.5' | 'hidden2.0',
  string
>[];
// Monte Carlo over V, W and x: test/fixtures/numpy/weightsRatios.py
const simulated = read('../../fixtures/numpy/weightsRatios.json') as { hidden: Simulated[]; output: Simulated[] };

const relativeGap = (actual: number, expected: number): number => Math.abs(actual / expected - 1);

describe('linear cross-entropy', () => {
  test('C²·r at γ = ½, s = 1: 4.0000 at C = 2, 1.6596 at C = 10, limit 1.98993 (published), not monotone', () => {
    const at = (classes: number) =>
      frobeniusRatio({ model: 'linear', loss: 'ce', layer: 'output', classes, aspectRatio: 0.5, logitVariance: 1 });
    expect(at(2).scaled).toBeCloseTo(4, 12);
    expect(at(10).scaled).toBeCloseTo(1.6596, 4);
    expect(at(10).ratio).toBeCloseTo(at(10).scaled / 100, 15);
    expect(at(10).limit).toBeCloseTo(1.98993, 5);
    expect(at(Infinity).scaled).toBe(at(10).limit);
    expect(at(1e6).scaled).toBeCloseTo(at(10).limit, 4);
  });

  test('the limit is (1 + γe^{2s²})/(1 + γe^{s²}) for every scheme', () => {
    for (const [initialisation, variance] of [
      ['lecun', 1],
      ['he', 2],
      ['xavier', 2],
      ['pytorch', 1 / 3],
    ] as const) {
      const { limit } = frobeniusRatio({
        model: 'linear',
        loss: 'ce',
        layer: 'output',
        classes: 10,
        aspectRatio: 3,
        initialisation,
      });
      expect(relativeGap(limit, (1 + 3 * Math.exp(2 * variance)) / (1 + 3 * Math.exp(variance)))).toBeLessThan(1e-14);
    }
  });
});

describe('limits', () => {
  test.each(closed)('normal V and ReLU, m = $width: hidden T_1, T_2 and output K″(2t)/K″(t) to 1e-12', (row) => {
    const width = Number(row.width);
    for (const aspectRatio of [0.5, 2]) {
      const { limit } = frobeniusRatio({
        model: 'hidden',
        loss: 'ce',
        layer: 'hidden',
        classes: Infinity,
        width,
        aspectRatio,
      });
      expect(relativeGap(limit, Number(aspectRatio === 2 ? row['hidden2.0'] : row['hidden0.5']))).toBeLessThan(1e-12);
    }
    const { limit } = frobeniusRatio({
      model: 'hidden',
      loss: 'ce',
      layer: 'output',
      classes: Infinity,
      width,
      aspectRatio: 0.5,
    });
    expect(relativeGap(limit, Number(row.output))).toBeLessThan(1e-12);
  });

  test('m = 8, γ = ½: 0.91003 (hidden) and 1.83351 (output), as published', () => {
    const at = (layer: 'hidden' | 'output') =>
      frobeniusRatio({ model: 'hidden', loss: 'ce', layer, classes: Infinity, width: 8, aspectRatio: 0.5 }).limit;
    expect(at('hidden')).toBeCloseTo(0.91003, 5);
    expect(at('output')).toBeCloseTo(1.83351, 5);
  });

  test.each([
    ['lecun', 2, /m ≥ 3/],
    ['he', 8, /m ≥ 9/],
  ] as const)('%s at m = %d: Infinity with its reason', (initialisation, width, reason) => {
    for (const layer of ['hidden', 'output'] as const) {
      const result = frobeniusRatio({
        model: 'hidden',
        loss: 'ce',
        layer,
        classes: Infinity,
        width,
        aspectRatio: 0.5,
        initialisation,
      });
      expect(result.limit).toBe(Infinity);
      expect(result.reason).toMatch(reason);
      const next = frobeniusRatio({
        model: 'hidden',
        loss: 'ce',
        layer,
        classes: Infinity,
        width: width + 1,
        aspectRatio: 0.5,
        initialisation,
      });
      expect(next.limit).toBeLessThan(1e9);
      expect(next.reason).toBeUndefined();
    }
  });

  test('uniform V and tanh have finite limits at every width from 2', () => {
    for (const [activation, initialisation] of [
      ['relu', 'pytorch'],
      ['gelu', 'pytorch'],
      ['tanh', 'he'],
    ] as const) {
      for (const layer of ['hidden', 'output'] as const) {
        const { limit } = frobeniusRatio({
          model: 'hidden',
          loss: 'ce',
          layer,
          classes: Infinity,
          width: 2,
          aspectRatio: 0.5,
          activation,
          initialisation,
        });
        expect(limit).toBeGreaterThan(0);
        expect(limit).toBeLessThan(1e3);
      }
    }
  });

  test('as V shrinks, hidden cross-entropy tends to squared error and output cross-entropy to 1, for either law of V', () => {
    const aspectRatio = 0.7;
    for (const distribution of ['normal', 'uniform'] as const) {
      const options = {
        width: 5,
        activation: 'relu',
        hiddenFactor: 1,
        entry: readoutEntry(distribution, 1e-8),
      } as const;
      const limit = hiddenCeLimit(options);
      const ratio =
        (aspectRatio * limit.offSquare + limit.offMeanSquare) /
        (aspectRatio * limit.diagonalSquare + limit.diagonalMeanSquare);
      expect(ratio).toBeCloseTo((4 * aspectRatio + 1) / (4 * (2 * aspectRatio + 1)), 6);
      expect(outputCeLimit(options)).toBeCloseTo(1, 6);
    }
  });

  test('the entry law: cumulants of a uniform variable by differences, continuous where series meets closed form', () => {
    const entry = readoutEntry('uniform', 1 / 3);
    // E e^{θv} = sinh θ/θ on (−1, 1).
    for (const theta of [0.05, 0.0999, 0.1001, 1, 5]) {
      expect(relativeGap(entry.cumulant(theta), Math.log(Math.sinh(theta) / theta))).toBeLessThan(1e-11);
      const step = 1e-4;
      expect(entry.mean(theta)).toBeCloseTo(
        (entry.cumulant(theta + step) - entry.cumulant(theta - step)) / (2 * step),
        8,
      );
      expect(entry.tiltedVariance(theta)).toBeCloseTo(
        (entry.mean(theta + step) - entry.mean(theta - step)) / (2 * step),
        8,
      );
    }
  });
});

describe('squared error', () => {
  test.each([
    [2, 0.5],
    [10, 0.5],
    [500, 4],
  ])(
    'ReLU, normal V, C = %d, γ = %d: (4γ + 1)/(4(2γ + 1)(C + 2)), and C − 2 for the expectation of the ratio',
    (classes, aspectRatio) => {
      const result = frobeniusRatio({ model: 'hidden', loss: 'mse', layer: 'hidden', classes, width: 8, aspectRatio });
      const shape = (4 * aspectRatio + 1) / (4 * (2 * aspectRatio + 1));
      expect(relativeGap(result.ratio, shape / (classes + 2))).toBeLessThan(1e-13);
      expect(relativeGap(result.limit, shape)).toBeLessThan(1e-13);
      if (classes > 2) expect(relativeGap(result.expectationOfRatio!, shape / (classes - 2))).toBeLessThan(1e-13);
      else expect(result.expectationOfRatio).toBe(Infinity);
    },
  );

  test('output blocks and linear blocks: exactly zero, with the reason', () => {
    for (const spec of [
      { model: 'linear', layer: 'output' },
      { model: 'hidden', layer: 'output', width: 4 },
    ] as const) {
      const result = frobeniusRatio({ ...spec, loss: 'mse', classes: 10, aspectRatio: 1 });
      expect([result.ratio, result.scaled, result.limit]).toEqual([0, 0, 0]);
      expect(result.reason).toMatch(/exactly zero/);
    }
  });
});

describe('finite C against simulation', () => {
  test.each(simulated.hidden)(
    '$loss $activation $initialisation, C = $classes, m = $width',
    ({ ratio, error, ...spec }) => {
      const theory = frobeniusRatio({ model: 'hidden', layer: 'hidden', effort: 1e8, ...spec });
      // 4.5 joint standard errors: a false alarm in 7e-6 of cases, nine comparisons.
      expect(Math.abs(theory.ratio - ratio)).toBeLessThan(4.5 * Math.hypot(error, theory.ratioError));
      expect(theory.ratioError).toBeLessThan(0.016 * theory.ratio);
    },
  );

  test.each(simulated.output)(
    'output CE $activation $initialisation, C = $classes, m = $width',
    ({ ratio, error, ...spec }) => {
      const theory = frobeniusRatio({ ...spec, model: 'hidden', loss: 'ce', layer: 'output', aspectRatio: 0.5 });
      expect(Math.abs(theory.ratio - ratio)).toBeLessThan(4.5 * Math.hypot(error, theory.ratioError));
    },
  );

  test.each([
    { activation: 'relu', initialisation: 'he', width: 8, classes: 64 },
    { activation: 'relu', initialisation: 'lecun', width: 3, classes: 64 },
  ] as const)(
    'output CE where few draws carry the norm: $activation $initialisation, C = $classes, m = $width, agrees with 4 times the effort',
    (spec) => {
      const at = (effort: number) =>
        frobeniusRatio({ ...spec, model: 'hidden', loss: 'ce', layer: 'output', aspectRatio: 0.5, effort });
      const [quick, long] = [at(2e7), at(8e7)];
      // Sets of points are shared in part; 4.5 joint standard errors of sixteen sets: below 1e-3 for a t of 15 degrees,
      // two comparisons.
      expect(Math.abs(quick.ratio - long.ratio)).toBeLessThan(4.5 * Math.hypot(quick.ratioError, long.ratioError));
      expect(quick.ratioError).toBeLessThan(0.012 * quick.ratio);
      expect(long.ratioError).toBeLessThan(0.006 * long.ratio);
      const wrong = frobeniusRatio({
        ...spec,
        width: spec.width + 1,
        model: 'hidden',
        loss: 'ce',
        layer: 'output',
        aspectRatio: 0.5,
      });
      expect(Math.abs(wrong.ratio - long.ratio)).toBeGreaterThan(4.5 * Math.hypot(wrong.ratioError, long.ratioError));
    },
  );

  test('output CE at C = 10^4 is within 1 % of its limit, and says so: m = 8, LeCun', () => {
    const { scaled, limit, ratio, ratioError } = frobeniusRatio({
      model: 'hidden',
      loss: 'ce',
      layer: 'output',
      classes: 1e4,
      width: 8,
      aspectRatio: 0.5,
    });
    expect(Math.abs(scaled / limit - 1)).toBeLessThan(0.01);
    expect(ratioError).toBeLessThan(0.003 * ratio);
  });

  test('it rejects: normal V in place of uniform, both of variance 1/3m, and LeCun in place of He', () => {
    const uniform = simulated.hidden.find(
      ({ loss, initialisation }) => loss === 'mse' && initialisation === 'pytorch',
    )!;
    const normal = frobeniusRatio({ model: 'hidden', layer: 'hidden', ...uniform, initialisation: 'lecun' });
    expect(Math.abs(normal.ratio - uniform.ratio)).toBeGreaterThan(10 * uniform.error);
    const he = simulated.hidden.find(({ initialisation }) => initialisation === 'he')!;
    const lecun = frobeniusRatio({ model: 'hidden', layer: 'hidden', effort: 1e8, ...he, initialisation: 'lecun' });
    expect(Math.abs(lecun.ratio - he.ratio)).toBeGreaterThan(4.5 * Math.hypot(he.error, lecun.ratioError));
  });

  test('two routes to hidden cross-entropy at finite C agree: V drawn whole, and averaged exactly given two inputs', () => {
    const options = {
      width: 6,
      activation: 'relu',
      hiddenFactor: 1,
      entry: readoutEntry('normal', 1 / 6),
      classes: 40,
      aspectRatio: 0.5,
    } as const;
    const drawn = hiddenCeRatioUniform({ ...options, effort: 1e8 });
    const averaged = hiddenCeRatioNormal({ ...options, effort: 1e8 });
    expect(Math.abs(drawn.ratio - averaged.ratio)).toBeLessThan(
      4.5 * Math.hypot(drawn.standardError, averaged.standardError),
    );
  });

  test('two classes: output blocks on and off the diagonal are opposite, r = 1', () => {
    const { ratio, scaled } = frobeniusRatio({
      model: 'hidden',
      loss: 'ce',
      layer: 'output',
      classes: 2,
      width: 8,
      aspectRatio: 0.5,
    });
    expect([ratio, scaled]).toEqual([1, 4]);
  });

  test('large C approaches the limit: PyTorch, C = 10^4', () => {
    const { scaled, limit, ratioError } = frobeniusRatio({
      model: 'hidden',
      loss: 'ce',
      layer: 'hidden',
      classes: 1e4,
      width: 8,
      aspectRatio: 0.5,
      initialisation: 'pytorch',
    });
    expect(Math.abs(scaled / limit - 1)).toBeLessThan(1e-3);
    expect(ratioError * 1e4).toBeLessThan(1e-3);
  });
});

describe('refusals', () => {
  const spec = { model: 'hidden', loss: 'ce', layer: 'hidden', classes: 10, width: 8, aspectRatio: 0.5 } as const;
  test.each([
    [{ width: undefined }, /needs width/],
    [{ width: 1 }, /width ≥ 2/],
    [{ classes: 1 }, /classes/],
    [{ aspectRatio: 0 }, /aspectRatio/],
    [{ model: 'linear' }, /output layer only/],
    [{ initialisation: 'he', logitVariance: 2 }, /not both/],
    [{ logitVariance: -1 }, /logitVariance/],
  ])('%j', (change, message) => {
    const run = () => frobeniusRatio({ ...spec, ...change } as never);
    expect(run).toThrow(UsageError);
    expect(run).toThrow(message);
  });
});
