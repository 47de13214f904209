/**
 * How often the tests of `check` alarm when they should not, and how often when they should: the claims' own plans and
 * judgements, run many times at small sizes under true predictions and under predictions, or draws, made wrong on
 * purpose.
 */
import type { Calibration, FalseAlarm, PowerCurve, RunResults } from '../../../figures/results.js';
import type { ActivationName } from '../../../theory/contracts.js';
import { clopperPearsonInterval, holm } from '../../../simulations/comparisons/index.js';
import { decisivePower } from '../../../theory/names.js';
import type { InputDistribution } from '../../../simulations/inputs/index.js';
import type { Claim, ClaimId, ClaimTask, Finished, PlanContext, TestDraft } from '../../claims/index.js';
import { version } from '../../version.js';
import { unperturbed } from '../../draws/perturbation.js';
import type { Perturbation } from '../../draws/perturbation.js';
import { calibrationPreset } from '../../claims/presets.js';
import type { PlannedCheck } from './runCheck.js';
import type { CheckTaskResult, LawTaskResult } from '../../draws/check/index.js';
import type { Drawn } from '../run/job.js';

/** Level at which single tests are judged here. */
const level = 0.05;

interface Wrong {
  readonly alternative: string;
  readonly unit: string;
  readonly size: number;
  readonly perturbation: Perturbation;
  readonly drawn?: { readonly inputs?: InputDistribution; readonly activation?: ActivationName };
  readonly claims: readonly ClaimId[];
}

const everyLaw: readonly ClaimId[] = ['linear-mse', 'linear-ce', 'hidden-mse', 'hidden-ce'];
/** Claims whose predictions know the variance of the logits or pre-activations. */
const scaled: readonly ClaimId[] = ['linear-ce', 'hidden-ce', 'output-mse', 'output-ce', 'cross-layer'];

const wrongs: readonly Wrong[] = [
  ...[0.02, 0.05, 0.1].map((size): Wrong => ({
    alternative: 'aspect ratio too large by',
    unit: 'relative',
    size,
    perturbation: { ...unperturbed, aspectRatio: 1 + size },
    claims: [...everyLaw, 'dynamic-fresh', 'dynamic-linear'],
  })),
  ...[0.05, 0.1, 0.2, 0.5].map((size): Wrong => ({
    alternative: 'logit variance too large by',
    unit: 'relative',
    size,
    perturbation: { ...unperturbed, logitVariance: 1 + size },
    // Averaged over |x|² at these dimensions a variance of 1.5 reaches beyond the 4 up to which softmax laws are
    // verified.
    claims: size > 0.2 ? scaled.filter((id) => id !== 'linear-ce') : scaled,
  })),
  {
    alternative: 'classes too many by',
    unit: 'classes',
    size: 1,
    perturbation: { ...unperturbed, classes: 1 },
    claims: ['linear-ce'],
  },
  {
    alternative: 'Marčenko–Pastur law with the same two moments',
    unit: 'shape',
    size: 1,
    perturbation: { ...unperturbed, shape: 'marchenko-pastur' },
    claims: ['linear-ce', 'hidden-mse'],
  },
  {
    alternative: 'semicircle with the same two moments',
    unit: 'shape',
    size: 1,
    perturbation: { ...unperturbed, shape: 'semicircle' },
    claims: everyLaw,
  },
  {
    alternative: 'inputs with Student t coordinates, degrees of freedom',
    unit: 'degrees',
    size: 5,
    perturbation: unperturbed,
    drawn: { inputs: { kind: 'student', degrees: 5, radius: 'independent' } },
    claims: everyLaw,
  },
  {
    alternative: 'correlated inputs, correlation',
    unit: 'correlation',
    size: 0.2,
    perturbation: unperturbed,
    drawn: { inputs: { kind: 'toeplitz', correlation: 0.2 } },
    claims: everyLaw,
  },
  {
    alternative: 'tanh drawn where ReLU is claimed',
    unit: 'activation',
    size: 1,
    perturbation: { ...unperturbed, activation: 'relu' },
    drawn: { activation: 'tanh' },
    claims: ['hidden-mse', 'hidden-ce'],
  },
];

