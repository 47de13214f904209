import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { describe, expect, test } from '@jest/globals';
import { calibrationPreset } from '../../../src/claims/presets.js';
import type { Preset } from '../../../src/claims/presets.js';
import type { RunResults } from '../../../figures/results.js';

// The whole job at small sizes, on worker threads, from the built files. One run of true claims says 'disagree'
// anywhere with probability at most its family-wise level, 0.001 here; seeds are fixed.
const level = '0.001';
const seed = 'check 1';

/** Enough draws for the wrong claims below, and no more. */
const small: Preset = {
  ...calibrationPreset,
  draws: [4, 8],
  weights: { dimension: 16, samples: 8192, draws: 14 },
  outliers: { ...calibrationPreset.outliers, draws: 2 },
  traces: { ...calibrationPreset.traces, draws: 150 },
  norms: { ...calibrationPreset.norms, draws: 8 },
};

/** A few draws of everything. */
const tiny: Preset = {
  ...small,
  dimensions: [16, 24],
  draws: [2, 2],
  weights: { dimension: 8, samples: 256, draws: 6 },
  moments: { batches: 2, classes: 8, readouts: 20, inputs: 16, blocks: 20, samples: 64 },
  norms: { ...small.norms, draws: 3 },
  cross: { ...small.cross, dimension: 16, draws: 3 },
};

/** One kind of draws for a wrong claim that these see: the rest would only cost time. */
const spectraOnly: Preset = {
  ...small,
  weights: { ...small.weights, draws: 0 },
  outliers: { ...small.outliers, draws: 0 },
  traces: { ...small.traces, weights: 0 },
  norms: { ...small.norms, draws: 0 },
  moments: { ...small.moments, batches: 0 },
};
const weightsOnly: Preset = { ...spectraOnly, dimensions: [16, 24], draws: [2, 2], weights: small.weights };
const momentsOnly: Preset = { ...weightsOnly, weights: { ...small.weights, draws: 0 }, moments: small.moments };

/** Seconds of one test: a few on a quiet machine. */
const patience = 240_000;

/** A process of its own, as a user's run is: it ends with its workers. */
const driver = fileURLToPath(new URL('../../helpers/builtCheck.mjs', import.meta.url));

async function verdicts(claims: string, perturbation?: string, workers = 2, preset = small) {
  const request = JSON.stringify({ preset, claims, workers: String(workers), seed, level, perturbation });
  const { stdout } = await promisify(execFile)(process.execPath, [driver, request], { maxBuffer: 2 ** 28 });
  const { claims: results } = JSON.parse(stdout) as RunResults;
  return { printed: stdout, results, verdict: Object.fromEntries(results.map(({ id, verdict }) => [id, verdict])) };
}

describe(`limitlaw check (seed '${seed}')`, () => {
  const all = 'linear-mse,linear-ce,hidden-mse,hidden-ce,output-mse,output-ce,cross-layer';
  let truth: Awaited<ReturnType<typeof verdicts>>;

  test(
    'true claims are not rejected',
    async () => {
      truth = await verdicts(all);
      expect(Object.entries(truth.verdict).filter(([, verdict]) => verdict === 'disagree')).toEqual([]);
      expect(truth.results).toHaveLength(7);
    },
    patience,
  );

  test(
    'the same seed gives the same bytes for one worker and for two',
    async () => {
      // Between them these draw every kind of task.
      const some = 'linear-ce,hidden-mse,output-mse,cross-layer';
      const alone = await verdicts(some, undefined, 1, tiny);
      const pair = await verdicts(some, undefined, 2, tiny);
      expect(alone.printed).toBe(pair.printed);
    },
    patience,
  );

  test(
    'an aspect ratio wrong by 5 % is rejected by every claim about a spectral law',
    async () => {
      const laws = 'linear-mse,linear-ce,hidden-mse,hidden-ce';
      const { verdict } = await verdicts(laws, 'aspect-ratio=1.05', 2, spectraOnly);
      expect(verdict).toEqual({
        'linear-mse': 'disagree',
        'linear-ce': 'disagree',
        'hidden-mse': 'disagree',
        'hidden-ce': 'disagree',
      });
    },
    patience,
  );

  test(
    'a logit variance wrong by 10 % is rejected by the cross-entropy claims, and does not concern the squared error',
    async () => {
      const { verdict } = await verdicts('hidden-mse,hidden-ce', 'logit-variance=1.1', 2, weightsOnly);
      expect(verdict['hidden-ce']).toBe('disagree');
      expect(verdict['hidden-mse']).not.toBe('disagree');
      expect((await verdicts('linear-mse', 'logit-variance=1.1')).verdict['linear-mse']).not.toBe('disagree');
      expect((await verdicts('linear-ce', 'logit-variance=1.1', 2, momentsOnly)).verdict).toEqual({
        'linear-ce': 'disagree',
      });
    },
    patience,
  );

  test(
    'one class too many is rejected',
    async () => {
      expect((await verdicts('linear-ce', 'classes=1', 2, momentsOnly)).verdict).toEqual({ 'linear-ce': 'disagree' });
    },
    patience,
  );

  test(
    'a semicircle with the same two moments is rejected',
    async () => {
      expect((await verdicts('linear-mse', 'shape=semicircle', 2, spectraOnly)).verdict).toEqual({
        'linear-mse': 'disagree',
      });
    },
    patience,
  );

  test(
    'too few draws give undecided, and say how many would be enough',
    async () => {
      const few: Preset = { ...spectraOnly, dimensions: [32, 48], draws: [2, 2] };
      const { results } = await verdicts('linear-mse', undefined, 2, few);
      expect(results[0]!.verdict).toBe('undecided');
      expect(results[0]!.reason).toMatch(/power against .*aspect ratio 5 % too large.* \d+ draws would be enough/);
    },
    patience,
  );
});
