import { describe, expect, test } from '@jest/globals';
import { readFileSync } from 'node:fs';
import { UsageError } from '../../../theory/errors.js';
import { generalisedMarchenkoPastur } from '../../../theory/gmp/index.js';
import {
  softmaxMoment,
  softmaxWeightMoment,
  softmaxWeights,
  softmaxWeightsGivenGram,
} from '../../../theory/weights/index.js';
import { softmaxQuadrature } from '../../../theory/weights/softmaxWeights.js';
import { characteristicDensity } from '../../../theory/weights/characteristicDensity.js';
import { logRatioLaw } from '../../../theory/weights/logRatioLaw.js';
import { mellinDensity } from '../../../theory/weights/mellinDensity.js';

interface Case {
  classes: number;
  logitVariance: number;
  exponents: number[];
  value: string;
}

// test/fixtures/mpmath/weightsSoftmax.py
const fixture = JSON.parse(
  readFileSync(new URL('../../fixtures/mpmath/weightsSoftmax.json', import.meta.url), 'utf8'),
) as {
  moments: Case[];
  direct: Case[];
};

const relativeGap = (actual: number, expected: number): number => Math.abs(actual / expected - 1);

describe('softmaxMoment', () => {
  test.each(fixture.moments)(
    'C = $classes, s² = $logitVariance, exponents $exponents: mpmath to 1e-12',
    ({ value, ...options }) => {
      expect(relativeGap(softmaxMoment(options), Number(value))).toBeLessThan(1e-12);
    },
  );

  test.each(fixture.direct)(
    'C = $classes, s² = $logitVariance, exponents $exponents: direct integral to 1e-12',
    ({ value, ...options }) => {
      expect(relativeGap(softmaxMoment(options), Number(value))).toBeLessThan(1e-12);
    },
  );

  test.each([2, 3, 17, 1e4, 1e7])('E p = 1/C and E[(Σp)²] = 1 at C = %d', (classes) => {
    for (const logitVariance of [1e-3, 1 / 3, 1, 4]) {
      const moment = (...exponents: number[]): number => softmaxMoment({ classes, logitVariance, exponents });
      expect(relativeGap(classes * moment(1), 1)).toBeLessThan(1e-13);
      expect(relativeGap(classes * moment(2) + classes * (classes - 1) * moment(1, 1), 1)).toBeLessThan(2e-13);
    }
  });

  test('the two published values at C = 10, s² = 1 (C·E[p(1 − p)] and C⁴·E[(p_1p_2)²], nine digits)', () => {
    const options = { classes: 10, logitVariance: 1 };
    expect(10 * softmaxWeightMoment({ ...options, block: 'diagonal', order: 1 })).toBeCloseTo(0.80531261, 8);
    expect(1e4 * softmaxMoment({ ...options, exponents: [2, 2] })).toBeCloseTo(2.23112209, 8);
  });

  test('a logit variance off by 1 % is seen: the published value is missed', () => {
    expect(
      Math.abs(1e4 * softmaxMoment({ classes: 10, logitVariance: 1.01, exponents: [2, 2] }) - 2.23112209),
    ).toBeGreaterThan(1e-3);
  });

  test('C = 2: p(1 − p) = p_1 p_2, so diagonal and off-diagonal moments agree up to sign', () => {
    for (let order = 1; order <= 8; order++) {
      const moment = (block: 'diagonal' | 'off-diagonal'): number =>
        softmaxWeightMoment({ classes: 2, logitVariance: 2, block, order });
      expect(relativeGap(moment('diagonal'), (-1) ** order * moment('off-diagonal'))).toBeLessThan(1e-13);
    }
  });

  test('p(1 − p) by positive terms equals the binomial sum where that does not cancel (C = 1000)', () => {
    const options = { classes: 1000, logitVariance: 1 };
    for (const order of [1, 2, 4]) {
      let sum = 0;
      let binomial = 1;
      for (let j = 0; j <= order; j++) {
        sum += (-1) ** j * binomial * softmaxMoment({ ...options, exponents: [order + j] });
        binomial *= (order - j) / (j + 1);
      }
      expect(relativeGap(softmaxWeightMoment({ ...options, block: 'diagonal', order }), sum)).toBeLessThan(1e-12);
    }
  });

  test('the lognormal limit is reached at rate 1/C', () => {
    const gap = (classes: number): number =>
      softmaxWeightMoment({ classes, logitVariance: 1, block: 'off-diagonal', order: 2, scaling: 'rate' }) -
      softmaxWeightMoment({ classes: Infinity, logitVariance: 1, block: 'off-diagonal', order: 2, scaling: 'rate' });
    // C·gap tends to a constant, with an error that itself falls like 1/C: a tenth of it is left at ten times the
    // classes.
    const [few, many, most] = [1e4, 1e5, 1e6].map((classes) => classes * gap(classes));
    expect(Math.abs(most)).toBeGreaterThan(1);
    expect((few - many) / (many - most)).toBeGreaterThan(9.5);
    expect((few - many) / (many - most)).toBeLessThan(10.5);
    // E[(e^{z+z′−s²})²] = e^{2s²}.
    expect(softmaxMoment({ classes: Infinity, logitVariance: 1, exponents: [2, 2], scaling: 'rate' })).toBeCloseTo(
      Math.exp(2),
      12,
    );
  });

  test.each<[Parameters<typeof softmaxMoment>[0], RegExp]>([
    [{ classes: 1, logitVariance: 1, exponents: [1] }, /classes must be a whole number of at least 2/],
    [{ classes: 2.5, logitVariance: 1, exponents: [1] }, /got 2.5/],
    [{ classes: 3, logitVariance: 4.1, exponents: [1] }, /logitVariance must lie in \(0, 4\]/],
    [{ classes: 3, logitVariance: Number.NaN, exponents: [1] }, /got NaN/],
    [{ classes: 3, logitVariance: 1, exponents: [0.5] }, /whole numbers/],
    [{ classes: 2, logitVariance: 1, exponents: [1, 1, 1] }, /3 exponents need as many classes/],
    [{ classes: Infinity, logitVariance: 1, exponents: [1] }, /scaling 'rate'/],
  ])('refuses %j', (options, message) => {
    expect(() => softmaxMoment(options)).toThrow(UsageError);
    expect(() => softmaxMoment(options)).toThrow(message);
  });
});

