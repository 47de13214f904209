/** The tests of the Python package, python/tests, and the notebooks of docs/notebooks, with the built program. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, test } from '@jest/globals';
import { checkSummary } from '../../src/pipeline/check/runCheck.js';
import { syntheticRun } from '../helpers/syntheticRun.js';

const folder = mkdtempSync(join(tmpdir(), 'limitlaw-python-'));
afterAll(() => rmSync(folder, { recursive: true }));
const packageFolder = fileURLToPath(new URL('../../python', import.meta.url));
const python = (...words: string[]) =>
  spawnSync('python3', words, {
    cwd: packageFolder,
    encoding: 'utf8',
    env: {
      ...process.env,
      LIMITLAW: '',
      LIMITLAW_CHECK_JSON: join(folder, 'check.json'),
      PYTHONDONTWRITEBYTECODE: '1',
    },
  });
const numpy = python('-c', 'import numpy').status === 0;
const withNumpy = numpy ? test : test.skip;

describe(`the Python package${numpy ? '' : ' (skipped: no NumPy for python3 here)'}`, () => {
  withNumpy(
    'passes its tests',
    () => {
      writeFileSync(join(folder, 'check.json'), JSON.stringify(checkSummary(syntheticRun(), false)));
      const { status, stderr } = python('-X', 'dev', '-m', 'unittest');
      expect(stderr).toMatch(/\nRan [3-9]\d tests in .*\n\nOK( \(skipped=\d\))?\n$/);
      expect(status).toBe(0);
    },
    300_000,
  );
});

const jupyter = numpy && python('-c', 'import nbclient, ipykernel, matplotlib').status === 0;
(jupyter ? test : test.skip)(
  `the notebooks show what they give today${jupyter ? '' : ' (skipped: pip install nbclient ipykernel matplotlib)'}`,
  () => {
    const { status, stderr } = python('../scripts/notebooks.py');
    expect({ status, stderr: status === 0 ? '' : stderr }).toEqual({ status: 0, stderr: '' });
  },
  300_000,
);
