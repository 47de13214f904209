import { readFileSync } from 'node:fs';
import type { RunResults } from '../../figures/results.js';

/** The made-up run of test/fixtures/results/make.mjs. */
export const syntheticRun = (): RunResults =>
  JSON.parse(readFileSync(new URL('../fixtures/results/synthetic.json', import.meta.url), 'utf8')) as RunResults;
