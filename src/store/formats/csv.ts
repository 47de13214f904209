/** Tables of numbers as text: comma, semicolon, tab or blanks between fields, one optional line of headings. */
import { excerpt, formatError, type NumericArray } from './numericArray.js';
import { parseNumber } from './decimal.js';
import { linesOf } from './textLines.js';

/** Entries of a table (256 MB as doubles): a square matrix of order 5792. */
const maximumFields = 2 ** 25;
const whole = /^[+-]?\d+$/;
const wholePattern = /^\d+(?:[eE][+-]?\d+)?$/;

/**
 * A table with one row a line: a vector when there is a single column or a single row, else a matrix.
 * Blank lines and lines that begin with # are skipped; a first line without any number is taken for headings.
 * @throws UsageError naming the line, the column and the text found there; also when the commas may be decimal ones, or
 * for more than 2^25 numbers.
 */
export function readCsv(
  bytes: Uint8Array,
  source = 'the CSV data',
  options: { readonly maximumRows?: number } = {},
): NumericArray {
  const values: number[] = [];
  let columns = 0;
  let rows = 0;
  let headings = 0;
  const commas = decimalCommas();
  for (const { line, number } of linesOf(bytes, source)) {
    const trimmed = line.trim();
    if (trimmed === '' || trimmed.startsWith('#')) continue;
    if (rows === options.maximumRows) break;
    const fields = fieldsOf(trimmed);
    const numbers = fields.map(parseNumber);
    if (rows === 0 && headings === 0 && numbers.every((value) => value === undefined)) {
      headings = fields.length;
      continue;
    }
    checkRow(source, number, fields, numbers, rows === 0 ? fields.length : columns);
    columns = numbers.length;
    rows++;
    if (values.length + columns > maximumFields)
      throw formatError(
        source,
        `line ${number}`,
        `more than the ${maximumFields} numbers allowed`,
        'Save the array as .npy, or give the eigenvalues of the matrix.',
      );
    for (const value of numbers) values.push(value!);
    if (trimmed.includes(',')) commas.see(fields, number);
  }
  if (rows === 0) throw formatError(source, 'line 1', 'no numbers found', 'One row of numbers a line is expected.');
  const suspect = commas.suspect(rows, headings === columns);
  if (suspect !== undefined)
    throw formatError(
      source,
      `line ${suspect.line}`,
      `${excerpt(suspect.text)} may be one number with a decimal comma or two numbers`,
      'Write decimals with a point; if these are two columns, put a line with their two names first.',
    );
  const shape = columns === 1 || rows === 1 ? [values.length] : [rows, columns];
  return { shape, data: Float64Array.from(values), dtype: '<f8' };
}

function fieldsOf(line: string): string[] {
  const separator = line.includes(',') ? ',' : line.includes(';') ? ';' : line.includes('\t') ? '\t' : /\s+/;
  return line.split(separator).map((field) => field.trim().replace(/^"(.*)"$/, '$1'));
}

function checkRow(
  source: string,
  line: number,
  fields: readonly string[],
  numbers: readonly (number | undefined)[],
  columns: number,
): void {
  const bad = numbers.indexOf(undefined);
  if (bad >= 0) {
    throw formatError(
      source,
      `line ${line}, column ${bad + 1}`,
      `a number is needed, found ${excerpt(fields[bad]!)}`,
      'Decimal numbers such as -1.5e-3 are read, with a point, not a comma, before the decimals.',
    );
  }
  if (numbers.length !== columns) {
    throw formatError(
      source,
      `line ${line}`,
      `${numbers.length} fields where the lines before have ${columns}`,
      'Every row needs the same number of fields.',
    );
  }
}

/**
 * Whether the commas of a table stand before decimals. A field such as 05 behind a whole number gives them away; a list
 * of three or more lines "whole number, digits", or one with six digits, could be read either way, and is unless its two
 * columns have names.
 */
function decimalCommas() {
  let certain: { readonly line: number; readonly text: string } | undefined;
  let possible: typeof certain;
  let always = true;
  let digits = 0;
  return {
    see(fields: readonly string[], line: number): void {
      const decimals = (k: number) => whole.test(fields[k - 1]!) && wholePattern.test(fields[k]!);
      const pair = (k: number) => ({ line, text: `${fields[k - 1]},${fields[k]}` });
      for (let k = 1; certain === undefined && k < fields.length; k++)
        if (/^0\d/.test(fields[k]!) && decimals(k)) certain = pair(k);
      always &&= fields.length === 2 && decimals(1);
      if (!always) return;
      possible ??= pair(1);
      digits = Math.max(digits, fields[1]!.length);
    },
    suspect: (rows: number, named: boolean) =>
      certain ?? (always && !named && (rows > 2 || digits > 5) ? possible : undefined),
  };
}
