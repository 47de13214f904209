import { exitCodes } from '../exitCodes.js';
import { interruptible } from '../interruptible.js';
import type { Command } from '../command.js';
import { sweepTable } from '../sweepTable.js';
import { complain, printJson } from '../terminal.js';

interface SweepCommandOptions {
  json: boolean;
  spec?: string;
  shard?: string;
  workers?: string;
  backend: 'auto' | 'wasm' | 'native' | 'reference';
  out?: string;
  seed?: string;
  'print-spec': boolean;
  'print-schema': boolean;
}

const text = (describe: string) => ({ type: 'string', requiresArg: true, describe }) as const;

export const sweep: Command<SweepCommandOptions> = {
  name: 'sweep [spec]',
  summary: 'A scaling regime from a YAML or JSON file: which law applies, what the draws say',
  options: {
    shard: text('k/n: only every n-th grid point, from the k-th; join with merge'),
    workers: text('Worker threads [default: all cores]'),
    backend: { choices: ['auto', 'wasm', 'native', 'reference'], default: 'auto', describe: 'Linear algebra' },
    out: text('Run folder, new or empty [default: limitlaw-runs/<time>-sweep]'),
    seed: text('Root seed, before that of the specification [default: its own, or 1]'),
    'print-spec': { type: 'boolean', default: false, describe: 'Write a commented example to stdout' },
    'print-schema': { type: 'boolean', default: false, describe: 'Write the JSON Schema, for editors, to stdout' },
  },
  examples: [
    ['sweep --print-spec > spec.yaml', 'something to start from'],
    ['sweep spec.yaml', 'run it'],
    ['sweep spec.yaml --shard 1/4 --out part1', 'a quarter of the grid'],
  ],
  async run(options, terminal) {
    const { printSpec, specSchema } = await import('../../specification/index.js');
    if (options['print-spec'] || options['print-schema']) {
      terminal.out(options['print-spec'] ? printSpec() : `${JSON.stringify(specSchema, undefined, 2)}\n`);
      return exitCodes.done;
    }
    const { UsageError } = await import('../../../theory/errors.js');
    if (options.spec === undefined)
      throw new UsageError(
        'sweep: a specification is needed, a YAML or JSON file; limitlaw sweep --print-spec writes one to start from',
      );
    const { planSweep, runSweep, sweepRejects } = await import('../../pipeline/sweep/runSweep.js');
    const { wholeNumber } = await import('../../pipeline/options/wholeNumber.js');
    const { createRunFolder, defaultRunPath } = await import('../../store/runFolder.js');
    const request = {
      spec: options.spec,
      shard: options.shard,
      workers: options.workers === undefined ? undefined : wholeNumber('--workers', options.workers, 1, 1024),
      backend: options.backend,
      seed: options.seed,
    };
    planSweep(request);
    const folder = createRunFolder(options.out ?? defaultRunPath('sweep'));
    return interruptible(terminal, async (signal, progress) => {
      const result = await runSweep({ ...request, signal, onProgress: progress.update });
      progress.stop();
      folder.write('results.json', `${JSON.stringify(result)}\n`);
      if (options.json) printJson(terminal, result);
      else terminal.out(sweepTable(result, terminal.columns));
      terminal.err(`wrote ${folder.path}/results.json\n`);
      if (result.interrupted) {
        terminal.err('limitlaw: interrupted; what was finished is saved\n');
        return exitCodes.interrupted;
      }
      if (result.failures.length > 0) {
        const { name, message } = result.failures[0]!;
        const points = new Set(result.failures.map(({ point }) => point)).size;
        complain(
          terminal,
          `${points} of ${result.points} grid points failed and are left out; the others are saved. ${message}`,
        );
        return name === 'UsageError' ? exitCodes.usage : exitCodes.failure;
      }
      return sweepRejects(result.summary) ? exitCodes.rejected : exitCodes.done;
    });
  },
};
