import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, describe, expect, test } from '@jest/globals';
import {
  readArrayFile,
  readCifar,
  readCsv,
  readIdx,
  readMatrixMarket,
  readNpy,
  readNpz,
  writeNpy,
} from '../../../src/store/formats/index.js';
import { UsageError } from '../../../theory/errors.js';
import { writeCsv, writeMatrixMarket, writeNpz } from '../../helpers/writeFormats.js';

interface Case {
  kind: 'npz' | 'csv' | 'mtx';
  name: string;
  bytes: string;
  member: string | null;
  shape: number[];
  values: number[];
}
const fixture = JSON.parse(readFileSync(new URL('../../fixtures/numpy/formatsText.json', import.meta.url), 'utf8')) as {
  cases: Case[];
};
const ascii = (text: string) => new Uint8Array(Buffer.from(text));

describe('files that NumPy and SciPy wrote (fixtures/numpy/formatsText.py)', () => {
  test.each(fixture.cases.map((c) => [`${c.kind}: ${c.name}`, c] as const))('%s', (_title, c) => {
    const bytes = new Uint8Array(Buffer.from(c.bytes, 'base64'));
    const array =
      c.kind === 'npz'
        ? readNpz(bytes, c.member ?? undefined)
        : c.kind === 'csv'
          ? readCsv(bytes)
          : readMatrixMarket(bytes);
    expect(array.shape).toEqual(c.shape);
    expect(Array.from(array.data)).toEqual(c.values);
  });
});

describe('npz refuses', () => {
  const archive = writeNpz({ h: { data: [1, 2, 3, 4], shape: [2, 2] }, a: { data: [1] } });
  test('an unknown member, naming those there are', () => {
    expect(() => readNpz(archive, 'g')).toThrow(/member "g": there is no such array\. The archive holds "h", "a"/);
  });
  test('no member when there are several', () => {
    expect(() => readNpz(archive)).toThrow(/it holds 2 arrays \("h", "a"\)\. Name one/);
  });
  test('a member that claims to unpack to 4 GB', () => {
    const forged = archive.slice();
    const view = new DataView(forged.buffer);
    // Central directory entries begin with PK\x01\x02 and hold the unpacked size at byte 24.
    for (let i = 0; i + 28 < forged.length; i++)
      if (view.getUint32(i, true) === 0x02014b50) view.setUint32(i + 24, 0xfffffff0, true);
    expect(() => readNpz(forged, 'h')).toThrow(/more than is possible/);
  });
  test('something that is no archive', () => {
    expect(() => readNpz(ascii('hello'))).toThrow(UsageError);
  });
});

