/** Writes a finished (or interrupted) check to its run folder. */
import type { CheckOutcome } from './runCheck.js';
import { examineMachine } from '../../store/machine.js';
import { renderReport } from '../../report/index.js';
import { writeNpy } from '../../store/formats/index.js';
import type { RunFolder } from '../../store/runFolder.js';
import type { RunFacts } from '../run/job.js';

/** Returns the files a person would open first; the manifest, which makes the run a finished one, is the last written. */
export async function saveRun(
  folder: RunFolder,
  { results, arrays, interrupted }: Pick<CheckOutcome, 'results' | 'arrays' | 'interrupted'>,
  { created, ...facts }: RunFacts,
): Promise<string[]> {
  const machine = await examineMachine();
  const manifest = {
    kind: 'run',
    version: results.version,
    created: created.toISOString(),
    ...facts,
    interrupted,
    seed: results.seed,
    preset: results.preset,
    settings: results.settings,
    backend: results.backend,
    machine,
  };
  folder.write('results.json', `${JSON.stringify(results)}\n`);
  for (const [name, { data, shape }] of arrays) folder.write(`spectra/${name}.npy`, writeNpy(data, [...shape]));
  const report = renderReport({
    ...results,
    created: manifest.created,
    seconds: facts.seconds,
    machine: { ...machine },
  });
  folder.write('report.html', report);
  folder.write('manifest.json', `${JSON.stringify(manifest, null, 2)}\n`);
  return ['report.html', 'results.json'];
}
