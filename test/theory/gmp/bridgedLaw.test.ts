import { describe, expect, test } from '@jest/globals';
import { bridgedLaw, outlineOf } from '../../../theory/gmp/index.js';
import { discreteMeasure } from '../../../theory/measures/index.js';

describe.each([
  ['intervals too heavy to be spread evenly, beside an atom', 12, 5],
  ['light intervals', 60, 50],
])('%s', (_name, count, aspectRatio) => {
  // Weights in a geometric progression: their intervals lie apart.
  const law = bridgedLaw(
    discreteMeasure(
      Array.from({ length: count }, (_, k) => 1.8 ** k),
      Array.from({ length: count }, (_, k) => (2 * (k + 1)) / (count * (count + 1))),
    ),
    aspectRatio,
  );
  const points = outlineOf(law);
  const atom = law.atoms[0]?.mass ?? 0;
  const [[lower, upper]] = law.support as [[number, number]];

  test('the distribution function is that of the points at the end of each gap that meets the heavier interval', () => {
    expect(points.support.length).toBeGreaterThan(count / 2);
    expect(points.support[0]![0]).toBe(lower);
    const masses = points.support.map(([from, to]) => points.cdf(to) - points.cdf(from));
    masses.slice(1).forEach((mass, k) => {
      const x = masses[k]! <= mass ? points.support[k + 1]![0] : points.support[k]![1];
      expect(Math.abs(law.cdf(x) - points.cdf(x))).toBeLessThan(1e-12);
      // It does not jump there.
      for (const side of [-1, 1])
        expect(Math.abs(law.cdf(x * (1 + side * 1e-10)) - points.cdf(x))).toBeLessThan(1e-5 * masses[k]!);
    });
    expect([law.cdf(lower * (1 - 1e-9)), law.cdf(upper)]).toEqual([atom, 1]);
  });

  test('the density is its derivative, inside intervals and in the gaps between them', () => {
    const masses = points.support.map(([from, to]) => points.cdf(to) - points.cdf(from));
    points.support.forEach(([from, to], k) => {
      const next = points.support[k + 1]?.[0];
      const inGap = next === undefined ? [] : [0.5 * (to + next)];
      for (const x of [0.5 * (from + to), 0.3 * from + 0.7 * to, ...inGap]) {
        const h = 1e-4 * (to - from);
        const slope = (8 * (law.cdf(x + h) - law.cdf(x - h)) - (law.cdf(x + 2 * h) - law.cdf(x - 2 * h))) / (12 * h);
        // Rounding of the distribution function, over h.
        const rounding = 1e-15 / (1e-4 * masses[k]!);
        expect(Math.abs(slope / law.density(x) - 1)).toBeLessThan(1e-4 + rounding);
      }
    });
  });
});
