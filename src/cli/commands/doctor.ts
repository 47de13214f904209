import { exitCodes } from '../exitCodes.js';
import { keyValues } from '../numberTable.js';
import type { Command } from '../command.js';
import { printJson } from '../terminal.js';

interface DoctorOptions {
  json: boolean;
}

export const doctor: Command<DoctorOptions> = {
  name: 'doctor',
  summary: 'What this machine offers: backends, threads, browser, versions',
  options: {},
  examples: [['doctor', 'why the native backend is, or is not, used']],
  async run(options, terminal) {
    const { diagnose } = await import('../../store/machine.js');
    const findings = await diagnose(process.env);
    if (options.json) printJson(terminal, { kind: 'doctor', ...findings });
    else {
      const { backends, ...rest } = findings;
      const facts = Object.entries(rest).map(([name, value]): [string, string] => [name, String(value)]);
      const found = backends.map(({ name, available, description }): [string, string] => [
        name,
        `${available ? 'yes' : 'no'}: ${description}`,
      ]);
      terminal.out(keyValues([...facts, ...found], terminal.columns));
    }
    return exitCodes.done;
  },
};
