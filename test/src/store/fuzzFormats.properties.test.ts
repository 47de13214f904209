import fc from 'fast-check';
import { describe, expect, test } from '@jest/globals';
import {
  readCifar,
  readCsv,
  readIdx,
  readMatrixMarket,
  readNpy,
  readNpz,
  writeNpy,
} from '../../../src/store/formats/index.js';
import { writeCsv, writeMatrixMarket, writeNpz } from '../../helpers/writeFormats.js';
import { UsageError } from '../../../theory/errors.js';

const SEED = 20250502;

/**
 * Runs a reader on hostile bytes: an array or a UsageError, quickly, and never more memory than the bytes account for.
 */
function survives(read: () => { data: Float64Array }, byteCount: number): void {
  try {
    const { data } = read();
    // Deflate expands at most 1032-fold and a byte becomes a double of 8.
    expect(data.length).toBeLessThanOrEqual(1032 * byteCount);
  } catch (error) {
    expect(error).toBeInstanceOf(UsageError);
    expect((error as Error).message.length).toBeLessThan(1000);
  }
}

const doubles = fc.array(fc.double(), { maxLength: 24 });
/** A few bytes of a good file overwritten, the file perhaps cut. */
const damage = fc.record({
  edits: fc.array(fc.tuple(fc.nat(400), fc.nat(255)), { maxLength: 6 }),
  keep: fc.double({ min: 0, max: 1, noNaN: true }),
  cut: fc.boolean(),
});
function damaged(
  bytes: Uint8Array,
  { edits, keep, cut }: { edits: [number, number][]; keep: number; cut: boolean },
): Uint8Array {
  const copy = bytes.slice(0, cut ? Math.floor(bytes.length * keep) : bytes.length);
  for (const [at, value] of edits) if (copy.length > 0) copy[at % copy.length] = value;
  return copy;
}

describe(`hostile bytes (seed ${SEED})`, () => {
  const options = { seed: SEED, numRuns: 1500 };
  test('.npy: random dictionaries after a good preamble', () => {
    const fragment = fc.constantFrom(
      '{',
      '}',
      '(',
      ')',
      '[',
      ',',
      ':',
      "'descr'",
      "'shape'",
      "'fortran_order'",
      "'<f8'",
      "'|u1'",
      'True',
      'False',
      '0',
      '2',
      '999999999999999',
      '-1',
      ' ',
      "'",
      '\n',
      '\\',
      '\u0000',
      'L',
      '('.repeat(500),
    );
    fc.assert(
      fc.property(fc.array(fragment, { maxLength: 30 }), fc.uint8Array({ maxLength: 20 }), (parts, body) => {
        const header = Buffer.from(parts.join(''));
        const bytes = Uint8Array.from([
          0x93,
          ...Buffer.from('NUMPY'),
          2,
          0,
          header.length & 255,
          header.length >> 8,
          0,
          0,
          ...header,
          ...body,
        ]);
        survives(() => readNpy(bytes), bytes.length);
      }),
      options,
    );
  });
  const files: [string, Uint8Array, (bytes: Uint8Array) => { data: Float64Array }][] = [
    ['.npy', writeNpy([1, 2, 3, 4, 5, 6], [2, 3]), (bytes) => readNpy(bytes)],
    [
      '.npz',
      writeNpz({ a: { data: new Float64Array(50) }, b: { data: [1, 2], shape: [1, 2] } }),
      (bytes) => readNpz(bytes, 'a'),
    ],
    [
      '.mtx',
      Buffer.from(writeMatrixMarket([1, 2, 2, 5], 2, 2, { layout: 'coordinate', symmetry: 'symmetric' })),
      (bytes) => readMatrixMarket(bytes, 'x', { maximumEntries: 1000 }),
    ],
    ['.csv', Buffer.from(writeCsv([1, -2.5, 3e-9, 4], 2)), (bytes) => readCsv(bytes)],
    ['IDX', Uint8Array.from([0, 0, 8, 2, 0, 0, 0, 2, 0, 0, 0, 2, 1, 2, 3, 4]), (bytes) => readIdx(bytes)],
    ['CIFAR', new Uint8Array(3073), (bytes) => readCifar(bytes, 10).images],
  ];
  test.each(files)('%s: damaged files', (_name, good, read) => {
    fc.assert(
      fc.property(damage, (d) => {
        const bytes = damaged(new Uint8Array(good), d as Parameters<typeof damaged>[1]);
        survives(() => read(bytes), Math.max(1000, bytes.length));
      }),
      options,
    );
  });
  test.each(files)('%s: random bytes', (_name, _good, read) => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) =>
        survives(() => read(bytes), Math.max(1000, bytes.length)),
      ),
      { ...options, numRuns: 500 },
    );
  });
});

describe(`round trips keep every double (seed ${SEED})`, () => {
  const same = (a: Float64Array, b: readonly number[]) => expect(Array.from(a)).toEqual(b);
  test('.npy and .npz, with any shape', () => {
    fc.assert(
      fc.property(doubles, fc.constantFrom('x', 'weights', 'a.b', 'μ'), (values, name) => {
        for (const shape of [[values.length], [1, values.length], [values.length, 1, 1]]) {
          expect(readNpy(writeNpy(values, shape)).shape).toEqual(shape);
        }
        same(readNpy(writeNpy(values)).data, values);
        same(readNpz(writeNpz({ [name]: { data: values } }), name).data, values);
      }),
      { seed: SEED },
    );
  });
  test('CSV', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 5 }),
        fc.array(fc.double(), { minLength: 10, maxLength: 10 }),
        (rows, values) => {
          same(readCsv(Buffer.from(writeCsv(values.slice(0, 2 * rows), 2))).data, values.slice(0, 2 * rows));
        },
      ),
      { seed: SEED },
    );
  });
  test('Matrix Market, array and coordinate, general and symmetric', () => {
    fc.assert(
      fc.property(fc.array(fc.double({ noNaN: true }), { minLength: 9, maxLength: 9 }), (values) => {
        same(readMatrixMarket(Buffer.from(writeMatrixMarket(values, 3, 3))).data, values);
        // A coordinate file does not tell −0 from an entry left out.
        const noNegativeZero = values.map((value) => value + 0);
        const [a, b, c, , e, f, , , i] = noNegativeZero as [
          number,
          number,
          number,
          number,
          number,
          number,
          number,
          number,
          number,
        ];
        const symmetric = [a, b, c, b, e, f, c, f, i];
        for (const layout of ['array', 'coordinate'] as const) {
          same(
            readMatrixMarket(Buffer.from(writeMatrixMarket(symmetric, 3, 3, { layout, symmetry: 'symmetric' }))).data,
            symmetric,
          );
          same(readMatrixMarket(Buffer.from(writeMatrixMarket(noNegativeZero, 3, 3, { layout }))).data, noNegativeZero);
        }
      }),
      { seed: SEED },
    );
  });
});
