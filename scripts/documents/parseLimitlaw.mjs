// The command line with commands that do nothing: whether it would take these words.
import { run } from '../../dist/src/cli/program.js';
import { commands as built } from '../../dist/src/cli/commands/index.js';

for (const command of built) command.run = async () => 0;

/** All commands of the program; they do nothing when they are run. */
export const commands = built;

/** What the command line says against these words; nothing when it takes them. */
export async function refusal(words) {
  let complaint = '';
  const status = await run(words, {
    columns: 80,
    interactive: false,
    out: () => {},
    err: (text) => (complaint += text),
  });
  return status === 0 ? undefined : complaint.trim();
}
