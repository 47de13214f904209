/** The blocks of a given matrix for a reader: by groups of equal blocks, then the ratio of each group. */
import type { MatrixFigures } from '../pipeline/figures/matrixFigures.js';
import type { GroupPair } from '../pipeline/figures/blockSummary.js';
import { numberTable } from './numberTable.js';
import { wrapped } from './wrapped.js';

/** Four digits in at most nine characters. */
const short = (value: number): string => {
  if (value === 0) return '0';
  const magnitude = Math.abs(value);
  return magnitude < 1e-4 || magnitude >= 1e6 ? value.toExponential(2) : String(Number(value.toPrecision(4)));
};

/** Of entries that cancel, their mean is this against the mean of their absolute values. */
const rounding = 2 ** -44;

/** Names longer than this are cut: the table has seven more columns. */
const longestName = 8;

const nameOf = ({ rows, columns, kind }: GroupPair): string => {
  const cut = (name: string): string =>
    name.length > longestName ? `${name.slice(0, longestName - 1)}…` : name || 'block';
  if (kind === 'between') return `${cut(rows)}, ${cut(columns)}`;
  return `${cut(rows)}_i, ${cut(columns)}_${kind === 'diagonal' ? 'i' : 'j'}`;
};

export function blockTable({ source, order, largest, summary }: MatrixFigures, columns: number): string {
  if (summary === undefined)
    return `${wrapped(
      `${source}: order ${order}, largest |H_ij| ${short(largest)}; numbers of its blocks with --blocks.`,
      columns,
    )}\n`;
  const { norm, pairs, ratios } = summary;
  const rows = pairs.map((pair) => [
    nameOf(pair).padEnd(12),
    pair.blocks,
    `${(100 * pair.share).toFixed(2)} %`,
    short(pair.norm),
    short(pair.rootMeanSquare),
    short(pair.meanAbsolute),
    short(Math.abs(pair.signedMean) < rounding * pair.meanAbsolute ? 0 : pair.signedMean),
  ]);
  const heads = ['blocks'.padEnd(12), 'number', 'of ‖H‖²', '‖block‖', 'rms H_ij', 'mean |H_ij|', 'mean H_ij'];
  const said = ratios.map(({ group, ratio }) => {
    const of = group === '' ? 'the blocks' : `blocks ${group}_i`;
    return ratio === null ? `No ratio of ${of}: those on the diagonal are zero.\n` : `r of ${of}: ${short(ratio)}\n`;
  });
  return [
    `${wrapped(`${source}: order ${order}, ‖H‖ = ${short(norm)} (Frobenius), largest |H_ij| ${short(largest)}`, columns)}\n`,
    numberTable(heads, rows),
    said.length === 0 ? '' : '\n',
    ...said,
    ratios.every(({ ratio }) => ratio === null) ? '' : 'r: mean of ‖H_ij‖² over i ≠ j, by the mean of ‖H_ii‖²\n',
    '\n',
  ].join('');
}
