import { mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import type { BlocksResult } from '../../../figures/blocksResult.js';
import { smallNetwork } from '../../helpers/blocksResults.js';
import { probeBytes } from '../../helpers/probeFiles.js';
import { temporaryFiles } from '../../helpers/temporaryFiles.js';
import { commandLineIn } from './commandLine.js';

const { folder, file } = temporaryFiles('blocks-cli');
const { limitlaw, expectUsageError } = commandLineIn(folder);
const names = [64, 256, 1024].flatMap((classes) =>
  [0.98, 1.03].map((factor, initialisation) => {
    const name = `c${classes}-${initialisation}.npz`;
    file(name, probeBytes(smallNetwork(classes, factor), { classes, initialisation, label: 'small GPT' }));
    return name;
  }),
);
const widest = (text: string): number => Math.max(...text.split('\n').map((line) => line.length));

describe('limitlaw blocks', () => {
  test('several files: a table within 80 columns, files that are never overwritten, figures from the folder', () => {
    const found = limitlaw('blocks', ...names, '--out', 'run');
    expect(found.status).toBe(0);
    expect(widest(found.stdout)).toBeLessThanOrEqual(80);
    expect(found.stdout).toMatch(
      /^blocks of small GPT: 3 tensors in 6 files; C = 64, 256, 1024; N = 128; D = 32;\n {2}step 0; cross-entropy; final LayerNorm\n/,
    );
    expect(found.stdout).toMatch(/head\.weight +−2\.00 \[−2\.\d+, −1\.\d+\] +−2\.00 \[.*\] +falls\n {2}full +−2\.00/);
    expect(found.stdout).toContain('floor as C grows 0.0294');
    const result = JSON.parse(readFileSync(join(folder, 'run/results.json'), 'utf8')) as BlocksResult;
    expect(result.kind).toBe('blocks');
    // Three tensors, three C, both Hessians.
    expect(readFileSync(join(folder, 'run/blocks.csv'), 'utf8').trim().split('\n')).toHaveLength(19);
    expectUsageError(
      ['blocks', ...names, '--out', 'run'],
      /--out must name a new folder, but 'run' has a results\.json/,
    );
    const json = limitlaw('blocks', ...names, '--json');
    expect(JSON.parse(json.stdout)).toEqual(result);
    const drawn = limitlaw('figures', '--from', 'run', '--out', 'figures');
    expect(drawn.status).toBe(0);
    expect(
      readdirSync(join(folder, 'figures'))
        .filter((name) => name.endsWith('.html'))
        .sort(),
    ).toEqual([...['blocks-against-classes.html', 'blocks-by-tensor.html', 'blocks-full-against-gauss-newton.html']]);
  });

  test('one file: a row for each tensor, and no exponents', () => {
    const { stdout, status } = limitlaw('blocks', names[0]!);
    expect(status).toBe(0);
    expect(widest(stdout)).toBeLessThanOrEqual(80);
    expect(stdout).toMatch(/head\.weight +8 +0\.00957 +1\.4 % +0/);
    expect(stdout).not.toContain('exponent of C');
  });

  test('its folder holds no draws: show and merge say so, and what shows it', () => {
    mkdirSync(join(folder, 'kept'));
    writeFileSync(join(folder, 'kept/results.json'), limitlaw('blocks', names[0]!, '--json').stdout);
    for (const command of ['show', 'merge'])
      expectUsageError([command, 'kept'], /of 'limitlaw blocks', which draws nothing: open its report\.html/);
    rmSync(join(folder, 'kept'), { recursive: true });
  });

  test('what is wrong is told in a sentence', () => {
    expectUsageError(['blocks'], /a file of probes must be named/);
    expectUsageError(['blocks', 'none.npz'], /none\.npz: there is no such file/);
    expectUsageError(['blocks', names[0]!, names[0]!], /must be different networks, but both are initialisation 0/);
    expectUsageError(['blocks', names[0]!, '--level', '2'], /--level must be below 1/);
    writeFileSync(join(folder, 'broken.npz'), 'PK');
    expectUsageError(['blocks', 'broken.npz'], /broken\.npz, archive: not a readable zip archive/);
  });
});
