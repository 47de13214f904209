/** The main job: plan, draw on all workers, judge. */
import type { RunResults } from '../../../figures/results.js';
import { UsageError } from '../../../theory/errors.js';
import type { BackendName, DrawSettings } from '../../../simulations/contracts.js';
import { memoryOfDeepDraw, type DeepNetworkSettings } from '../../../simulations/deep/index.js';
import { createBackend } from '../../../simulations/linalg/index.js';
import { claimIds, claims } from '../../claims/index.js';
import type { Claim, ClaimId, Finished } from '../../claims/index.js';
import { memoryLimit, processorsGiven } from '../../store/allocation.js';
import { version } from '../../version.js';
import { initialisationNotes } from './initialisationNotes.js';
import { judgeClaims } from './judgeClaims.js';
import { isPerturbed, parsePerturbation, perturbationText } from '../../draws/perturbation.js';
import type { Perturbation } from '../../draws/perturbation.js';
import { heatMapTasks, lawPictureTasks } from './pictures.js';
import { prepareRatios } from './prepareRatios.js';
import { singleClasses } from '../../claims/logitPrecision.js';
import { presets } from '../../claims/presets.js';
import type { Preset, PresetName } from '../../claims/presets.js';
import { performTask } from '../../draws/check/index.js';
import type { CheckTask, CheckTaskResult } from '../../draws/check/index.js';
import { joinLawPictures } from '../../draws/lawPictures.js';
import { wholeNumber } from '../options/wholeNumber.js';
import { drawTasks } from '../run/drawTasks.js';
import type { Drawable, DrawProgress } from '../run/drawTasks.js';
import { memoryOfTraining } from '../run/memoryOfTraining.js';
import { memoryOfRun, requireRunMemory } from '../run/memory.js';
import type { Drawn, FailedTask, Job, JobOutcome } from '../run/job.js';
import { counted } from '../counted.js';

export { parsePerturbation };

/** What a check is asked for. */
export interface CheckRequest {
  /** A preset by name, or sizes of one's own. */
  readonly preset: PresetName | Preset;
  /** Claim ids separated by commas; all of them when absent. */
  readonly claims?: string | undefined;
  /** Worker threads, as text; the cores given to this process when absent. */
  readonly workers?: string | undefined;
  /** 'auto' takes native where a library is found. */
  readonly backend: BackendName | 'auto';
  /** Root seed: any text. */
  readonly seed: string;
  /** Family-wise error of all tests together, as text: above 0 and below 0.5. */
  readonly level: string;
  /** What is made wrong on purpose; `parsePerturbation` reads it from text. */
  readonly perturbation: Perturbation;
  /** Heat maps and families of laws for the report. Default true. */
  readonly pictures?: boolean;
}

/** A check whatever it runs on. */
export interface PlannedCheck {
  readonly preset: Preset;
  readonly claims: readonly Claim[];
  readonly seed: string;
  readonly level: number;
  readonly perturbation: Perturbation;
  /** Those of the claims, and pictures that belong to none. */
  readonly tasks: readonly Finished['task'][];
}

export interface ResolvedCheck extends PlannedCheck {
  readonly workers: number;
  readonly backend: BackendName | 'auto';
  /** What will be done, for the terminal. */
  readonly plan: string;
}

/** What came of a check, before it is written to a folder. */
export interface CheckOutcome extends JobOutcome {
  /** What results.json holds. */
  readonly results: RunResults;
  /** Whether draws are missing because it was stopped. */
  readonly interrupted: boolean;
  /** Tasks that could not be computed; each has its note in the results. */
  readonly failed: readonly FailedTask[];
  /** Spectra by file name: those of the run folder. */
  readonly arrays: ReadonlyMap<string, { readonly data: Float64Array; readonly shape: readonly number[] }>;
  /** What `--json` prints. */
  readonly json: unknown;
}

/** Validates a request before anything is drawn. Throws UsageError. */
export function resolveCheck(request: CheckRequest): ResolvedCheck {
  const planned = planCheck(request);
  const workers =
    request.workers === undefined ? processorsGiven() : wholeNumber('--workers', request.workers, 1, 1024);
  requireRunMemory({ ...checkDrawing, tasks: planned.tasks }, workers, memoryLimit());
  return { ...planned, workers, backend: request.backend, plan: planSentence(planned, workers) };
}

