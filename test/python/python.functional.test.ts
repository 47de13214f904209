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
const run = (program: string, ...words: string[]) =>
  spawnSync(program, words, {
    cwd: packageFolder,
    encoding: 'utf8',
    env: {
      ...process.env,
      LIMITLAW: '',
      LIMITLAW_CHECK_JSON: join(folder, 'check.json'),
      PYTHONDONTWRITEBYTECODE: '1',
    },
  });
const python = (...words: string[]) => run('python3', ...words);
const numpy = python('-c', 'import numpy').status === 0;
const withNumpy = numpy ? test : test.skip;

describe(`the Python package${numpy ? '' : ' (skipped: no NumPy for python3 here)'}`, () => {
  withNumpy(
    'passes its tests',
    () => {
      writeFileSync(join(folder, 'check.json'), JSON.stringify(checkSummary(syntheticRun(), false)));
      const { status, stderr } = python('-X', 'dev', '-m', 'unittest');
      expect(stderr).toMatch(/\nRan ([5-9]\d|1\d\d) tests in .*\n\nOK( \(skipped=\d+\))?\n$/);
      expect(status).toBe(0);
    },
    300_000,
  );
});

// The one on the path need not be the one that the system's packages install PyTorch for.
const withTorch = ['python3', '/usr/bin/python3'].find(
  (program) => run(program, '-c', 'import torch, numpy').status === 0,
);
(withTorch === undefined ? test.skip : test)(
  `the exporters pass their tests with PyTorch${withTorch === undefined ? ' (skipped: no python3 with torch and numpy here)' : ''}`,
  () => {
    const tests = ['tests.test_export', 'tests.test_blocks'];
    const { status, stderr } = run(withTorch!, '-W', 'error', '-m', 'unittest', ...tests);
    expect(stderr).toMatch(/\nRan [3-9]\d tests in .*\n\nOK\n$/);
    expect(status).toBe(0);
  },
  300_000,
);

const jupyter = numpy && python('-c', 'import nbclient, ipykernel, matplotlib').status === 0;
(jupyter ? test : test.skip)(
  `the notebooks show what they give today${jupyter ? '' : ' (skipped: pip install nbclient ipykernel matplotlib)'}`,
  () => {
    const { status, stderr } = python('../scripts/notebooks.py');
    expect({ status, stderr: status === 0 ? '' : stderr }).toEqual({ status: 0, stderr: '' });
  },
  300_000,
);
