/** A scaling regime from a text file: planned, drawn, compared, summarised. */
import { dirname, resolve } from 'node:path';
import { layersOf, paperActivation, paperInitialisation, takesSetting, type BlockName } from '../../../theory/names.js';
import type { PhaseMap } from '../../../figures/results.js';
import type { SweepFailure, SweepResult, SweepSummary } from '../../../figures/sweepResult.js';
import type { BackendName, DrawSettings } from '../../../simulations/contracts.js';
import { createBackend } from '../../../simulations/linalg/index.js';
import { activationExpression } from '../../../simulations/models/activationExpression.js';
import {
  blocksOfSweep,
  expandSpec,
  loadSpec,
  specError,
  type SweepPoint,
  type SweepSpec,
} from '../../specification/index.js';
import { readBytes, splitMember } from '../../store/formats/index.js';
import { version } from '../../version.js';
import { memoryLimit, processorsGiven } from '../../store/allocation.js';
import { examineMachine } from '../../store/machine.js';
import { drawTasks, type DrawProgress } from '../run/drawTasks.js';
import type { Drawn, Job, JobOutcome } from '../run/job.js';
import { requireRunMemory } from '../run/memory.js';
import { summariseSweep, sweepRow } from './summariseSweep.js';
import { distributionOf } from '../../draws/inputsOfTask.js';
import { performSweepTask } from '../../draws/sweep/sweepTask.js';
import type { SweepTask, SweepTaskResult } from '../../draws/sweep/contract.js';
import { counted } from '../counted.js';

/** What is drawn, as plain data. */
export interface SweepWords {
  /** Path of the specification: input files are found from its folder. */
  readonly spec: string;
  /** What it says; read from there when absent. */
  readonly text?: string | undefined;
  /** Before that of the specification; '1' when neither has one. */
  readonly seed?: string | undefined;
}

export interface SweepOptions extends SweepWords {
  /** 0 draws in this thread. */
  readonly workers?: number | undefined;
  readonly backend: BackendName | 'auto';
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ((progress: DrawProgress) => void) | undefined;
}

export interface SweepOutcome extends JobOutcome {
  readonly results: SweepResult;
}

/**
 * Runs a specification. A draw that fails takes its grid point with it and no other; when none is left, its error is
 * thrown. The numbers depend on the specification and the seed alone: not on workers, order or shards.
 * @throws UsageError for a specification or size that is wrong, naming line, rule and remedy.
 */
export async function runSweep({ workers = processorsGiven(), ...options }: SweepOptions): Promise<SweepResult> {
  const job = sweepJob(options);
  requireRunMemory(job, workers, memoryLimit());
  job.plan(workers);
  const backend = await createBackend(options.backend);
  return job.judge(await drawTasks(job, { ...options, backend, workers })).results;
}

/** Throws UsageError for a specification that is wrong, naming line, rule and remedy. */
export function sweepJob({ seed: given, ...words }: SweepWords): Job<SweepTask, SweepTaskResult, SweepOutcome> {
  const text = words.text ?? new TextDecoder().decode(readBytes(words.spec));
  const planned = planSweep(text, words.spec, given);
  const { spec, points, tasks, seed } = planned;
  const { place: _place, ...settings } = spec;
  return {
    kind: 'sweep',
    request: { spec: resolve(words.spec), text, seed: given },
    seed,
    settings,
    inputs: [
      ...new Set(tasks.flatMap(({ inputs }) => (inputs.file === undefined ? [] : [splitMember(inputs.file).file]))),
    ],
    tasks,
    worker: 'src/draws/sweep/sweepWorker.bundle.js',
    label: ({ point, settings: { dimension } }) => `point ${point}, d = ${dimension}`,
    sizeOf: (task) => task.settings,
    plan(workers) {
      requireReadable(tasks);
      return `limitlaw ${version}: ${counted(points.length, 'grid point')}, ${counted(tasks.length, 'draw')} on ${counted(workers, 'worker')}, seed ${seed}`;
    },
    perform: performSweepTask,
    judge: (drawn) => judgeSweep(planned, drawn),
    async save(folder, { results, interrupted }, { created, ...facts }) {
      const manifest = {
        kind: 'run',
        version,
        created: created.toISOString(),
        ...facts,
        interrupted,
        seed,
        settings: results.settings,
        backend: results.backend,
        machine: await examineMachine(),
      };
      folder.write('results.json', `${JSON.stringify(results)}\n`);
      folder.write('manifest.json', `${JSON.stringify(manifest, null, 2)}\n`);
      return ['results.json'];
    },
  };
}

