/** Files of the formats that are only read, for tests of their readers. */
import { zipSync } from 'fflate';
import { writeNpy } from '../../src/store/formats/index.js';

/**
 * The shortest decimals that read back as the same doubles; one row a line. In two columns whole numbers carry a point
 * too, so that no comma can be taken for a decimal one.
 */
export function writeCsv(data: ArrayLike<number>, columns = 1): string {
  const wholeNumber =
    columns === 2 ? (value: number) => Number.isInteger(value) && Math.abs(value) < 1e21 : () => false;
  const printed = (value: number) => printNumber(value) + (wholeNumber(value) ? '.0' : '');
  const lines: string[] = [];
  for (let start = 0; start < data.length; start += columns) {
    const row: string[] = [];
    for (let i = start; i < Math.min(start + columns, data.length); i++) row.push(printed(data[i]!));
    lines.push(row.join(','));
  }
  return lines.join('\n') + '\n';
}

interface MatrixMarketOptions {
  readonly layout?: 'array' | 'coordinate';
  readonly symmetry?: 'general' | 'symmetric';
}

/**
 * Writes a row-major rows×columns matrix; a symmetric one by its lower triangle, a coordinate one without its zeros.
 */
export function writeMatrixMarket(
  data: ArrayLike<number>,
  rows: number,
  columns: number,
  options: MatrixMarketOptions = {},
): string {
  const { layout = 'array', symmetry = 'general' } = options;
  const lines: string[] = [];
  let entries = 0;
  for (let column = 0; column < columns; column++) {
    for (let row = symmetry === 'symmetric' ? column : 0; row < rows; row++) {
      const value = data[row * columns + column]!;
      if (layout === 'coordinate' && value === 0) continue;
      lines.push(layout === 'array' ? printNumber(value) : `${row + 1} ${column + 1} ${printNumber(value)}`);
      entries++;
    }
  }
  const size = layout === 'array' ? `${rows} ${columns}` : `${rows} ${columns} ${entries}`;
  return [`%%MatrixMarket matrix ${layout} real ${symmetry}`, size, ...lines].join('\n') + '\n';
}

/** An archive that numpy.load reads, deflated. Names as in `numpy.savez_compressed(path, **arrays)`. */
export function writeNpz(
  arrays: Readonly<Record<string, { readonly data: ArrayLike<number>; readonly shape?: readonly number[] }>>,
): Uint8Array {
  const files: Record<string, Uint8Array> = {};
  for (const [name, { data, shape }] of Object.entries(arrays)) files[`${name}.npy`] = writeNpy(data, shape);
  // A fixed date keeps the bytes a function of the numbers.
  return zipSync(files, { level: 6, mtime: '1980-01-01T00:00:00' });
}

/** The shortest decimal that reads back as the same double, minus zero included. */
function printNumber(value: number): string {
  return Object.is(value, -0) ? '-0' : String(value);
}

/** A safetensors file of raw tensors, its header as given: what is wrong in it is written too. */
export function writeSafetensors(
  header: Readonly<Record<string, unknown>> | string,
  data: Uint8Array = new Uint8Array(0),
): Uint8Array {
  const text = new TextEncoder().encode(typeof header === 'string' ? header : JSON.stringify(header));
  const bytes = new Uint8Array(8 + text.length + data.length);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(text.length), true);
  bytes.set(text, 8);
  bytes.set(data, 8 + text.length);
  return bytes;
}
