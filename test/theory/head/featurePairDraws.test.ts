import { describe, expect, test } from '@jest/globals';
import type { FeatureLaw } from '../../../theory/head/featureLaw.js';
import { featureDraws, type DrawnPair } from '../../../theory/head/featurePairDraws.js';
import { tiltedFeatures } from '../../../theory/head/tiltedFeatures.js';

const seed = 4711;

/** Mean of share·f over the draws less its expectation, in standard errors. */
function score(pairs: readonly DrawnPair[], f: (pair: DrawnPair) => number, expected: number): number {
  const values = pairs.map((pair) => pair.share * f(pair));
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const spread = Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (values.length - 1));
  return (mean - expected) / Math.max(spread / Math.sqrt(values.length), 1e-12);
}

describe(`featureDraws (seed ${seed})`, () => {
  test.each<FeatureLaw>([
    { features: 'gaussian', dimension: 9, covariance: { exponent: 1 }, logitVariance: 0.4 },
    { features: 'relu', dimension: 16, logitVariance: 1 },
  ])('averages of share·f are those of the law, whatever tilt drew: %j', (law) => {
    const { singles, pairs } = featureDraws(law, 6000, seed);
    const tilted = tiltedFeatures(law);
    const t = law.logitVariance / law.dimension;
    const inner = ({ length, other, cosine }: DrawnPair) => length * other * cosine;
    const scores = [
      score(singles, () => 1, 1),
      score(pairs, () => 1, 1),
      ...[0, 1, 2].flatMap((k) => [
        score(singles, (pair) => pair.overlap * Math.exp(k * inner(pair)), tilted.single(k * t)),
        score(pairs, (pair) => pair.overlap * Math.exp(k * inner(pair)), tilted.pair(k * t)),
      ]),
    ];
    // Eight scores: 5e-4 by chance that one lies beyond four.
    for (const z of scores) expect(Math.abs(z)).toBeLessThan(4);
  });

  test('features over their root mean square have one length', () => {
    const law: FeatureLaw = { features: 'rms', dimension: 5, covariance: [5, 1, 1, 1, 0], logitVariance: 0.7 };
    const { singles, pairs } = featureDraws(law, 200, seed);
    for (const { length, cosine, overlap } of singles) {
      expect(length).toBeCloseTo(Math.sqrt(0.7), 14);
      expect([cosine, overlap]).toEqual([1, expect.closeTo(1, 12)]);
    }
    for (const { overlap, cosine } of pairs) expect(overlap).toBeCloseTo(cosine ** 2, 12);
  });
});
