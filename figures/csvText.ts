/** Rows as lines of a CSV file. A text that would break its line is put into quotation marks. */
export function csvText(rows: Iterable<Iterable<string | number>>): string {
  return Array.from(rows, (row) => `${Array.from(row, cell).join(',')}\n`).join('');
}

const cell = (value: string | number): string =>
  typeof value === 'string' && /[",\r\n]/.test(value) ? `"${value.replaceAll('"', '""')}"` : String(value);
