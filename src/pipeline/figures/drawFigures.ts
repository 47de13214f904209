/** Figures from a run folder: reads what a check left behind and renders it. */
import { existsSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { renderFigures } from '../../../figures/index.js';
import type { BrowserChoice, FigureFormat, RenderedFigures, RunResults } from '../../../figures/index.js';
import { UsageError } from '../../../theory/errors.js';
import { refuseDamage } from '../../store/refuseDamage.js';
import { makeOutputFolder, readRunJson } from '../../store/runFolder.js';

export interface DrawFiguresRequest {
  /** A run folder; the newest below limitlaw-runs when absent. */
  readonly run: string | undefined;
  readonly ids: readonly string[] | undefined;
  readonly formats: readonly string[];
  readonly out: string;
  readonly browser: BrowserChoice;
  readonly width: number | undefined;
  readonly scale: number | undefined;
  readonly overwrite: boolean;
  readonly onFile: (path: string) => void;
}

export async function drawFigures(request: DrawFiguresRequest): Promise<RenderedFigures> {
  const { run, ids, formats, out, browser, width, scale, overwrite, onFile } = request;
  const folder = run ?? newestRun();
  const results = readResults(folder);
  return refuseDamage(folder, () =>
    renderFigures({
      results,
      ...(ids === undefined ? {} : { ids }),
      // Checked by name in renderFigures, whose message lists the formats.
      formats: formats as FigureFormat[],
      outputDirectory: out,
      browser,
      overwrite,
      makeFolder: makeOutputFolder,
      onFile,
      ...(width === undefined ? {} : { width }),
      ...(scale === undefined ? {} : { scale }),
    }),
  );
}

/** The results of a run folder, checked in outline. Throws UsageError for a folder that holds none. */
export function readResults(run: string): RunResults {
  const results = (readRunJson(run, 'results.json', 'limitlaw check') ?? {}) as Partial<RunResults>;
  if (results.kind !== 'check' && results.kind !== 'sweep' && results.kind !== 'compare') {
    throw new UsageError(
      `'${run}' must be a run folder, but its results.json is not one of this program's: name a folder that 'limitlaw check' made`,
    );
  }
  const sound =
    typeof results.version === 'string' &&
    typeof results.seed === 'string' &&
    typeof results.settings === 'object' &&
    results.settings !== null &&
    Array.isArray(results.claims) &&
    results.claims.every((claim: unknown) => {
      const lists = (claim ?? {}) as Partial<Record<string, unknown>>;
      return typeof lists['id'] === 'string' && claimLists.every((name) => Array.isArray(lists[name]));
    }) &&
    runLists.every((name) => results[name] === undefined || Array.isArray(results[name]));
  if (!sound)
    throw new UsageError(
      `'${run}' must be a run folder, but its results.json is damaged or of another version: name the folder of another run, or run it again`,
    );
  return results as RunResults;
}

/** What every claim of a run holds, and what a run may hold, as lists. */
const claimLists = ['evidence', 'spectra', 'distances', 'ratioCurves'] as const;
const runLists = ['heatMaps', 'lawFamilies', 'supportCurves', 'phaseMaps', 'notes'] as const;

function newestRun(): string {
  const folder = 'limitlaw-runs';
  const runs = existsSync(folder)
    ? readdirSync(folder)
        .map((name) => join(folder, name))
        .filter((path) => existsSync(join(path, 'results.json')))
    : [];
  if (runs.length === 0)
    throw new UsageError(
      `--from must name a run folder, and there is none below '${folder}': run 'limitlaw check' first`,
    );
  return runs.reduce((a, b) =>
    statSync(join(b, 'results.json')).mtimeMs > statSync(join(a, 'results.json')).mtimeMs ? b : a,
  );
}
