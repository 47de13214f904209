/** Arrays in a line of JSON: lists, or their bytes in base64, which keeps every bit and is read without parsing. */
import { UsageError } from '../../../theory/errors.js';

/** {"float64": base64 of little-endian doubles, "shape": [2, 3]}, or {"list": [1, "inf"]}; one axis where no shape is given. */
export type SentArray = Bytes | List;

interface Bytes {
  readonly float64: string;
  readonly shape?: readonly number[];
}

interface List {
  readonly list: readonly unknown[];
  readonly shape?: readonly number[];
}

export interface ReadArray {
  readonly data: Float64Array;
  readonly shape: readonly number[];
}

export const isSentArray = (value: unknown): value is SentArray =>
  typeof value === 'object' && value !== null && ('float64' in value || 'list' in value);

/**
 * @param name what the array is, for messages
 * @throws UsageError for what is no array, or not of its shape
 */
export function readArray(name: string, value: unknown): ReadArray {
  const sent = Array.isArray(value) ? { list: value as unknown[] } : value;
  if (!isSentArray(sent))
    throw new UsageError(`${name} must be an array: a list of numbers, or {"float64": base64, "shape": [length, …]}`);
  const data = 'float64' in sent ? fromBase64(name, sent.float64) : Float64Array.from(sent.list, numberIn(name));
  const shape = sent.shape ?? [data.length];
  const fits = Array.isArray(shape) && shape.every((length) => Number.isSafeInteger(length) && length >= 0);
  if (!fits || shape.reduce((product, length) => product * length, 1) !== data.length)
    throw new UsageError(`${name}: shape must be whole numbers whose product is ${data.length}, the numbers given`);
  return { data, shape };
}

/** In the form in which `asked` came. */
export function sendArray({ data, shape }: ReadArray, asked: unknown): SentArray | readonly unknown[] {
  if (isSentArray(asked) && 'float64' in asked) return { float64: toBase64(data), shape };
  const list = Array.from(data, (value) => (Number.isFinite(value) ? value : String(value)));
  return Array.isArray(asked) ? list : { list, shape };
}

function fromBase64(name: string, text: unknown): Float64Array {
  const bytes = typeof text === 'string' ? Buffer.from(text, 'base64') : undefined;
  if (bytes === undefined || bytes.length % 8 !== 0 || Math.ceil(bytes.length / 3) * 4 !== (text as string).length)
    throw new UsageError(`${name}: float64 must be the base64 of doubles, 8 bytes each, padded with '='`);
  // A small buffer may begin anywhere in the pool that it is taken from.
  const data = new Float64Array(bytes.length / 8);
  new Uint8Array(data.buffer).set(bytes);
  return inLittleEndian(data);
}

function toBase64(data: Float64Array): string {
  const bytes = inLittleEndian(littleEndian ? data : data.slice());
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('base64');
}

const littleEndian = new Uint8Array(new Uint16Array([1]).buffer)[0] === 1;

function inLittleEndian(data: Float64Array): Float64Array {
  if (!littleEndian) Buffer.from(data.buffer, data.byteOffset, data.byteLength).swap64();
  return data;
}

const words: Readonly<Record<string, number>> = {
  NaN: NaN,
  Infinity,
  inf: Infinity,
  '-Infinity': -Infinity,
  '-inf': -Infinity,
};

const numberIn =
  (name: string) =>
  (value: unknown, place: number): number => {
    const number = typeof value === 'number' ? value : typeof value === 'string' ? words[value] : undefined;
    if (number === undefined)
      throw new UsageError(`${name}, entry ${place}: must be a number, "inf" or "NaN" (counting from 0)`);
    return number;
  };
