import { readFileSync } from 'node:fs';
import type { TrainResult } from '../../figures/trainResult.js';

/** The trainings of test/fixtures/results/makeTraining.mjs; a copy at every call. */
export const trainedRuns = (): Readonly<Record<'hidden' | 'wider' | 'linear', TrainResult>> =>
  JSON.parse(readFileSync(new URL('../fixtures/results/training.json', import.meta.url), 'utf8')) as ReturnType<
    typeof trainedRuns
  >;
