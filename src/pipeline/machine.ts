/** What the run's manifest and `doctor` say of the machine. */
import { arch, availableParallelism, cpus, freemem, platform, totalmem } from 'node:os';
import { version } from '../version.js';

export interface MachineFindings {
  readonly limitlaw: string;
  readonly node: string;
  readonly platform: string;
  readonly processor: string;
  readonly threads: number;
  readonly memory: string;
}

export async function examineMachine(): Promise<MachineFindings> {
  return {
    limitlaw: version,
    node: process.versions.node,
    platform: `${platform()} ${arch()}`,
    processor: cpus()[0]?.model.trim() ?? 'unknown',
    threads: availableParallelism(),
    memory: `${gibibytes(freemem())} GiB free of ${gibibytes(totalmem())} GiB`,
  };
}

const gibibytes = (bytes: number) => (bytes / 2 ** 30).toFixed(1);
