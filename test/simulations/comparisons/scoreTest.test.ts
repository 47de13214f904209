import { describe, expect, test } from '@jest/globals';
import { scoreTest } from '../../../simulations/comparisons/index.js';
import type { ScoredDraw } from '../../../simulations/comparisons/index.js';
import { UsageError } from '../../../theory/errors.js';

/** Correlation ½; Σ⁻¹ (1, 0) = (4/3, −2/3), by hand. */
const covariance = [
  [1, 0.5],
  [0.5, 1],
];
const draw = (values: number[], shift: number[]): ScoredDraw => ({
  statistics: { values, mean: [0, 0], covariance },
  shift,
});

describe('scoreTest', () => {
  test('is shiftᵀ Σ⁻¹ gap over its deviation', () => {
    // shiftᵀ Σ⁻¹ gap = 3·4/3 − 0·2/3 = 4 and shiftᵀ Σ⁻¹ shift = 4/3 for shift (1, 0), gap (3, 0).
    const { score, information, pValue } = scoreTest([draw([3, 0], [1, 0])]);
    expect(score).toBeCloseTo(4 / Math.sqrt(4 / 3), 12);
    expect(information).toBeCloseTo(4 / 3, 12);
    // 2 Φ(−3.4641016) from SciPy: scipy.stats.norm.sf(12 ** 0.5) * 2.
    expect(pValue).toBeCloseTo(0.000532005505, 10);
  });

  test('shifts of opposite sign add up and do not cancel', () => {
    const { score } = scoreTest([draw([3, 0], [1, 0]), draw([-3, 0], [-1, 0])]);
    expect(score).toBeCloseTo(Math.SQRT2 * (4 / Math.sqrt(4 / 3)), 12);
    // Draws that move the same way under shifts of opposite sign say nothing of the alternative.
    expect(scoreTest([draw([3, 0], [1, 0]), draw([3, 0], [-1, 0])]).score).toBeCloseTo(0, 12);
  });

  test('a statistic that is a multiple of another adds nothing', () => {
    const single = scoreTest([{ statistics: { values: [2], mean: [0], covariance: [[1]] }, shift: [0.5] }]);
    const twice = scoreTest([
      {
        statistics: {
          values: [2, 4],
          mean: [0, 0],
          covariance: [
            [1, 2],
            [2, 4],
          ],
        },
        shift: [0.5, 1],
      },
    ]);
    expect(twice.score).toBeCloseTo(single.score, 12);
  });

  test('needs a draw', () => expect(() => scoreTest([])).toThrow(UsageError));
});
