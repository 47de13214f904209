import { escapeHtml, textHtml } from '../../figures/render/markup.js';
import type {
  ClaimResult,
  Evidence,
  Ground,
  MarkWord,
  Measured,
  Measurement,
  PaperSentence,
  ResultTable,
  RunResults,
  SettingValue,
  VerdictWord,
} from '../../figures/results.js';
import { formatInterval, formatMeasured, formatNumber, formatPValue, formatSetting } from '../../figures/text.js';

export const verdictBadge = (verdict: VerdictWord | MarkWord): string =>
  `<span class="verdict ${verdict}">${verdict}</span>`;

export const number = (text: string): string => `<td class="number">${escapeHtml(text)}</td>`;

export const scrolling = (label: string, table: string): string =>
  `<div class="wide" tabindex="0" role="region" aria-label="${escapeHtml(label)}">${table}</div>`;

/** One row a claim, the verdict in words beside its name: on a narrow screen the rest scrolls. */
export function summaryTable(results: RunResults): string {
  const rows = results.claims.map(
    (claim) =>
      `<tr><th scope="row"><a href="#claim-${escapeHtml(claim.id)}">${escapeHtml(claim.title)}</a></th><td>${verdictBadge(claim.verdict)}</td><td>${textHtml(claim.quantity ?? '')}</td>${number(formatMeasured(claim.predicted))}${number(formatMeasured(claim.measured))}${number(formatInterval(claim.interval))}</tr>`,
  );
  return scrolling(
    'Summary of all claims',
    `<table><thead><tr><th scope="col">claim</th><th scope="col">verdict</th><th scope="col">quantity</th><th scope="col" class="number">predicted</th><th scope="col" class="number">measured</th><th scope="col" class="number">interval</th></tr></thead><tbody>${rows.join('')}</tbody></table>`,
  );
}

const noteOf = ({ note, judged }: Measurement): string =>
  [...(judged === false ? ['shown, not judged'] : []), ...(note === undefined ? [] : [note])].join('; ');

/** Every predicted and measured number of a claim. */
export function measurementTable(claim: ClaimResult): string {
  const all: readonly Measurement[] = [
    {
      quantity: claim.quantity ?? 'headline',
      predicted: claim.predicted,
      measured: claim.measured,
      interval: claim.interval,
    },
    ...(claim.measurements ?? []),
  ];
  const level = all.find((row) => row.interval !== null)?.interval?.level;
  const rows = all.map(
    (row) =>
      `<tr><td>${textHtml(row.quantity)}</td>${number(formatMeasured(row.predicted))}${number(formatMeasured(row.measured))}${number(formatInterval(row.interval))}<td>${textHtml(noteOf(row))}</td></tr>`,
  );
  return scrolling(
    `Predictions and measurements of ${claim.title}`,
    `<table><thead><tr><th scope="col">quantity</th><th scope="col" class="number">predicted</th><th scope="col" class="number">measured</th><th scope="col" class="number">${level === undefined ? 'interval' : `${formatNumber(100 * level)} % interval`}</th><th scope="col"></th></tr></thead><tbody>${rows.join('')}</tbody></table>`,
  );
}

/** What the paper itself says, and whether it is so here; empty where the claim carries no sentence. */
export function sentencesTable(claim: ClaimResult): string {
  const { sentences = [] } = claim;
  if (sentences.length === 0) return '';
  const rows = sentences.map(
    (each) =>
      `<tr><td>${textHtml(each.sentence)}<br><span class="small">${textHtml(each.source)}; holds ${textHtml(each.holds)}</span></td><td>${verdictBadge(each.mark)}</td><td>${textHtml(each.setUp)}${each.grounds.map(groundHtml).join('')}</td></tr>`,
  );
  return `<h3>What the paper says</h3>${scrolling(
    `Sentences of the paper beside ${claim.title}`,
    `<table><thead><tr><th scope="col">sentence, in our words</th><th scope="col">here</th><th scope="col">set-up and grounds</th></tr></thead><tbody>${rows.join('')}</tbody></table>`,
  )}`;
}

function groundHtml({ quantity, measured, interval, said }: Ground): string {
  return `<br><span class="small">${textHtml(quantity)}: ${escapeHtml(formatMeasured(measured))}${interval === null ? '' : ` in ${escapeHtml(formatInterval(interval))}`}; said ${escapeHtml(said)}</span>`;
}

