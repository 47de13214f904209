import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { exitCodes } from '../../../src/cli/exitCodes.js';
import { run } from '../../../src/cli/program.js';
import { calibrationPreset, presets } from '../../../src/claims/presets.js';

// No option of the command line sets sizes: the preset that it names is replaced by one whose traces are drawn once.
test('draws that say nothing of their spread end the command with exit 3 and a sentence of their own', async () => {
  Object.assign(presets, {
    quick: {
      ...calibrationPreset,
      dimensions: [8, 16],
      draws: [2, 2],
      traces: { ...calibrationPreset.traces, weights: 1, draws: 1 },
    },
  });
  const printed: string[] = [];
  const terminal = { out: () => {}, err: (text: string) => void printed.push(text), columns: 80, interactive: false };
  const words = ['check', '--claims', 'linear-mse', '--workers', '1', '--backend', 'wasm'];
  const out = join(mkdtempSync(join(tmpdir(), 'limitlaw-')), 'run');
  const code = await run([...words, '--out', out], terminal);
  const last = printed.join('').trimEnd().split('\n').at(-1);
  expect({ code, last }).toEqual({
    code: exitCodes.failure,
    last: 'limitlaw: dispersionTest: the draws (1) do not vary, so that nothing says how far chance may take their mean: draw more of them, or larger matrices',
  });
}, 60_000);
