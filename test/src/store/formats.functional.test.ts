/** Files that cross to NumPy and back, through the functions the commands call. */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from '@jest/globals';
import { requireRunMemory } from '../../../src/pipeline/run/memory.js';
import { runJob, type RunJobOptions } from '../../../src/pipeline/run/runJob.js';
import { sampleJob, type SampleRequest, type SampleResult } from '../../../src/pipeline/sample/sampleJob.js';
import { memoryLimit } from '../../../src/store/allocation.js';
import { createRunFolder } from '../../../src/store/runFolder.js';
import { runCompare } from '../../../src/pipeline/compare/compare.js';
import { readArrayFile } from '../../../src/store/formats/index.js';
import { UsageError } from '../../../theory/errors.js';

const folder = mkdtempSync(join(tmpdir(), 'limitlaw-functional-'));
afterAll(() => rmSync(folder, { recursive: true }));
const python = (program: string) => spawnSync('python3', ['-c', program], { cwd: folder, encoding: 'utf8' });
const numpy = python('import numpy').status === 0;
const withNumpy = numpy ? test : test.skip;

const sampling = {
  settings: {
    model: 'hidden',
    loss: 'ce',
    activation: 'relu',
    initialisation: 'lecun',
    dimension: 20,
    samples: 40,
    classes: 5,
    width: 3,
  },
  replicates: 3,
  saveWeights: true,
  saveBlocks: true,
  seed: 'files',
} as const;

async function draw(
  out: string,
  change: Partial<SampleRequest> = {},
  options: Partial<RunJobOptions> = {},
): Promise<SampleResult> {
  const job = sampleJob({ ...sampling, ...change });
  requireRunMemory(job, 1, memoryLimit());
  const folder = createRunFolder(out, { holding: 'journal' });
  try {
    const run = { backend: 'wasm', workers: 0, clock: () => new Date() } as const;
    return (await runJob(job, folder, { ...run, ...options })).outcome.results;
  } finally {
    folder.close();
  }
}

describe('sample', () => {
  test('writes what its manifest says, and never over anything', async () => {
    const out = join(folder, 'draws');
    await draw(out);
    const manifest = JSON.parse(readFileSync(join(out, 'manifest.json'), 'utf8')) as SampleResult;
    expect(manifest).toMatchObject({ kind: 'sample', seed: 'files', replicates: 3, settings: sampling.settings });
    expect(manifest.files).toHaveLength(4 + 2 + (4 + 1) * 3);
    for (const { name, shape } of manifest.files) expect(readArrayFile(join(out, name)).shape).toEqual(shape);
    const before = readFileSync(join(out, 'hidden-diagonal_eigenvalues.npy'));
    await expect(draw(out)).rejects.toThrow(UsageError);
    expect(readFileSync(join(out, 'hidden-diagonal_eigenvalues.npy')).equals(before)).toBe(true);
  });
  test('an interruption leaves what is finished', async () => {
    const interruption = new AbortController();
    const out = join(folder, 'cut');
    const result = await draw(
      out,
      {},
      { signal: interruption.signal, onProgress: ({ done }) => done === 2 && interruption.abort() },
    );
    expect(result).toMatchObject({ interrupted: true, replicates: 2 });
    expect(readArrayFile(join(out, 'output-diagonal_eigenvalues.npy')).shape).toEqual([2, 3]);
    // A block that has gone since is drawn again with the rest.
    rmSync(join(out, 'hidden-diagonal_0000.npy'));
    await draw(out);
    const whole = join(folder, 'draws');
    for (const name of readdirSync(whole).filter((entry) => entry.endsWith('.npy')))
      expect(readFileSync(join(out, name)).equals(readFileSync(join(whole, name)))).toBe(true);
  });
  test.each([
    [{ replicates: 0 }, /--replicates must be/],
    [{ replicates: 1e9 }, /numbers to hold at once/],
    [{ logitVariance: 2 }, /goes with --model linear/],
    [{ settings: { ...sampling.settings, dimension: 0 } }, /dimension/],
    [
      { settings: { ...sampling.settings, dimension: 1e6, samples: 1e6 } },
      /1 worker of .* GiB \(largest draw d = 1000000, .* needs .* GiB and /,
    ],
  ])('refused: %#', async (change, message) => {
    const out = join(folder, 'refused');
    await expect(draw(out, change)).rejects.toThrow(message);
    expect(existsSync(out)).toBe(false);
  });
});

describe(`NumPy${numpy ? '' : ' (not installed here: skipped)'}`, () => {
  withNumpy('numpy.load reads what sample writes: same blocks, same spectra', async () => {
    await draw(join(folder, 'for-numpy'));
    const program = `
import json, numpy as np
h = np.load('for-numpy/hidden-off-diagonal_0001.npy')
e = np.load('for-numpy/hidden-off-diagonal_eigenvalues.npy')
a = np.load('for-numpy/hidden-off-diagonal_weights.npy')
print(json.dumps([list(h.shape), list(e.shape), list(a.shape), str(h.dtype), float(abs(np.linalg.eigvalsh(h) - e[1]).max() / abs(e[1]).max())]))`;
    const { stdout, stderr } = python(program);
    expect(stderr).toBe('');
    const [h, e, a, dtype, gap] = JSON.parse(stdout) as [number[], number[], number[], string, number];
    expect([h, e, a, dtype]).toEqual([[20, 20], [3, 20], [3, 40], 'float64']);
    // Two eigensolvers on the same matrix: 20 roundings.
    expect(gap).toBeLessThan(20 * 2 ** -50);
  });
  withNumpy('what NumPy writes is compared: float32, Fortran order, npz, CSV', async () => {
    const program = `
import numpy as np
x = np.random.default_rng(1).standard_normal((120, 60))
h = x.T @ x / 120
np.save('c.npy', h); np.save('f.npy', np.asfortranarray(h)); np.save('s.npy', h.astype('float32'))
np.savez('z.npz', other=np.zeros(3), h=h); np.savetxt('t.csv', h, delimiter=','); np.save('e.npy', np.linalg.eigvalsh(h)[::-1])`;
    expect(python(program).stderr).toBe('');
    const options = {
      aspectRatio: 0.5,
      fit: [],
      nullReplicates: 19,
      level: 0.1,
      seed: 'numpy',
      backend: 'wasm',
    } as const;
    const distances = [];
    for (const given of [
      ...['c.npy', 'f.npy', 's.npy', 'z.npz:h', 't.csv'].map((matrix) => ({ matrix: join(folder, matrix) })),
      { eigenvalues: join(folder, 'e.npy') },
    ]) {
      const result = await runCompare({ ...options, ...given });
      // Nothing is fitted: the law with weights 1.
      if (result.kind !== 'compare') throw new Error('a bulk was fitted');
      distances.push(result.distances.kolmogorov);
    }
    for (const distance of distances) expect(Math.abs(distance - distances[0]!)).toBeLessThan(1e-5);
    expect(distances[0]!).toBeLessThan(0.12);
  });
});
