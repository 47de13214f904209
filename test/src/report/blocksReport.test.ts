/** The report of blocks: what it says, and that text stays text. */
import { describe, expect, test } from '@jest/globals';
import { blocksFigures, type BlocksResult } from '../../../figures/index.js';
import { renderBlocksReport } from '../../../src/report/index.js';
import { blocksAt } from '../../helpers/blocksResults.js';

const several = blocksAt([64, 256, 1024]);
const bodyOf = (result: BlocksResult): string => {
  const page = renderBlocksReport(result, { created: '2026-01-01T00:00:00.000Z', seconds: 3, machine: { cores: 2 } });
  return page.slice(page.indexOf('<body>'), page.indexOf('<script type="application/octet-stream"'));
};

describe('the report of blocks', () => {
  test('has the verdicts, every ratio with its errors, and each figure that the files can fill', () => {
    const body = bodyOf(several);
    expect(body).toContain('<strong>1 falls, 1 saturated, 1 not enough</strong>');
    // 1/34, and r of values at C = 64: 0.029 times the mean factor, its error over three draws 1.45 % of it.
    expect(body).toContain('>0.0294</td>');
    expect(body).toContain('>0.0292</td>');
    expect(body).toContain('>1.4 %</td>');
    for (const { id, build } of blocksFigures)
      expect(body.includes(`data-figure="${id}"`)).toBe(build(several) !== undefined);
    for (const name of several.tensors.map((tensor) => tensor.name)) expect(body).toContain(`${name}, rows: 8 blocks`);
  });

  test('of one C has no exponents', () => {
    const body = bodyOf(blocksAt([64]));
    expect(body).toContain('not enough, one C alone');
    expect(body).not.toContain('id="exponents"');
    expect(body).not.toMatch(/NaN|undefined|null/);
  });

  test('names of tensors, files and labels, and notes, stay text', () => {
    const bad = '<img src=x onerror=alert(1)>';
    const body = bodyOf({
      ...several,
      files: several.files.map((file) => ({ ...file, name: bad, label: bad })),
      tensors: several.tensors.map((tensor) => ({ ...tensor, name: bad })),
      notes: [bad],
    });
    expect(body).not.toContain('<img src=x');
    expect(body).toContain('&lt;img src=');
  });
});
