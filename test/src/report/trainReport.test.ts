/** The report of a training: what it says, and that text stays text. */
import { describe, expect, test } from '@jest/globals';
import type { TrainResult } from '../../../figures/trainResult.js';
import { trainingFigures } from '../../../figures/index.js';
import { relativeError } from '../../../figures/training/exactStatements.js';
import { renderTrainReport } from '../../../src/report/index.js';
import { trainedRuns } from '../../helpers/trainedRuns.js';

const { hidden, linear } = trainedRuns();
const facts = { created: '2026-01-01T00:00:00.000Z', seconds: 3, machine: { processor: 'one' } };
const bodyOf = (results: TrainResult): string => {
  const page = renderTrainReport(results, facts);
  return page.slice(page.indexOf('<body>'), page.indexOf('<script type="application/octet-stream"'));
};

describe('the report of a training', () => {
  const body = bodyOf(hidden);

  test('has a row for each mark on each data, every statement once, and every figure it can draw', () => {
    const [train, fresh] = body.split('<h3>Fresh data</h3>') as [string, string];
    const rows = (html: string, table: string) =>
      html
        .slice(html.indexOf(`aria-label="${table}"`))
        .split('</table>')[0]!
        .match(/<th scope="row"/g);
    expect(rows(train, 'Marks on training data')).toHaveLength(3);
    expect(rows(fresh, 'Marks on fresh data')).toHaveLength(3);
    const ids = new Set(hidden.runs.flatMap(({ marks }) => marks.flatMap(({ exact }) => exact.map(({ id }) => id))));
    expect(ids.size).toBeGreaterThan(8);
    for (const id of ids) expect(body.split(`<span class="small">${id}</span>`)).toHaveLength(2);
    for (const { id, build, needs } of trainingFigures)
      expect(body).toContain(build([hidden]) === undefined ? `it needs ${needs}` : `data-figure="${id}"`);
    expect(body).toContain(`All ${hidden.statements} exact statements hold`);
    expect(body).toContain('Means over 2 trainings');
  });

  test('of a model without hidden units has no column or statement of theirs', () => {
    const plain = bodyOf(linear);
    expect(plain).toContain('<th scope="row">learningRate</th><td>0.3</td>');
    expect(plain).not.toContain('data-figure="residual-bounds"');
    expect(plain).not.toContain('NaN');
  });

  test('names what is broken, where, and by how much', () => {
    const [mark] = hidden.runs[0]!.marks;
    const statement = { ...mark!.exact.find(({ relation }) => relation === 'equal')!, left: 2, right: 1, scale: 4 };
    const broken: TrainResult = {
      ...hidden,
      verdict: 'disagree',
      broken: [{ ...statement, holds: false, replicate: 1, step: 10, data: 'fresh' }],
      runs: [{ replicate: 0, marks: [{ ...mark!, exact: [{ ...statement, holds: false }] }] }],
    };
    const html = bodyOf(broken);
    expect(html).toContain(`1 of ${hidden.statements} exact statements is broken.`);
    expect(html).toContain('class="verdict disagree"');
    expect(html).toContain('>1 broken</td>');
    expect(html).toMatch(/<td [^>]*data-head="step">10<\/td><td [^>]*>fresh data<\/td>/);
    expect(html).toContain('<details open><summary>Each of them</summary>');
    expect(relativeError(statement)).toBe(0.25);
    expect(relativeError({ ...statement, relation: 'at most', left: 0 })).toBe(0);
  });

  test('shows a hostile title, message and file name as text', () => {
    const hostile = '<img src=x onerror=alert(1)>';
    const html = bodyOf({
      ...hidden,
      title: hostile,
      notes: [hostile],
      inputs: { file: hostile },
      failures: [{ replicate: 0, name: 'NumericalError', message: hostile }],
    });
    expect(html).not.toContain('<img');
    expect(html.split('&lt;img src=x onerror=alert(1)&gt;').length).toBeGreaterThan(4);
  });
});
