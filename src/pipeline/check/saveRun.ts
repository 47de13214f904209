/** Writes a finished (or interrupted) check to its run folder. */
import type { CheckOutcome } from './runCheck.js';
import { examineMachine } from '../../store/machine.js';
import { renderReport } from '../../report/index.js';
import { writeNpy } from '../../store/formats/index.js';
import { shownPath, type RunFolder } from '../../store/runFolder.js';

/** Returns the files a person would open first. */
export async function saveRun(
  folder: RunFolder,
  { results, arrays, interrupted }: CheckOutcome,
  run: { readonly created: Date; readonly seconds: number; readonly workers: number },
): Promise<string[]> {
  const machine = await examineMachine();
  const manifest = {
    kind: 'run',
    version: results.version,
    created: run.created.toISOString(),
    seconds: Math.round(run.seconds * 10) / 10,
    workers: run.workers,
    interrupted,
    seed: results.seed,
    preset: results.preset,
    settings: results.settings,
    backend: results.backend,
    machine,
  };
  folder.write('manifest.json', `${JSON.stringify(manifest, null, 2)}\n`);
  folder.write('results.json', `${JSON.stringify(results)}\n`);
  for (const [name, { data, shape }] of arrays) folder.write(`spectra/${name}.npy`, writeNpy(data, [...shape]));
  const report = renderReport({
    ...results,
    created: manifest.created,
    seconds: manifest.seconds,
    machine: { ...machine },
  });
  folder.write('report.html', report);
  return ['report.html', 'results.json'].map((name) => `${shownPath(folder)}/${name}`);
}
