import { describe, expect, test } from '@jest/globals';
import type { ClaimResult } from '../../../figures/results.js';
import { powerList } from '../../../src/report/powers.js';

/** A claim with so many powers, the later the larger. */
const claimWith = (count: number): ClaimResult =>
  ({
    powers: Array.from({ length: count }, (_, k) => ({
      alternative: `error ${k}`,
      power: 1 - 0.1 ** (count - k),
      drawsNeeded: k === 0 ? null : k,
      smallestSeen: null,
      sentence: `error ${k} would be seen`,
    })).reverse(),
  }) as unknown as ClaimResult;
const errorsIn = (html: string): string[] => [...html.matchAll(/error (\d+)/g)].map(([, k]) => k!);

describe('what the tests of a claim can see', () => {
  test('six stand in view as they come', () => {
    const html = powerList(claimWith(6));
    expect(html).not.toContain('<details>');
    expect(errorsIn(html)).toEqual(['5', '4', '3', '2', '1', '0']);
  });

  test('of more the four that are missed most easily do, and the fold has the rest', () => {
    const [view, fold] = powerList(claimWith(9)).split('<details>');
    expect(errorsIn(view!)).toEqual(['8', '7', '6', '5']);
    expect(errorsIn(fold!)).toEqual(['4', '3', '2', '1', '0']);
    expect(fold).toContain('<summary>5 more, each seen with no less probability</summary>');
  });

  test('one that no number of draws would show comes first among equals', () => {
    const equal = (drawsNeeded: number | null, k: number) => ({ power: 0.5, drawsNeeded, sentence: `error ${k}` });
    const claim = { powers: [3, null, 9, 1, 2, 4, 5].map(equal) } as unknown as ClaimResult;
    expect(errorsIn(powerList(claim)).slice(0, 3)).toEqual(['1', '2', '6']);
  });
});
