/** Numbers that were predicted and measured. */
import { escapeHtml } from '../../figures/render/markup.js';
import type { ClaimResult, ConfidenceInterval, Measured, Measurement } from '../../figures/results.js';
import { counted, formatInterval, formatMeasured, formatNumber } from '../../figures/text.js';
import { fold } from './fold.js';
import { table } from './table.js';
import type { RowGroup } from './table.js';
import { typeset } from './typeset.js';

type Pair = Pick<Measurement, 'predicted' | 'measured' | 'interval'>;

/** A word such as "below −2.68" may hold a number. */
const valueHtml = (value: Measured): string => typeset(formatMeasured(value));

export const predictedHtml = ({ predicted }: Pair): string => valueHtml(predicted);

/** The interval stands below its number. */
export const measuredHtml = ({ measured, interval }: Pair): string =>
  `${valueHtml(measured)}${interval === null ? '' : ` <span class="interval">${escapeHtml(formatInterval(interval))}</span>`}`;

/** "measured, 95 % interval" of the level that all intervals have. */
export function measuredHead(intervals: readonly (ConfidenceInterval | null)[]): string {
  const levels = [...new Set(intervals.flatMap((interval) => (interval === null ? [] : [interval.level])))];
  if (levels.length === 0) return 'measured';
  return `measured, ${levels.length === 1 ? `${formatNumber(100 * levels[0]!)} % ` : ''}interval`;
}

/** The one number of a claim that stands for it, in a line. */
export function headline(claim: ClaimResult): string {
  const { quantity = 'headline', measured, interval } = claim;
  const rate = interval === null ? '' : ` (${formatNumber(100 * interval.level)} % interval)`;
  const spread =
    interval === null ? '' : ` <span class="interval">${escapeHtml(formatInterval(interval))}</span>${rate}`;
  return `<p class="headline">${typeset(quantity)}: predicted <strong>${predictedHtml(claim)}</strong>, measured <strong>${valueHtml(measured)}</strong>${spread}</p>`;
}

const noteOf = ({ note, judged }: Measurement): string =>
  [...(judged === false ? ['shown, not judged'] : []), ...(note === undefined ? [] : [note])].join('; ');

/** Rows that follow each other with the same note stand under it; a note of one row alone stands below its name. */
function groupsOf(measurements: readonly Measurement[]): RowGroup[] {
  const runs: Measurement[][] = [];
  for (const row of measurements) {
    const last = runs.at(-1);
    if (last !== undefined && noteOf(last[0]!) === noteOf(row)) last.push(row);
    else runs.push([row]);
  }
  return runs.map((run) => {
    const note = typeset(noteOf(run[0]!));
    const below = run.length > 1 || note === '' ? '' : `<span class="small">${note}</span>`;
    return {
      heading: run.length > 1 ? note : '',
      rows: run.map((row) => ({
        cells: [`${typeset(row.quantity)}${below}`, predictedHtml(row), measuredHtml(row)],
      })),
    };
  });
}

/** Every other number of a claim, folded. */
export function measurementFold({ title, measurements = [] }: ClaimResult): string {
  if (measurements.length === 0) return '';
  const shown = measurements.filter(({ judged }) => judged === false).length;
  return fold(
    `${counted(measurements.length, 'number')}${shown === 0 ? '' : `, ${shown} of them shown, not judged`}`,
    table({
      label: `Predictions and measurements of ${title}`,
      columns: [
        { head: 'quantity', kind: 'name' },
        { head: 'predicted', kind: 'number' },
        { head: measuredHead(measurements.map(({ interval }) => interval)), kind: 'number' },
      ],
      groups: groupsOf(measurements),
    }),
    { className: 'numbers' },
  );
}