/** Throws UsageError. */
export function planCheck(request: Omit<CheckRequest, 'workers' | 'backend'>): PlannedCheck {
  const preset = typeof request.preset === 'string' ? presets[request.preset] : request.preset;
  const chosen = chooseClaims(request.claims);
  const level = Number(request.level);
  if (!(level > 0 && level < 0.5)) {
    throw new UsageError(
      `--level must lie between 0 and 0.5, the chance of a false alarm in the whole run, got '${request.level}': try 0.01`,
    );
  }
  const context = { preset, seed: request.seed, perturbation: request.perturbation };
  const pictures =
    request.pictures === false ? [] : [...heatMapTasks(preset, request.seed), ...lawPictureTasks(preset)];
  const tasks = [...chosen.flatMap((claim) => claim.plan(context)), ...pictures];
  return { ...context, claims: chosen, level, tasks };
}

/** What will be done on so many workers. */
export function planSentence({ preset, claims: chosen, tasks, seed }: PlannedCheck, workers: number): string {
  const { total } = memoryOfRun({ ...checkDrawing, tasks }, workers);
  const single = singleClasses(tasks);
  const precision = single.length === 0 ? '' : `, logits in single precision for norms at C = ${single.join(', ')}`;
  return `limitlaw ${version}: preset ${preset.name}, ${counted(chosen.length, 'claim')}, ${counted(tasks.length, 'draw')}${precision} on ${counted(workers, 'worker')}, at most ${mebibytes(total)} MiB of memory, seed ${seed}`;
}

/** How the tasks of claims and their pictures are performed. */
export const checkDrawing: Omit<Drawable<CheckTask, CheckTaskResult>, 'tasks'> &
  Pick<Job<CheckTask, CheckTaskResult, CheckOutcome>, 'kind' | 'sizeOf' | 'besideDraw'> = {
  kind: 'check',
  worker: 'src/draws/check/checkWorker.bundle.js',
  label: ({ experiment }) => experiment,
  sizeOf: (task) => ('network' in task ? hiddenModelOf(task.network) : task.settings),
  besideDraw: (task) => {
    if ('plan' in task) return memoryOfTraining(task.plan, task.settings.samples);
    return 'network' in task ? memoryOfDeepDraw(task.network, task.units) : 0;
  },
  perform: performTask,
};

/** The model of the list that is as large as the first layer of a deep network: what a worker keeps besides its draw. */
function hiddenModelOf({ loss, dimension, samples, widths, classes }: DeepNetworkSettings): DrawSettings {
  const width = widths[0]!;
  return { model: 'hidden', loss, activation: 'relu', initialisation: 'he', dimension, samples, classes, width };
}

/**
 * Draws what the claims ask for and judges them; `results` are the same for the same seed, backend and version, however many workers
 * draw. Throws UsageError for a request that cannot be met, before anything is drawn.
 */
export async function runCheck(
  resolved: ResolvedCheck,
  options: {
    readonly signal?: AbortSignal;
    readonly onProgress?: (progress: DrawProgress) => void;
  } = {},
): Promise<CheckOutcome> {
  const backend = await createBackend(resolved.backend);
  const { tasks, workers } = resolved;
  const drawn = await drawTasks({ ...checkDrawing, tasks }, { ...options, backend, workers });
  await prepareCheck(resolved, drawn, workers);
  return judgeCheck(resolved, drawn);
}

/** Ahead of `judgeCheck`, on workers; the outcome is the same without. */
export function prepareCheck(
  { claims: chosen, tasks }: PlannedCheck,
  { results }: Drawn<CheckTaskResult>,
  workers: number,
): Promise<void> {
  return prepareRatios(
    chosen,
    tasks.filter((_, index) => results[index] !== undefined),
    workers,
  );
}

