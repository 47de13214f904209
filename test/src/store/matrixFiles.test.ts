/** Matrices read by rows: .npy files and checkpoints. */
import { mkdtempSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, test } from '@jest/globals';
import { openMatrix, readNpy, writeNpy, type FlippableMatrix } from '../../../src/store/formats/index.js';
import { UsageError } from '../../../theory/errors.js';
import { writeSafetensors } from '../../helpers/writeFormats.js';

const folder = mkdtempSync(join(tmpdir(), 'limitlaw-matrices-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const written = (name: string, bytes: Uint8Array | string): string => {
  const path = join(folder, name);
  writeFileSync(path, bytes);
  return path;
};
const fixtures = fileURLToPath(new URL('../../fixtures/numpy/', import.meta.url));
/** Written by the safetensors library: test/fixtures/numpy/checkpoints.py. */
const checkpoints = join(fixtures, 'safetensors');
const expected = JSON.parse(readFileSync(join(checkpoints, 'expected.json'), 'utf8')) as Record<string, number[]>;

/** All rows, two at a time. */
function readAll(matrix: FlippableMatrix): number[] {
  const all: number[] = [];
  for (let first = 0; first < matrix.rows; first += 2) {
    const tile = new Float64Array(Math.min(2, matrix.rows - first) * matrix.columns);
    matrix.read(first, tile);
    all.push(...tile);
  }
  matrix.close();
  return all;
}

const refusal = (open: () => unknown): string => {
  try {
    open();
  } catch (error) {
    expect(error).toBeInstanceOf(UsageError);
    expect((error as Error).message.length).toBeLessThan(300);
    return (error as Error).message;
  }
  throw new Error('it was read');
};

describe('checkpoints of the safetensors library', () => {
  test.each(Object.keys(expected))('%s', (name) => {
    const matrix = openMatrix(`${join(checkpoints, 'model.safetensors')}#${name}`);
    expect([matrix.rows, matrix.columns]).toEqual([7, 5]);
    expect(readAll(matrix)).toEqual(expected[name]);
  });

  test('of several files, by their index', () => {
    for (const name of ['lm_head.weight', 'brain.weight'])
      expect(readAll(openMatrix(`${join(checkpoints, 'sharded.safetensors.index.json')}#${name}`))).toEqual(
        expected[name],
      );
  });

  test('a tensor that is not there: near names are told', () => {
    const path = join(checkpoints, 'model.safetensors');
    expect(refusal(() => openMatrix(`${path}#lm_haed.weight`))).toMatch(
      /^model\.safetensors: there is no tensor "lm_haed\.weight"; near to it: "lm_head\.weight", /,
    );
    expect(refusal(() => openMatrix(path))).toMatch(/name the tensor: model\.safetensors#lm_head\.weight\. Of its 4/);
    expect(refusal(() => openMatrix(`${join(checkpoints, 'sharded.safetensors.index.json')}#lm_head`))).toMatch(
      /near to it: "lm_head\.weight"/,
    );
  });

  test('a vector and whole numbers are no readout', () => {
    const path = join(checkpoints, 'model.safetensors');
    expect(refusal(() => openMatrix(`${path}#norm.weight`))).toMatch(/a matrix is needed.*shape \(5\)/);
    expect(refusal(() => openMatrix(`${path}#position_ids`))).toMatch(/entries of type "I64" cannot be read/);
  });
});

describe('.npy files', () => {
  const { cases } = JSON.parse(readFileSync(join(fixtures, 'formatsNpy.json'), 'utf8')) as {
    cases: { name: string; npy: string; shape: number[]; values: number[] }[];
  };
  const matrices = cases.filter(({ shape }) => shape.length === 2 && shape[0]! * shape[1]! > 0);

  test.each(matrices)('$name', ({ npy, shape, values }) => {
    const path = written('a.npy', Buffer.from(npy, 'base64'));
    const matrix = openMatrix(path);
    expect([matrix.rows, matrix.columns]).toEqual(shape);
    expect(readAll(matrix)).toEqual(values);
  });

  test('transposed: columns are rows, in both orders of storage', () => {
    const array = readNpy(Buffer.from(matrices.find(({ name }) => name.includes('Fortran'))!.npy, 'base64'));
    const [rows, columns] = array.shape as [number, number];
    const turned = Float64Array.from(
      { length: rows * columns },
      (_, k) => array.data[(k % rows) * columns + Math.floor(k / rows)]!,
    );
    for (const bytes of [
      Buffer.from(matrices.find(({ name }) => name.includes('Fortran'))!.npy, 'base64'),
      writeNpy(array.data, [rows, columns]),
    ])
      expect(readAll(openMatrix(written('t.npy', bytes)).transposed())).toEqual([...turned]);
  });

  test('cut short, before and while it is read', () => {
    const bytes = writeNpy(new Float64Array(12), [4, 3]);
    expect(refusal(() => openMatrix(written('short.npy', bytes.subarray(0, bytes.length - 1))))).toMatch(
      /shape \(4, 3\) of "<f8" does not fit into the 95 bytes/,
    );
    const path = written('cut.npy', bytes);
    const matrix = openMatrix(path);
    truncateSync(path, bytes.length - 8);
    expect(refusal(() => matrix.read(2, new Float64Array(6)))).toMatch(/the file ends here/);
    matrix.close();
  });
});

test('what could run code is refused, with what to export instead', () => {
  const pickle = written('pytorch_model.bin', Uint8Array.of(0x80, 2, 0x8a, 10));
  const zip = written('model.pt', Uint8Array.of(0x50, 0x4b, 3, 4, 0, 0));
  for (const path of [pickle, zip])
    expect(refusal(() => openMatrix(path))).toMatch(/is refused: reading one can run code.*numpy\.save\("V\.npy"/);
  expect(refusal(() => openMatrix(written('V.csv', '1,2\n')))).toMatch(/must be a \.npy file, or a tensor/);
  expect(refusal(() => openMatrix(join(folder, 'none.npy')))).toMatch(/there is no such file/);
  expect(refusal(() => openMatrix(folder))).toMatch(/it is a directory/);
});

describe('damaged headers', () => {
  const tensor = (start: number, end: number, shape = [2, 2], dtype = 'F32') => ({
    dtype,
    shape,
    data_offsets: [start, end],
  });
  const data = new Uint8Array(32);
  test.each<[string, Uint8Array, RegExp]>([
    ['too short', Uint8Array.of(1, 0, 0), /at least 8 bytes, this one has 3/],
    ['a length beyond the file', Uint8Array.of(255, 0, 0, 0, 0, 0, 0, 0), /should have 255 bytes, but the file has 8/],
    ['a length of all ones', new Uint8Array(64).fill(255), /but the file has 64/],
    ['no JSON', writeSafetensors('{"a": '), /must be a JSON object of tensors/],
    ['a list', writeSafetensors('[1]'), /must be a JSON object of tensors/],
    ['no tensor', writeSafetensors({ a: 3 }), /a dtype, a shape and data_offsets/],
    ['a fraction', writeSafetensors({ a: tensor(0, 16, [2, 2.5]) }, data), /a dtype, a shape and data_offsets/],
    ['a negative place', writeSafetensors({ a: tensor(-16, 0) }, data), /a dtype, a shape and data_offsets/],
    ['beyond the file', writeSafetensors({ a: tensor(24, 40) }, data), /reach beyond the 32 bytes/],
    ['ends before it begins', writeSafetensors({ a: tensor(16, 0) }, data), /reach beyond/],
    ['another size', writeSafetensors({ a: tensor(0, 12) }, data), /shape \(2, 2\) of F32 does not fit into its 12/],
    ['a shape beyond counting', writeSafetensors({ a: tensor(0, 16, [2 ** 40, 2 ** 40]) }, data), /does not fit/],
    ['an overlap', writeSafetensors({ a: tensor(0, 16), b: tensor(8, 24) }, data), /"b": it overlaps tensor "a"/],
  ])('%s', (_name, bytes, words) => {
    expect(refusal(() => openMatrix(`${written('bad.safetensors', bytes)}#a`))).toMatch(words);
  });

  test('a name of Object.prototype is no tensor', () => {
    const path = written('proto.safetensors', writeSafetensors({ a: tensor(0, 16) }, data));
    expect(refusal(() => openMatrix(`${path}#constructor`))).toMatch(/there is no tensor "constructor"/);
  });

  test('an index that leads out of its folder', () => {
    for (const file of ['../a.safetensors', '/etc/a.safetensors', '..\\a.safetensors', 'a.bin']) {
      const path = written('m.safetensors.index.json', JSON.stringify({ weight_map: { a: file } }));
      expect(refusal(() => openMatrix(`${path}#a`))).toMatch(/must be a \.safetensors file of the same folder/);
    }
    expect(refusal(() => openMatrix(`${written('m.safetensors.index.json', '{}')}#a`))).toMatch(/weight_map/);
  });
});
