import { spawn, spawnSync } from 'node:child_process';
import fs from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { readJournal } from '../../../src/store/readJournal.js';

const appender = fileURLToPath(new URL('./appender.mjs', import.meta.url));
const reader = fileURLToPath(new URL('../../fixtures/python/readJournal.py', import.meta.url));

const tasks = 3000;
const resultOf = (index: number) => ({
  eigenvalues: Float64Array.from({ length: 2000 }, (_, k) => Math.sin(index + k)),
  index,
});

let folder: string;
beforeEach(() => {
  folder = fs.mkdtempSync(join(tmpdir(), 'killed-'));
});
afterEach(() => fs.rmSync(folder, { recursive: true, force: true }));

/** Kills the process some milliseconds after its first word, and returns the last task that it said was kept. */
async function appendAndKill(milliseconds: number): Promise<number> {
  const child = spawn(process.execPath, [appender, folder, String(tasks)]);
  let said = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    if (said === '') setTimeout(() => child.kill('SIGKILL'), milliseconds);
    said += text;
  });
  await new Promise((resolve) => child.once('close', resolve));
  return Number(said.trim().split('\n').at(-1));
}

describe('a journal of a process that was killed', () => {
  it('has every task of which the process has said that it is kept, eight times over', async () => {
    const path = join(folder, 'journal.jsonl');
    for (const milliseconds of [1, 3, 7, 12, 20, 33, 54, 90]) {
      const last = await appendAndKill(milliseconds);
      const { kept } = readJournal<ReturnType<typeof resultOf>>(path);
      expect(kept.size).toBeGreaterThanOrEqual(last + 1);
      for (let index = 0; index < kept.size; index += 97) expect(kept.get(index)).toStrictEqual(resultOf(index));
    }
    expect(spawnSync(process.execPath, [appender, folder, String(tasks)]).status).toBe(0);
    const { kept, torn } = readJournal(path);
    expect([kept.size, torn]).toEqual([tasks, 0]);
  });
});

describe('the format', () => {
  it('is told well enough for a program in Python to check and read it', () => {
    expect(spawnSync(process.execPath, [appender, folder, '5']).status).toBe(0);
    const { status, stdout, stderr, error } = spawnSync('python3', [reader, join(folder, 'journal.jsonl')], {
      encoding: 'utf8',
    });
    if (error !== undefined) throw new Error('this test needs python3 on the path', { cause: error });
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    const sums = JSON.parse(stdout) as Record<string, number>;
    for (let index = 0; index < 5; index++)
      expect(sums[index]).toBe(resultOf(index).eigenvalues.reduce((sum, value) => sum + value, 0));
  });
});
