/** Options of one figure on the command line. */
import { mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from '@jest/globals';
import { candidates } from '../../../src/cli/completion/candidates.js';
import { commands } from '../../../src/cli/commands/index.js';
import { commandLineIn } from './commandLine.js';

const folder = mkdtempSync(join(tmpdir(), 'limitlaw-figure-'));
afterAll(() => rmSync(folder, { recursive: true }));
const { limitlaw, expectUsageError } = commandLineIn(folder);

describe('law --figure', () => {
  test('--curve, its name before, is taken and not offered', () => {
    expect(limitlaw('law', '--semicircle', '--curve', 'law.html', '--column', 'single').status).toBe(0);
    expect(readdirSync(folder).sort()).toEqual(['law.csv', 'law.html', 'law.tex']);
    expect(readFileSync(join(folder, 'law.tex'), 'utf8')).toContain('width=3.5in]{law}');
    const offered = candidates(['law', '--c'], commands).map(({ word }) => word);
    expect([offered.includes('--column'), offered.includes('--curve')]).toEqual([true, false]);
    expect(limitlaw('law', '--help').stdout).not.toContain('--curve');
  });

  test('refused in a sentence', () => {
    expectUsageError(['law', '--semicircle', '--curve', 'a.svg', '--figure', 'b.svg'], /one option with two names/);
    expectUsageError(['law', '--semicircle', '--figure', 'a.gif'], /--figure must name a file that ends in \.html/);
    expectUsageError(['law', '--semicircle', '--font', 'Times'], /--font is of a figure, and none is asked for/);
  });
});
