/** Tables of numbers as text: comma, semicolon, tab or blanks between fields, one optional line of headings. */
import { excerpt, formatError, type NumericArray } from './numericArray.js';
import {
  counts,
  isHeading,
  looksLikeName,
  rowNameOf,
  withoutCounts,
  type NumberTable,
  type RowName,
} from './csvNames.js';
import { parseNumber } from './decimal.js';
import { linesOf } from './textLines.js';

/** Entries of a table (256 MB as doubles): a square matrix of order 5792. */
const maximumFields = 2 ** 25;
const whole = /^[+-]?\d+$/;
const wholePattern = /^\d+(?:[eE][+-]?\d+)?$/;

/**
 * A table with one row a line: a vector when there is a single column or a single row, else a matrix.
 * Blank lines and lines that begin with # are skipped. So are names: a first line without any number, or with an empty field
 * before names, as pandas writes it; a first column of them; a first row or column that counts 0, 1, 2, … beside numbers that
 * are not whole. What was skipped of the columns and rows is in `remark`.
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
  let headings: readonly string[] | undefined;
  let named: RowName | undefined;
  const commas = decimalCommas();
  for (const { line, number } of linesOf(bytes, source)) {
    const trimmed = line.trim();
    if (trimmed === '' || trimmed.startsWith('#')) continue;
    if (rows === options.maximumRows) break;
    const fields = fieldsOf(trimmed);
    const hasComma = trimmed.includes(',');
    if (rows === 0 && headings === undefined && isHeading(fields)) {
      headings = fields;
      continue;
    }
    if (rows === 1 && fields.length === columns + 1 && headings === undefined && !hasComma && counts(values)) {
      // A first line of column numbers, before rows that begin with their name.
      headings = values.splice(0).map(String);
      rows = 0;
    }
    if (rows === 0) named = rowNameOf(fields, headings, hasComma);
    const numbers = readRow(source, number, fields, named);
    if (rows > 0) requireLength(source, number, numbers.length, columns);
    columns = numbers.length;
    rows++;
    if (values.length + columns > maximumFields)
      throw formatError(
        source,
        `line ${number}`,
        `more than the ${maximumFields} numbers allowed`,
        'Save the array as .npy, or give the eigenvalues of the matrix.',
      );
    for (const value of numbers) values.push(value);
    if (hasComma) commas.see(named !== undefined ? fields.slice(1) : fields, number);
  }
  if (rows === 0) throw formatError(source, 'line 1', 'no numbers found', 'One row of numbers a line is expected.');
  const suspect = commas.suspect(rows, headings?.length === columns);
  if (suspect !== undefined)
    throw formatError(
      source,
      `line ${suspect.line}`,
      `${excerpt(suspect.text)} may be one number with a decimal comma or two numbers`,
      'Write decimals with a point; if these are two columns, put a line with their two names first.',
    );
  return arrayOf({ columns, values }, named !== undefined);
}

/** Without counts, and with a sentence on all that is not there any more. */
function arrayOf(given: NumberTable, named: boolean): NumericArray {
  const { table, taken } = withoutCounts(given);
  const { columns, values } = table;
  const rows = values.length / columns;
  const skipped = [...(named ? ['the first column, of names'] : []), ...taken];
  const remarks = [
    ...(skipped.length === 0 ? [] : [`Skipped ${skipped.length > 1 ? 'are' : 'is'} ${skipped.join(' and ')}.`]),
    ...(columns === 1 && looksLikeName(values)
      ? ['The first number is 0 and no other one is whole: if it is the name that pandas gives a column, take it out.']
      : []),
  ];
  return {
    shape: columns === 1 || rows === 1 ? [values.length] : [rows, columns],
    data: Float64Array.from(values),
    dtype: '<f8',
    ...(remarks.length === 0 ? {} : { remark: remarks.join(' ') }),
  };
}

function fieldsOf(line: string): string[] {
  const plain = line.includes('"') ? line.replace(/"[^"]*"/g, '') : line;
  const separator = plain.includes(',') ? ',' : plain.includes(';') ? ';' : plain.includes('\t') ? '\t' : /\s+/;
  const fields = plain === line ? line.split(separator) : splitQuoted(line, separator);
  return fields.map((field) => field.trim().replace(/^"(.*)"$/, '$1'));
}

/** Separators between quotes are no separators. */
function splitQuoted(line: string, separator: string | RegExp): string[] {
  const texts: string[] = [];
  const marked = line.replace(/"[^"]*"/g, (text) => `"${texts.push(text) - 1}"`);
  return marked.split(separator).map((field) => field.replace(/"(\d+)"/g, (_, k: string) => texts[Number(k)]!));
}

/** The numbers of a row, behind its name where it has one. */
function readRow(source: string, line: number, fields: readonly string[], named: RowName | undefined): number[] {
  const first = named === undefined ? 0 : 1;
  // A name may look like nan or inf, and like a number below headings that leave its field empty.
  if (named === 'by its text' && parseNumber(fields[0]!) !== undefined && !/^[+-]?[a-z]/i.test(fields[0]!))
    throw formatError(
      source,
      `line ${line}, column 1`,
      `a name is needed, as in the first row, found ${excerpt(fields[0]!)}`,
      'A first column is skipped where all of it is text.',
    );
  return fields.slice(first).map((field, k) => {
    const value = parseNumber(field);
    if (value !== undefined) return value;
    throw formatError(
      source,
      `line ${line}, column ${first + k + 1}`,
      `a number is needed, found ${excerpt(field)}`,
      'Decimal numbers such as -1.5e-3 are read, with a point, not a comma, before the decimals; names only as the first row and the first column.',
    );
  });
}

function requireLength(source: string, line: number, length: number, columns: number): void {
  if (length === columns) return;
  throw formatError(
    source,
    `line ${line}`,
    `${length} fields where the lines before have ${columns}`,
    'Every row needs the same number of fields.',
  );
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
