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

export interface DoctorFindings extends MachineFindings {
  readonly backends: readonly { readonly name: string; readonly available: boolean; readonly description: string }[];
  readonly browser: string;
}

/**
 * What this machine offers: as above, each backend with the reason when it is missing, and the browser that draws
 * static figures.
 */
export async function diagnose(environment: Readonly<Record<string, string | undefined>>): Promise<DoctorFindings> {
  const [{ describeBackends }, { findBrowser, installLine }] = await Promise.all([
    import('../../simulations/linalg/index.js'),
    import('../../figures/index.js'),
  ]);
  const found = findBrowser({ environment, platform: platform() });
  return {
    ...(await examineMachine()),
    backends: await describeBackends({}),
    browser: found ?? `none found: figures are written as HTML only; ${installLine(platform())} installs one`,
  };
}

const gibibytes = (bytes: number) => (bytes / 2 ** 30).toFixed(1);
