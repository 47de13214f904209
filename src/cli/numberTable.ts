/** Numbers for a reader: aligned columns, ten significant digits. Full precision is what --json and --csv are for. */
import { wrapped } from './wrapped.js';

const digits = 10;

export function exact(value: number | string): string {
  return typeof value === 'string' ? value : String(Number(value.toPrecision(digits)));
}

export function numberTable(heads: readonly string[], rows: readonly (readonly (number | string)[])[]): string {
  const cells = [heads, ...rows.map((row) => row.map(exact))];
  const widths = heads.map((_, column) => Math.max(...cells.map((row) => row[column]!.length)));
  return `\n${cells.map((row) => row.map((cell, column) => cell.padStart(widths[column]!)).join('  ')).join('\n')}\n`;
}

/** Names and values in two columns, long values folded at spaces. */
export function keyValues(pairs: readonly (readonly [name: string, value: string])[], columns: number): string {
  const width = Math.max(...pairs.map(([name]) => name.length)) + 2;
  return pairs
    .map(
      ([name, value]) =>
        `${name.padEnd(width)}${wrapped(value, Math.max(columns - width, 20), 0).replaceAll('\n', `\n${' '.repeat(width)}`)}\n`,
    )
    .join('');
}
