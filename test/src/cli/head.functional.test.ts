import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from '@jest/globals';
import type { HeadResult } from '../../../src/pipeline/head/headResult.js';
import { writeNpy } from '../../../src/store/formats/index.js';
import { randomStream } from '../../../simulations/random/index.js';
import { commandLineIn } from './commandLine.js';

const folder = mkdtempSync(join(tmpdir(), 'limitlaw-head-cli-'));
afterAll(() => rmSync(folder, { recursive: true }));
const { limitlaw, expectUsageError } = commandLineIn(folder);
const [samples, classes, dimension] = [60, 300, 8];
const normals = (label: string, length: number): Float64Array => {
  const out = new Float64Array(length);
  randomStream('head command', label, 0).fillNormals(out);
  return out;
};
const save = (name: string, values: ArrayLike<number>, shape?: readonly number[]): void =>
  writeFileSync(join(folder, name), writeNpy(values, shape));
save('h.npy', normals('h', samples * dimension), [samples, dimension]);
save(
  'V.npy',
  normals('V', classes * dimension).map((z) => 0.3 * z),
  [classes, dimension],
);
save(
  'y.npy',
  Float64Array.from({ length: samples }, (_, n) => (n * n) % classes),
);
save(
  'groups.npy',
  Float64Array.from({ length: samples }, (_, n) => Math.floor(n / 3)),
);
const words = ['head', '.', '--backend', 'wasm'];

describe('limitlaw head', () => {
  test('a table within 80 columns, files that are never overwritten, the same bytes again', () => {
    const found = limitlaw(...words, '--out', 'run');
    expect(found.status).toBe(0);
    expect(Math.max(...found.stdout.split('\n').map((line) => line.length))).toBeLessThanOrEqual(80);
    expect(found.stdout).toMatch(/^head: C = 300, D = 8, N = 60, 20 groups, loss /);
    expect(found.stdout).toMatch(/agree: The blocks of each row add up to 0/);
    expect(found.stdout).toMatch(/All other numbers are measured: no law of them is known/);
    const result = JSON.parse(readFileSync(join(folder, 'run/results.json'), 'utf8')) as HeadResult;
    expect(result.kind).toBe('head');
    expect(readFileSync(join(folder, 'run/rows.csv'), 'utf8').trim().split('\n')).toHaveLength(classes + 1);
    expectUsageError([...words, '--out', 'run'], /--out must name a new folder, but 'run' has a results\.json/);
    const json = limitlaw(...words, '--json');
    expect(JSON.parse(json.stdout)).toEqual(result);
    expect(json.stdout).toBe(limitlaw(...words, '--json').stdout);
  });

  test('an untrained head is held against its law: 0 where it agrees, 1 where it is another', () => {
    expect(limitlaw(...words, '--initialisation', '--tokens', '0').status).toBe(0);
    save(
      'unequal.npy',
      normals('V', classes * dimension).map((z, k) => z * (Math.floor(k / dimension) % 3 === 0 ? 0.5 : 0.1)),
      [classes, dimension],
    );
    const other = limitlaw(...words, '--output', 'unequal.npy', '--initialisation', '--tokens', '0', '--json');
    expect(other.status).toBe(1);
    expect((JSON.parse(other.stdout) as HeadResult).statements[0]).toMatchObject({ verdict: 'disagree' });
  });

  test('what is wrong is told in a sentence', () => {
    writeFileSync(join(folder, 'model.bin'), Uint8Array.of(0x80, 2, 1, 1));
    expectUsageError([...words, '--output', 'model.bin'], /reading one can run code/);
    expectUsageError(['head'], /--features must be given/);
    expectUsageError([...words, '--targets', 'h.npy'], /--targets h\.npy: 60 numbers are needed/);
    expectUsageError([...words, '--output', 'none.npy'], /none\.npy: there is no such file/);
    expectUsageError([...words, '--step', 'x'], /--step must be a whole number/);
  });
});
