/** Names of the rows and columns of a table, which stand before its numbers: which fields are no numbers of it. */
import { parseNumber } from './decimal.js';

export interface NumberTable {
  readonly columns: number;
  /** Row after row. */
  readonly values: readonly number[];
}

/** Whether the first line names the columns: no field is a number; or the first is empty, as pandas writes it, before names. */
export function isHeading(fields: readonly string[]): boolean {
  const numbers = fields.map(parseNumber);
  if (numbers.every((value) => value === undefined)) return true;
  if (fields[0] !== '' || fields.length < 2) return false;
  const names = fields.slice(1);
  return names.some((name) => name !== '' && parseNumber(name) === undefined) || counts(names.map(Number));
}

/** How the first field of a row is known to be its name: by the headings, or by being none of a number. */
export type RowName = 'by the headings' | 'by its text';

/** From the first row of numbers and the headings above it; where blanks separate, headings have no field above the names. */
export function rowNameOf(
  fields: readonly string[],
  headings: readonly string[] | undefined,
  separatedByComma: boolean,
): RowName | undefined {
  if (fields.length < 2) return undefined;
  const above = headings?.length === fields.length && headings[0] === '';
  if (above || (headings?.length === fields.length - 1 && !separatedByComma)) return 'by the headings';
  const isText = fields[0] !== '' && parseNumber(fields[0]!) === undefined && parseNumber(fields[1]!) !== undefined;
  return isText ? 'by its text' : undefined;
}

/** 0, 1, 2, … or 1, 2, 3, …, as positions are numbered. */
export function counts(values: readonly number[]): boolean {
  return (values[0] === 0 || values[0] === 1) && values.every((value, k) => value === values[0]! + k);
}

const fewestCounted = 4;

/**
 * Without a first row or column that only counts, among numbers that are not whole: it numbers the others.
 * @returns what was taken off, as clauses
 */
export function withoutCounts(table: NumberTable): { readonly table: NumberTable; readonly taken: readonly string[] } {
  const taken: string[] = [];
  let { columns, values } = table;
  const countsRow = values.slice(0, columns);
  if (columns >= fewestCounted && values.length > columns && counts(countsRow) && hasFractions(values)) {
    values = values.slice(columns);
    taken.push(`the first row, which counts from ${countsRow[0]}`);
  }
  if (columns > 1 && values.length >= fewestCounted * columns && columnCounts(values, columns)) {
    const rest = values.filter((_, k) => k % columns !== 0);
    if (hasFractions(rest)) {
      taken.push(`the first column, which counts from ${values[0]}`);
      values = rest;
      columns -= 1;
    }
  }
  return { table: { columns, values }, taken };
}

function columnCounts(values: readonly number[], columns: number): boolean {
  if (values[0] !== 0 && values[0] !== 1) return false;
  for (let k = 0; k < values.length; k += columns) if (values[k] !== values[0] + k / columns) return false;
  return true;
}

const hasFractions = (values: readonly number[]): boolean => values.some((value) => !Number.isInteger(value));

/** A lone 0 before numbers none of which is whole: the name of a column without one, as pandas writes it, looks so. */
export function looksLikeName(values: readonly number[]): boolean {
  return (
    values[0] === 0 && values.length > fewestCounted && values.every((value, k) => k === 0 || !Number.isInteger(value))
  );
}
