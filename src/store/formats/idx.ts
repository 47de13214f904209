/**
 * The IDX format of MNIST and Fashion-MNIST, plain or gzipped: two zero bytes, a type, a number of axes, big-endian
 * axis lengths, then the numbers big-endian. Layout: yann.lecun.com/exdb/mnist.
 */
import { gunzipIfNeeded } from './gunzip.js';
import { entryCount, formatError, type NumericArray } from './numericArray.js';

const types: Readonly<
  Record<
    number,
    { readonly dtype: string; readonly size: number; readonly read: (view: DataView, offset: number) => number }
  >
> = {
  0x08: { dtype: '|u1', size: 1, read: (view, offset) => view.getUint8(offset) },
  0x09: { dtype: '|i1', size: 1, read: (view, offset) => view.getInt8(offset) },
  0x0b: { dtype: '>i2', size: 2, read: (view, offset) => view.getInt16(offset) },
  0x0c: { dtype: '>i4', size: 4, read: (view, offset) => view.getInt32(offset) },
  0x0d: { dtype: '>f4', size: 4, read: (view, offset) => view.getFloat32(offset) },
  0x0e: { dtype: '>f8', size: 8, read: (view, offset) => view.getFloat64(offset) },
};
const remedy = 'Download the file again, or check that it is an IDX file such as train-images-idx3-ubyte.';

/**
 * Images or labels. `maximumRows` stops after that many entries of the first axis (images), so that a part of a large
 * file costs a part.
 * @throws UsageError naming the byte and the rule.
 */
export function readIdx(
  packed: Uint8Array,
  source = 'the IDX data',
  options: { readonly maximumRows?: number } = {},
): NumericArray {
  const bytes = gunzipIfNeeded(packed, source);
  if (bytes.length < 4 || bytes[0] !== 0 || bytes[1] !== 0)
    throw formatError(source, 'byte 0', 'not an IDX file: it must begin with two zero bytes', remedy);
  const type = types[bytes[2]!];
  if (type === undefined)
    throw formatError(source, 'byte 2', `number type 0x${bytes[2]!.toString(16)} is unknown`, remedy);
  const axes = bytes[3]!;
  const dataOffset = 4 + 4 * axes;
  if (axes === 0 || bytes.length < dataOffset)
    throw formatError(
      source,
      'byte 3',
      `${axes} axes need a header of ${dataOffset} bytes, the file has ${bytes.length}`,
      remedy,
    );
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const shape = Array.from({ length: axes }, (_, axis) => view.getUint32(4 + 4 * axis));
  const needed = entryCount(shape) * type.size;
  if (needed !== bytes.length - dataOffset) {
    throw formatError(
      source,
      `byte ${dataOffset}`,
      `shape (${shape.join(', ')}) needs ${needed} bytes of numbers, the file has ${bytes.length - dataOffset}`,
      remedy,
    );
  }
  if (options.maximumRows !== undefined) shape[0] = Math.min(shape[0]!, options.maximumRows);
  const data = new Float64Array(entryCount(shape));
  for (let i = 0; i < data.length; i++) data[i] = type.read(view, dataOffset + i * type.size);
  return { shape, data, dtype: type.dtype };
}
