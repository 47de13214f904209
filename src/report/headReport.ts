import { headFigures } from '../../figures/head/index.js';
import { headSetUp } from '../../figures/head/headParts.js';
import type { HeadResult } from '../../figures/headResult.js';
import { escapeHtml } from '../../figures/render/markup.js';
import { formatNumber } from '../../figures/text.js';
import { badge } from './badge.js';
import { drawnFigures } from './drawnFigures.js';
import {
  asFormulas,
  filesInWords,
  formulaTable,
  measured,
  ratioTable,
  statementTable,
  whitenedTable,
} from './headTables.js';
import { equivalentTables } from './headEquivalent.js';
import { instant, reportPage, settingsSection, type RunFacts } from './page.js';
import { typeset } from './typeset.js';

const lead = ({ statements, population, sample }: HeadResult): string => {
  const t = measured((population ?? sample).t);
  const about = population === null ? 'of these positions' : 'of the population';
  const verdicts = statements.map(({ verdict }) => verdict);
  const worst = (['disagree', 'undecided', 'agree'] as const).find((word) => verdicts.includes(word));
  const judged =
    worst === undefined
      ? 'Measured; no law is known.'
      : `${badge(worst)} ${statements.length === 1 ? 'One statement has a law' : `${statements.length} statements have a law`}; everything else is measured, no law known.`;
  return `<p class="lead">${judged}</p><p class="headline">${typeset('$t = \\sum_{i \\ne j} \\lVert H_{ij} \\rVert^2 / \\sum_i \\lVert H_{ii} \\rVert^2$')} ${about}: <strong>${t}</strong></p>`;
};

/** The report of a head as one HTML page: what holds, the ratios beside formulas, figures, files. */
export function renderHeadReport(result: HeadResult, { created, seconds, machine }: RunFacts): string {
  const { label, step, version, files, seed, backend, batches, aspectRatio, loss, notes } = result;
  const { figures, html } = drawnFigures(headFigures, [result]);
  const whitened = whitenedTable(result);
  const equivalent = equivalentTables(result);
  const name = [label, step === null ? null : `step ${step}`].filter((word) => word !== null).join(', ');
  return reportPage({
    title: name === '' ? 'Head of a language model' : `Head: ${name}`,
    facts: [`limitlaw ${version}`, `${backend} backend`, instant(created), `${Math.round(seconds)} s`],
    summary: `${lead(result)}<p class="statement">${escapeHtml(headSetUp(result))}.</p>${notes.map((note) => `<p class="statement">${asFormulas(note)}</p>`).join('')}`,
    sections: [
      { id: 'ratios', heading: 'Blocks on and off the diagonal', html: `${ratioTable(result)}${formulaTable(result)}` },
      ...(result.statements.length === 0
        ? []
        : [{ id: 'statements', heading: 'What has a law', html: statementTable(result) }]),
      { id: 'figures', heading: 'Figures', html },
      ...(whitened === '' ? [] : [{ id: 'whitened', heading: 'Beside its block diagonal', html: whitened }]),
      ...(equivalent === '' ? [] : [{ id: 'equivalent', heading: 'Beside normal features', html: equivalent }]),
      settingsSection(
        {
          ...filesInWords(files),
          'D/N': formatNumber(aspectRatio, 4),
          batches: batches.join(', '),
          loss: loss === null ? '—' : formatNumber(loss, 5),
          seed,
        },
        { backend, ...machine },
      ),
    ],
    figures,
  });
}
