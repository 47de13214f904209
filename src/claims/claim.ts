/**
 * A claim of the paper, as this program understands it: what has to be drawn, and what follows from the draws.
 * One file each in this folder; what several share stands in kinds/ and evidence/.
 */
import type { ActivationName } from '../../theory/contracts.js';
import type { FrobeniusRatioSpec } from '../../theory/models/index.js';
import type { InputDistribution } from '../../simulations/inputs/index.js';
import type { ClaimResult, Measurement, Evidence } from '../../figures/results.js';
import type { PowerAgainst } from '../../simulations/comparisons/index.js';
import type { Perturbation } from '../draws/perturbation.js';
import type { Preset } from './presets.js';
import type { CheckTask, CheckTaskResult } from '../draws/check/index.js';

/** Every claim of `check`. */
export const claimIds = [
  'linear-mse',
  'linear-ce',
  'hidden-mse',
  'hidden-ce',
  'output-mse',
  'output-ce',
  'cross-layer',
  'head',
  'deep-ratio',
  'deep-saturation',
  'deep-cross',
  'dynamic-cross',
  'dynamic-blocks',
  'dynamic-fresh',
  'dynamic-train',
  'dynamic-linear',
  'dynamic-exact',
] as const;

/** A claim as `check --claims` names it. */
export type ClaimId = (typeof claimIds)[number];

/** A statement that draws can refute: what is drawn for it, and what follows from the draws. */
export interface Claim {
  /** As on the command line. */
  readonly id: ClaimId;
  /** A few words, for headings. */
  readonly title: string;
  /** Plain text, with its equation in paper-notes.md. */
  readonly statement: string;
  /** LaTeX. */
  readonly formula: string;
  /** What must be drawn. A task is data: workers perform it. */
  plan(context: PlanContext): readonly ClaimTask[];
  /** Ratios of norms among what judging these tasks asks theory for; they take seconds, and workers may compute them. */
  ratiosAsked?(tasks: readonly ClaimedTask[]): readonly FrobeniusRatioSpec[];
  /** From the results of the tasks planned; those that an interruption left out are missing. */
  judge(context: JudgeContext): ClaimDraft;
}

export interface PlanContext {
  readonly preset: Preset;
  readonly seed: string;
  readonly perturbation: Perturbation;
  /** Leave out the wrong laws that statements of power need: a calibration makes none. */
  readonly withoutAlternatives?: boolean;
  /** What the draws really are, when it is not what the claims say: for studies of power. */
  readonly drawn?: { readonly inputs?: InputDistribution; readonly activation?: ActivationName };
}

export interface JudgeContext extends PlanContext {
  readonly finished: readonly Finished[];
}

/** A task that knows which claim asked for it. */
export type ClaimTask = CheckTask & { readonly claim: ClaimId };

/** A task of a claim, or of none. */
export type ClaimedTask = CheckTask & Partial<Pick<ClaimTask, 'claim'>>;

export interface Finished {
  readonly task: ClaimedTask;
  readonly result: CheckTaskResult;
}

/** The measurement that stands for a claim; without one, the name that it would have. */
export function headlineOf(
  measurement: Measurement | undefined,
  otherwise: string,
): Pick<ClaimDraft, 'quantity' | 'predicted' | 'measured' | 'interval'> {
  const { quantity = otherwise, predicted = null, measured = null, interval = null } = measurement ?? {};
  return { quantity, predicted, measured, interval };
}

/** A claim whose tasks carry its id, and which is judged by those alone, whatever else was drawn beside them. */
export function defineClaim({
  plan,
  judge,
  ratiosAsked,
  ...claim
}: Omit<Claim, 'plan'> & { plan(context: PlanContext): readonly CheckTask[] }): Claim {
  return {
    ...claim,
    plan: (context) => plan(context).map((task): ClaimTask => ({ ...task, claim: claim.id })),
    ...(ratiosAsked === undefined
      ? {}
      : { ratiosAsked: (tasks) => ratiosAsked(tasks.filter((task) => task.claim === claim.id)) }),
    judge: (context) => judge({ ...context, finished: context.finished.filter(({ task }) => task.claim === claim.id) }),
  };
}

/** A test before Holm's correction over the whole set. */
export type TestDraft = Omit<Evidence, 'adjustedPValue' | 'level' | 'rejected' | 'seed'>;

export interface ClaimDraft extends Pick<
  ClaimResult,
  | 'predicted'
  | 'measured'
  | 'interval'
  | 'quantity'
  | 'measurements'
  | 'sentences'
  | 'spectra'
  | 'distances'
  | 'ratioCurves'
  | 'deepRatios'
  | 'tables'
  | 'notes'
> {
  readonly tests: readonly TestDraft[];
  /** Exact statements that failed; one is enough for `disagree`. */
  readonly exactFailures: readonly string[];
  /** Power against the stated alternatives, of tests at the given level each. */
  powers(testLevel: number): readonly PowerAgainst[];
  /** Arrays for the run folder's spectra/, by file name without ending. */
  readonly arrays: ReadonlyMap<string, { readonly data: Float64Array; readonly shape: readonly number[] }>;
}