describe('softmaxWeights', () => {
  const cases = [0.01, 0.35, 4].flatMap((logitVariance) =>
    [2, 3, 10, 1e7, Infinity].map((classes) => ({ logitVariance, classes })),
  );

  test.each(cases)(
    'moments to order 8 at s² = $logitVariance, C = $classes agree with the exact ones to 1e-10',
    ({ classes, logitVariance }) => {
      for (const block of ['diagonal', 'off-diagonal'] as const) {
        const { nodes, masses } = softmaxWeights({ classes, logitVariance, block, scaling: 'rate' }).quadrature;
        for (const order of [1, 2, 3, 5, 8]) {
          let moment = 0;
          for (let k = 0; k < nodes.length; k++) moment += masses[k] * nodes[k] ** order;
          expect(
            relativeGap(moment, softmaxWeightMoment({ classes, logitVariance, block, order, scaling: 'rate' })),
          ).toBeLessThan(1e-10);
        }
      }
    },
  );

  test('C = 2 is the law of logistic(x)(1 − logistic(x)), x ~ N(0, 2s²): its distribution function at the median of |x|', () => {
    // P(|x| > q) = ½ at q = 0.674489750196082·√(2s²).
    const logitVariance = 0.7;
    const q = 0.674489750196082 * Math.sqrt(2 * logitVariance);
    const at = 1 / (2 + 2 * Math.cosh(q));
    const { nodes, masses } = softmaxQuadrature({ classes: 2, logitVariance, block: 'diagonal' }, 4000);
    let below = 0;
    for (let k = 0; k < nodes.length; k++) if (nodes[k] < at) below += masses[k];
    expect(Math.abs(below - 0.5)).toBeLessThan(2e-3);
  });

  test('the two inversions agree where both hold: density of the log-odds at s = 0.65, C = 8', () => {
    const options = { count: 7, logitVariance: 0.4225, numeratorVariance: 0.4225, largestTilt: 8, step: 0.125 };
    const mellin = mellinDensity(options);
    const sum = characteristicDensity({ count: 7, logitVariance: 0.4225 });
    for (const w of [-4, -2.5, -1.5, 0, 1]) {
      let direct = 0;
      for (let k = 0; k < sum.points.length; k++) {
        if (!(sum.points[k] > 0)) continue;
        direct += sum.density[k] * sum.step * Math.exp((-0.5 * (w + Math.log(sum.points[k])) ** 2) / 0.4225);
      }
      direct /= Math.sqrt(2 * Math.PI * 0.4225);
      const index = mellin.points.findIndex((x) => Math.abs(x - w) < 1e-9);
      expect(Math.abs(mellin.density[index] - direct)).toBeLessThan(1e-12 + 1e-10 * direct);
    }
  });

  test('one class in the denominator: the log-ratio is exactly normal', () => {
    const { points, density } = logRatioLaw({
      count: 1,
      logitVariance: 1,
      numeratorVariance: 0.5,
      largestTilt: 0,
      step: 0.25,
    });
    const index = points.findIndex((x) => x === 1);
    expect(relativeGap(density[index], Math.exp(-0.5 / 1.5) / Math.sqrt(2 * Math.PI * 1.5))).toBeLessThan(1e-14);
  });

  test('the spectral law has converged: doubling the nodes moves its distribution function by less than 1e-10 in the bulk', () => {
    // On the diagonal everywhere (the weights end at an inverse square root at ¼); off it the thin tail converges like
    // nodes^{-2}.
    const law = (block: 'diagonal' | 'off-diagonal', nodes: number) =>
      generalisedMarchenkoPastur(softmaxQuadrature({ classes: 10, logitVariance: 1, block }, nodes), 0.5);
    const gap = (block: 'diagonal' | 'off-diagonal', nodes: number, from: number, to: number): number => {
      const [coarse, fine] = [law(block, nodes), law(block, 2 * nodes)];
      const points = Float64Array.from({ length: 200 }, (_, k) =>
        fine.quantile(from + ((to - from) * (k + 0.5)) / 200),
      );
      const [a, b] = [coarse.cdfs(points), fine.cdfs(points)];
      return points.reduce((largest, _, k) => Math.max(largest, Math.abs(a[k] - b[k])), 0);
    };
    expect(gap('diagonal', 240, 0, 1)).toBeLessThan(1e-10);
    expect(gap('off-diagonal', 480, 0.1, 1)).toBeLessThan(1e-10);
    expect(gap('off-diagonal', 240, 0, 0.1)).toBeLessThan(2e-4);
  });

  test('refuses C = ∞ without a rate and a variance outside the verified range', () => {
    expect(() => softmaxWeights({ classes: Infinity, logitVariance: 1, block: 'diagonal' })).toThrow(/scaling 'rate'/);
    expect(() => softmaxWeights({ classes: 3, logitVariance: 5, block: 'diagonal' })).toThrow(UsageError);
  });
});

