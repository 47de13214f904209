import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { readRunJson } from '../../store/runFolder.js';
import type { RunFacts } from './job.js';

const name = 'manifest.json';

type FinishedManifest = Pick<RunFacts, 'tasks' | 'drawn' | 'caveats'> & { readonly kind: string };

/** The manifest of a run that is finished; undefined where there is none yet, or tasks were left when it was written. */
export function finishedManifest(folder: string): FinishedManifest | undefined {
  if (!existsSync(join(folder, name))) return undefined;
  const manifest = readRunJson(folder, name, 'limitlaw check') as Partial<FinishedManifest>;
  const { tasks, drawn } = manifest;
  return tasks !== undefined && tasks === drawn ? (manifest as FinishedManifest) : undefined;
}
