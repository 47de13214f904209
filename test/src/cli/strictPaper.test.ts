/** `check --strict-paper`: a refuted sentence of the paper counts as a claim that disagrees, and without it does not. */
import { expect, test } from '@jest/globals';
import { exitCodes } from '../../../src/cli/exitCodes.js';
import { checkJob } from '../../../src/pipeline/check/checkJob.js';
import { calibrationPreset } from '../../../src/claims/presets.js';
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

test('the wish is kept with the run: whoever goes on with it, or merges its shards, exits alike', () => {
  const words = { preset: calibrationPreset, claims: 'cross-layer', seed: '1', level: '0.01', pictures: false };
  const judged = (strictPaper: boolean) => {
    const job = checkJob({ ...words, strictPaper });
    const { request, judge, tasks } = checkJob(job.request as typeof words);
    expect(request).toEqual({ ...words, strictPaper });
    const none = tasks.map(() => undefined);
    const { results } = judge({ results: none, backend: 'wasm', interrupted: true, failed: [], caveats: [] });
    return results.strictPaper;
  };
  expect([true, false].map(judged)).toEqual([true, undefined]);
});

test('rejected is exit code 1', () => expect(exitCodes.rejected).toBe(1));
