import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from '@jest/globals';
import { readDefaults } from '../../../src/cli/defaultsFile.js';

const folder = mkdtempSync(join(tmpdir(), 'limitlaw-defaults-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const draw = {
  name: 'draw',
  options: { preset: { choices: ['quick', 'paper'] }, workers: { type: 'string' }, spectra: { type: 'boolean' } },
} as const;
const look = { name: 'look <run>', options: { port: { type: 'string' } } } as const;

function read(content: unknown, command: typeof draw | typeof look = draw) {
  const path = join(folder, 'defaults.json');
  writeFileSync(path, typeof content === 'string' ? content : JSON.stringify(content));
  return readDefaults(path, command, [draw, look]);
}

describe('a file of options', () => {
  test('gives a command what stands at the top, and before that what stands under its name; numbers as text', () => {
    const content = { workers: 2, preset: 'quick', port: 80, json: true, draw: { preset: 'paper', spectra: true } };
    expect(read(content)).toEqual({ workers: '2', preset: 'paper', spectra: true, json: true });
    expect(read(content, look)).toEqual({ port: '80', json: true });
  });
  test.each([
    [{ worker: 2 }, /there is no option worker \(did you mean workers\?\)/],
    [{ dra: {} }, /there is no option dra \(did you mean draw\?\)/],
    [{ draw: { port: 3 } }, /there is no option draw\.port/],
    [{ look: { prot: 3 } }, /there is no option look\.prot \(did you mean look\.port\?\)/],
    [{ toString: 1 }, /there is no option toString/],
    ['{"__proto__": {"workers": 2}}', /there is no option __proto__/],
    [{ config: 'other.json' }, /there is no option config/],
    [{ draw: 'paper' }, /draw must be an object of options/],
    [{ workers: [2] }, /workers must be a text or a number, got \[2\]/],
    [{ draw: { spectra: 'yes' } }, /draw\.spectra must be true or false, got "yes"/],
    [{ preset: 'huge' }, /preset must be one of quick, paper, got 'huge'/],
    [[], /must be an object of options/],
    ['{"workers": 2', /must be JSON/],
  ] as [unknown, RegExp][])('%j is refused', (content, message) => {
    expect(() => read(content)).toThrow(message);
  });
  test('one that is not there is refused', () => {
    expect(() => readDefaults(join(folder, 'none.json'), draw, [draw])).toThrow(/cannot be \(ENOENT\)/);
  });
});
