// Whether a ratio falls with C: exponents of powers, verdicts by the whole interval, and how often an interval covers. Seeds are fixed.
import { describe, expect, test } from '@jest/globals';
import { trendInClasses, type RatioAt } from '../../../simulations/comparisons/index.js';
import { randomStream } from '../../../simulations/random/index.js';

const classes = [64, 256, 1024, 4096, 16384];
/** Ratios with this relative error, known to four degrees of freedom. */
const curve = (ratioAt: (classes: number) => number, error = 0.03, all = classes): RatioAt[] =>
  all.map((count) => ({ classes: count, ratio: ratioAt(count), error: error * ratioAt(count), degrees: 4 }));

describe('exponents', () => {
  test('of a power are that power, between neighbours and over both halves', () => {
    const { pairs, small, large, verdict } = trendInClasses(
      curve((c) => 3 / c ** 2),
      0.95,
    );
    expect(pairs.map(({ from, to }) => [from, to])).toEqual([
      [64, 256],
      [256, 1024],
      [1024, 4096],
      [4096, 16384],
    ]);
    for (const { exponent, interval } of [...pairs, small!, large!]) {
      expect(exponent).toBeCloseTo(-2, 12);
      expect(interval![0]).toBeLessThan(-2);
      expect(interval![1]).toBeGreaterThan(-2);
    }
    expect([small, large].map((each) => [each!.from, each!.to])).toEqual([
      [64, 1024],
      [1024, 16384],
    ]);
    expect(verdict).toBe('falls');
  });

  test('a pair by hand: error √2 · 0.03 / ln 4, eight degrees', () => {
    const [pair] = trendInClasses(
      curve((c) => 1 / c, 0.03, [64, 256]),
      0.95,
    ).pairs;
    // The upper 2.5 % point of t with 8 degrees of freedom, 2.306004135, of a table.
    const half = (2.306004135 * Math.SQRT2 * 0.03) / Math.log(4);
    expect(pair!.interval![0]).toBeCloseTo(-1 - half, 8);
    expect(pair!.interval![1]).toBeCloseTo(-1 + half, 8);
  });
});

describe('verdicts', () => {
  test('falls, saturated, rises', () => {
    expect(
      trendInClasses(
        curve((c) => 1 / c),
        0.95,
      ).verdict,
    ).toBe('falls');
    expect(
      trendInClasses(
        curve((c) => 0.01 + 0.01 / c),
        0.95,
      ),
    ).toMatchObject({
      verdict: 'saturated',
      reason: expect.stringContaining('from C = 1024 to 16384 lies within −0.25 … 0.25') as unknown,
    });
    expect(
      trendInClasses(
        curve((c) => c),
        0.95,
      ).verdict,
    ).toBe('rises');
  });

  test('a wide interval is not enough, whatever its centre', () => {
    for (const power of [-1, 0, 1])
      expect(
        trendInClasses(
          curve((c) => c ** power, 1),
          0.95,
        ),
      ).toMatchObject({
        ...{ verdict: 'not enough', isContradicted: false },
        reason: expect.stringContaining('The interval from C = 1024 to 16384 reaches from') as unknown,
      });
    // Between both bounds an interval is of neither, however short.
    expect(
      trendInClasses(
        curve((c) => c ** -0.4, 0.001),
        0.95,
      ).verdict,
    ).toBe('not enough');
  });

  test('a line across the end of a fall is not a fall', () => {
    // Falls like 1/C up to 4096 and not at all beyond: the line over the larger half has −0.5 and below.
    const broken = trendInClasses(
      curve((c) => 1 / Math.min(c, 5000), 0.001),
      0.95,
    );
    expect(broken.large!.interval![1]).toBeLessThan(-0.5);
    expect(broken).toMatchObject({
      ...{ verdict: 'not enough', isContradicted: true },
      reason: expect.stringContaining('but from C = 4096 on the exponent is −0.14') as unknown,
    });
    // Level, then a fall.
    const late = trendInClasses(
      curve((c) => (c > 5000 ? 0.65 : 1), 0.001),
      0.95,
    );
    expect(late).toMatchObject({
      verdict: 'not enough',
      isContradicted: true,
      reason: expect.stringContaining('It is level') as unknown,
    });
  });

  test('what has nearly come to its floor does not fall', () => {
    const points = curve((c) => 1 / c, 0.01);
    expect(trendInClasses(points, 0.95, 1 / 40000).verdict).toBe('falls');
    expect(trendInClasses(points, 0.95, 1 / 20000)).toMatchObject({
      ...{ verdict: 'not enough', isContradicted: true },
      reason: expect.stringContaining('at C = 16384 it is 1.22 times its floor') as unknown,
    });
  });

  test('one C, and no errors', () => {
    expect(
      trendInClasses(
        curve((c) => 1 / c, 0.01, [64]),
        0.95,
      ),
    ).toMatchObject({
      ...{ verdict: 'not enough', pairs: [], small: null, large: null },
    });
    const unknown = curve((c) => 1 / c).map((point) => ({ ...point, error: null }));
    const found = trendInClasses(unknown, 0.95);
    expect(found.verdict).toBe('not enough');
    expect(found.large!.interval).toBeNull();
    expect(found.large!.exponent).toBeCloseTo(-1, 12);
  });
});

test('intervals from three initialisations cover the exponent (seed "trend")', () => {
  // 1000 draws of three networks at each of five C, log-normal with sd 0.2: 95 % ± 0.7 % would cover; between 93 % and 98.5 % passes, which
  // false alarm has a chance below 1e-3 of leaving. Of three draws Welch's degrees are on the safe side: 97 % are measured.
  const replicates = 1000;
  let covered = 0;
  for (let replicate = 0; replicate < replicates; replicate++) {
    const stream = randomStream('trend', 'three initialisations', replicate);
    const points = classes.map((count): RatioAt => {
      const logs = [0, 0, 0].map(() => Math.log(1 / count) + 0.2 * stream.normal());
      const mean = (logs[0]! + logs[1]! + logs[2]!) / 3;
      const variance = logs.reduce((sum, value) => sum + (value - mean) ** 2, 0) / 2;
      const ratio = Math.exp(mean);
      return { classes: count, ratio, error: ratio * Math.sqrt(variance / 3), degrees: 2 };
    });
    const [lower, upper] = trendInClasses(points, 0.95).large!.interval!;
    covered += lower < -1 && -1 < upper ? 1 : 0;
  }
  expect(covered / replicates).toBeGreaterThan(0.93);
  expect(covered / replicates).toBeLessThan(0.985);
});
