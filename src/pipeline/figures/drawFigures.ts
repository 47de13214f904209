/** Figures from a run folder: reads what a check, a sweep, trainings, heads or blocks left behind and renders it. */
import { existsSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { renderFigures } from '../../../figures/index.js';
import type {
  BlocksResult,
  BrowserChoice,
  columnInches,
  DrawnResults,
  FigureFormat,
  FigureStyle,
  HeadResult,
  RenderedFigures,
  RenderFiguresOptions,
  RunResults,
  SweepResult,
  TrainResult,
} from '../../../figures/index.js';
import { UsageError } from '../../../theory/errors.js';
import { refuseDamage } from '../../store/refuseDamage.js';
import { makeOutputFolder, readRunJson } from '../../store/runFolder.js';

/** Which figures are wanted, how, and where. */
export interface FiguresWanted {
  readonly ids: readonly string[] | undefined;
  readonly formats: readonly string[];
  readonly out: string;
  readonly browser: BrowserChoice;
  readonly width: number | undefined;
  readonly scale: number | undefined;
  /** One of `columnNames`, checked where it is used. */
  readonly column?: string | undefined;
  readonly font?: string | undefined;
  readonly panel?: string | undefined;
  readonly overwrite: boolean;
  readonly onFile: (path: string) => void;
}

export interface DrawFiguresRequest extends FiguresWanted {
  /** A run folder, or several of trainings with commas between; the newest below limitlaw-runs when absent. */
  readonly run: string | undefined;
}

export async function drawFigures(request: DrawFiguresRequest): Promise<RenderedFigures> {
  const folder = request.run ?? newestRun();
  const results = readDrawn(folder);
  return refuseDamage(folder, () => renderWanted(results, request));
}

/** Renders what is wanted of results, with tables beside it. */
export function renderWanted(
  results: DrawnResults,
  { ids, formats, out, browser, width, scale, column, font, panel, overwrite, onFile }: FiguresWanted,
  tables: NonNullable<RenderFiguresOptions['tables']> = [],
): Promise<RenderedFigures> {
  return renderFigures({
    results,
    tables,
    ...(ids === undefined ? {} : { ids }),
    // Checked by name in renderFigures, whose message lists the formats.
    formats: formats as FigureFormat[],
    outputDirectory: out,
    browser,
    overwrite,
    makeFolder: makeOutputFolder,
    onFile,
    style: styleOf({ column, font, panel }),
    ...(width === undefined ? {} : { width }),
    ...(scale === undefined ? {} : { scale }),
  });
}

/** Words as on the command line; `renderFigures` and `layOut` refuse those that are none. */
function styleOf({ column, font, panel }: Pick<FiguresWanted, 'column' | 'font' | 'panel'>): FigureStyle {
  return {
    ...(column === undefined ? {} : { column: column as keyof typeof columnInches }),
    ...(font === undefined ? {} : { font }),
    ...(panel === undefined ? {} : { panel }),
  };
}

/** What one folder, or several, hold. */
function readDrawn(from: string): DrawnResults {
  const folders = existsSync(from) ? [from] : from.split(',').map((name) => name.trim());
  const all = folders.map((folder) => ({ folder, results: readResults(folder) }));
  const found = all.map(({ results }) => results);
  const trainings = found.filter((results) => results.kind === 'train');
  const heads = found.filter((results) => results.kind === 'head');
  if (trainings.length === all.length) return trainings;
  if (heads.length === all.length) return heads;
  const other = all.find(({ results }) => results.kind !== 'train' && results.kind !== 'head') ?? all[0]!;
  if (all.length > 1)
    throw new UsageError(
      `--from names ${all.length} folders, and figures show several of 'limitlaw train', or of 'limitlaw head', alone: name '${other.folder}' by itself`,
    );
  return other.results as RunResults | SweepResult | BlocksResult;
}

type OneRun = RunResults | SweepResult | TrainResult | HeadResult | BlocksResult;

/** The results of a run folder, checked in outline. Throws UsageError for a folder that holds none. */
export function readResults(run: string): OneRun {
  const found = readRunJson(run, 'results.json', 'limitlaw check') ?? {};
  const { kind } = found as { readonly kind?: unknown };
  if (kind === 'train') return soundTraining(run, found);
  if (kind === 'sweep') return soundSweep(run, found);
  if (kind === 'head') return soundHead(run, found);
  if (kind === 'blocks') return soundBlocks(run, found);
  const results = found as Partial<RunResults>;
  if (results.kind !== 'check' && results.kind !== 'compare') {
    throw new UsageError(
      `'${run}' must be a run folder, but its results.json is not one of this program's: name a folder that 'limitlaw check', 'sweep', 'train', 'head' or 'blocks' made`,
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
  if (!sound) throw damaged(run);
  return results as RunResults;
}

/** The results of a training. Throws UsageError for the folder of any other run. */
export function readTraining(run: string): TrainResult {
  const results = readResults(run);
  if (results.kind === 'train') return results;
  throw new UsageError(
    `--run must name a run folder of 'limitlaw train', but '${run}' is one of 'limitlaw ${results.kind}'`,
  );
}

function soundTraining(run: string, found: object): TrainResult {
  const { runs, settings, summary, heatMaps, curves, version } = found as Partial<TrainResult>;
  const isObject = (value: unknown): boolean => typeof value === 'object' && value !== null;
  const sound =
    typeof version === 'string' &&
    [settings, curves].every(isObject) &&
    [runs, summary, heatMaps].every(Array.isArray) &&
    runs!.every(
      (each: Partial<TrainResult['runs'][number]> | null) =>
        Array.isArray(each?.marks) &&
        each.marks.every(
          (mark: Partial<Record<string, unknown>> | null) =>
            isObject(mark) && markLists.every((name) => Array.isArray(mark![name])),
        ),
    );
  if (!sound) throw damaged(run);
  return found as TrainResult;
}

function soundSweep(run: string, found: object): SweepResult {
  const { version, seed, settings, rows, lists, summary, spectra = [], phaseMaps } = found as Partial<SweepResult>;
  const sound =
    typeof version === 'string' &&
    typeof seed === 'string' &&
    typeof settings === 'object' &&
    settings !== null &&
    [rows, lists, spectra, phaseMaps, summary?.groups].every(Array.isArray);
  if (!sound) throw damaged(run);
  return found as SweepResult;
}

function soundHead(run: string, found: object): HeadResult {
  const { version, unigram, files, rows, statements, notes } = found as Partial<HeadResult>;
  const sound =
    typeof version === 'string' &&
    [unigram, files].every((each) => typeof each === 'object' && each !== null) &&
    [rows, statements, notes].every(Array.isArray);
  if (!sound) throw damaged(run);
  return found as HeadResult;
}

function soundBlocks(run: string, found: object): BlocksResult {
  const { version, files, tensors, notes } = found as Partial<BlocksResult>;
  const sound =
    typeof version === 'string' &&
    [files, tensors, notes].every(Array.isArray) &&
    tensors!.every(
      (tensor: Partial<BlocksResult['tensors'][number]> | null) =>
        typeof tensor?.name === 'string' && [tensor.points, tensor.trends].every(Array.isArray),
    );
  if (!sound) throw damaged(run);
  return found as BlocksResult;
}

const damaged = (run: string): UsageError =>
  new UsageError(
    `'${run}' must be a run folder, but its results.json is damaged or of another version: name the folder of another run, or run it again`,
  );

/** What every mark of a training holds as lists. */
const markLists = ['layers', 'units', 'blocks', 'exact'] as const;

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
