import { mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from '@jest/globals';
import { createRunFolder } from '../../../src/store/runFolder.js';
import { taskStates } from '../../../src/store/taskState.js';

const path = mkdtempSync(join(tmpdir(), 'limitlaw-states-'));
afterAll(() => rmSync(path, { recursive: true }));

const state = { step: 3, loss: -0, weights: Float64Array.from({ length: 100 }, (_, k) => Math.sin(k)) };

test('a state comes back bit for bit, is replaced whole, and goes', () => {
  const folder = createRunFolder(join(path, 'run'));
  const states = taskStates(folder, { index: 2, count: 12 }, 'salt');
  expect(states.read(5)).toBeUndefined();
  states.write(5, { step: 1 });
  states.write(5, state);
  expect(states.read(5)).toEqual(state);
  expect(Object.is((states.read(5) as typeof state).loss, -0)).toBe(true);
  expect(readdirSync(join(path, 'run', 'shards')).sort()).toEqual(['0002-of-0012.5.state']);
  states.remove(5);
  states.remove(5);
  expect(states.read(5)).toBeUndefined();
  folder.close();
});

test('one byte that is not as it was written, or the state of another run: the task begins anew', () => {
  const folder = createRunFolder(join(path, 'other'));
  const states = taskStates(folder, null, 'salt');
  states.write(0, state);
  expect(taskStates(folder, null, 'another salt').read(0)).toBeUndefined();
  const file = join(path, 'other', 'journal.0.state');
  const sound = readFileSync(file);
  // In the checksum, in the text, in an array; and the end cut off.
  for (const place of [10, 40, sound.length - 9]) {
    const damaged = Buffer.from(sound);
    damaged[place]! ^= 1;
    writeFileSync(file, damaged);
    expect(states.read(0)).toBeUndefined();
  }
  for (const length of [0, 5, sound.length - 8]) {
    writeFileSync(file, sound.subarray(0, length));
    expect(states.read(0)).toBeUndefined();
  }
  writeFileSync(file, sound);
  expect(states.read(0)).toEqual(state);
  folder.close();
});
