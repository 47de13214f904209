import { wrapped } from './wrapped.js';

interface Row {
  readonly cells: readonly string[];
  /** A sentence that has lines of its own, indented. */
  readonly below: string;
}

const gap = 2;

/** A table of words and numbers that fits into `columns`: where rows would not, each cell has a line with its name. */
export function ruledTable(heads: readonly string[], rows: readonly Row[], columns: number): string {
  const widths = heads.map((head, k) => Math.max(head.length, ...rows.map(({ cells }) => cells[k]!.length)));
  const total = widths.reduce((sum, width) => sum + width, gap * (widths.length - 1));
  const sentence = ({ below }: Row) => (below === '' ? '' : `${wrapped(`  ${below}`, columns)}\n`);
  if (total > columns) {
    const named = ({ cells }: Row) =>
      cells.flatMap((cell, k) => (k === 0 || cell === '' ? [] : `${wrapped(`  ${heads[k]} ${cell}`, columns, 4)}\n`));
    return rows.map((row) => `${row.cells[0]}\n${sentence(row)}${named(row).join('')}`).join('');
  }
  const line = (cells: readonly string[]) =>
    `${cells.map((cell, k) => cell.padEnd(widths[k]! + gap)).join('')}`.trimEnd() + '\n';
  return `${line(heads)}${'─'.repeat(total)}\n${rows.map((row) => `${line(row.cells)}${sentence(row)}`).join('')}`;
}
