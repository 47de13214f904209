/** The main job: plan, draw on all workers, judge. */
import { availableParallelism, totalmem } from 'node:os';
import type { RunResults } from '../../../figures/results.js';
import { UsageError } from '../../../theory/errors.js';
import type { BackendName } from '../../../simulations/contracts.js';
import { createBackend } from '../../../simulations/linalg/index.js';
import { runTasks } from '../../../simulations/runner/index.js';
import { claimIds, claims } from '../../claims/index.js';
import type { Claim, ClaimId, Finished } from '../../claims/index.js';
import { version } from '../../version.js';
import { initialisationNotes } from './initialisationNotes.js';
import { judgeClaims } from './judgeClaims.js';
import { memoryOfWorker } from './memory.js';
import { isPerturbed, parsePerturbation } from '../../draws/perturbation.js';
import type { Perturbation } from '../../draws/perturbation.js';
import { heatMapTasks, lawPictureTasks } from './pictures.js';
import { presets } from '../../claims/presets.js';
import type { Preset, PresetName } from '../../claims/presets.js';
import type { CheckTask, CheckTaskResult } from '../../draws/check/index.js';
import { joinLawPictures } from '../../draws/lawPictures.js';
import { wholeNumber } from '../options/wholeNumber.js';
import { compiledUrl } from '../../draws/compiledUrl.js';

export { parsePerturbation };

export interface CheckRequest {
  /** A preset by name, or sizes of one's own. */
  readonly preset: PresetName | Preset;
  /** Claim ids separated by commas; all of them when absent. */
  readonly claims?: string | undefined;
  readonly workers?: string | undefined;
  readonly backend: BackendName | 'auto';
  readonly seed: string;
  readonly level: string;
  readonly perturbation: Perturbation;
  /** Heat maps and families of laws for the report. Default true. */
  readonly pictures?: boolean;
}

export interface ResolvedCheck {
  readonly preset: Preset;
  readonly claims: readonly Claim[];
  readonly workers: number;
  readonly backend: BackendName | 'auto';
  readonly seed: string;
  readonly level: number;
  readonly perturbation: Perturbation;
  /** Those of the claims, and pictures that belong to none. */
  readonly tasks: readonly Finished['task'][];
  /** Bytes that the largest draw on each worker needs at once, all workers together. */
  readonly memory: number;
  /** What will be done, for the terminal. */
  readonly plan: string;
}

export interface CheckOutcome {
  readonly results: RunResults;
  readonly interrupted: boolean;
  /** Tasks that could not be computed; each has its note in the results. */
  readonly failed: number;
  readonly arrays: ReadonlyMap<string, { readonly data: Float64Array; readonly shape: readonly number[] }>;
  /** What `--json` prints. */
  readonly json: unknown;
}

/** Validates a request before anything is drawn. Throws UsageError. */
export function resolveCheck(request: CheckRequest): ResolvedCheck {
  const preset = typeof request.preset === 'string' ? presets[request.preset] : request.preset;
  const chosen = chooseClaims(request.claims);
  const workers =
    request.workers === undefined ? availableParallelism() : wholeNumber('--workers', request.workers, 1, 1024);
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
  const perWorker = memoryOfWorker(tasks);
  const memory = perWorker * workers;
  if (memory > totalmem()) {
    throw new UsageError(
      `--workers must leave room in memory: ${workers} workers need ${gibibytes(memory)} GiB at this preset and the machine has ${gibibytes(totalmem())} GiB: use --workers ${Math.max(1, Math.floor(totalmem() / perWorker))} or a smaller preset`,
    );
  }
  const plan = `limitlaw ${version}: preset ${preset.name}, ${chosen.length} claims, ${tasks.length} draws on ${workers} ${workers === 1 ? 'worker' : 'workers'}, at most ${mebibytes(memory)} MiB of memory, seed ${request.seed}`;
  return { ...context, claims: chosen, workers, backend: request.backend, level, tasks, memory, plan };
}

