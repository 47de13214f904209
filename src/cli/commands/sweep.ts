import { exitCodes } from '../exitCodes.js';
import type { Command } from '../command.js';
import { lossConventions } from '../modelOptions.js';
import { runOptions } from '../runOptions.js';
import type { RunOptions } from '../runOptions.js';
import { specOptions, specWords } from '../specOptions.js';

interface SweepCommandOptions extends RunOptions {
  spec?: string;
  seed?: string;
  'print-spec': boolean;
  'print-schema': boolean;
}

export const sweep: Command<SweepCommandOptions> = {
  name: 'sweep [spec]',
  summary: 'A scaling regime from a YAML or JSON file: which law applies, what the draws say',
  words: specWords,
  options: {
    ...runOptions,
    ...specOptions,
    'print-spec': {
      ...specOptions['print-spec'],
      describe: `${specOptions['print-spec'].describe}. Of its losses: ${lossConventions}`,
    },
  },
  examples: [
    ['sweep --print-spec > spec.yaml', 'something to start from'],
    ['sweep spec.yaml', 'run it'],
    ['sweep spec.yaml --shard 1/4 --out RUN', 'a quarter of the draws; merge RUN joins all four'],
  ],
  async run(options, terminal) {
    const { printSpec, specSchema } = await import('../../specification/index.js');
    if (options['print-spec'] || options['print-schema']) {
      terminal.out(options['print-spec'] ? printSpec() : `${JSON.stringify(specSchema, undefined, 2)}\n`);
      return exitCodes.done;
    }
    const { UsageError } = await import('../../../theory/errors.js');
    const { sweepJob } = await import('../../pipeline/sweep/runSweep.js');
    const { carryOut } = await import('../carryOut.js');
    const { spec, seed } = options;
    const make = () => {
      if (spec === undefined)
        throw new UsageError(
          'sweep: a specification is needed, a YAML or JSON file; limitlaw sweep --print-spec writes one to start from',
        );
      return sweepJob({ spec, seed });
    };
    return carryOut(sweep, options, make, 'sweep', terminal);
  },
};
