/** One claim: verdict and statement, its number, its figure; all that they rest on folded below. */
import type { PaperFigure } from '../../figures/figure.js';
import { escapeHtml, formulaHtml } from '../../figures/render/markup.js';
import type { ClaimResult, ResultTable, RunResults } from '../../figures/results.js';
import { counted, formatMeasured } from '../../figures/text.js';
import { badge } from './badge.js';
import { claimFigures } from './claimFigures.js';
import { documentationHtml } from './documentation.js';
import { evidenceFold } from './evidence.js';
import { fold } from './fold.js';
import { headline, measurementFold } from './measured.js';
import { sentencesFold } from './paperSentences.js';
import { powerList } from './powers.js';
import { table } from './table.js';
import { typeset } from './typeset.js';

export interface ClaimSection {
  readonly html: string;
  readonly figures: Readonly<Record<string, PaperFigure>>;
}

export function claimSection(claim: ClaimResult, results: RunResults): ClaimSection {
  const { lead, folded, figures } = claimFigures(claim, results);
  const id = escapeHtml(claim.id);
  const title = escapeHtml(claim.title);
  const formula = claim.formula === '' ? '' : formulaHtml(claim.formula, true);
  const html = `<section class="claim" id="claim-${id}" aria-labelledby="title-${id}">
<h2 id="title-${id}">${title} ${badge(claim.verdict)}</h2>
<p class="statement">${typeset(claim.statement)}</p>
<div class="formula" tabindex="0" role="region" aria-label="Main equation of ${title}">${formula}</div>
<p class="reason ${claim.verdict}">${typeset(claim.reason)}</p>
${headline(claim)}
${powerList(claim)}
${lead}
${evidenceFold(claim)}
${measurementFold(claim)}
${sentencesFold(claim)}
${(claim.tables ?? []).map(tableFold).join('')}
${notesFold(claim)}
${folded}
<p class="remark">${[documentationHtml(claim.id), `<span class="print">${escapeHtml(leftOut(claim, Object.keys(figures).length))}</span>`].join(' ')}</p>
</section>`;
  return { html, figures };
}

function tableFold({ title, columns, rows }: ResultTable): string {
  const isNumber = (k: number): boolean => rows.some((row) => typeof row[k] === 'number');
  const html = table({
    label: title,
    columns: columns.map((head, k) => ({ head, ...(isNumber(k) ? { kind: 'number' as const } : {}) })),
    rows: rows.map((row) => ({ cells: row.map((cell) => typeset(formatMeasured(cell))) })),
  });
  return fold(`Table: ${title}`, html);
}

function notesFold({ notes = [] }: ClaimResult): string {
  const html = notes.map((note) => `<p class="statement">${typeset(note)}</p>`).join('');
  return fold(counted(notes.length, 'note'), html);
}

/** For print, where folds are closed. */
function leftOut(
  { evidence, measurements = [], sentences = [], notes = [], tables = [] }: ClaimResult,
  figures: number,
): string {
  const parts = [
    [evidence.length, 'test'],
    [measurements.length, 'number'],
    [sentences.length, 'sentence'],
    [tables.length, 'table'],
    [notes.length, 'note'],
    [figures - 1, 'figure'],
  ] as const;
  const said = parts.flatMap(([count, one]) => (count <= 0 ? [] : [counted(count, one)]));
  return said.length === 0 ? '' : `Folded: ${said.join(', ')}.`;
}