export async function runCheck(
  resolved: ResolvedCheck,
  options: {
    readonly signal?: AbortSignal;
    readonly onProgress?: (progress: { done: number; total: number; label: string }) => void;
  } = {},
): Promise<CheckOutcome> {
  const { tasks, preset, seed, level, perturbation } = resolved;
  const backend = await createBackend(resolved.backend);
  const failures: Failure[] = [];
  const { results, interrupted } = await runTasks<CheckTask, CheckTaskResult>({
    workerUrl: compiledUrl('src/draws/check/checkWorker.bundle.js'),
    workerData: { backend: backend.name },
    workers: resolved.workers,
    tasks,
    ...(options.signal === undefined ? {} : { signal: options.signal }),
    // One draw that cannot be computed must not cost the others: what is finished is judged, saved and told.
    onFailure: (index, error) => failures.push({ index, message: error.message }),
    onResult: (index, _result, done) =>
      options.onProgress?.({ done, total: tasks.length, label: tasks[index]!.experiment }),
  });
  const finished = tasks.flatMap((task, index): Finished[] => {
    const result = results[index];
    return result === undefined ? [] : [{ task, result }];
  });
  const judged = resolved.claims.map((claim) => ({
    claim,
    draft: claim.judge({ preset, seed, perturbation, finished }),
  }));
  const runResults: RunResults = {
    kind: 'check',
    version,
    seed,
    preset: preset.name,
    settings: settingsTable(resolved),
    backend: backend.name,
    claims: judgeClaims(
      judged,
      level,
      seed,
      interrupted || failures.some(({ index }) => tasks[index]!.claim !== undefined),
    ),
    heatMaps: finished.flatMap(({ result }) => (result.kind === 'heat map' ? [result.map] : [])),
    ...joinLawPictures(finished.flatMap(({ result }) => (result.kind === 'picture' ? [result.pictures] : []))),
    notes: notesOf(resolved, failures),
  };
  return {
    results: runResults,
    interrupted,
    failed: failures.length,
    arrays: new Map(judged.flatMap(({ draft }) => [...draft.arrays])),
    json: summary(runResults, interrupted),
  };
}

/** A task, by its number, that could not be computed. */
interface Failure {
  readonly index: number;
  readonly message: string;
}

function notesOf({ tasks, perturbation, preset }: ResolvedCheck, failures: readonly Failure[]): string[] {
  return [
    ...[...failures]
      .sort((a, b) => a.index - b.index)
      .map(({ index, message }) => `Not computed: ${tasks[index]!.experiment}: ${message}`),
    ...(isPerturbed(perturbation)
      ? [`The predictions were made wrong on purpose: ${JSON.stringify(perturbation)}.`]
      : []),
    ...initialisationNotes(preset),
  ];
}

function summary(results: RunResults, interrupted: boolean): unknown {
  return {
    kind: 'check',
    version: results.version,
    seed: results.seed,
    preset: results.preset,
    backend: results.backend,
    settings: results.settings,
    interrupted,
    claims: results.claims.map(
      ({ id, verdict, reason, quantity, predicted, measured, interval, measurements, evidence, distances, notes }) => ({
        id,
        verdict,
        reason,
        quantity,
        predicted,
        measured,
        interval,
        measurements,
        exponents: distances.map(({ label, block, level, exponent, interval: range, expected, judged }) => ({
          label,
          block,
          level,
          exponent,
          interval: range,
          expected,
          judged: judged ?? false,
        })),
        evidence,
        notes,
      }),
    ),
  };
}

function settingsTable({ preset, level, perturbation }: ResolvedCheck): RunResults['settings'] {
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
    'family-wise level': level,
    ...(isPerturbed(perturbation) ? { 'predictions perturbed': JSON.stringify(perturbation) } : {}),
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

const gibibytes = (bytes: number) => (bytes / 2 ** 30).toFixed(1);
const mebibytes = (bytes: number) => Math.ceil(bytes / 2 ** 20);
