/** The tests of a claim, folded unless one of them rejects. */
import { escapeHtml } from '../../figures/render/markup.js';
import type { ClaimResult, Evidence } from '../../figures/results.js';
import { counted, formatFixed, formatNumber, formatPValue } from '../../figures/text.js';
import { fold } from './fold.js';
import { table } from './table.js';
import type { Column, Row, RowGroup } from './table.js';
import { typeset } from './typeset.js';

const columns: readonly Column[] = [
  { head: 'test', kind: 'name' },
  { head: 'observed', kind: 'number' },
  { head: 'p', kind: 'number' },
  { head: 'p, Holm', kind: 'number' },
  { head: 'outcome', kind: 'word' },
];

/** Two decimals, as many as tell p-values apart; small ones two digits, and 1 only where it is. */
function columnPValue(value: number): string {
  if (value < 0.01 || value === 1) return formatPValue(value);
  return value > 0.99 ? '> 0.99' : formatFixed(value, 2);
}

const voidTitle =
  'Computed as if eigenvalues were independent, which they are not: this number can never reject and is no evidence.';

function voidHtml({ voidIidPValue }: Evidence): string {
  if (voidIidPValue === undefined || voidIidPValue === null) return '';
  return `<span class="void" title="${voidTitle}">${escapeHtml(formatPValue(voidIidPValue))} <em>void</em></span>`;
}

const outcomeOf = ({ rejected, pValue }: Evidence): string =>
  pValue === null ? (rejected ? 'broken' : 'holds') : rejected ? 'rejected' : 'not rejected';

/** What is tested; below it how, against what, and with which seed where it is not that of all. */
function testHtml(evidence: Evidence, seed: string | undefined): string {
  const { name, label, where, says, statistic, null: law, replicates, power } = evidence;
  const title = says ?? (where === undefined ? name : (label ?? name));
  const lines = [
    ...(says === undefined ? [] : [name]),
    statistic,
    `null: ${law}${replicates === 0 ? '' : ` (${counted(replicates, 'draw')})`}`,
    ...(power === undefined ? [] : [`sees ${power}`]),
    ...(seed === undefined ? [`seed ${evidence.seed}`] : []),
  ];
  return `${typeset(title)}${lines.map((line) => `<span class="small">${typeset(line)}</span>`).join('')}`;
}

function rowOf(evidence: Evidence, seed: string | undefined): Row {
  const { observed, pValue, adjustedPValue, rejected } = evidence;
  return {
    rejected,
    cells: [
      testHtml(evidence, seed),
      observed === undefined || observed === null ? '—' : escapeHtml(formatNumber(observed, 4)),
      `${pValue === null ? 'exact' : escapeHtml(columnPValue(pValue))}${voidHtml(evidence)}`,
      adjustedPValue === null || pValue === null ? '—' : escapeHtml(columnPValue(adjustedPValue)),
      outcomeOf(evidence),
    ],
  };
}

/** Tests of one place together, under its name. */
function groupsOf(evidence: readonly Evidence[], seed: string | undefined): RowGroup[] {
  const places = [...new Set(evidence.map(({ where }) => where))];
  return places.map((place) => ({
    heading: place === undefined ? '' : typeset(place),
    rows: evidence.filter(({ where }) => where === place).map((each) => rowOf(each, seed)),
  }));
}

export function evidenceFold({ title, evidence }: ClaimResult): string {
  if (evidence.length === 0) return '';
  const levels = [...new Set(evidence.map(({ level }) => level))].map((level) => formatNumber(level)).join(', ');
  const seeds = [...new Set(evidence.map(({ seed }) => seed))];
  const seed = seeds.length === 1 ? seeds[0] : undefined;
  const rejected = evidence.filter((test) => test.rejected).length;
  const hasVoid = evidence.some(({ voidIidPValue }) => voidIidPValue !== undefined && voidIidPValue !== null);
  const remarks = [
    `p, Holm: after the correction for every test of the run, held against ${levels}.`,
    ...(seed === undefined ? [] : [`Seed of all: ${seed}.`]),
  ].join(' ');
  const voidRemark = hasVoid
    ? ` <span class="void"><em>void</em></span>: the textbook Kolmogorov–Smirnov p-value. It takes eigenvalues for independent draws, is far too large for a law a few per cent wrong, and is shown only as a warning.`
    : '';
  return fold(
    `Evidence: ${counted(evidence.length, 'test')} at level ${levels}, ${rejected === 0 ? 'none' : rejected} rejected`,
    `${table({ label: `Tests of ${title}`, columns, groups: groupsOf(evidence, seed) })}<p class="remark">${escapeHtml(remarks)}${voidRemark}</p>`,
    { open: rejected > 0, className: 'evidence' },
  );
}
