import type { EntryType } from './entries.js';
import type { FileBytes } from './fileBytes.js';

/** A matrix in a file that is read by rows and never held whole. */
export interface MatrixFile {
  /** For sentences. */
  readonly source: string;
  readonly rows: number;
  readonly columns: number;
  /** How entries are stored: '<f4', 'BF16'. */
  readonly dtype: string;
  /** Fills `out` with whole rows, from row `first` on, as doubles. */
  read(first: number, out: Float64Array): void;
  close(): void;
}

/** Where a matrix lies. */
export interface StoredMatrix {
  readonly file: FileBytes;
  readonly source: string;
  readonly rows: number;
  readonly columns: number;
  readonly dtype: string;
  readonly type: EntryType;
  /** Byte of the first entry. */
  readonly offset: number;
  /** One row after another; else one column after another. */
  readonly rowMajor: boolean;
}

export interface FlippableMatrix extends MatrixFile {
  /** The transpose, of the same file. */
  transposed(): FlippableMatrix;
}

/** Bytes read at a time where a tile lies in pieces. */
const mostPieces = 2 ** 25;

export function matrixFile(stored: StoredMatrix): FlippableMatrix {
  const { file, rows, columns, type, offset, rowMajor, source, dtype } = stored;
  let room = new Uint8Array(0);
  const bytes = (length: number): Uint8Array => {
    if (room.length < length) room = new Uint8Array(length);
    return room.subarray(0, length);
  };
  const readRows = (first: number, out: Float64Array): void => {
    const tile = bytes(out.length * type.size);
    file.read(offset + first * columns * type.size, tile);
    type.decode(tile, out);
  };
  // Of a matrix in columns as many rows at once as room allows: one piece of the file for each column.
  const atOnce = Math.max(1, Math.floor(mostPieces / (8 * columns)));
  let held = { first: 0, count: 0, rows: new Float64Array(0) };
  const hold = (first: number): void => {
    const count = Math.min(atOnce, rows - first);
    const tile = new Float64Array(count * columns);
    const piece = new Float64Array(count);
    for (let j = 0; j < columns; j++) {
      const raw = bytes(count * type.size);
      file.read(offset + (j * rows + first) * type.size, raw);
      type.decode(raw, piece);
      for (let i = 0; i < count; i++) tile[i * columns + j] = piece[i]!;
    }
    held = { first, count, rows: tile };
  };
  const readColumns = (first: number, out: Float64Array): void => {
    for (let done = 0; done < out.length;) {
      const row = first + done / columns;
      if (row < held.first || row >= held.first + held.count) hold(row);
      const from = (row - held.first) * columns;
      const part = held.rows.subarray(from, Math.min(held.rows.length, from + out.length - done));
      out.set(part, done);
      done += part.length;
    }
  };
  return {
    source,
    rows,
    columns,
    dtype,
    read: rowMajor ? readRows : readColumns,
    close: () => file.close(),
    transposed: () => matrixFile({ ...stored, rows: columns, columns: rows, rowMajor: !rowMajor }),
  };
}
