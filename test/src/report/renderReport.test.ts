/** What the report of a check says and in which order, without a browser. */
import { describe, expect, test } from '@jest/globals';
import type { ClaimResult, RunResults } from '../../../figures/results.js';
import { formatInterval, formatMeasured, formatNumber } from '../../../figures/text.js';
import { renderReport } from '../../../src/report/index.js';
import { typeset } from '../../../src/report/typeset.js';
import { syntheticRun } from '../../helpers/syntheticRun.js';

const made = syntheticRun();
const sentence = {
  ...{ sentence: 'Blocks vanish as C grows.', source: 'a paper', setUp: 'd = 64', holds: 'always', measured: 0.61234 },
  interval: { lower: 0.5612, upper: 0.6634, level: 0.95 },
};
/** With all that a claim may hold. */
const full: ClaimResult = {
  ...made.claims[1]!,
  notes: ['A note on W_t.'],
  powers: [
    {
      ...{ alternative: 'aspect ratio 5 % too large', power: 1, drawsNeeded: 3, smallestSeen: 0.0095 },
      sentence: 'aspect ratio 5 % too large would be seen with probability 1; 3 draws would do.',
    },
  ],
  sentences: (['supported', 'refuted'] as const).map((mark) => ({
    ...{ sentence: sentence.sentence, source: sentence.source, setUp: sentence.setUp, holds: sentence.holds, mark },
    grounds: [
      {
        ...{ quantity: 'share', measured: sentence.measured, interval: sentence.interval, said: 'at most 0.1', mark },
        range: { lower: null, upper: 0.1 },
      },
    ],
  })),
  evidence: made.claims[1]!.evidence.map((evidence, k) => ({
    ...evidence,
    ...(k < 2 ? { where: 'C = 10, LeCun', label: evidence.name } : { says: 'That $a = b$.' }),
    replicates: 199,
  })),
};
const results: RunResults = { ...made, claims: [full, ...made.claims.slice(2)] };
const bodyOf = (run: RunResults): string => {
  const page = renderReport(run);
  return page.slice(page.indexOf('<body>'), page.indexOf('<script type="application/octet-stream"'));
};
const body = bodyOf(results);
const section = body.slice(body.indexOf('id="claim-linear-ce"'), body.indexOf('id="claim-hidden-mse"'));

describe('the report of a check', () => {
  test('reads verdict and statement, number with interval, one figure, then folds', () => {
    const order = [
      'class="verdict agree"',
      'class="statement"',
      'class="reason agree"',
      'class="headline"',
      'class="powers"',
      'data-figure="linear-ce-ratio"',
      '<details class="evidence">',
    ].map((part) => section.indexOf(part));
    expect(order).not.toContain(-1);
    expect(order).toEqual([...order].sort((a, b) => a - b));
    const inView = section.slice(0, section.indexOf('<details'));
    expect(inView.match(/data-figure=/g)).toHaveLength(1);
    const { predicted, measured, interval } = full;
    for (const text of [formatMeasured(predicted), formatMeasured(measured), formatInterval(interval), '95 % interval'])
      expect(inView).toContain(text);
    expect(inView).toContain('would be seen with probability 1; 3 draws would do.');
  });

  test('keeps every number, test, sentence, table, note and figure of a claim', () => {
    for (const { quantity, predicted, measured, note = '' } of full.measurements!)
      for (const text of [typeset(quantity), formatMeasured(predicted), formatMeasured(measured), typeset(note)])
        expect(section).toContain(text);
    for (const { name, statistic, null: law, observed } of full.evidence)
      for (const text of [
        typeset(name),
        typeset(statistic),
        typeset(`null: ${law} (199 draws)`),
        formatNumber(observed!, 4),
      ])
        expect(section).toContain(text);
    expect(section).toContain(`Seed of all: ${full.evidence[0]!.seed}.`);
    expect(section).toContain('a paper; holds always');
    expect(section).toContain('share: 0.612 [0.561, 0.663], said at most 0.1');
    expect(section).toContain(typeset('A note on W_t.'));
    for (const row of full.tables![0]!.rows) for (const cell of row) expect(section).toContain(formatMeasured(cell));
    // A ratio, a spectrum each, the distances.
    expect(section.match(/data-figure=/g)).toHaveLength(full.spectra.length + 2);
  });

  test('rows with one note stand under it, a note of one row below its name', () => {
    const row = { quantity: 'r', predicted: 1, measured: 2, interval: null };
    const noted = [1, 1, 2].map((note) => ({ ...row, note: `note ${note}` }));
    const html = bodyOf({ ...made, claims: [{ ...full, measurements: [...noted, { ...row, judged: false }] }] });
    expect(html.split('colspan="3">note 1</th>')).toHaveLength(2);
    expect(html.split('note 1')).toHaveLength(2);
    expect(html).toContain('<span class="small">note 2</span>');
    expect(html).toContain('<span class="small">shown, not judged</span>');
    expect(html).toContain('4 numbers, 1 of them shown, not judged');
  });

  // Browsers differ in whether rows that are laid out as lines stay rows of a table.
  test('every part of a table says what it is', () => {
    expect(section.match(/<(table|thead|tbody|tr|th|td)\b/g)!.length).toBeGreaterThan(60);
    expect(section.match(/<(table|thead|tbody|tr|th|td)\b[^>]*>/g)!.filter((tag) => !tag.includes(' role="'))).toEqual(
      [],
    );
  });

  test('groups tests by the place where they were made, and says an exact statement in words', () => {
    expect(section.split(`colspan="5">${typeset('C = 10, LeCun')}</th>`)).toHaveLength(2);
    expect(section).toContain(typeset('That $a = b$.'));
    expect(section).toMatch(/>exact<\/td>/);
  });

  test('a seed of its own stands with its test', () => {
    const [first, ...others] = full.evidence;
    const html = bodyOf({ ...made, claims: [{ ...full, evidence: [{ ...first!, seed: 'other' }, ...others] }] });
    expect(html).toContain('seed other');
    expect(html).not.toContain('Seed of all');
  });

  test('p-values have two decimals, small ones two digits; 1 stands only where it is', () => {
    const pValues = [0.4123, 0.9961, 1, 0.00123456, 2e-20, 0];
    const evidence = pValues.map((pValue) => ({ ...full.evidence[1]!, pValue, adjustedPValue: 1, rejected: false }));
    const html = bodyOf({ ...made, claims: [{ ...full, evidence }] });
    const shown = [...html.matchAll(/data-head="p">([^<]*)</g)].map(([, text]) => text);
    expect(shown).toEqual(['0.41', '&gt; 0.99', '1', '0.0012', '2·10⁻²⁰', '&lt; 10⁻¹⁵']);
  });

  test('says each sentence of the paper once, with its marks and what refutes it', () => {
    const paper = body.slice(body.indexOf('id="paper"'), body.indexOf('id="claim-linear-ce"'));
    expect(paper.match(/Blocks vanish as/g)).toHaveLength(1);
    expect(paper).toContain('>1 supported</span><br><span class="verdict refuted">1 refuted</span>');
    expect(paper.match(/<em>refuted<\/em>/g)).toHaveLength(1);
    expect(paper).toContain('share: 0.612 [0.561, 0.663], said at most 0.1');
  });

  test('of results without what later versions added says the rest', () => {
    const { powers: _powers, sentences: _sentences, measurements: _measurements, notes: _notes, ...bare } = full;
    const html = bodyOf({ ...made, claims: [bare] });
    expect(html).not.toContain('class="powers"');
    expect(html).not.toMatch(/undefined|NaN/);
    expect(html).toContain('1 of 1 claim agrees with the draws.');
  });
});
