/** A scaling regime from a text file: planned, drawn, compared, summarised; in shards if wished, and merged. */
import { createHash } from 'node:crypto';
import { availableParallelism, totalmem } from 'node:os';
import { dirname, resolve } from 'node:path';
import { UsageError } from '../../../theory/errors.js';
import { paperActivation, paperInitialisation, takesSetting } from '../../../theory/names.js';
import type { PhaseMap } from '../../../figures/results.js';
import type { BackendName, DrawSettings } from '../../../simulations/contracts.js';
import { createBackend } from '../../../simulations/linalg/index.js';
import { predictMemory } from '../../../simulations/models/index.js';
import { runTasks } from '../../../simulations/runner/index.js';
import { expandSpec, loadSpec, specError, type SweepPoint, type SweepSpec } from '../../specification/index.js';
import { readBytes } from '../../store/formats/index.js';
import { version } from '../../version.js';
import { createEnvironment } from '../../draws/environment.js';
import { compiledUrl } from '../../draws/compiledUrl.js';
import { summariseSweep, sweepRow } from './summariseSweep.js';
import type { SweepRow, SweepSummary } from './contract.js';
import { activationOf } from '../../draws/sweep/activationOfPoint.js';
import { distributionOf } from '../../draws/sweep/inputsOfPoint.js';
import { performSweepTask } from '../../draws/sweep/sweepTask.js';
import type { SweepTask, SweepTaskResult } from '../../draws/sweep/contract.js';

export { sweepRejects } from './summariseSweep.js';

export interface SweepOptions {
  /** Path of the specification. */
  readonly spec: string;
  /** "k/n": only every n-th grid point, starting with the k-th. */
  readonly shard?: string | undefined;
  /** 0 draws in this thread. */
  readonly workers?: number | undefined;
  readonly backend: BackendName | 'auto';
  /** Before that of the specification; '1' when neither has one. */
  readonly seed?: string | undefined;
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ((progress: { done: number; total: number; label: string }) => void) | undefined;
}

export interface SweepResult {
  readonly kind: 'sweep';
  /** No preset and no claims: what figures and reports expect to find in a run. */
  readonly preset: 'sweep';
  readonly claims: readonly [];
  readonly title: string;
  readonly version: string;
  readonly seed: string;
  readonly backend: string;
  readonly level: number;
  /** Fingerprint of what the draws depend on: shards of one sweep have the same. */
  readonly fingerprint: string;
  readonly shard: string | null;
  readonly points: number;
  /** Names whose lists span the grid, in order. */
  readonly lists: readonly string[];
  readonly settings: Readonly<Record<string, string | number>>;
  readonly interrupted: boolean;
  /** Draws that ended in an error; their grid points are left out. */
  readonly failures: readonly SweepFailure[];
  readonly rows: readonly SweepRow[];
  readonly summary: SweepSummary;
  readonly phaseMaps: readonly PhaseMap[];
}

export interface SweepFailure {
  readonly point: number;
  readonly replicate: number;
  /** Name of the error: `UsageError` for what the user can mend. */
  readonly name: string;
  readonly message: string;
}

/**
 * Runs a specification. A draw that fails takes its grid point with it and no other; when none is left, its error is
 * thrown. The numbers depend on the specification and the seed alone: not on workers, order or shards.
 * @throws UsageError for a specification, shard or size that is wrong, naming line, rule and remedy.
 */
export async function runSweep(options: SweepOptions): Promise<SweepResult> {
  const { spec, points, chosen, tasks, seed, workers } = planSweep(options);
  const backend = await createBackend(options.backend);
  const { results, interrupted, failed } = await perform(tasks, { ...options, workers, backend: backend.name });
  const failures = failed
    .sort((a, b) => a.index - b.index)
    .map(({ index, error }): SweepFailure => ({
      point: tasks[index]!.point,
      replicate: tasks[index]!.replicate,
      name: error.name,
      message: error.message,
    }));
  const broken = new Set(failures.map(({ point }) => point));
  const rows = chosen.flatMap((point) => {
    if (broken.has(point.index)) return [];
    const done = results.filter((result): result is SweepTaskResult => result?.point === point.index);
    // A point cut short by an interruption is left out: two draws are the least a spread can be had from.
    return done.length < 2 ? [] : spec.blocks.map((_, index) => sweepRow(point.index, point.values, done, index));
  });
  if (rows.length === 0 && failed.length > 0) throw failed[0]!.error;
  const lists = spec.rules.flatMap(([name, rule]) => (Array.isArray(rule) ? [name] : []));
  return finished({
    kind: 'sweep',
    preset: 'sweep',
    claims: [],
    title: spec.name,
    version,
    seed,
    backend: backend.name,
    level: spec.level,
    fingerprint: fingerprintOf(spec, points, seed),
    shard: options.shard ?? null,
    points: points.length,
    lists,
    settings: settingsOf(spec),
    interrupted,
    failures,
    rows,
  });
}