export interface CalibrationSizes {
  readonly nullRuns: number;
  readonly powerRuns: number;
}

/** 40 of 40 leaves a power below 0.93 a chance of 0.05. */
export const calibrationSizes: CalibrationSizes = { nullRuns: 400, powerRuns: 40 };

/** One batch of draws: some runs of one claim, under one state of affairs. */
interface Batch {
  readonly claim: Claim;
  readonly wrong: Wrong | undefined;
  readonly runs: number;
  readonly contexts: readonly PlanContext[];
  readonly plans: readonly (readonly ClaimTask[])[];
}

export interface PlannedCalibration {
  readonly batches: readonly Batch[];
  /** Of all batches, one after the other. */
  readonly tasks: readonly ClaimTask[];
}

export function planCalibration({ claims, seed }: PlannedCheck, sizes: CalibrationSizes): PlannedCalibration {
  const states = claims.flatMap((claim): Omit<Batch, 'contexts' | 'plans'>[] => [
    { claim, wrong: undefined, runs: sizes.nullRuns },
    ...wrongs
      .filter(({ claims: concerned }) => concerned.includes(claim.id))
      .map((wrong) => ({ claim, wrong, runs: sizes.powerRuns })),
  ]);
  const batches = states.map((state): Batch => {
    const contexts = Array.from({ length: state.runs }, (_, run) => contextOf(state.wrong, seed, run));
    return { ...state, contexts, plans: contexts.map((context) => planOf(state, context)) };
  });
  return { batches, tasks: batches.flatMap(({ plans }) => plans.flat()) };
}

const contextOf = (wrong: Wrong | undefined, seed: string, run: number): PlanContext => ({
  preset: calibrationPreset,
  seed: `${seed}/calibration ${run}`,
  perturbation: wrong?.perturbation ?? unperturbed,
  withoutAlternatives: true,
  ...(wrong?.drawn === undefined ? {} : { drawn: wrong.drawn }),
});

/** A study of power draws only what its alternative can change: the spectra. */
const planOf = ({ claim, wrong }: Pick<Batch, 'claim' | 'wrong'>, context: PlanContext): readonly ClaimTask[] =>
  claim.plan(context).filter((task) => wrong === undefined || task.kind === 'law' || wrong.drawn === undefined);

/** A batch of which a result is missing is left out. */
export function judgeCalibration(
  { batches }: PlannedCalibration,
  results: readonly (CheckTaskResult | undefined)[],
): Calibration {
  const falseAlarms: FalseAlarm[] = [];
  const power = new Map<string, MeasuredPower>();
  let next = 0;
  for (const { claim, wrong, contexts, plans } of batches) {
    const finished = plans.map((plan) =>
      plan.flatMap((task): Finished[] => {
        const result = results[next++];
        return result === undefined ? [] : [{ task, result }];
      }),
    );
    if (finished.some((run, k) => run.length < plans[k]!.length)) continue;
    const tests = finished.map((run, k) => claim.judge({ ...contexts[k]!, finished: run }).tests);
    if (wrong === undefined) falseAlarms.push(...falseAlarmsOf(claim, tests));
    else addPower(power, claim, wrong, tests);
  }
  return { level, falseAlarms, power: powerCurves(power) };
}

function falseAlarmsOf(claim: Claim, runs: readonly (readonly TestDraft[])[]): FalseAlarm[] {
  return (runs[0] ?? []).map(({ name, label }) => {
    const own = runs.flatMap((tests) => tests.find((test) => test.name === name) ?? []);
    const rejections = own.filter(({ pValue }) => (pValue ?? 1) <= level).length;
    const [lower, upper] = clopperPearsonInterval(rejections, own.length, 0.99);
    return {
      test: name,
      ...(label === undefined ? {} : { label }),
      claim: claim.id,
      runs: own.length,
      rejections,
      interval: { lower, upper, level: 0.99 },
    };
  });
}

