import type { Command } from '../command.js';
import { lossConventions, number, rootSeed, text } from '../modelOptions.js';
import { reportOptions, runOptions } from '../runOptions.js';
import type { RunOptions } from '../runOptions.js';

interface CheckOptions extends RunOptions {
  seed: string;
  preset: 'quick' | 'paper' | 'full';
  claims?: string;
  level: string;
  perturb?: string;
  calibrate: boolean;
  strictPaper: boolean;
}

export const check: Command<CheckOptions> = {
  name: 'check',
  summary: 'The main job: draw Hessians, compare them with every law of the paper, report',
  options: {
    preset: { choices: ['quick', 'paper', 'full'], default: 'quick', describe: 'Sizes and replicates' },
    claims: text(`Only these claims, separated by commas; their losses are ${lossConventions}`),
    ...runOptions,
    ...reportOptions,
    level: { ...number('Family-wise error of all tests together'), default: '0.01', defaultDescription: '0.01' },
    perturb: text('Make the predictions wrong on purpose, e.g. aspect-ratio=1.05,logit-variance=1.1,classes=1'),
    'strict-paper': {
      type: 'boolean',
      default: false,
      describe: "Exit with 1 also when one of the paper's own sentences is refuted",
    },
    calibrate: {
      type: 'boolean',
      default: false,
      describe: 'Measure false alarms and power of every test, at small sizes, instead of checking',
    },
    seed: rootSeed,
  },
  examples: [
    ['check', 'every claim at small sizes, under a minute'],
    ['check --preset paper --workers 2', 'the configuration that the paper published'],
    ['check --claims linear-ce,hidden-ce --json', 'two claims, one JSON object'],
    ['check --calibrate --claims linear-ce', 'how often its tests alarm, rightly and wrongly'],
    ['check --perturb aspect-ratio=1.05', 'a law wrong by 5 %: it must be rejected'],
    ['check --strict-paper', "the paper's sentences count as well"],
    ['check --view', 'and open the report'],
    ['check --resume RUN', 'what a killed run has not drawn yet'],
  ],
  async run(options, terminal) {
    const { checkJob } = await import('../../pipeline/check/checkJob.js');
    const { carryOut } = await import('../carryOut.js');
    const { preset, claims, seed, level, perturb, calibrate, strictPaper } = options;
    const make = () => checkJob({ preset, claims, seed, level, perturb, calibrate, strictPaper });
    return carryOut(check, options, make, `check-${preset}`, terminal);
  },
};
