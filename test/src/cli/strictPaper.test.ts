/** `check --strict-paper`: a refuted sentence of the paper counts as a claim that disagrees, and without it does not. */
import { expect, test } from '@jest/globals';
import { exitCodes } from '../../../src/cli/exitCodes.js';
import { check } from '../../../src/cli/presentations/check.js';
import type { MarkWord, RunResults, VerdictWord } from '../../../figures/results.js';

const resultsOf = (verdict: VerdictWord, mark: MarkWord, strictPaper: boolean): RunResults =>
  ({
    claims: [{ verdict, sentences: [{ mark: 'supported' }, { mark }] }, { verdict: 'agree' }],
    ...(strictPaper ? { strictPaper } : {}),
  }) as unknown as RunResults;

test.each([
  ['agree', 'refuted', true, true],
  ['agree', 'refuted', false, false],
  ['agree', 'undecided', true, false],
  ['agree', 'supported', true, false],
  ['disagree', 'supported', false, true],
  ['disagree', 'supported', true, true],
] as const)('%s, %s, strict %s: rejected %s', (verdict, mark, strict, rejected) => {
  expect(check.rejects(resultsOf(verdict, mark, strict))).toBe(rejected);
});

test('rejected is exit code 1', () => expect(exitCodes.rejected).toBe(1));
