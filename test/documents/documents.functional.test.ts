/**
 * README.md, docs/, paper-notes.md, CHANGELOG.md, the gallery, doc comments and `--help`: their commands and snippets are
 * run, their outputs compared, their references followed (`npm run documents` writes the outputs of today). The run of
 * `check` that README shows is kept beside the build, so that only the first test of a build waits for it.
 */
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { expect, test } from '@jest/globals';

const root = fileURLToPath(new URL('../..', import.meta.url));

test('what the documents show is so', () => {
  const { status, stderr } = spawnSync(process.execPath, ['scripts/documents.mjs'], { cwd: root, encoding: 'utf8' });
  expect(stderr).toBe('');
  expect(status).toBe(0);
}, 1_800_000);
