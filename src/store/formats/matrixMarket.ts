/**
 * Matrix Market exchange format (NIST): array and coordinate, real, integer or pattern, general, symmetric or
 * skew-symmetric. Specification: Boisvert, Pozo, Remington, NISTIR 5935. Indices in the file count from 1; arrays are
 * column by column.
 */
import { entryCount, excerpt, formatError, type NumericArray } from './numericArray.js';
import { parseNumber } from './decimal.js';
import { linesOf } from './textLines.js';

/**
 * A file of a few bytes may ask for any dense matrix; this many entries (512 MB) are given unless more are asked for.
 */
const defaultMaximumEntries = 2 ** 26;
const bannerHelp =
  'The first line reads "%%MatrixMarket matrix array real symmetric", or coordinate, integer, pattern, general, skew-symmetric in their places.';

/**
 * Reads a Matrix Market file into a dense row-major matrix (a vector stays a matrix with one column).
 * Repeated coordinates are refused, since readers disagree on whether they add.
 *
 * Long, because every step reads on from the same line and names its number when it complains.
 * @throws UsageError naming the line and the rule; also when the dense matrix would have more than `maximumEntries`
 * entries.
 */
export function readMatrixMarket(
  bytes: Uint8Array,
  source = 'the Matrix Market data',
  { maximumEntries = defaultMaximumEntries }: { readonly maximumEntries?: number } = {},
): NumericArray {
  const lines = linesOf(bytes, source);
  let lineNumber = 0;
  const nextLine = (): string | undefined => {
    const next = lines.next();
    if (next.done === true) return undefined;
    lineNumber = next.value.number;
    return next.value.line.trim();
  };
  const nextDataLine = (): string | undefined => {
    for (;;) {
      const line = nextLine();
      if (line === undefined || (line !== '' && !line.startsWith('%'))) return line;
    }
  };
  const fail = (problem: string, remedy: string) =>
    formatError(source, `line ${Math.max(1, lineNumber)}`, problem, remedy);

  const banner = (nextLine() ?? '').toLowerCase().split(/\s+/);
  const [mark, object, layout, field, symmetry] = banner;
  if (mark !== '%%matrixmarket')
    throw fail(`not a Matrix Market file: it begins with ${excerpt(banner[0] ?? '')}`, bannerHelp);
  if (object !== 'matrix') throw fail(`${excerpt(object ?? '')} cannot be read, only a matrix`, bannerHelp);
  if (layout !== 'array' && layout !== 'coordinate')
    throw fail(`layout must be array or coordinate, found ${excerpt(layout ?? '')}`, bannerHelp);
  if (
    field !== 'real' &&
    field !== 'double' &&
    field !== 'integer' &&
    !(field === 'pattern' && layout === 'coordinate')
  ) {
    throw fail(`entries must be real or integer, found ${excerpt(field ?? '')}`, bannerHelp);
  }
  if (symmetry !== 'general' && symmetry !== 'symmetric' && symmetry !== 'skew-symmetric') {
    throw fail(`symmetry must be general, symmetric or skew-symmetric, found ${excerpt(symmetry ?? '')}`, bannerHelp);
  }

  const sizeLine = nextDataLine();
  const sizes = (sizeLine ?? '').split(/\s+/).map(parseCount);
  const expectedSizes = layout === 'array' ? 2 : 3;
  if (sizes.length !== expectedSizes || sizes.includes(undefined)) {
    throw fail(
      `the size line needs ${expectedSizes} whole numbers, found ${excerpt(sizeLine ?? '')}`,
      layout === 'array' ? 'Write "rows columns".' : 'Write "rows columns entries".',
    );
  }
  const [rows, columns] = sizes as number[];
  const entries = entryCount([rows!, columns!]);
  if (symmetry !== 'general' && rows !== columns)
    throw fail(
      `a ${symmetry} matrix must be square, found ${rows} by ${columns}`,
      'Mend the size line or declare the matrix general.',
    );
  if (entries > maximumEntries) {
    throw fail(
      `${rows} by ${columns} is ${entries} dense entries, more than the ${maximumEntries} allowed`,
      'Use a smaller matrix, or give its eigenvalues.',
    );
  }
  // In an array every entry is a line of its own, so the file bounds the matrix.
  const listed =
    layout === 'array'
      ? symmetry === 'general'
        ? entries
        : symmetry === 'symmetric'
          ? (entries + rows!) / 2
          : (entries - rows!) / 2
      : sizes[2]!;
  if (listed > bytes.length)
    throw fail(
      `the file is too short for the ${listed} entries it announces`,
      'It is cut short or its size line is wrong.',
    );

  const data = new Float64Array(entries);
  const put = (row: number, column: number, value: number) => {
    data[row * columns! + column] = value;
    if (symmetry !== 'general' && row !== column)
      data[column * columns! + row] = symmetry === 'symmetric' ? value : 0 - value;
  };
  const readValue = (token: string | undefined): number => {
    const value = token === undefined ? undefined : parseNumber(token);
    if (value === undefined)
      throw fail(`a number is needed, found ${excerpt(token ?? '')}`, 'Write decimal numbers such as -1.5e-3.');
    return value;
  };
  const endOfEntries = (read: number) =>
    fail(`the file ends after ${read} of its ${listed} entries`, 'It is cut short or its size line is wrong.');

  if (layout === 'array') {
    let read = 0;
    for (let column = 0; column < columns!; column++) {
      const first = symmetry === 'general' ? 0 : symmetry === 'symmetric' ? column : column + 1;
      for (let row = first; row < rows!; row++) {
        const line = nextDataLine();
        if (line === undefined) throw endOfEntries(read);
        if (/\s/.test(line))
          throw fail(
            `one entry a line is expected, found ${excerpt(line)}`,
            'Write the matrix column by column, one number a line.',
          );
        put(row, column, readValue(line));
        read++;
      }
    }
  } else {
    const seen = new Uint8Array(entries);
    for (let read = 0; read < listed; read++) {
      const line = nextDataLine();
      if (line === undefined) throw endOfEntries(read);
      const tokens = line.split(/\s+/);
      if (tokens.length !== (field === 'pattern' ? 2 : 3))
        throw fail(
          `an entry is ${field === 'pattern' ? '"row column"' : '"row column value"'}, found ${excerpt(line)}`,
          'Mend this line.',
        );
      const row = parseCount(tokens[0]!);
      const column = parseCount(tokens[1]!);
      if (row === undefined || column === undefined || row < 1 || column < 1 || row > rows! || column > columns!) {
        throw fail(
          `indices run from 1 to ${rows} and from 1 to ${columns}, found ${excerpt(`${tokens[0]} ${tokens[1]}`)}`,
          'Mend this line.',
        );
      }
      if (symmetry !== 'general' && column > row)
        throw fail(
          `a ${symmetry} matrix lists its lower triangle only, found row ${row}, column ${column}`,
          'Drop the upper triangle or declare the matrix general.',
        );
      const index = (row - 1) * columns! + column - 1;
      if (seen[index]) throw fail(`row ${row}, column ${column} is listed twice`, 'List every entry once.');
      seen[index] = 1;
      put(row - 1, column - 1, field === 'pattern' ? 1 : readValue(tokens[2]));
    }
  }
  if (nextDataLine() !== undefined)
    throw fail(`more lines than the ${listed} entries announced`, 'Mend the size line.');
  return { shape: [rows!, columns!], data, dtype: '<f8' };
}

function parseCount(token: string): number | undefined {
  return /^\d{1,15}$/.test(token) ? Number(token) : undefined;
}
