import { describe, expect, test } from '@jest/globals';
import { firstHead, headView } from '../../../src/explore/browser/headView.js';
import { unigramRatios, unigramRowRatio, zipfProbabilities } from '../../../theory/head/index.js';

describe('headView', () => {
  test('GPT-2’s vocabulary under Zipf’s law, by sums over all classes', () => {
    const { values, rows, perClass, perEffectiveClass } = headView(firstHead);
    const q = zipfProbabilities(1, 50257);
    const { t, effectiveClasses } = unigramRatios(q);
    const shown = new Map(values);
    expect(Number(shown.get('t = Σoff/Σdiag'))).toBeCloseTo(t, 5);
    expect(Number(shown.get('C_eff = 1/Σq²'))).toBeCloseTo(effectiveClasses, 1);
    expect([perClass, perEffectiveClass * effectiveClasses]).toEqual([1 / 50257, expect.closeTo(1, 10)]);
    expect([rows[0]![0], rows.at(-1)![0]]).toEqual([1, 50257]);
    const squares = 1 / effectiveClasses;
    for (const [rank, ratio] of rows) expect(ratio / unigramRowRatio(q, rank - 1, squares)).toBeCloseTo(1, 9);
  });

  test('at initialisation it is of order 1/C: hundreds of times less', () => {
    const shown = new Map(headView(firstHead).values);
    // E ρ² e^{2s²ρ}/E ρ² e^{s²ρ} = 1 + 9s⁴/2D + …, as E ρ⁴ = 3/D² to leading order.
    expect(Number(shown.get('C²·r at initialisation'))).toBeCloseTo(1 + 4.5 / 768, 3);
    expect(Number(shown.get('t over that at initialisation'))).toBeGreaterThan(400);
  });

  test('two classes have no more to show than one number', () => {
    const { rows, values } = headView({ exponent: 2, classes: 2, dimension: 2 });
    expect(rows).toEqual([
      [1, expect.closeTo(1, 12)],
      [2, expect.closeTo(1, 12)],
    ]);
    expect(new Map(values).get('t = Σoff/Σdiag')).toBe('1');
  });
});