describe('softmaxWeightsGivenGram', () => {
  const identity = (size: number): Float64Array =>
    Float64Array.from({ length: size * size }, (_, k) => (k % (size + 1) === 0 ? 1 : 0));

  test('at the identity the moments are those of independent logits, within five of its own standard errors', () => {
    for (const [i, j, block] of [
      [3, 3, 'diagonal'],
      [3, 7, 'off-diagonal'],
    ] as const) {
      const { measure, momentErrors } = softmaxWeightsGivenGram({ gram: identity(10), classes: 10, i, j });
      const moment = (order: number): number =>
        measure.nodes.reduce((sum, a, k) => sum + measure.masses[k] * a ** order, 0);
      const exact = (order: number): number => softmaxWeightMoment({ classes: 10, logitVariance: 1, block, order });
      // Eight shifts, Student t with seven degrees: beyond 5 in 2 of 1000 cases, were the shifts random.
      expect(Math.abs(moment(1) - exact(1)) / Math.sqrt(exact(2))).toBeLessThan(5 * momentErrors[0]);
      expect(Math.abs(moment(2) - exact(2)) / exact(2)).toBeLessThan(5 * momentErrors[1]);
      expect(momentErrors[1]).toBeLessThan(2e-2);
      // It rejects: one class more lies outside.
      const wrong = softmaxWeightMoment({ classes: 11, logitVariance: 1, block, order: 2 });
      expect(Math.abs(moment(2) - wrong) / wrong).toBeGreaterThan(5 * momentErrors[1]);
    }
  });

  test('a singular Gram: two equal logits share their probability equally', () => {
    // z_1 = z_2, z_3 independent: p_1 = 1/(2 + e^{z_3 − z_1}), compare E[p_1 p_2] = E[p_1²] with the trapezoidal rule
    // in z_3 − z_1 ~ N(0, 2).
    const { measure, momentErrors } = softmaxWeightsGivenGram({
      gram: [1, 1, 0, 1, 1, 0, 0, 0, 1],
      classes: 3,
      i: 0,
      j: 1,
    });
    const mean = measure.nodes.reduce((sum, a, k) => sum + measure.masses[k] * a, 0);
    let exact = 0;
    for (let x = -14; x <= 14; x += 0.05)
      exact -= (0.05 * Math.exp((-x * x) / 4)) / Math.sqrt(4 * Math.PI) / (2 + Math.exp(x)) ** 2;
    const scale = Math.sqrt(measure.nodes.reduce((sum, a, k) => sum + measure.masses[k] * a * a, 0));
    expect(Math.abs(mean - exact) / scale).toBeLessThan(5 * momentErrors[0]);
  });

  test('refuses a matrix that is no covariance, and wrong sizes', () => {
    expect(() => softmaxWeightsGivenGram({ gram: [1, 2, 2, 1], classes: 2, i: 0, j: 1 })).toThrow(/covariance matrix/);
    expect(() => softmaxWeightsGivenGram({ gram: [1, 0, 0], classes: 2, i: 0, j: 1 })).toThrow(
      /2×2 = 4 entries, got 3/,
    );
    expect(() => softmaxWeightsGivenGram({ gram: identity(2), classes: 2, i: 0, j: 2 })).toThrow(
      /j must be a whole number from 0 to 1/,
    );
    expect(() => softmaxWeightsGivenGram({ gram: identity(2), classes: 2, i: 0, j: 1, points: 1000 })).toThrow(
      /power of two/,
    );
  });
});
