import type { LayerInitialisation } from '../../theory/contracts.js';
import type { RandomStream } from '../contracts.js';
import { fillLayer } from './layerInitialisation.js';

/**
 * V is kept as a matrix up to this many entries (32 MB); beyond it its rows are drawn again, tile by tile, whenever
 * they are read.
 */
export const readoutEntriesKept = 4_000_000;
/** Rows drawn at a time when V is not kept: small enough for a cache, large enough to hide the cost of a call. */
export const readoutTileEntries = 4096;

/**
 * The last layer V, classes × fanIn, one row per class. Kept or streamed, its rows are the same bits: both come from
 * one stream, in memory order.
 */
export interface Readout {
  readonly classes: number;
  readonly fanIn: number;
  /** V, row-major, when it is small enough to keep. */
  readonly matrix: Float64Array | undefined;
  /** Calls `visit` with consecutive tiles of rows, first to last. The tile is only valid during the call. */
  visitTiles(visit: (rows: Float64Array, start: number, count: number) => void): void;
  /** A reader that fills `out` with the rows from `start` on; to be called with consecutive tiles from row 0. */
  reader(): (start: number, out: Float64Array) => void;
  /** The rows of the given classes, in the order given, wanted.length × fanIn. */
  rows(wanted: readonly number[]): Float64Array;
}

/** `openStream` returns the stream of V from its beginning, each time it is called. */
export function createReadout(
  classes: number,
  fanIn: number,
  scheme: LayerInitialisation,
  openStream: () => RandomStream,
  entriesKept = readoutEntriesKept,
): Readout {
  if (classes * fanIn > entriesKept) return streamedReadout(classes, fanIn, scheme, openStream);
  const matrix = new Float64Array(classes * fanIn);
  fillLayer(openStream(), scheme, fanIn, matrix);
  return keptReadout(classes, fanIn, matrix);
}

export function keptReadout(classes: number, fanIn: number, matrix: Float64Array): Readout {
  return {
    classes,
    fanIn,
    matrix,
    visitTiles(visit) {
      const tile = tileRows(fanIn);
      for (let start = 0; start < classes; start += tile) {
        const count = Math.min(tile, classes - start);
        visit(matrix.subarray(start * fanIn, (start + count) * fanIn), start, count);
      }
    },
    reader: () => (start, out) => {
      out.set(matrix.subarray(start * fanIn, Math.min(start * fanIn + out.length, matrix.length)));
    },
    rows(wanted) {
      const out = new Float64Array(wanted.length * fanIn);
      wanted.forEach((c, k) => out.set(matrix.subarray(c * fanIn, (c + 1) * fanIn), k * fanIn));
      return out;
    },
  };
}

/** V, classes × fanIn. */
export function wholeReadout(readout: Readout): Float64Array {
  return readout.rows([...Array(readout.classes).keys()]);
}

function streamedReadout(
  classes: number,
  fanIn: number,
  scheme: LayerInitialisation,
  openStream: () => RandomStream,
): Readout {
  const readout: Readout = {
    classes,
    fanIn,
    matrix: undefined,
    visitTiles(visit) {
      const stream = openStream();
      const tile = tileRows(fanIn);
      const buffer = new Float64Array(tile * fanIn);
      for (let start = 0; start < classes; start += tile) {
        const count = Math.min(tile, classes - start);
        const rows = buffer.subarray(0, count * fanIn);
        fillLayer(stream, scheme, fanIn, rows);
        visit(rows, start, count);
      }
    },
    reader() {
      const stream = openStream();
      return (_start, out) => fillLayer(stream, scheme, fanIn, out);
    },
    rows(wanted) {
      const out = new Float64Array(wanted.length * fanIn);
      readout.visitTiles((rows, start, count) => {
        wanted.forEach((c, k) => {
          if (c >= start && c < start + count)
            out.set(rows.subarray((c - start) * fanIn, (c - start + 1) * fanIn), k * fanIn);
        });
      });
      return out;
    },
  };
  return readout;
}

function tileRows(fanIn: number): number {
  return Math.max(1, Math.floor(readoutTileEntries / fanIn));
}
