import { describe, expect, test } from '@jest/globals';
import { generalisedMarchenkoPastur, marchenkoPastur } from '../../../theory/gmp/index.js';
import { quantileBetween } from '../../../theory/gmp/quantileBetween.js';
import { discreteMeasure } from '../../../theory/measures/index.js';

const tails = Array.from({ length: 30 }, (_, k) => 10 ** (-(k + 1) / 2));

describe('quantiles far out in both tails', () => {
  // Near an edge at 1 one unit in the last place of x is much mass for a narrow law, so that the last steps hop between
  // neighbours.
  test.each([1e-4, 10 ** -3.9, 0.0002942221405476114, 10 ** -3.15, 10 ** -2.7, 0.1, 1, 30, 1e4])(
    'every level from 10^{-1/2} to 1e-15 is found, aspect ratio %d',
    (y) => {
      const law = marchenkoPastur(y);
      for (const tail of tails) {
        for (const p of [tail, 1 - tail]) {
          const x = law.quantile(p);
          const allowed = (q: number): number => 1e-12 * q + 4.5e-16 * x * Math.min(law.density(x), 1e300);
          if (p > 1 - 1 / y) {
            if (p <= 0.5) expect(Math.abs(law.cdf(x) - p)).toBeLessThan(allowed(p));
            else expect(Math.abs(law.survival(x) - (1 - p))).toBeLessThan(allowed(1 - p));
          }
        }
      }
    },
  );

  test('an end at 0 keeps relative digits on either side of the law: reflection is exact', () => {
    const weights = [0.3, 1, 5];
    const masses = [0.5, 0.25, 0.25];
    const law = generalisedMarchenkoPastur(discreteMeasure(weights, masses), 1);
    const reflected = generalisedMarchenkoPastur(
      discreteMeasure(
        weights.map((a) => -a),
        masses,
      ),
      1,
    );
    for (const p of [2 ** -50, 2 ** -30, 2 ** -10, 0.25]) {
      const x = law.quantile(p);
      // 1 − p is a double, so the two levels are the same.
      expect(Math.abs(reflected.quantile(1 - p) / -x - 1)).toBeLessThan(1e-14);
      // The mass next to a hard edge grows like √x: a level a quarter larger is seen.
      expect(Math.abs(reflected.quantile(1 - 1.25 * p) / -x - 1)).toBeGreaterThan(0.1);
    }
  });

  test('an interval of many orders of magnitude, whose median lies at one end', () => {
    // F(x) = log(1 + x)/log(1 + R): no spectral law, but all its quantiles have a closed form.
    const reach = 1e12;
    const total = Math.log1p(reach);
    const masses = (x: number): readonly [number, number] => [
      Math.log1p(x) / total,
      Math.log((1 + reach) / (1 + x)) / total,
    ];
    for (const p of [1e-6, 0.01, 0.3, 0.5, 0.7, 0.99]) {
      const x = quantileBetween(p, [0, reach], 0, 1, masses, (at) => 1 / ((1 + at) * total));
      expect(Math.abs(x / Math.expm1(p * total) - 1)).toBeLessThan(1e-13);
    }
  });
});
