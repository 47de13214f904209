/** Tables of a training: what was seen at its marks, and what must hold of every network. */
import { escapeHtml } from '../../figures/render/markup.js';
import { relativeError, statementText } from '../../figures/training/exactStatements.js';
import type { ColumnName, Estimate, MarkSummary, TrainResult } from '../../figures/trainResult.js';
import { counted, formatNumber } from '../../figures/text.js';
import { fold } from './fold.js';
import { table } from './table.js';
import type { Column } from './table.js';
import { typeset } from './typeset.js';

export const dataTitles = { train: 'Training data', fresh: 'Fresh data' } as const;

/** In the order of the table; those that no mark has are left out. */
const markColumns: readonly (readonly [ColumnName, string])[] = [
  ['loss', 'loss'],
  ['accuracy', 'accuracy'],
  ['residualPart', '‖R‖²'],
  ['cross', '‖R + K‖²'],
  ['crossShare', 'cross share'],
  ['residualScore', 'z_R'],
  ['traceScore', 'z₁'],
  ['hiddenRatio', 'C r_ww'],
  ['outputRatio', 'C² r_vv'],
  ['residualPower', '‖r‖²/N'],
  ['curvaturePart', '‖K‖²'],
  ['residualShare', '‖R‖²/‖R + K‖²'],
  ['residualRatio', 'ρ'],
];

/** So many of them fit a page. */
const inView = 8;

/** The standard error stands below its mean. */
const estimateHtml = ({ mean, standardError }: Estimate): string =>
  `${escapeHtml(formatNumber(mean, 4))}${standardError === null ? '' : ` <span class="error">(${escapeHtml(formatNumber(standardError, 2))})</span>`}`;

/** The marks on one kind of data: the columns that tell most, the others folded. */
export function marksTable(rows: readonly MarkSummary[], data: keyof typeof dataTitles): string {
  if (rows.length === 0) return '';
  const found = markColumns.filter(([name]) => rows.some((row) => row.columns[name] !== undefined));
  const label = `Marks on ${dataTitles[data].toLowerCase()}`;
  const rest = found.slice(inView);
  return `<h3>${dataTitles[data]}</h3>${columnsTable(rows, found.slice(0, inView), label)}${
    rest.length === 0
      ? ''
      : fold(counted(rest.length, 'more column'), columnsTable(rows, rest, `${label}, further columns`))
  }`;
}

function columnsTable(rows: readonly MarkSummary[], shown: typeof markColumns, label: string): string {
  return table({
    label,
    columns: [{ head: 'mark', kind: 'name' }, ...shown.map(([, head]): Column => ({ head, kind: 'number' }))],
    rows: rows.map(({ step, share, columns }) => ({
      cells: [
        `step ${step}${share === null ? '' : ` <span class="small">${Math.round(100 * share)}\u00a0%</span>`}`,
        ...shown.map(([name]) => (columns[name] === undefined ? '—' : estimateHtml(columns[name]))),
      ],
    })),
  });
}

/** Each statement once: how often it was held against a network, and the worst that was seen. */
export function exactTable({ runs }: TrainResult): string {
  const all = runs.flatMap(({ marks }) => marks.flatMap(({ exact }) => exact));
  const ids = [...new Set(all.map(({ id }) => id))].sort();
  return table({
    label: 'Exact statements',
    columns: [
      { head: 'statement', kind: 'name' },
      { head: 'held against', kind: 'number' },
      { head: 'worst relative error', kind: 'number' },
      { head: 'outcome', kind: 'word' },
    ],
    rows: ids.map((id) => {
      const own = all.filter((statement) => statement.id === id);
      const broken = own.filter(({ holds }) => !holds).length;
      return {
        rejected: broken > 0,
        cells: [
          `${typeset(statementText(id))}<span class="small">${escapeHtml(id)}</span>`,
          counted(own.length, 'network'),
          escapeHtml(formatNumber(Math.max(...own.map(relativeError)), 2)),
          broken === 0 ? 'holds' : `${broken} broken`,
        ],
      };
    }),
  });
}

/** At most so many are written out; results.json has all. */
const mostBroken = 20;

export function brokenTable({ broken }: TrainResult): string {
  if (broken.length === 0) return '';
  const html = table({
    label: 'Broken statements',
    columns: [
      { head: 'statement', kind: 'name' },
      { head: 'step', kind: 'number' },
      { head: 'data', kind: 'word' },
      { head: 'unit', kind: 'number' },
      { head: 'replicate', kind: 'number' },
      { head: 'left', kind: 'number' },
      { head: 'must be', kind: 'word' },
      { head: 'right', kind: 'number' },
    ],
    rows: broken.slice(0, mostBroken).map(({ id, unit, replicate, step, data, left, right, relation }) => ({
      rejected: true,
      cells: [
        escapeHtml(id),
        String(step),
        dataTitles[data].toLowerCase(),
        unit === null ? '—' : String(unit),
        String(replicate),
        escapeHtml(formatNumber(left, 8)),
        relation === 'equal' ? '=' : '≤',
        escapeHtml(formatNumber(right, 8)),
      ],
    })),
  });
  const more =
    broken.length > mostBroken ? `<p class="remark">${broken.length - mostBroken} more in results.json.</p>` : '';
  return `<h3>Broken</h3>${html}${more}`;
}