/** All sentences of a run with their marks, one row each. */
export function markTable(results: RunResults): string {
  const marked = results.claims.flatMap(({ id, title, sentences = [] }) =>
    sentences.map((each: PaperSentence) => ({ id, title, ...each })),
  );
  const rows = marked.map(
    ({ id, title, sentence, mark, setUp }) =>
      `<tr><th scope="row"><a href="#claim-${escapeHtml(id)}">${escapeHtml(title)}</a></th><td>${verdictBadge(mark)}</td><td>${textHtml(sentence)}</td><td>${textHtml(setUp)}</td></tr>`,
  );
  return scrolling(
    'Sentences of the paper and their marks',
    `<table><thead><tr><th scope="col">claim</th><th scope="col">here</th><th scope="col">sentence, in our words</th><th scope="col">set-up</th></tr></thead><tbody>${rows.join('')}</tbody></table>`,
  );
}

function evidenceRow(evidence: Evidence): string {
  const exact = evidence.pValue === null;
  const outcome = evidence.rejected ? (exact ? 'broken' : 'rejected') : exact ? 'holds' : 'not rejected';
  const iid =
    evidence.voidIidPValue === undefined || evidence.voidIidPValue === null
      ? '<td></td>'
      : `<td class="number void" title="Computed as if eigenvalues were independent, which they are not: this number can never reject and is no evidence.">${escapeHtml(formatPValue(evidence.voidIidPValue))} <em>void</em></td>`;
  const power = evidence.power === undefined ? '' : `<br><span class="small">sees ${escapeHtml(evidence.power)}</span>`;
  return `<tr${evidence.rejected ? ' class="rejected"' : ''}><td>${textHtml(evidence.name)}${power}</td><td>${textHtml(evidence.statistic)}</td>${number(evidence.observed === undefined || evidence.observed === null ? '—' : formatNumber(evidence.observed, 4))}<td>${textHtml(evidence.null)}</td>${number(exact ? 'exact' : formatPValue(evidence.pValue as number))}${number(evidence.adjustedPValue === null ? '—' : formatPValue(evidence.adjustedPValue))}${iid}${number(evidence.replicates === 0 ? '—' : String(evidence.replicates))}<td>${outcome}</td><td>${escapeHtml(evidence.seed)}</td></tr>`;
}

/** All tests of a claim; the textbook p-value is grey and says that it is void. */
export function evidenceTable(claim: ClaimResult): string {
  if (claim.evidence.length === 0) return '';
  const hasIid = claim.evidence.some(
    (evidence) => evidence.voidIidPValue !== undefined && evidence.voidIidPValue !== null,
  );
  const levels = [...new Set(claim.evidence.map((evidence) => evidence.level))]
    .map((level) => formatNumber(level))
    .join(', ');
  const rejected = claim.evidence.filter((evidence) => evidence.rejected).length;
  const table = `<table><thead><tr><th scope="col">test</th><th scope="col">statistic</th><th scope="col" class="number">observed</th><th scope="col">null</th><th scope="col" class="number">p</th><th scope="col" class="number">p, Holm</th><th scope="col" class="number">${hasIid ? '<span class="void">iid p</span>' : ''}</th><th scope="col" class="number">null draws</th><th scope="col">outcome</th><th scope="col">seed</th></tr></thead><tbody>${claim.evidence.map(evidenceRow).join('')}</tbody></table>`;
  const footnote = hasIid
    ? '<p class="small"><span class="void">iid p</span>: the textbook Kolmogorov–Smirnov p-value. It takes eigenvalues for independent draws, is far too large for a law a few per cent wrong, and is shown only as a warning.</p>'
    : '';
  return `<details class="evidence"${rejected > 0 ? ' open' : ''}><summary>Evidence: ${claim.evidence.length} tests at level ${levels}, ${rejected === 0 ? 'none rejected' : `${rejected} rejected`}</summary>${scrolling(`Tests of ${claim.title}`, table)}${footnote}</details>`;
}

const cell = (value: Measured): string =>
  typeof value === 'number' || value === null ? number(formatMeasured(value)) : `<td>${textHtml(value)}</td>`;

export const resultTable = (table: ResultTable): string =>
  `<h3>${textHtml(table.title)}</h3>${scrolling(table.title, `<table><thead><tr>${table.columns.map((column, i) => `<th scope="col"${typeof table.rows[0]?.[i] === 'number' ? ' class="number"' : ''}>${textHtml(column)}</th>`).join('')}</tr></thead><tbody>${table.rows.map((row) => `<tr>${row.map(cell).join('')}</tr>`).join('')}</tbody></table>`)}`;

/** Names and values, for settings and machine. */
export const pairsTable = (pairs: Readonly<Record<string, SettingValue>>): string =>
  `<table class="pairs"><tbody>${Object.entries(pairs)
    .map(
      ([name, value]) =>
        `<tr><th scope="row">${escapeHtml(name)}</th><td>${escapeHtml(formatSetting(value))}</td></tr>`,
    )
    .join('')}</tbody></table>`;
