import { blocksFigures } from '../../figures/blocks/index.js';
import type { BlocksResult } from '../../figures/blocksResult.js';
import type { SettingValue } from '../../figures/results.js';
import { escapeHtml } from '../../figures/render/markup.js';
import { counted, formatNumber } from '../../figures/text.js';
import { exponentTable, pairTable, ratioTable } from './blocksTables.js';
import { fold } from './fold.js';
import { drawnFigures } from './drawnFigures.js';
import { instant, reportPage, settingsSection, type RunFacts } from './page.js';
import { typeset } from './typeset.js';

const lead = ({ tensors }: BlocksResult): string => {
  const ratio = typeset(
    '$r = \\operatorname{mean} \\lVert H_{ab} \\rVert^2 / \\operatorname{mean} \\lVert H_{bb} \\rVert^2$',
  );
  const trends = tensors.flatMap((tensor) => tensor.trends.filter(({ hessian }) => hessian === 'gauss-newton'));
  const fitted = trends.filter(({ pairs }) => pairs.length > 0);
  const numberOf = (verdict: string): number => fitted.filter((trend) => trend.verdict === verdict).length;
  const said = (['falls', 'saturated', 'rises', 'not enough'] as const)
    .filter((verdict) => numberOf(verdict) > 0)
    .map((verdict) => `${numberOf(verdict)} ${verdict}`);
  return `<p class="lead">Measured; floors apart, no law is known.</p><p class="headline">${ratio} of Gauss–Newton as C grows: <strong>${
    fitted.length === 0 ? 'not enough, one C alone' : said.join(', ')
  }</strong></p>`;
};

const distinct = (values: readonly (number | null)[]): string =>
  [...new Set(values.filter((value) => value !== null))].sort((a, b) => a - b).join(', ') || '—';

function settingsOf({ files, dimension, finalNorm, loss, level }: BlocksResult): Record<string, SettingValue> {
  return {
    files: files.map(({ name }) => name).join(', '),
    C: distinct(files.map(({ classes }) => classes)),
    N: distinct(files.map(({ samples }) => samples)),
    D: dimension,
    'final norm': finalNorm,
    loss: loss === 'ce' ? 'cross-entropy' : 'squared error',
    steps: distinct(files.map(({ step }) => step)),
    initialisations: distinct(files.map(({ initialisation }) => initialisation)),
    'mean cos² of inputs of the final norm': distinct(
      files.map(({ cosineSquare }) => (cosineSquare === null ? null : Number(cosineSquare.toPrecision(3)))),
    ),
    'chance that an interval misses': formatNumber(level),
  };
}

/** The report of norms of blocks as one HTML page: verdicts, ratios with their errors apart, exponents, figures, files. */
export function renderBlocksReport(result: BlocksResult, { created, seconds, machine }: RunFacts): string {
  const { tensors, files, notes, version } = result;
  const { figures, html } = drawnFigures(blocksFigures, result);
  const labels = [...new Set(files.flatMap(({ label }) => (label === null ? [] : [label])))];
  const exponents = exponentTable(result);
  const pairs = pairTable(result);
  return reportPage({
    title: labels.length === 1 ? `Blocks: ${labels[0]}` : "Blocks of a network's Hessian",
    facts: [`limitlaw ${version}`, instant(created), `${Math.round(seconds)} s`],
    summary: `${lead(result)}<p class="statement">${escapeHtml(`${counted(tensors.length, 'tensor')} in ${counted(files.length, 'file')}`)}.</p>${notes.map((note) => `<p class="statement">${typeset(note)}</p>`).join('')}`,
    sections: [
      ...(exponents === '' ? [] : [{ id: 'exponents', heading: 'As C grows', html: exponents }]),
      { id: 'figures', heading: 'Figures', html },
      { id: 'ratios', heading: 'Blocks on and off the diagonal', html: ratioTable(result) },
      ...(pairs === ''
        ? []
        : [{ id: 'pairs', heading: 'Exponents between neighbouring C', html: fold('From each C to the next', pairs) }]),
      settingsSection(settingsOf(result), machine),
    ],
    figures,
  });
}