describe('CSV', () => {
  test('semicolons, tabs, quotes, comments, Fortran exponents and a carriage return', () => {
    expect(Array.from(readCsv(ascii('"a";"b"\r\n1;"2"\r\n# note\r\n\r\n-1.5D-3;inf\r\n')).data)).toEqual([
      1,
      2,
      -1.5e-3,
      Infinity,
    ]);
    expect(readCsv(ascii('1\t2\n3\t4')).shape).toEqual([2, 2]);
  });
  test('one row is a vector', () => expect(readCsv(ascii('1,2,3\n')).shape).toEqual([3]));
  test('maximumRows stops early, before a later mistake', () => {
    expect(Array.from(readCsv(ascii('1,2\n3,4\nx,y\n'), 'a.csv', { maximumRows: 2 }).data)).toEqual([1, 2, 3, 4]);
  });
  test.each([
    ['1,2\n3,x\n', /^a\.csv, line 2, column 2: a number is needed, found "x"/],
    ['1,2\n3\n', /line 2: 1 fields where the lines before have 2/],
    ['\n\n', /no numbers found/],
    ['a,b\nc,d\n', /line 2, column 1/],
    ['1,0x10\n', /found "0x10"/],
    ['1,,2\n', /column 2: a number is needed, found ""/],
    // Decimal commas: one column of them is told by a leading zero, by its digits, or not at all and then refused.
    ['0,05\n1,5\n', /line 1: "0,05" may be one number with a decimal comma/],
    ['1,2,3\n4,5,06\n', /line 2: "5,06" may be/],
    ['0,123456\n1,5\n', /line 1: "0,123456" may be/],
    ['1,5\n-2,5\n0,7\n', /line 1: "1,5" may be/],
    ['value\n1,5\n2,5\n7,1\n', /line 2: "1,5" may be/],
    ['1,5e-3\n2,5\n7,1\n', /line 1: "1,5e-3" may be/],
    ['1,5;2,5\n', /column 2: a number is needed, found "5;2"/],
  ])('%j is refused', (text, message) => {
    expect(() => readCsv(ascii(text), 'a.csv')).toThrow(UsageError);
    expect(() => readCsv(ascii(text), 'a.csv')).toThrow(message);
  });
  test.each(['a,b\n1,5\n2,5\n7,1\n', '1,5\n2,-5\n7,1\n', '1,5\n2.5,5\n7,1\n', '1 5\n2 5\n7 1\n', '2,1\n1,2\n'])(
    '%j holds two columns',
    (text) => expect(readCsv(ascii(text)).shape[1]).toBe(2),
  );
  test('a line beyond 16 MB and a packed text that unpacks beyond 256 MB are refused', () => {
    expect(() => readCsv(new Uint8Array(2 ** 24 + 1).fill(49), 'a.csv')).toThrow(/line 1: it is longer than/);
    const path = join(mkdtempSync(join(tmpdir(), 'limitlaw-')), 'bomb.csv.gz');
    // Members of a gzip file follow each other: 2^28 + 2^20 bytes from 257 copies of one packed MB.
    const packed = gzipSync(Buffer.alloc(2 ** 20, '1\n'));
    writeFileSync(path, Buffer.concat(new Array<Buffer>(257).fill(packed)));
    expect(() => readArrayFile(path)).toThrow(
      /bomb\.csv\.gz, gzip stream: it unpacks to more than the 268435456 bytes/,
    );
    rmSync(join(path, '..'), { recursive: true });
  });
  test('lines are numbered across the blocks that are read at once', () => {
    const line = `${'1,'.repeat(50)}1\n`;
    const text = line.repeat(25_000);
    expect(readCsv(ascii(text)).shape).toEqual([25_000, 51]);
    expect(() => readCsv(ascii(`${text}x\n`))).toThrow(/line 25001, column 1/);
  });
});

describe('Matrix Market refuses', () => {
  const banner = '%%MatrixMarket matrix';
  test.each([
    ['hello', /not a Matrix Market file/],
    [`${banner} array complex general\n1 1\n1 0\n`, /entries must be real or integer, found "complex"/],
    [`${banner} array real hermitian\n1 1\n1\n`, /symmetry must be/],
    [`${banner} array real symmetric\n2 3\n`, /line 2: a symmetric matrix must be square, found 2 by 3/],
    [`${banner} coordinate real general\n99999999 99999999 0\n`, /more than the 67108864 allowed/],
    [`${banner} array real general\n5000 5000\n1\n`, /too short for the 25000000 entries/],
    [`${banner} array real general\n2 2\n1\n2\n3\n`, /ends after 3 of its 4 entries/],
    [`${banner} array real general\n1 1\n1\n2\n`, /more lines than the 1 entries/],
    [`${banner} coordinate real general\n2 2 1\n3 1 5\n`, /line 3: indices run from 1 to 2/],
    [`${banner} coordinate real general\n2 2 2\n1 1 5\n1 1 5\n`, /line 4: row 1, column 1 is listed twice/],
    [`${banner} coordinate real symmetric\n2 2 1\n1 2 5\n`, /lower triangle only/],
    [`${banner} coordinate real general\n2 2 1\n1 1 five\n`, /a number is needed, found "five"/],
  ])('%j', (text, message) => {
    expect(() => readMatrixMarket(ascii(text))).toThrow(UsageError);
    expect(() => readMatrixMarket(ascii(text))).toThrow(message);
  });
});

