// Deep networks through the commands that draw them: sample, sweep, hessian.
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { modelChoice } from '../../../../src/pipeline/options/modelOptions.js';
import { drawHessianFigures } from '../../../../src/pipeline/figures/hessianFigures.js';
import { runSweep } from '../../../../src/pipeline/sweep/runSweep.js';
import { sampleJob } from '../../../../src/pipeline/sample/sampleJob.js';
import { sampleRequest, type SampleWords } from '../../../../src/pipeline/sample/sampleRequest.js';
import { expandSpec, loadSpec } from '../../../../src/specification/index.js';
import { fullHessian } from '../../../../simulations/blocks/index.js';
import { createBackend } from '../../../../simulations/linalg/index.js';
import { drawReplicate } from '../../../../simulations/models/index.js';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'limitlaw-deep-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const words: SampleWords = {
  ...{ model: 'deep', loss: 'ce', dimension: '6', samples: '9', classes: '4', width: '5', depth: '3' },
  ...{ replicates: '1', 'save-weights': false, 'save-blocks': false, seed: '1' },
};

describe('sample', () => {
  test('one layer and one kind of block, or all', () => {
    expect(sampleRequest({ ...words, layer: '2', block: 'off-diagonal' }).blocks).toEqual(['hidden-2-off-diagonal']);
    expect(sampleRequest({ ...words, layer: 'output' }).blocks).toEqual(['output-diagonal', 'output-off-diagonal']);
    expect(sampleRequest({ ...words, block: 'diagonal' }).blocks).toEqual([
      ...['hidden-1-diagonal', 'hidden-2-diagonal', 'hidden-3-diagonal', 'output-diagonal'],
    ]);
    const { settings, blocks } = sampleRequest({ ...words, width: '5,7', depth: undefined });
    expect([settings.widths, blocks]).toEqual([[5, 7], undefined]);
    expect(() => sampleJob(sampleRequest({ ...words, width: '5,1', depth: undefined, layer: '2' }))).toThrow(
      /has no block hidden-2-off-diagonal\. Its blocks are hidden-1-diagonal, .*hidden-2-diagonal, output-diagonal/,
    );
  });

  test.each<[Partial<SampleWords>, RegExp]>([
    [{ layer: '4' }, /--layer must be a number from 1 to 3, or output, with --model deep of that depth, got '4'/],
    [{ layer: 'hidden' }, /--layer must be a number from 1 to 3, or output/],
    [{ depth: undefined }, /--depth must be given with one --width/],
    [{ width: undefined }, /--width must be given with --model deep/],
    [{ width: '5,6' }, /one for each of the --depth 3 layers, got 2/],
    [{ model: 'hidden' }, /--depth is for --model deep: leave it out/],
    [{ model: 'linear', depth: undefined }, /--width is for --model hidden or --model deep: leave it out/],
    [{ block: 'whole' }, /--block must be one of diagonal, off-diagonal, got 'whole'/],
  ])('refuses %j', (change, message) => {
    expect(() => sampleRequest({ ...words, ...change })).toThrow(message);
  });

  test('a law is asked of a layer by its number too', () => {
    const chosen = modelChoice({ model: 'deep', loss: 'mse', width: '8', depth: '2', layer: '2' });
    expect([chosen.layer, chosen.widths, chosen.width]).toEqual(['hidden-2', [8, 8], undefined]);
    expect(modelChoice({ model: 'deep', loss: 'mse', width: '8', depth: '2' }).layer).toBe('hidden-1');
  });
});

const spec = ['model: deep', 'loss: ce', 'initialisation: he', 'd: [8, 16]', 'N: "2*d"', 'C: 4'].join('\n');

describe('sweep', () => {
  test('depth and width are rules of the grid', () => {
    const points = expandSpec(loadSpec(`${spec}\nL: "d/4"\nm: "d+1"`));
    expect(points.map(({ depth, width }) => [depth, width])).toEqual([
      [2, 9],
      [4, 17],
    ]);
    expect(expandSpec(loadSpec(`${spec}\nL: [1, 3]\nm: 4`)).map(({ depth }) => depth)).toEqual([1, 3, 1, 3]);
  });

  test.each<[string, RegExp]>([
    ['m: 4', /L, the number of hidden layers, is missing/],
    ['L: 2', /m, the hidden width, is missing/],
    ['L: 65\nm: 4', /L must be a whole number from 1 to 64, the rule gives 65/],
    ['L: 2\nm: 4\nblocks: [hidden-0-diagonal]', /a block is named by its layer and kind, got "hidden-0-diagonal"/],
  ])('refuses %j', (lines, message) => {
    expect(() => expandSpec(loadSpec(`${spec}\n${lines}`))).toThrow(message);
    expect(() => loadSpec(spec.replace('deep', 'hidden') + '\nL: 2\nm: 4')).toThrow(
      /L counts hidden layers, but the model is hidden/,
    );
  });

  test('looks at the blocks that every point has, and compares the first layer with its law', async () => {
    const path = join(folder, 'deep.yaml');
    const run = (lines: string) => {
      writeFileSync(path, `${spec}\n${lines}\nreplicates: 2\nnullReplicates: 19`);
      return runSweep({ spec: path, workers: 0, backend: 'wasm', seed: 'deep' });
    };
    const { rows } = await run('L: [2, 1]\nm: 4');
    expect([...new Set(rows.map(({ block }) => block))].sort()).toEqual([
      ...['hidden-1-diagonal', 'hidden-1-off-diagonal', 'output-diagonal', 'output-off-diagonal'],
    ]);
    const first = rows.find(({ block }) => block === 'hidden-1-off-diagonal')!;
    expect(first.applies).toBe('given weights');
    expect(rows.find(({ block }) => block === 'output-diagonal')!.applies).toBe('none');
    await expect(run('L: [2, 1]\nm: 4\nblocks: [hidden-2-diagonal]')).rejects.toThrow(
      /a point of the grid has 1 hidden layers and no block "hidden-2-diagonal"/,
    );
    const named = await run('L: 2\nm: 4\nblocks: [hidden-2-diagonal, hidden-2-off-diagonal]');
    expect(named.summary.ratios.map(({ layer }) => layer)).toEqual(['hidden-2']);
  });
});

test('hessian: a heat map with its blocks in numbers, of the draw that sample makes', async () => {
  const wanted: string[] = [];
  const out = join(folder, 'figures');
  const found = await drawHessianFigures({
    network: { ...words, logitVariance: undefined },
    ...{ seed: '1', backend: 'wasm', colours: undefined, clip: undefined, blockValues: undefined },
    ...{ ids: undefined, formats: ['html'], out, browser: { environment: {}, platform: 'linux' } },
    ...{ width: undefined, scale: undefined, overwrite: false },
    onFile: (path) => wanted.push(path),
    onPlan: () => undefined,
  });
  const { settings } = sampleRequest(words);
  const backend = await createBackend('wasm');
  const draw = drawReplicate(settings, backend.createWorkspace(6, 9), '1', 0);
  const hessian = fullHessian(draw);
  expect(found.order).toBe(5 * 6 + 2 * 5 * 5 + 4 * 5);
  const norm = Math.sqrt(hessian.reduce((sum, entry) => sum + entry ** 2, 0));
  expect(found.summary!.norm).toBeCloseTo(norm, 12);
  expect(found.summary!.ratios.map(({ group }) => group)).toEqual(['w1', 'w2', 'w3', 'v']);
  expect(readdirSync(out).sort()).toEqual(
    expect.arrayContaining(['block-table.csv', 'block-values.html', 'matrix-heat-map.html']),
  );
});
