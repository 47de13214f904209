import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { openerOf, openFile } from '../../../src/cli/openFile.js';

test('the program that opens a page, and none on a machine without a display', () => {
  expect(openerOf('darwin', {})?.command).toBe('open');
  expect(openerOf('win32', {})?.words).toEqual(['/c', 'start', '']);
  expect(openerOf('linux', { DISPLAY: ':0' })?.command).toBe('xdg-open');
  expect(openerOf('linux', { WAYLAND_DISPLAY: 'wayland-0' })?.command).toBe('xdg-open');
  expect(openerOf('linux', { DISPLAY: '' })).toBeUndefined();
});

test('a file is handed over as one word; where the program is missing the answer is no', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'limitlaw-open '));
  const path = join(folder, 'a b.html');
  const opener = { command: process.execPath, words: ['-e', 'require("fs").writeFileSync(process.argv[1], "seen")'] };
  expect(await openFile(path, opener)).toBe(true);
  for (let k = 0; k < 200 && !existsSync(path); k++) await new Promise((resolve) => setTimeout(resolve, 50));
  expect(readFileSync(path, 'utf8')).toBe('seen');
  expect(await openFile(path, { command: join(folder, 'no such program'), words: [] })).toBe(false);
  expect(await openFile(path, undefined)).toBe(false);
  rmSync(folder, { recursive: true });
});