describe('IDX and CIFAR', () => {
  const idx = Uint8Array.from([0, 0, 8, 3, 0, 0, 0, 2, 0, 0, 0, 1, 0, 0, 0, 3, 0, 128, 255, 1, 2, 3]);
  test('images, plain and gzipped, whole and cut', () => {
    for (const bytes of [idx, new Uint8Array(gzipSync(idx))]) {
      expect(readIdx(bytes)).toEqual({ shape: [2, 1, 3], data: Float64Array.of(0, 128, 255, 1, 2, 3), dtype: '|u1' });
    }
    expect(readIdx(idx, 'x', { maximumRows: 1 }).shape).toEqual([1, 1, 3]);
  });
  test('big-endian floats', () => {
    const bytes = Buffer.alloc(16);
    bytes.set([0, 0, 0x0e, 1, 0, 0, 0, 1]);
    bytes.writeDoubleBE(-1 / 3, 8);
    expect(readIdx(bytes).data[0]).toBe(-1 / 3);
  });
  test.each([
    [Uint8Array.from([1, 0, 8, 1]), /two zero bytes/],
    [Uint8Array.from([0, 0, 7, 1, 0, 0, 0, 0]), /number type 0x7 is unknown/],
    [idx.slice(0, -1), /needs 6 bytes of numbers, the file has 5/],
    [
      Uint8Array.from([0, 0, 8, 2, 255, 255, 255, 255, 255, 255, 255, 255]),
      /needs .* bytes of numbers, the file has 0/,
    ],
    [Uint8Array.from([0x1f, 0x8b, 8, 0]), /gzip stream: it cannot be unpacked/],
  ])('IDX refuses %#', (bytes, message) => {
    expect(() => readIdx(bytes)).toThrow(UsageError);
    expect(() => readIdx(bytes)).toThrow(message);
  });
  test('CIFAR-10 has one label byte, CIFAR-100 a coarse and a fine one', () => {
    const ten = new Uint8Array(2 * 3073).fill(7);
    ten[3073] = 9;
    ten[3072] = 200;
    const { images, labels } = readCifar(ten, 10);
    expect(images.shape).toEqual([2, 3072]);
    expect(Array.from(labels)).toEqual([7, 9]);
    expect(images.data[3071]).toBe(200);
    const hundred = new Uint8Array(3074).fill(1);
    hundred[1] = 99;
    expect(Array.from(readCifar(hundred, 100).labels)).toEqual([99]);
    expect(() => readCifar(ten, 100)).toThrow(/whole number of 3074-byte records/);
    expect(Array.from(readCifar(gzipSync(ten), 10).labels)).toEqual([7, 9]);
    ten[0] = 10;
    expect(() => readCifar(ten, 10)).toThrow(/label 10 of image 0 is not below 10/);
  });
});

describe('readArrayFile chooses by the name', () => {
  const folder = mkdtempSync(join(tmpdir(), 'limitlaw-formats-'));
  afterAll(() => rmSync(folder, { recursive: true }));
  const data = [1.5, -2, 0.25, 1 / 3];
  const written: Record<string, Uint8Array | string> = {
    'h.npy': writeNpy(data, [2, 2]),
    'h.npy.gz': gzipSync(writeNpy(data, [2, 2])),
    'h.npz': writeNpz({ h: { data, shape: [2, 2] } }),
    'h.csv': writeCsv(data, 2),
    'h.mtx': writeMatrixMarket(data, 2, 2),
  };
  test.each([['h.npy'], ['h.npy.gz'], ['h.npz'], ['h.npz:h'], ['h.csv'], ['h.mtx']])('%s', (name) => {
    const file = name.replace(':h', '');
    writeFileSync(join(folder, file), written[file]!);
    const array = readArrayFile(join(folder, name));
    expect(array.shape).toEqual([2, 2]);
    expect(Array.from(array.data)).toEqual(data);
  });
  test('a missing file, a directory, an unknown ending', () => {
    expect(() => readArrayFile(join(folder, 'no.npy'))).toThrow(/no\.npy: there is no such file/);
    writeFileSync(join(folder, 'h.bin'), 'x');
    expect(() => readArrayFile(join(folder, 'h.bin'))).toThrow(/ending of the name.*format: cifar10 or cifar100/);
    expect(() => readArrayFile(`${folder}/`)).toThrow(UsageError);
  });
  test('the values survive (readNpy of writeNpy as the base case)', () =>
    expect(Array.from(readNpy(writeNpy(data)).data)).toEqual(data));
});