export interface SweepPlan {
  readonly spec: SweepSpec;
  readonly points: readonly SweepPoint[];
  /** Those of the shard. */
  readonly chosen: readonly SweepPoint[];
  readonly tasks: readonly SweepTask[];
  readonly seed: string;
  readonly workers: number;
}

/** Of one run: their list alone is 300 MB. */
const maximumDraws = 1_000_000;

/** Everything that can be wrong with the options, found before anything is drawn or written. Throws UsageError. */
export function planSweep(options: SweepOptions): SweepPlan {
  const spec = loadSpec(new TextDecoder().decode(readBytes(options.spec)), options.spec);
  const points = expandSpec(spec);
  const seed = options.seed ?? spec.seed ?? '1';
  const chosen = points.filter(inShard(options.shard));
  const draws = chosen.length * spec.replicates;
  if (draws > maximumDraws)
    throw specError(
      spec.source,
      spec,
      ['replicates'],
      `${chosen.length} grid points of ${spec.replicates} draws are ${draws} draws, more than ${maximumDraws}`,
      'Lower replicates, or share the grid out with --shard.',
    );
  const tasks = chosen.flatMap((point) => tasksOf(spec, point, seed, dirname(resolve(options.spec))));
  for (const task of tasks) {
    if (task.replicate > 0) continue;
    activationOf(task);
    distributionOf(task);
  }
  const workers = options.workers ?? availableParallelism();
  requireMemory(tasks, Math.max(1, workers));
  return { spec, points, chosen, tasks, seed, workers };
}

/**
 * Joins results of shards of one sweep, in any order.
 * @throws UsageError when they are of different sweeps, overlap, or leave grid points out.
 */
export function runMerge(parts: readonly { readonly source: string; readonly result: unknown }[]): SweepResult {
  if (parts.length === 0) throw new UsageError('merge: no results given. Name the files or folders of the shards.');
  const results = parts.map(({ source, result }) => requireSweep(source, result));
  const first = results[0]!;
  results.forEach((result, k) => {
    if (result.fingerprint !== first.fingerprint) {
      throw new UsageError(
        `merge: ${parts[k]!.source} is of another sweep than ${parts[0]!.source} (specification, seed or version differ). Merge shards of one sweep only.`,
      );
    }
  });
  const rows = results.flatMap((result) => result.rows);
  const seen = new Map<string, string>();
  results.forEach((result, k) => {
    for (const row of result.rows) {
      const key = `${row.point} ${row.block}`;
      if (seen.has(key))
        throw new UsageError(
          `merge: grid point ${row.point} is in ${seen.get(key)} and in ${parts[k]!.source}. Give each shard once.`,
        );
      seen.set(key, parts[k]!.source);
    }
  });
  const present = new Set(rows.map((row) => row.point));
  const missing = Array.from({ length: first.points }, (_, k) => k).filter((k) => !present.has(k));
  if (missing.length > 0)
    throw new UsageError(
      `merge: ${missing.length} of ${first.points} grid points are missing (${missing.slice(0, 8).join(', ')}${missing.length > 8 ? ', …' : ''}). Run or add the shards that hold them.`,
    );
  rows.sort((a, b) => a.point - b.point || a.block.localeCompare(b.block));
  return finished({ ...first, shard: null, interrupted: false, failures: [], rows });
}

function finished(parts: Omit<SweepResult, 'summary' | 'phaseMaps'>): SweepResult {
  const rows = [...parts.rows].sort((a, b) => a.point - b.point || a.block.localeCompare(b.block));
  const summary = summariseSweep(rows, parts.lists, parts.level);
  return { ...parts, rows, summary, phaseMaps: phaseMapsOf(summary, parts.lists) };
}

interface Performed {
  readonly results: readonly (SweepTaskResult | undefined)[];
  readonly interrupted: boolean;
  readonly failed: { readonly index: number; readonly error: Error }[];
}

