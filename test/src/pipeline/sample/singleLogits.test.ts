import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from '@jest/globals';
import { createEnvironment } from '../../../../src/draws/environment.js';
import { taskNotes } from '../../../../src/draws/taskNotes.js';
import { sampleJob } from '../../../../src/pipeline/sample/sampleJob.js';
import { sampleRequest, type SampleWords } from '../../../../src/pipeline/sample/sampleRequest.js';
import { loadSpec } from '../../../../src/specification/index.js';
import { runSweep } from '../../../../src/pipeline/sweep/runSweep.js';
import { digestOf } from '../../../../src/store/journalHeader.js';
import { createBackend } from '../../../../simulations/linalg/index.js';

const folder = mkdtempSync(join(tmpdir(), 'limitlaw-single-'));
afterAll(() => rmSync(folder, { recursive: true }));

const words: SampleWords = {
  ...{ model: 'linear', loss: 'ce', dimension: '20', samples: '40', classes: '300' },
  ...{ replicates: '1', 'save-weights': false, 'save-blocks': false, seed: '1' },
};
const single: SampleWords = { ...words, 'logit-precision': 'single' };

describe('sample --logit-precision single', () => {
  test('draws the same eigenvalues but for 4e-7 of each, as a run of its own that says what it is', async () => {
    const environment = createEnvironment(await createBackend('wasm'));
    const [double, other] = [words, single].map((own) => sampleJob(sampleRequest(own)));
    const [before, after] = await Promise.all(
      [double!, other!].map((job) =>
        job.perform(
          0,
          environment,
          taskNotes(() => undefined),
        ),
      ),
    );
    before!.blocks.forEach(({ eigenvalues }, k) => {
      const largest = Math.max(...eigenvalues.map(Math.abs));
      const changes = after!.blocks[k]!.eigenvalues.map((value, i) => Math.abs(value - eigenvalues[i]!));
      expect(Math.max(...changes)).toBeGreaterThan(0);
      // Weights are off by two probabilities, of 2e-7 each at the worst with so few classes; each eigenvalue by as much.
      changes.forEach((change, i) => {
        expect(change).toBeLessThan(4e-7 * Math.abs(eigenvalues[i]!) + 1e-14 * largest);
      });
    });
    expect(digestOf(other!.settings)).not.toBe(digestOf(double!.settings));
    expect(other!.request).toMatchObject({ settings: { logitPrecision: 'single' } });
    // Runs of before go on: what is not asked for is not in their settings.
    expect(JSON.stringify(double!.request)).not.toContain('logitPrecision');
  });

  test.each<[Partial<SampleWords>, RegExp]>([
    [{ 'save-weights': true }, /--save-weights and --save-blocks write numbers that others take for exact/],
    [{ 'save-blocks': true }, /Leave one of them out/],
    [{ 'logit-precision': 'half' }, /--logit-precision must be one of double, single, got 'half'/],
    [{ loss: 'mse' }, /--logit-precision: single is for model: linear, loss: ce; leave it out/],
    [{ model: 'hidden', width: '4' }, /--logit-precision: single is for/],
  ])('refuses %j', (change, message) => {
    expect(() => sampleJob(sampleRequest({ ...single, ...change }))).toThrow(message);
  });
});

describe('logitPrecision of a sweep', () => {
  const spec = 'model: linear\nloss: ce\nd: 12\nN: 24\nC: 200\nreplicates: 3\nnullReplicates: 19\ncompare: [ratio]\n';
  const normsOf = async (text: string) => {
    const path = join(folder, 'spec.yaml');
    writeFileSync(path, text);
    const { settings, rows } = await runSweep({ spec: path, workers: 0, backend: 'wasm', seed: '1' });
    return { settings, norms: rows.flatMap(({ squaredNorms }) => squaredNorms) };
  };

  test('is drawn so, and stated', async () => {
    const [double, other] = [await normsOf(spec), await normsOf(`${spec}logitPrecision: single\n`)];
    expect(other.settings).toMatchObject({ logitPrecision: 'single' });
    expect(double.settings).not.toHaveProperty('logitPrecision');
    other.norms.forEach((norm, k) => {
      expect(norm).not.toBe(double.norms[k]);
      expect(Math.abs(norm / double.norms[k]! - 1)).toBeLessThan(8e-7);
    });
  });

  test('is refused where it would do nothing', () => {
    expect(() => loadSpec(`${spec.replace('linear', 'hidden')}m: 4\nlogitPrecision: single\n`)).toThrow(
      /logitPrecision: single is for model: linear, loss: ce/,
    );
    expect(() => loadSpec(`${spec}logitPrecision: half\n`)).toThrow(/logitPrecision/);
  });
});