/** Shares of runs in which a claim is rejected, at each size of one error. */
interface MeasuredPower {
  readonly wrong: Wrong;
  readonly claim: Claim;
  readonly sizes: number[];
  readonly power: number[];
  readonly runs: number;
}

function addPower(
  power: Map<string, MeasuredPower>,
  claim: Claim,
  wrong: Wrong,
  runs: readonly (readonly TestDraft[])[],
): void {
  const key = `${claim.id} ${wrong.alternative}`;
  const curve = power.get(key) ?? { wrong, claim, sizes: [], power: [], runs: runs.length };
  const seen = runs.filter((tests) =>
    holm(
      tests.map(({ name, pValue }) => ({ id: name, pValue: pValue ?? 1 })),
      level,
    ).some(({ rejected }) => rejected),
  );
  curve.sizes.push(wrong.size);
  curve.power.push(seen.length / runs.length);
  power.set(key, curve);
}

function powerCurves(curves: ReadonlyMap<string, MeasuredPower>): PowerCurve[] {
  return [...curves.values()].map(({ wrong, claim, sizes, power, runs }) => ({
    test: 'all tests of the claim together (Holm)',
    claim: claim.id,
    alternative: wrong.alternative,
    sizes,
    unit: wrong.unit,
    power,
    runs,
    smallestDetected: sizes.find((_, k) => power[k]! >= decisivePower) ?? null,
  }));
}

/** Judging needs no eigenvalues; hundreds of runs of them would fill the memory. */
export function withoutSpectra(result: CheckTaskResult): CheckTaskResult {
  if (result.kind !== 'law') return result;
  return {
    ...result,
    blocks: result.blocks.map((block) => ({ ...block, eigenvalues: new Float64Array(0), weights: undefined })),
  } satisfies LawTaskResult;
}

/** A run folder of its own kind: no claim is judged, the calibration is the result. */
export function calibrationResults(
  { seed, level: familyLevel }: PlannedCheck,
  sizes: CalibrationSizes,
  calibration: Calibration,
  { backend, caveats }: Pick<Drawn<unknown>, 'backend' | 'caveats'>,
): RunResults {
  return {
    kind: 'check',
    version,
    title: 'Calibration of the tests',
    seed,
    preset: calibrationPreset.name,
    settings: {
      'level of one test': level,
      'family-wise level of a check': familyLevel,
      'aspect ratio d/N': calibrationPreset.aspectRatio,
      'dimensions d': calibrationPreset.dimensions,
      'draws at each d': calibrationPreset.draws,
      'runs of true laws': sizes.nullRuns,
      'runs of each wrong law': sizes.powerRuns,
    },
    backend,
    claims: [],
    calibration,
    ...(caveats.length === 0 ? {} : { notes: caveats }),
  };
}

/** For the terminal and for paper-notes.md: tables in Markdown. */
export function calibrationText({ level: testLevel, falseAlarms, power }: Calibration): string {
  const percent = (value: number): string => `${(100 * value).toFixed(1)} %`;
  const alarmRows = falseAlarms.map(
    ({ claim, test, label = test, runs, rejections, interval }) =>
      `| ${claim ?? ''} | ${label} | ${rejections}/${runs} | ${percent(rejections / runs)} | ${percent(interval.lower)} – ${percent(interval.upper)} |`,
  );
  const powerRows = power.map(
    ({ claim, alternative, sizes, power: values, runs, smallestDetected }) =>
      `| ${claim ?? ''} | ${alternative} | ${sizes.map((size, k) => `${size}: ${values[k]!.toFixed(2)}`).join(', ')} | ${smallestDetected ?? 'none'} | ${runs} |`,
  );
  return [
    `False alarms at level ${testLevel}, with a 99 % binomial interval`,
    '',
    '| claim | test | rejected | rate | interval |',
    '| --- | --- | --- | --- | --- |',
    ...alarmRows,
    '',
    `Power at family-wise level ${testLevel} within the claim (Holm)`,
    '',
    `| claim | wrong by | size: power | smallest found at ${decisivePower} | runs |`,
    '| --- | --- | --- | --- | --- |',
    ...powerRows,
    '',
  ].join('\n');
}
