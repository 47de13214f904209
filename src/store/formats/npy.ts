/** NumPy's .npy format: any real numeric array in, double precision out; and double precision written back. */
import { UsageError } from '../../../theory/errors.js';
import { halfToNumber } from './halfPrecision.js';
import { entryCount, excerpt, formatError, type NumericArray } from './numericArray.js';
import { readNpyHeader } from './npyHeader.js';

type Reader = (view: DataView, offset: number, littleEndian: boolean) => number;

/**
 * NumPy type code → bytes an entry, and how to read one. Long integers beyond 2^53 lose their last digits, as float(x)
 * does.
 */
const readers: Readonly<Record<string, { readonly size: number; readonly read: Reader }>> = {
  f4: { size: 4, read: (view, offset, little) => view.getFloat32(offset, little) },
  f8: { size: 8, read: (view, offset, little) => view.getFloat64(offset, little) },
  f2: { size: 2, read: (view, offset, little) => halfToNumber(view.getUint16(offset, little)) },
  i1: { size: 1, read: (view, offset) => view.getInt8(offset) },
  u1: { size: 1, read: (view, offset) => view.getUint8(offset) },
  b1: { size: 1, read: (view, offset) => (view.getUint8(offset) === 0 ? 0 : 1) },
  i2: { size: 2, read: (view, offset, little) => view.getInt16(offset, little) },
  u2: { size: 2, read: (view, offset, little) => view.getUint16(offset, little) },
  i4: { size: 4, read: (view, offset, little) => view.getInt32(offset, little) },
  u4: { size: 4, read: (view, offset, little) => view.getUint32(offset, little) },
  i8: { size: 8, read: (view, offset, little) => Number(view.getBigInt64(offset, little)) },
  u8: { size: 8, read: (view, offset, little) => Number(view.getBigUint64(offset, little)) },
};

/**
 * Reads the bytes of an .npy file. Fortran order comes out row-major; both byte orders, floats of 2, 4 and 8 bytes,
 * integers and booleans are read. Memory: 8 bytes for each entry that is really there; a header that promises more is
 * refused first.
 * @throws UsageError naming `source`, the byte and the rule, for anything else.
 */
export function readNpy(bytes: Uint8Array, source = 'the .npy data'): NumericArray {
  const header = readNpyHeader(bytes, source);
  const { size, read, littleEndian } = readerFor(header.descr, source);
  const count = entryCount(header.shape);
  const present = bytes.length - header.dataOffset;
  if (count * size !== present) {
    const needed = Number.isFinite(count) ? `${count * size}` : 'more than 2^53';
    throw formatError(
      source,
      `byte ${header.dataOffset}`,
      `shape (${header.shape.join(', ')}) of ${excerpt(header.descr)} needs ${needed} bytes of numbers, the file has ${present}`,
      'The file is cut short or holds something else; write it again with numpy.save(path, array).',
    );
  }
  const data = new Float64Array(count);
  if (size === 8 && header.descr.endsWith('f8') && littleEndian) {
    // Same layout as the target: one copy, whatever the alignment of the source (all hosts of Node are little-endian in
    // practice).
    new Uint8Array(data.buffer).set(bytes.subarray(header.dataOffset));
    if (!hostIsLittleEndian()) swapBytes(data);
  } else {
    const view = new DataView(bytes.buffer, bytes.byteOffset + header.dataOffset, present);
    for (let i = 0; i < count; i++) data[i] = read(view, i * size, littleEndian);
  }
  const axes = header.shape.length;
  const reorder = header.fortranOrder && axes > 1 && count > 0;
  return { shape: header.shape, data: reorder ? rowMajorFromFortran(data, header.shape) : data, dtype: header.descr };
}

/**
 * An .npy file (version 1.0, '<f8', C order) that numpy.load reads; `shape` defaults to one axis.
 * @throws UsageError when the shape does not hold exactly the entries given.
 */
export function writeNpy(data: ArrayLike<number>, shape: readonly number[] = [data.length]): Uint8Array {
  if (shape.some((length) => !Number.isInteger(length) || length < 0) || entryCount(shape) !== data.length) {
    throw new UsageError(
      `writeNpy: shape (${shape.join(', ')}) must be whole numbers whose product is the number of entries, ${data.length}. Pass the true shape.`,
    );
  }
  const tuple = shape.length === 1 ? `(${shape[0]},)` : `(${shape.join(', ')})`;
  const dictionary = `{'descr': '<f8', 'fortran_order': False, 'shape': ${tuple}, }`;
  // The numbers start at a multiple of 64 bytes, so that a reader may map the file; the header ends in a newline.
  const dataOffset = Math.ceil((10 + dictionary.length + 1) / 64) * 64;
  const bytes = new Uint8Array(dataOffset + 8 * data.length);
  bytes.set([0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59, 1, 0, (dataOffset - 10) & 255, (dataOffset - 10) >> 8]);
  const text = dictionary.padEnd(dataOffset - 11, ' ') + '\n';
  for (let i = 0; i < text.length; i++) bytes[10 + i] = text.charCodeAt(i);
  const doubles = new Float64Array(bytes.buffer, dataOffset, data.length);
  doubles.set(data);
  if (!hostIsLittleEndian()) swapBytes(doubles);
  return bytes;
}

/** How entries of a type of NumPy are read. Throws UsageError for one that is not a real number. */
export function readerFor(descr: string, source: string): { size: number; read: Reader; littleEndian: boolean } {
  const match = /^([<>|=]?)([a-zA-Z?]\d*)$/.exec(descr);
  const code = match?.[2] === '?' ? 'b1' : match?.[2];
  const reader = code === undefined ? undefined : Object.hasOwn(readers, code) ? readers[code] : undefined;
  if (reader === undefined) {
    if (code?.[0] === 'c')
      throw formatError(
        source,
        'header',
        'complex numbers cannot be read; real numbers can',
        'Save numpy.linalg.eigvalsh(H) of a Hermitian matrix: real numbers. The limit laws hold for them, the p-values do not: real matrices are drawn, which fluctuate more. Or array.real where the rest is 0.',
      );
    const kind = code?.[0] === 'O' ? 'Python objects' : `entries of type ${excerpt(descr)}`;
    throw formatError(
      source,
      'header',
      `${kind} cannot be read; real numbers can (float32, float64, float16, integers, booleans)`,
      'Convert first: numpy.save(path, array.astype("float64")).',
    );
  }
  const order = match![1];
  return { ...reader, littleEndian: order === '=' ? hostIsLittleEndian() : order !== '>' };
}

function rowMajorFromFortran(data: Float64Array, shape: readonly number[]): Float64Array {
  const out = new Float64Array(data.length);
  const index = new Array<number>(shape.length).fill(0);
  const strides = shape.map((_, axis) => shape.slice(axis + 1).reduce((product, length) => product * length, 1));
  let target = 0;
  for (const value of data) {
    out[target] = value;
    // Advance the first axis first, carrying to the next.
    for (let axis = 0; axis < shape.length; axis++) {
      index[axis]!++;
      target += strides[axis]!;
      if (index[axis]! < shape[axis]!) break;
      target -= strides[axis]! * shape[axis]!;
      index[axis] = 0;
    }
  }
  return out;
}

function hostIsLittleEndian(): boolean {
  return new Uint8Array(new Uint16Array([1]).buffer)[0] === 1;
}

function swapBytes(numbers: Float64Array): void {
  const view = new DataView(numbers.buffer, numbers.byteOffset, numbers.byteLength);
  for (let i = 0; i < numbers.length; i++) {
    view.setBigUint64(8 * i, view.getBigUint64(8 * i, true), false);
  }
}
