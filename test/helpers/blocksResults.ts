/** Norms of blocks of a small network at several C, as `limitlaw blocks` finds them in files with round numbers. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { BlocksResult } from '../../figures/blocksResult.js';
import { runBlocks } from '../../src/pipeline/blocks/runBlocks.js';
import { probeBytes, tensorWithRatio } from './probeFiles.js';

/** Of the tensors one falls like 1/C², one like 1/C to the floor of a last down projection, one has come to that of values. */
export const smallNetwork = (classes: number, factor: number) => [
  tensorWithRatio('head.weight', (40 * factor) / classes ** 2, { full: 1 }),
  tensorWithRatio('layers.1.down.weight', (0.0011 + 0.3 / classes) * factor, { full: 0.06, floor: 'last-down' }),
  tensorWithRatio('layers.1.v.weight', 0.029 * factor, { full: 0.7, floor: 'value' }),
];

const draws = [0.98, 1.01, 1.03];

export function blocksAt(
  all: readonly number[],
  about: Readonly<Record<string, unknown>> = {},
  factors: readonly number[] = draws,
): BlocksResult {
  const folder = mkdtempSync(join(tmpdir(), 'limitlaw-blocks-results-'));
  try {
    const files = all.flatMap((classes) =>
      factors.map((factor, initialisation) => {
        const path = join(folder, `c${classes}-${initialisation}.npz`);
        writeFileSync(
          path,
          probeBytes(smallNetwork(classes, factor), { classes, initialisation, label: 'small GPT', ...about }),
        );
        return path;
      }),
    );
    return runBlocks({ files });
  } finally {
    rmSync(folder, { recursive: true });
  }
}
