import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { expect, test } from '@jest/globals';

const root = fileURLToPath(new URL('../../../', import.meta.url));
const fuzz = (...words: string[]) =>
  spawnSync(process.execPath, ['scripts/fuzzReaders.mjs', ...words], { cwd: root, encoding: 'utf8' });

test('5000 damaged inputs over all readers: no stack, none beyond 2 s or 512 MB', () => {
  const { status, stdout, stderr } = fuzz('--inputs', '5000', '--seed', '20250502');
  expect(stderr).toBe('');
  expect(stdout).toMatch(/^5000 damaged inputs.* 0 wrong;/);
  expect(status).toBe(0);
}, 120_000);

test('a reader with a stack, one that hangs and one that takes 1 GB are noticed', () => {
  const { status, stdout, stderr } = fuzz('--inputs', '3', '--faulty');
  expect(stdout).toMatch(/ 3 wrong;/);
  expect(stderr).toMatch(/input 0 of a stack: TypeError.*input 1: it takes more than 2 s.*input 2: more than 512 MB/s);
  expect(status).toBe(1);
}, 60_000);