/** One draw that cannot be computed does not cost the others: what is finished is judged, and the notes say the rest. */
export function judgeCheck(planned: PlannedCheck, drawn: Drawn<CheckTaskResult>): CheckOutcome {
  const { tasks, preset, seed, level, perturbation } = planned;
  const { interrupted, failed } = drawn;
  const finished = tasks.flatMap((task, index): Finished[] => {
    const result = drawn.results[index];
    return result === undefined ? [] : [{ task, result }];
  });
  const judged = planned.claims.map((claim) => ({
    claim,
    draft: claim.judge({ preset, seed, perturbation, finished }),
  }));
  const results: RunResults = {
    kind: 'check',
    version,
    seed,
    preset: preset.name,
    settings: settingsTable(planned),
    backend: drawn.backend,
    claims: judgeClaims(
      judged,
      level,
      seed,
      interrupted || failed.some(({ index }) => tasks[index]!.claim !== undefined),
    ),
    heatMaps: finished.flatMap(({ result }) => (result.kind === 'heat map' ? [result.map] : [])),
    ...joinLawPictures(finished.flatMap(({ result }) => (result.kind === 'picture' ? [result.pictures] : []))),
    notes: [...drawn.caveats, ...notesOf(planned, failed)],
  };
  const arrays = new Map(judged.flatMap(({ draft }) => [...draft.arrays]));
  return { results, interrupted, failed, arrays, json: checkSummary(results, interrupted) };
}

function notesOf({ tasks, perturbation, preset }: PlannedCheck, failed: readonly FailedTask[]): string[] {
  return [
    ...failed.map(({ index, error }) => `Not computed: ${tasks[index]!.experiment}: ${error.message}`),
    ...(isPerturbed(perturbation)
      ? [`The predictions were made wrong on purpose: ${perturbationText(perturbation)}.`]
      : []),
    ...initialisationNotes(preset),
  ];
}

/** What `--json` prints of a check. */
export function checkSummary(results: RunResults, interrupted: boolean): object {
  return {
    kind: 'check',
    version: results.version,
    seed: results.seed,
    preset: results.preset,
    backend: results.backend,
    settings: results.settings,
    interrupted,
    claims: results.claims.map(({ id, verdict, reason, quantity, predicted, measured, interval, ...rest }) => ({
      id,
      verdict,
      reason,
      quantity,
      predicted,
      measured,
      interval,
      measurements: rest.measurements,
      sentences: rest.sentences,
      exponents: rest.distances.map(({ label, block, level, exponent, interval: range, expected, judged }) => ({
        label,
        block,
        level,
        exponent,
        interval: range,
        expected,
        judged: judged ?? false,
      })),
      powers: rest.powers,
      evidence: rest.evidence,
      notes: rest.notes,
    })),
  };
}

function settingsTable({ preset, level, perturbation, tasks }: PlannedCheck): RunResults['settings'] {
  const single = singleClasses(tasks);
  return {
    'aspect ratio d/N': preset.aspectRatio,
    'dimensions d': preset.dimensions,
    'draws at each d': preset.draws,
    'null draws for each draw': preset.nullsPerDraw,
    'classes C, linear': preset.linearClasses,
    'classes C, hidden': preset.hiddenClasses,
    'hidden width m': preset.width,
    initialisations: preset.initialisations,
    'norms: d': preset.norms.dimension,
    'norms: C': preset.norms.classes,
    'norms: draws at each C': preset.norms.draws,
    ...(single.length === 0 ? {} : { 'norms: C with logits in single precision': single }),
    'family-wise level': level,
    ...(isPerturbed(perturbation) ? { 'predictions perturbed': perturbationText(perturbation) } : {}),
  };
}

function chooseClaims(text: string | undefined): readonly Claim[] {
  if (text === undefined) return claimIds.map((id) => claims[id]);
  const names = text.split(',').map((name) => name.trim());
  for (const name of names) {
    if (!(claimIds as readonly string[]).includes(name)) {
      throw new UsageError(`--claims must list claims among ${claimIds.join(', ')}, got '${name}'`);
    }
  }
  return claimIds.filter((id) => names.includes(id)).map((id: ClaimId) => claims[id]);
}

const mebibytes = (bytes: number) => Math.ceil(bytes / 2 ** 20);
