import { createHash } from 'node:crypto';
import { mkdtempSync, readdirSync, readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from '@jest/globals';
import { bulkNull } from '../../../../src/draws/bulk/bulkNull.js';
import { drawsVersion, TableCache } from '../../../../src/pipeline/compare/tableCache.js';

const root = mkdtempSync(join(tmpdir(), 'limitlaw-cache-'));
afterAll(() => rmSync(root, { recursive: true }));
const settings = { rank: 24, degrees: 50, knowsDegrees: false, knowsVariance: false, replicates: 99, seed: 'cache' };
const nullsOf = (folder: string, runtime = 'v20 x64', own = settings) => {
  const cache = new TableCache(join(root, folder), runtime);
  const found = bulkNull(own, cache);
  cache.keep();
  return found;
};

test('numbers of the draws: another digest needs another drawsVersion, or old files would answer for new code', () => {
  const { largest, scales, ratios, shape } = bulkNull(settings);
  const numbers = Float64Array.of(...scales, ...ratios, largest.mean, largest.skewness, shape.mean);
  const digest = createHash('sha256').update(numbers).digest('hex').slice(0, 16);
  expect([drawsVersion, digest]).toEqual([1, 'a061db4abcba1e26']);
});

describe('null draws kept from run to run', () => {
  test('are those that would be drawn, for their settings and runtime alone', () => {
    const fresh = bulkNull(settings);
    const runs = [
      nullsOf('a'),
      nullsOf('a'),
      nullsOf('a', 'v22 x64'),
      nullsOf('a', 'v20 x64', { ...settings, rank: 25 }),
    ];
    expect(runs.map(({ fromTable }) => fromTable)).toEqual([false, true, false, false]);
    for (const found of runs.slice(0, 3)) {
      expect(found.scales).toEqual(fresh.scales);
      expect(found.largest.pValue(2)).toBe(fresh.largest.pValue(2));
    }
    expect(readdirSync(join(root, 'a'))).toHaveLength(3);
  });
  test('a damaged file is as good as none, and is replaced', () => {
    nullsOf('b');
    const path = join(root, 'b', readdirSync(join(root, 'b'))[0]!);
    const kept = readFileSync(path, 'utf8');
    writeFileSync(
      path,
      kept.replace(/("values":\[-?\d\.\d{4})(\d)/, (_, a: string, c: string) => `${a}${9 - Number(c)}`),
    );
    expect(nullsOf('b').fromTable).toBe(false);
    expect(readFileSync(path, 'utf8')).toBe(kept);
    writeFileSync(path, kept.slice(0, 1000));
    expect(nullsOf('b').fromTable).toBe(false);
    expect(nullsOf('b').fromTable).toBe(true);
  });
  test('a place that cannot be written is no failure', () => {
    writeFileSync(join(root, 'file'), '');
    expect(nullsOf('file/below').fromTable).toBe(false);
  });
  test('at most 64 files, the oldest go', () => {
    const folder = join(root, 'c');
    nullsOf('c');
    const [first] = readdirSync(folder);
    utimesSync(join(folder, first!), 1e9, 1e9);
    for (let k = 0; k < 64; k++) writeFileSync(join(folder, `${k}.json`), '{}');
    nullsOf('c', 'another');
    expect(readdirSync(folder)).toHaveLength(64);
    expect(readdirSync(folder)).not.toContain(first);
  });
});