async function perform(
  tasks: readonly SweepTask[],
  options: SweepOptions & { workers: number; backend: BackendName },
): Promise<Performed> {
  const progress = (task: SweepTask, done: number) =>
    options.onProgress?.({ done, total: tasks.length, label: `point ${task.point}, d = ${task.settings.dimension}` });
  const failed: Performed['failed'] = [];
  if (options.workers > 0) {
    const outcome = await runTasks<SweepTask, SweepTaskResult>({
      workerUrl: compiledUrl('src/draws/sweep/sweepWorker.bundle.js'),
      workerData: { backend: options.backend },
      workers: options.workers,
      tasks,
      onResult: (index, _result, done) => progress(tasks[index]!, done),
      onFailure: (index, error) => failed.push({ index, error }),
      ...(options.signal === undefined ? {} : { signal: options.signal }),
    });
    return { ...outcome, failed };
  }
  const environment = createEnvironment(await createBackend(options.backend));
  const results: (SweepTaskResult | undefined)[] = [];
  for (const [index, task] of tasks.entries()) {
    if (options.signal?.aborted === true) break;
    try {
      results.push(await performSweepTask(task, environment));
    } catch (error) {
      failed.push({ index, error: error as Error });
      results.push(undefined);
    }
    progress(task, results.length);
  }
  return { results, interrupted: results.length < tasks.length, failed };
}

function inShard(shard: string | undefined): (point: SweepPoint) => boolean {
  if (shard === undefined) return () => true;
  const match = /^(\d{1,6})\/(\d{1,6})$/.exec(shard);
  const [k, n] = [Number(match?.[1]), Number(match?.[2])];
  if (match === null || k < 1 || n < 1 || k > n)
    throw new UsageError(
      `--shard must be k/n with 1 ≤ k ≤ n, got ${JSON.stringify(shard)}. Write 1/4 for the first of four.`,
    );
  return (point) => point.index % n === k - 1;
}

function tasksOf(spec: SweepSpec, point: SweepPoint, seed: string, folder: string): SweepTask[] {
  const settings: DrawSettings = {
    model: spec.model,
    loss: spec.loss,
    // A formula takes its place in the draw.
    activation: 'named' in spec.activation ? spec.activation.named : paperActivation,
    initialisation: 'named' in spec.initialisation ? spec.initialisation.named : paperInitialisation,
    dimension: point.dimension,
    samples: point.samples,
    classes: point.classes,
    width: point.width,
  };
  const distribution = 'distribution' in spec.initialisation ? spec.initialisation.distribution : 'normal';
  return Array.from({ length: spec.replicates }, (_, replicate): SweepTask => ({
    point: point.index,
    replicate,
    settings,
    expression:
      'expression' in spec.activation ? { text: spec.activation.expression, kinks: spec.activation.kinks } : undefined,
    layers:
      point.variances === undefined
        ? undefined
        : {
            hidden: { varianceFactor: point.variances.hidden, distribution },
            output: { varianceFactor: point.variances.output, distribution },
          },
    inputs: {
      ...point.inputs,
      ...(point.inputs.file === undefined ? {} : { file: resolve(folder, point.inputs.file) }),
    },
    claimedClasses: point.claimedClasses,
    blocks: spec.blocks,
    compare: spec.compare,
    // Shared out over the draws: each has its own weights, hence its own null.
    nulls: Math.max(2, Math.ceil(spec.nullReplicates / spec.replicates)),
    seed,
  }));
}

function requireMemory(tasks: readonly SweepTask[], workers: number): void {
  let largest = 0;
  let at: SweepTask | undefined;
  for (const task of tasks) {
    if (task.replicate > 0) continue;
    const { total } = predictMemory(task.settings);
    if (total > largest) [largest, at] = [total, task];
  }
  const gibibytes = (bytes: number) => (bytes / 2 ** 30).toFixed(1);
  if (at !== undefined && largest * workers > totalmem()) {
    throw new UsageError(
      `sweep: grid point ${at.point} (d = ${at.settings.dimension}, N = ${at.settings.samples}) needs ${gibibytes(largest)} GiB a worker, ${gibibytes(largest * workers)} GiB for ${workers}, and the machine has ${gibibytes(totalmem())}. Use fewer --workers or smaller sizes.`,
    );
  }
}

