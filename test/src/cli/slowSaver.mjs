// Work that is stopped by a signal and then takes its time to save: writes the file that its first argument names, a
// second later, and much to stdout after that. Ends with 130, as the commands do.
import { writeFileSync } from 'node:fs';
import { setTimeout as wait } from 'node:timers/promises';
const { interruptible } = await import('../../../dist/src/cli/interruptible.js');
const { watchOutput } = await import('../../../dist/src/cli/watchOutput.js');
const { processTerminal } = await import('../../../dist/src/cli/terminal.js');

const output = watchOutput();
const work = async (signal) => {
  process.stderr.write('drawing\n');
  while (!signal.aborted) await wait(10);
  process.stderr.write('stopped\n');
  await wait(1000);
  writeFileSync(process.argv[2], 'saved');
  for (let line = 0; line < 1000; line++) process.stdout.write(`${'x'.repeat(1000)}\n`);
  return 130;
};
const exitCode = await interruptible(processTerminal, work, 'run folder x');
process.exitCode = output.failed ? 3 : exitCode;
