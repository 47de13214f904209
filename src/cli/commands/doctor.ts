import { exitCodes } from '../exitCodes.js';
import type { Command } from '../program.js';
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
    const { examineMachine } = await import('../../pipeline/machine.js');
    const findings = await examineMachine();
    if (options.json) printJson(terminal, { kind: 'doctor', ...findings });
    else for (const [name, value] of Object.entries(findings)) terminal.out(`${name.padEnd(16)} ${String(value)}\n`);
    return exitCodes.done;
  },
};
