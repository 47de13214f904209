/**
 * Results of tasks as JSON text and bytes, such that decoding gives back the very same values, bit for bit.
 *
 * Plain objects, arrays, strings, booleans, null and finite numbers are themselves. What JSON has no word for is an
 * object with one key that begins with `$`:
 *
 *     {"$number": "NaN" | "Infinity" | "-Infinity" | "-0"}
 *     {"$undefined": true}
 *     {"$bigint": "123"}
 *     {"$map": [[key, value], …]}      {"$set": [value, …]}
 *     {"$array": ["Float64Array", length, "base64 …"]}     a typed array of at most 256 bytes
 *     {"$array": ["Float64Array", length, offset]}         a longer one: its bytes begin at this offset
 *     {"$object": [[key, value], …]}   an object that has itself a key beginning with `$`
 *
 * Bytes are little-endian; each array begins at a multiple of eight.
 */

/** A value as text, and the bytes of its longer arrays. */
export interface EncodedResult {
  readonly text: string;
  readonly bytes: Uint8Array;
}

const constructors = {
  Int8Array,
  Uint8Array,
  Uint8ClampedArray,
  Int16Array,
  Uint16Array,
  Int32Array,
  Uint32Array,
  Float32Array,
  Float64Array,
  BigInt64Array,
  BigUint64Array,
};

/** Bytes up to which an array stands in the text. */
const inlineBytes = 256;
const alignment = 8;

/**
 * Encodes a tree of plain values. Missing places of an array become `undefined`; what is shared in the tree comes back
 * twice.
 * @throws TypeError for functions, symbols and instances of classes, which could not be given back.
 */
export function encodeResult(value: unknown): EncodedResult {
  const parts: { readonly offset: number; readonly bytes: Uint8Array }[] = [];
  let length = 0;
  const place = (bytes: Uint8Array): number => {
    const offset = Math.ceil(length / alignment) * alignment;
    parts.push({ offset, bytes });
    length = offset + bytes.length;
    return offset;
  };
  const text = JSON.stringify(toJson(value, place));
  const bytes = new Uint8Array(Math.ceil(length / alignment) * alignment);
  for (const part of parts) bytes.set(part.bytes, part.offset);
  return { text, bytes };
}

/**
 * The value of parsed text and its bytes.
 * @throws Error where the text is not what `encodeResult` writes.
 */
export function decodeResult(json: unknown, bytes: Uint8Array): unknown {
  if (typeof json !== 'object' || json === null) return json;
  if (Array.isArray(json)) return json.map((item) => decodeResult(item, bytes));
  const entries = Object.entries(json);
  const [key, content] = entries[0] ?? [];
  if (key?.startsWith('$') === true) return decodeTagged(key, content, bytes);
  return Object.fromEntries(entries.map(([name, item]) => [name, decodeResult(item, bytes)]));
}

function toJson(value: unknown, place: (bytes: Uint8Array) => number): unknown {
  if (value === undefined) return { $undefined: true };
  if (typeof value === 'number') {
    if (Object.is(value, -0)) return { $number: '-0' };
    return Number.isFinite(value) ? value : { $number: String(value) };
  }
  if (typeof value === 'bigint') return { $bigint: String(value) };
  if (typeof value === 'string' || typeof value === 'boolean' || value === null) return value;
  // Array.from visits missing places too.
  if (Array.isArray(value)) return Array.from(value, (item) => toJson(item, place));
  const kind = Object.prototype.toString.call(value).slice('[object '.length, -1);
  if (kind in constructors) return arrayToJson(value as ArrayBufferView & { readonly length: number }, kind, place);
  if (kind === 'Map')
    return { $map: Array.from(value as Map<unknown, unknown>, (pair) => pair.map((item) => toJson(item, place))) };
  if (kind === 'Set') return { $set: Array.from(value as Set<unknown>, (item) => toJson(item, place)) };
  if (!isPlain(value)) throw new TypeError(`a result must be plain data to be kept, got ${kind} ${String(value)}`);
  const entries = Object.entries(value).map(([key, item]) => [key, toJson(item, place)] as const);
  return entries.some(([key]) => key.startsWith('$')) ? { $object: entries } : Object.fromEntries(entries);
}

function arrayToJson(
  array: ArrayBufferView & { readonly length: number },
  kind: string,
  place: (bytes: Uint8Array) => number,
): unknown {
  const bytes = new Uint8Array(array.buffer, array.byteOffset, array.byteLength);
  const where = bytes.length > inlineBytes ? place(bytes) : Buffer.from(bytes).toString('base64');
  return { $array: [kind, array.length, where] };
}

function decodeTagged(tag: string, content: unknown, bytes: Uint8Array): unknown {
  const pairs = () =>
    (content as [unknown, unknown][]).map(([key, item]) => [decodeResult(key, bytes), decodeResult(item, bytes)]);
  switch (tag) {
    case '$number':
      return Number(content);
    case '$undefined':
      return undefined;
    case '$bigint':
      return BigInt(content as string);
    case '$map':
      return new Map(pairs() as [unknown, unknown][]);
    case '$set':
      return new Set((content as unknown[]).map((item) => decodeResult(item, bytes)));
    case '$object':
      return Object.fromEntries(pairs() as [string, unknown][]);
    case '$array':
      return decodeArray(content as [keyof typeof constructors, number, string | number], bytes);
    default:
      throw new Error(`no such value: ${tag}`);
  }
}

function decodeArray(
  [kind, length, where]: [keyof typeof constructors, number, string | number],
  bytes: Uint8Array,
): ArrayBufferView {
  const constructor = constructors[kind];
  const size = length * constructor.BYTES_PER_ELEMENT;
  const source = typeof where === 'string' ? Buffer.from(where, 'base64') : bytes.subarray(where, where + size);
  if (source.length !== size) throw new Error(`an array of ${size} bytes has ${source.length}`);
  const copy = new Uint8Array(size);
  copy.set(source);
  return new constructor(copy.buffer);
}

/** Also of another realm, as the objects are that a worker has sent. */
function isPlain(value: unknown): value is object {
  if (typeof value !== 'object' || value === null) return false;
  const prototype = Object.getPrototypeOf(value) as object | null;
  return prototype === null || Object.getPrototypeOf(prototype) === null;
}