function settingsOf(spec: SweepSpec): Record<string, string | number> {
  return {
    model: spec.model,
    loss: spec.loss,
    ...(takesSetting(spec.model, 'activation')
      ? { activation: 'named' in spec.activation ? spec.activation.named : spec.activation.expression }
      : {}),
    initialisation: 'named' in spec.initialisation ? spec.initialisation.named : JSON.stringify(spec.initialisation),
    inputs: JSON.stringify(spec.inputs),
    ...Object.fromEntries(
      spec.rules.map(([name, rule]) => [name, Array.isArray(rule) ? rule.join(', ') : (rule as string | number)]),
    ),
    replicates: spec.replicates,
    nullReplicates: spec.nullReplicates,
  };
}

function fingerprintOf(spec: SweepSpec, points: readonly SweepPoint[], seed: string): string {
  const { model, loss, activation, initialisation, inputs, blocks, compare, replicates, nullReplicates, level } = spec;
  const parts = [
    version,
    seed,
    model,
    loss,
    activation,
    initialisation,
    inputs,
    blocks,
    compare,
    replicates,
    nullReplicates,
    level,
    points,
  ];
  return createHash('sha256').update(JSON.stringify(parts)).digest('hex').slice(0, 32);
}

function requireSweep(source: string, result: unknown): SweepResult {
  const candidate = result as Partial<SweepResult> | null;
  const sound =
    typeof candidate === 'object' &&
    candidate !== null &&
    candidate.kind === 'sweep' &&
    typeof candidate.fingerprint === 'string' &&
    Array.isArray(candidate.rows) &&
    Array.isArray(candidate.lists) &&
    Number.isInteger(candidate.points) &&
    candidate.points! <= 10_000;
  if (!sound)
    throw new UsageError(
      `merge: ${source} does not hold the result of a sweep. Give the JSON that limitlaw sweep wrote.`,
    );
  return candidate as SweepResult;
}

const mapComparisons = ['law', 'weights', 'applicable'] as const;

/** Verdicts and exponents over the first two lists other than d's, for each block and comparison. */
function phaseMapsOf(summary: SweepSummary, lists: readonly string[]): PhaseMap[] {
  const axes = lists.filter((name) => name !== 'd');
  const [xName, yName] = axes;
  if (xName === undefined) return [];
  const rest = axes.slice(2);
  const distinct = (values: readonly number[]) => [...new Set(values)].sort((a, b) => a - b);
  const restKey = (fixed: Readonly<Record<string, number>>) =>
    rest.map((name) => `${name} = ${fixed[name]}`).join(', ');
  const maps: PhaseMap[] = [];
  for (const block of new Set(summary.groups.map((group) => group.block))) {
    for (const fixed of new Set(
      summary.groups.filter((group) => group.block === block).map((group) => restKey(group.fixed)),
    )) {
      const members = summary.groups.filter((group) => group.block === block && restKey(group.fixed) === fixed);
      const x = distinct(members.map((group) => group.fixed[xName]!));
      const y = yName === undefined ? [0] : distinct(members.map((group) => group.fixed[yName]!));
      for (const comparison of mapComparisons) {
        const cell = (xValue: number, yValue: number) =>
          members
            .find((group) => group.fixed[xName] === xValue && (yName === undefined || group.fixed[yName] === yValue))
            ?.comparisons.find((candidate) => candidate.name === comparison);
        if (!members.some((group) => group.comparisons.some((candidate) => candidate.name === comparison))) continue;
        const common = { xName, yName: yName ?? '', x, y, ...(fixed === '' ? {} : { fixed }) };
        const suffix = `${block}-${comparison}${fixed === '' ? '' : `-${fixed}`}`;
        maps.push({
          ...common,
          id: `verdict-${suffix}`,
          label: `${block}: ${comparison}`,
          quantity: 'verdict',
          kind: 'verdict',
          values: y.map((yValue) =>
            x.map(
              (xValue) =>
                ({ agree: 1, 'agree in the limit': 0.5, undecided: 0, disagree: -1, none: null })[
                  cell(xValue, yValue)?.verdict ?? 'none'
                ],
            ),
          ),
        });
        maps.push({
          ...common,
          id: `exponent-${suffix}`,
          label: `${block}: exponent of the distance (${comparison})`,
          quantity: 'exponent',
          kind: 'number',
          values: y.map((yValue) => x.map((xValue) => cell(xValue, yValue)?.exponent?.value ?? null)),
        });
      }
    }
  }
  return maps;
}
