import { UsageError } from '../../../theory/errors.js';
import type { Command } from '../command.js';
import { exitCodes } from '../exitCodes.js';

/** @param others what can be asked for */
export const serve = (others: () => readonly Command<never>[]): Command<{ stdio: boolean }> => ({
  name: 'serve',
  summary: 'Answer requests of another program, such as the Python package, until its input ends',
  options: {
    stdio: { type: 'boolean', default: false, describe: 'A JSON object a line, in on stdin and out on stdout' },
  },
  plain: true,
  examples: [['serve --stdio', 'docs/serve.md has the protocol']],
  async run({ stdio }) {
    if (!stdio) throw new UsageError('serve: say where requests come from: --stdio');
    const { serve: answerRequests } = await import('../serve/serve.js');
    const gone = new AbortController();
    const write = process.stdout.write.bind(process.stdout);
    // Whatever else prints, in this thread or in a worker, must not stand between two answers.
    process.stdout.write = process.stderr.write.bind(process.stderr) as typeof process.stdout.write;
    process.stdout.on('error', () => {
      gone.abort();
      process.stdin.destroy();
    });
    await answerRequests(others(), { input: process.stdin, write: (line) => void write(line), gone: gone.signal });
    return exitCodes.done;
  },
});
