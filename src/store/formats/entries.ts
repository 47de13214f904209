/** Entries of a matrix as they lie in a file, to doubles: a tile at a time, so the inner loops count. */
import { brainToNumber, halfToNumber } from './halfPrecision.js';
import { readerFor } from './npy.js';

export interface EntryType {
  /** Bytes of an entry. */
  readonly size: number;
  /** Fills `out` from as many entries; `bytes` starts at a multiple of 8 of its buffer. */
  decode(bytes: Uint8Array, out: Float64Array): void;
}

/** Types of safetensors that are real numbers of a network, little-endian. */
export const tensorTypes: Readonly<Record<string, EntryType>> = {
  F64: { size: 8, decode: (bytes, out) => out.set(new Float64Array(bytes.buffer, bytes.byteOffset, out.length)) },
  F32: { size: 4, decode: (bytes, out) => out.set(new Float32Array(bytes.buffer, bytes.byteOffset, out.length)) },
  F16: { size: 2, decode: fromTable(halfToNumber) },
  BF16: { size: 2, decode: fromTable(brainToNumber) },
};

const sameLayout: Readonly<Record<string, EntryType>> = {
  '<f8': tensorTypes['F64']!,
  '<f4': tensorTypes['F32']!,
  '<f2': tensorTypes['F16']!,
};

/** A type of .npy. Throws UsageError naming `source` for one that holds no real numbers. */
export function npyType(descr: string, source: string): EntryType {
  const { size, read, littleEndian } = readerFor(descr, source);
  if (sameLayout[descr] !== undefined) return sameLayout[descr];
  return {
    size,
    decode(bytes, out) {
      const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
      for (let k = 0; k < out.length; k++) out[k] = read(view, k * size, littleEndian);
    },
  };
}

/** All 65 536 values of a type of 16 bits, made when the first is read. */
function fromTable(toNumber: (bits: number) => number): EntryType['decode'] {
  let table: Float64Array | undefined;
  return (bytes, out) => {
    table ??= Float64Array.from({ length: 65536 }, (_, bits) => toNumber(bits));
    const words = new Uint16Array(bytes.buffer, bytes.byteOffset, out.length);
    for (let k = 0; k < out.length; k++) out[k] = table[words[k]!]!;
  };
}