function judgeSweep({ spec, points, tasks, seed }: SweepPlan, drawn: Drawn<SweepTaskResult>): SweepOutcome {
  const { interrupted, failed, caveats } = drawn;
  const failures = failed.map(({ index, error }): SweepFailure => ({
    point: tasks[index]!.point,
    replicate: tasks[index]!.replicate,
    name: error.name,
    message: error.message,
  }));
  const rows = points.flatMap((point, k) => {
    const own = drawn.results.slice(k * spec.replicates, (k + 1) * spec.replicates);
    const done = own.filter((result) => result !== undefined);
    // A point that failed or was cut short is left out.
    return done.length < spec.replicates
      ? []
      : spec.blocks.map((_, index) => sweepRow(point.index, point.values, done, index));
  });
  if (rows.length === 0 && failed.length > 0) throw failed[0]!.error;
  const results = withSummary({
    kind: 'sweep',
    preset: 'sweep',
    claims: [],
    title: spec.name,
    version,
    seed,
    backend: drawn.backend,
    level: spec.level,
    points: points.length,
    lists: listsOf(spec),
    settings: settingsOf(spec),
    interrupted,
    failures,
    rows,
    spectra: drawn.results.flatMap((result) => result?.blocks.flatMap(({ pictures = [] }) => pictures) ?? []),
    ...(caveats.length === 0 ? {} : { notes: caveats }),
  });
  return { results, interrupted, failed };
}

type PlannedSpec = SweepSpec & { readonly blocks: readonly BlockName[] };

interface SweepPlan {
  readonly spec: PlannedSpec;
  readonly points: readonly SweepPoint[];
  /** Those of a point follow each other. */
  readonly tasks: readonly SweepTask[];
  readonly seed: string;
}

/** Of one run: their list alone is 300 MB. */
const maximumDraws = 1_000_000;

function planSweep(text: string, path: string, given: string | undefined): SweepPlan {
  const loaded = loadSpec(text, path);
  const points = expandSpec(loaded);
  const spec = { ...loaded, blocks: blocksOfSweep(loaded, points) };
  const seed = given ?? spec.seed ?? '1';
  const draws = points.length * spec.replicates;
  if (draws > maximumDraws)
    throw specError(
      spec,
      ['replicates'],
      `${points.length} grid points of ${spec.replicates} draws are ${draws} draws, more than ${maximumDraws}`,
      'Lower replicates, or make several specifications of the grid.',
    );
  const pictured = picturedPoints(points, listsOf(spec));
  const tasks = points.flatMap((point) =>
    tasksOf(spec, point, seed, dirname(resolve(path)), pictured.has(point.index)),
  );
  return { spec, points, tasks, seed };
}

/** Groups whose spectra are kept for figures: more than a page shows. */
const mostPictured = 12;

/** The points of the largest d among those that differ in d alone. */
function picturedPoints(points: readonly SweepPoint[], lists: readonly string[]): ReadonlySet<number> {
  const largest = new Map<string, SweepPoint>();
  for (const point of points) {
    const key = JSON.stringify(lists.filter((name) => name !== 'd').map((name) => point.values[name]));
    const held = largest.get(key);
    if (held === undefined || point.dimension > held.dimension) largest.set(key, point);
  }
  return new Set([...largest.values()].slice(0, mostPictured).map(({ index }) => index));
}

/** Names whose lists span the grid, in order. */
const listsOf = ({ rules }: SweepSpec): string[] =>
  rules.flatMap(([name, rule]) => (Array.isArray(rule) ? [name] : []));

/** The formula, which all have, and input files. Throws UsageError for one that cannot be used. */
function requireReadable(tasks: readonly SweepTask[]): void {
  const formula = tasks[0]?.expression;
  if (formula !== undefined) activationExpression(formula.text, { kinks: formula.kinks });
  for (const task of tasks) if (task.replicate === 0) distributionOf(task);
}

function withSummary(parts: Omit<SweepResult, 'summary' | 'phaseMaps'>): SweepResult {
  const rows = [...parts.rows].sort((a, b) => a.point - b.point || a.block.localeCompare(b.block));
  const summary = summariseSweep(rows, parts.lists, parts.level);
  return { ...parts, rows, summary, phaseMaps: phaseMapsOf(summary, parts.lists) };
}

function tasksOf(spec: PlannedSpec, point: SweepPoint, seed: string, folder: string, pictured: boolean): SweepTask[] {
  const settings: DrawSettings = {
    model: spec.model,
    loss: spec.loss,
    ...(spec.curvature === undefined ? {} : { curvature: spec.curvature }),
    ...(spec.logitPrecision === undefined ? {} : { logitPrecision: spec.logitPrecision }),
    // A formula takes its place in the draw.
    activation: 'named' in spec.activation ? spec.activation.named : paperActivation,
    initialisation: 'named' in spec.initialisation ? spec.initialisation.named : paperInitialisation,
    dimension: point.dimension,
    samples: point.samples,
    classes: point.classes,
    ...(takesSetting(spec.model, 'widths')
      ? { width: 0, widths: Array.from({ length: point.depth }, () => point.width) }
      : { width: point.width }),
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
        : Object.fromEntries(
            layersOf(spec.model, point.depth).map((layer) => [
              layer,
              { varianceFactor: point.variances![layer === 'output' ? 'output' : 'hidden'], distribution },
            ]),
          ),
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
    ...(pictured && replicate === 0 ? { picture: true } : {}),
  }));
}

function settingsOf(spec: SweepSpec): Record<string, string | number> {
  return {
    model: spec.model,
    loss: spec.loss,
    ...(spec.curvature === undefined ? {} : { curvature: spec.curvature }),
    ...(spec.logitPrecision === undefined ? {} : { logitPrecision: spec.logitPrecision }),
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
