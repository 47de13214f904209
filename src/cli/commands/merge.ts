import type { Command } from '../command.js';

interface MergeCommandOptions {
  json: boolean;
  run: string;
  partial: boolean;
  mixed: boolean;
}

export const merge: Command<MergeCommandOptions> = {
  name: 'merge <run>',
  summary: 'Join the shards of a run, judge them, write the results',
  words: { run: { describe: 'Folder that the shards were drawn into' } },
  options: {
    partial: { type: 'boolean', default: false, describe: 'Also when draws are missing: the results say so' },
    mixed: {
      type: 'boolean',
      default: false,
      describe: 'Also shards of different backends or versions of Node, whose last digits may differ',
    },
  },
  examples: [
    ['merge RUN', 'after sweep spec.yaml --shard k/n --out RUN for k = 1 … n'],
    ['merge RUN --partial', 'what there is'],
  ],
  async run({ run, partial, mixed, json }, terminal) {
    const { UsageError } = await import('../../../theory/errors.js');
    const { judgeInto } = await import('../../pipeline/run/runJob.js');
    const { readStoredRun } = await import('../../pipeline/stored/storedRun.js');
    const { createRunFolder } = await import('../../store/runFolder.js');
    const { exitCodeOf, printFiles, printResults } = await import('../presentations/index.js');
    const started = new Date();
    const { job, results, drawn, shards } = await readStoredRun(run, { mixed });
    if (shards === undefined)
      throw new UsageError(`'${run}' was not drawn in shards: limitlaw show '${run}' prints it`);
    const total = job.tasks.length;
    if (drawn < total && !partial)
      throw new UsageError(
        `${total - drawn} of ${total} tasks of '${run}' are not drawn: draw shards ${shards.incomplete} of ${shards.count} again, or join what there is with --partial`,
      );
    const folder = createRunFolder(run, { holding: 'shards' });
    try {
      const { outcome, files } = await judgeInto(job, folder, results, started, {
        workers: 1,
        clock: () => new Date(),
      });
      await printResults(terminal, json, job.kind, { ...outcome, caveats: results.caveats });
      printFiles(terminal, files, folder);
      return await exitCodeOf(terminal, job.kind, outcome, total);
    } finally {
      folder.close();
    }
  },
};
