/** The report of a head: what it says, and that text stays text. */
import { describe, expect, test } from '@jest/globals';
import { headFigures } from '../../../figures/index.js';
import type { HeadResult } from '../../../figures/index.js';
import { renderHeadReport } from '../../../src/report/index.js';
import { headAt } from '../../helpers/headResults.js';

const bodyOf = (result: HeadResult): string => {
  const page = renderHeadReport(result, { created: '2026-01-01T00:00:00.000Z', seconds: 3, machine: { cores: 2 } });
  return page.slice(page.indexOf('<body>'), page.indexOf('<script type="application/octet-stream"'));
};
const law = { id: 'bounds', statement: '0 ⪯ H ⪯ 2·blockdiag(H)', reason: 'from 0 to 1.5' } as const;

describe('the report of a head', () => {
  test('has both Hessians, the formulas beside them, and each figure of one head', () => {
    const body = bodyOf(headAt(0));
    // t = 1/500 ± a tenth of it, and 1.1 times it for these positions.
    expect(body).toContain('<strong>0.002 ± 0.0002</strong>');
    expect(body).toContain('>0.0022</td>');
    // C² r = 1.1 of the population by the formula, and t = 1.1·499/500².
    expect(body).toContain('>0.0021956</td>');
    for (const name of [
      'formula at initialisation',
      'unigram formula, mean predictions',
      'unigram formula, frequencies',
    ])
      expect(body).toContain(name);
    for (const { id, build } of headFigures)
      expect(body.includes(`data-figure="${id}"`)).toBe(build([headAt(0)]) !== undefined);
  });

  test('says that no law is known unless a statement has one, and then the worst of its verdicts', () => {
    expect(bodyOf(headAt(30))).toContain('Measured; no law is known.');
    const withLaws = (...verdicts: ('agree' | 'disagree' | 'undecided')[]) =>
      bodyOf(headAt(30, { statements: verdicts.map((verdict) => ({ ...law, verdict })) }));
    expect(withLaws('agree')).toMatch(/<p class="lead"><span class="verdict agree">/);
    expect(withLaws('agree', 'undecided')).toMatch(/<p class="lead"><span class="verdict undecided">/);
    expect(withLaws('agree', 'disagree', 'undecided')).toMatch(/<p class="lead"><span class="verdict disagree">/);
    expect(withLaws('agree', 'disagree').match(/class="rejected"/g)).toHaveLength(1);
  });

  test('of one sequence alone says nothing of a population', () => {
    const body = bodyOf(headAt(30, { population: null }));
    expect(body).toContain('All positions are of one sequence');
    expect(body).not.toContain('population, ± standard error');
    expect(body).not.toMatch(/NaN|undefined|null/);
  });

  test('names of files, labels and notes stay text', () => {
    const bad = '<img src=x onerror=alert(1)>';
    const body = bodyOf(
      headAt(30, {
        label: bad,
        files: { features: bad },
        notes: [bad],
        statements: [{ ...law, verdict: 'agree', reason: bad }],
      }),
    );
    expect(body).not.toContain('<img src=x');
    expect(body.match(/&lt;img src=/g)!.length).toBe(5);
  });
});
