/** Tables of numbers as text: comma, semicolon, tab or blanks between fields, one optional line of headings. */
import { excerpt, formatError, type NumericArray } from './numericArray.js';
import { parseNumber, printNumber } from './decimal.js';

/** Reads lines of a text one by one without holding a list of them. */
function* linesOf(text: string): Generator<{ line: string; number: number }> {
  let start = 0;
  for (let number = 1; start <= text.length; number++) {
    let end = text.indexOf('\n', start);
    if (end < 0) end = text.length;
    yield { line: text.slice(start, end), number };
    start = end + 1;
  }
}

/**
 * A table with one row a line: a vector when there is a single column or a single row, else a matrix.
 * Blank lines and lines that begin with # are skipped; a first line without any number is taken for headings.
 * @throws UsageError naming the line, the column and the text found there.
 */
export function readCsv(
  bytes: Uint8Array,
  source = 'the CSV data',
  options: { readonly maximumRows?: number } = {},
): NumericArray {
  const text = new TextDecoder('utf-8').decode(bytes);
  const values: number[] = [];
  let columns = 0;
  let rows = 0;
  let headingsSeen = false;
  for (const { line, number } of linesOf(text)) {
    const trimmed = line.trim();
    if (trimmed === '' || trimmed.startsWith('#')) continue;
    if (rows === options.maximumRows) break;
    const separator = trimmed.includes(',') ? ',' : trimmed.includes(';') ? ';' : trimmed.includes('\t') ? '\t' : /\s+/;
    const fields = trimmed.split(separator).map((field) => field.trim().replace(/^"(.*)"$/, '$1'));
    const numbers = fields.map(parseNumber);
    if (rows === 0 && !headingsSeen && numbers.every((value) => value === undefined)) {
      headingsSeen = true;
      continue;
    }
    const bad = numbers.indexOf(undefined);
    if (bad >= 0) {
      throw formatError(
        source,
        `line ${number}, column ${bad + 1}`,
        `a number is needed, found ${excerpt(fields[bad]!)}`,
        'Decimal numbers such as -1.5e-3 are read, with a point, not a comma, before the decimals.',
      );
    }
    if (rows > 0 && numbers.length !== columns) {
      throw formatError(
        source,
        `line ${number}`,
        `${numbers.length} fields where the lines before have ${columns}`,
        'Every row needs the same number of fields.',
      );
    }
    columns = numbers.length;
    rows++;
    for (const value of numbers) values.push(value!);
  }
  if (rows === 0) throw formatError(source, 'line 1', 'no numbers found', 'One row of numbers a line is expected.');
  const shape = columns === 1 || rows === 1 ? [values.length] : [rows, columns];
  return { shape, data: Float64Array.from(values), dtype: '<f8' };
}

/** The shortest decimals that read back as the same doubles; one row a line. */
export function writeCsv(data: ArrayLike<number>, columns = 1): string {
  const lines: string[] = [];
  for (let start = 0; start < data.length; start += columns) {
    const row: string[] = [];
    for (let i = start; i < Math.min(start + columns, data.length); i++) row.push(printNumber(data[i]!));
    lines.push(row.join(','));
  }
  return lines.join('\n') + '\n';
}
