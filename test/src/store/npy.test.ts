import { readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import { readNpy, writeNpy } from '../../../src/store/formats/npy.js';
import { UsageError } from '../../../theory/errors.js';

interface Case {
  name: string;
  npy: string;
  shape: number[];
  values: number[];
}
const fixture = JSON.parse(readFileSync(new URL('../../fixtures/numpy/formatsNpy.json', import.meta.url), 'utf8')) as {
  cases: Case[];
};

function withHeader(dictionary: string, body = new Uint8Array(0)): Uint8Array {
  const head = [0x93, ...Buffer.from('NUMPY'), 1, 0, dictionary.length & 255, dictionary.length >> 8];
  return Uint8Array.from([...head, ...Buffer.from(dictionary), ...body]);
}

describe('readNpy on what numpy.save wrote (fixtures/numpy/formatsNpy.py)', () => {
  test.each(fixture.cases.map((c) => [c.name, c] as const))('%s', (_name, { npy, shape, values }) => {
    // A view at an odd offset of a larger buffer, as a member of an archive is.
    const bytes = Buffer.from(npy, 'base64');
    const odd = new Uint8Array(bytes.length + 3).subarray(3);
    odd.set(bytes);
    const array = readNpy(odd);
    expect(array.shape).toEqual(shape);
    expect(Array.from(array.data)).toEqual(values);
  });
});

describe('writeNpy', () => {
  test('round trip keeps every bit and the shape', () => {
    const values = [1 / 3, -0, 5e-324, 1.7976931348623157e308, NaN, -Infinity];
    const array = readNpy(writeNpy(values, [2, 3]));
    expect(array.shape).toEqual([2, 3]);
    values.forEach((value, i) => expect(Object.is(array.data[i], value)).toBe(true));
  });
  test('the numbers start at a multiple of 64 bytes, as numpy.save aligns them', () => {
    for (const shape of [[4], [2, 2], [1, 2, 2], []]) {
      const data = new Float64Array(shape.length === 0 ? 1 : 4);
      expect((writeNpy(data, shape).length - 8 * data.length) % 64).toBe(0);
    }
  });
  test('a shape that does not hold the entries is refused', () => {
    expect(() => writeNpy([1, 2, 3], [2, 2])).toThrow(UsageError);
    expect(() => writeNpy([1, 2], [-1, -2])).toThrow(UsageError);
  });
});

describe('readNpy refuses, naming the place and the rule', () => {
  const good = "{'descr': '<f8', 'fortran_order': False, 'shape': (2,), }\n";
  test.each([
    ['empty file', new Uint8Array(0), /at least 10 bytes/],
    ['another format', Buffer.from('%PDF-1.7 and more'), /byte 0: not an \.npy file/],
    ['a future version', Uint8Array.from([0x93, ...Buffer.from('NUMPY'), 9, 0, 0, 0]), /version 9/],
    [
      'a header longer than the file',
      Uint8Array.from([0x93, ...Buffer.from('NUMPY'), 1, 0, 255, 0]),
      /should reach byte 265/,
    ],
    [
      'a header of gigabytes',
      Uint8Array.from([0x93, ...Buffer.from('NUMPY'), 2, 0, 255, 255, 255, 127]),
      /longer than the 65536/,
    ],
    ['a cut body', withHeader(good, new Uint8Array(15)), /needs 16 bytes of numbers, the file has 15/],
    ['a body too long', withHeader(good, new Uint8Array(24)), /needs 16 bytes of numbers, the file has 24/],
    [
      'a huge shape',
      withHeader("{'descr': '<f8', 'fortran_order': False, 'shape': (1000000000, 1000000000, 1000000000), }"),
      /needs more than 2\^53 bytes/,
    ],
    [
      'a negative axis',
      withHeader("{'descr': '<f8', 'fortran_order': False, 'shape': (-1,), }"),
      /whole number below 10\^15/,
    ],
    [
      'complex entries',
      withHeader("{'descr': '<c16', 'fortran_order': False, 'shape': (0,), }"),
      /complex numbers cannot be read/,
    ],
    [
      'pickled objects',
      withHeader("{'descr': '|O', 'fortran_order': False, 'shape': (0,), }"),
      /Python objects cannot be read/,
    ],
    ['records', withHeader("{'descr': [('a', '<f8')], 'fortran_order': False, 'shape': (0,), }"), /record array/],
    [
      'a type named like an object property',
      withHeader("{'descr': 'constructor', 'fortran_order': False, 'shape': (0,), }"),
      /cannot be read/,
    ],
    ['an unknown key', withHeader("{'descr': '<f8', 'order': False, 'shape': (0,), }"), /found "order"/],
    ['a missing key', withHeader("{'descr': '<f8', 'shape': (0,), }"), /lacks fortran_order/],
    ['an expression', withHeader("{'descr': '<f8', 'fortran_order': False, 'shape': (2**40,), }"), /needs "\)" here/],
    [
      '65 axes',
      withHeader(`{'descr': '<f8', 'fortran_order': False, 'shape': (${'1,'.repeat(65)}), }`),
      /more than 64 axes/,
    ],
  ])('%s', (_name, bytes, message) => {
    expect(() => readNpy(bytes, 'weights.npy')).toThrow(UsageError);
    expect(() => readNpy(bytes, 'weights.npy')).toThrow(message);
    expect(() => readNpy(bytes, 'weights.npy')).toThrow(/^weights\.npy, /);
  });
});
