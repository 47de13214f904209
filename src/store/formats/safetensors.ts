/**
 * Checkpoints in the safetensors format: 8 bytes, little-endian, the length of a header; the header in JSON, for each tensor its
 * type, shape and place; then the numbers. Nothing in it can run. One tensor is found without reading the others.
 */
import { formatError, entryCount, excerpt } from './numericArray.js';
import type { FileBytes } from './fileBytes.js';

export interface TensorEntry {
  readonly name: string;
  /** F64, F32, F16, BF16, or another. */
  readonly dtype: string;
  readonly shape: readonly number[];
  /** First byte in the file, and the one behind the last. */
  readonly start: number;
  readonly end: number;
}

/** Bits of an entry; of types that are not here the size is not checked. */
const bitsOf: Readonly<Record<string, number>> = {
  ...{ F64: 64, F32: 32, F16: 16, BF16: 16, F8_E4M3: 8, F8_E5M2: 8 },
  ...{ I64: 64, I32: 32, I16: 16, I8: 8, U64: 64, U32: 32, U16: 16, U8: 8, BOOL: 8 },
};

// The limit of the format's own library.
const longestHeader = 100_000_000;
const again = 'Copy or download the file again.';

/**
 * The tensors of a file, in the order of their places.
 * @throws UsageError naming the file, the place and the rule: a header that is none, places that do not fit type and shape, overlap
 *   or reach beyond the file.
 */
export function readTensorEntries(file: FileBytes): TensorEntry[] {
  const { source, size } = file;
  if (size < 8)
    throw formatError(source, 'byte 0', `a safetensors file has at least 8 bytes, this one has ${size}`, again);
  const prefix = new Uint8Array(8);
  file.read(0, prefix);
  const length = Number(new DataView(prefix.buffer).getBigUint64(0, true));
  if (length > longestHeader || length + 8 > size)
    throw formatError(
      source,
      'byte 0',
      `the header should have ${length} bytes, but ${length + 8 > size ? `the file has ${size}` : `at most ${longestHeader} are allowed`}`,
      `It is no safetensors file, or cut short. ${again}`,
    );
  const text = new Uint8Array(length);
  file.read(8, text);
  const entries = Object.entries(headerOf(text, source))
    .filter(([name]) => name !== '__metadata__')
    .map(([name, value]) => entryOf(name, value, 8 + length, size, source));
  entries.sort((a, b) => a.start - b.start || a.end - b.end);
  entries.forEach(({ name, start }, k) => {
    const before = entries[k - 1];
    if (before !== undefined && start < before.end)
      throw formatError(source, `tensor ${excerpt(name)}`, `it overlaps tensor ${excerpt(before.name)}`, again);
  });
  return entries;
}

function headerOf(text: Uint8Array, source: string): Readonly<Record<string, unknown>> {
  try {
    const header: unknown = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(text));
    if (typeof header === 'object' && header !== null && !Array.isArray(header))
      return header as Record<string, unknown>;
  } catch {
    // Told below.
  }
  throw formatError(source, 'byte 8', 'the header must be a JSON object of tensors', again);
}

function entryOf(name: string, value: unknown, base: number, size: number, source: string): TensorEntry {
  const fail = (problem: string) => formatError(source, `tensor ${excerpt(name)}`, problem, again);
  const { dtype, shape, data_offsets: offsets } = (value ?? {}) as Readonly<Record<string, unknown>>;
  if (typeof dtype !== 'string' || !wholeNumbers(shape) || !wholeNumbers(offsets) || offsets.length !== 2)
    throw fail('a dtype, a shape and data_offsets of two whole numbers are needed');
  const [start, end] = [base + offsets[0]!, base + offsets[1]!];
  if (start > end || end > size)
    throw fail(`its data_offsets ${offsets.join(' to ')} reach beyond the ${size - base} bytes of numbers`);
  const bits = Object.hasOwn(bitsOf, dtype) ? bitsOf[dtype]! : undefined;
  if (bits !== undefined && (entryCount(shape) * bits) / 8 !== end - start)
    throw fail(`shape (${shape.join(', ')}) of ${dtype} does not fit into its ${end - start} bytes`);
  return { name, dtype, shape, start, end };
}

function wholeNumbers(value: unknown): value is number[] {
  return Array.isArray(value) && value.every((entry) => Number.isSafeInteger(entry) && entry >= 0);
}
