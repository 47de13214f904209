/**
 * The verdict on one law over the sizes of a sweep, from two kinds of evidence: a calibrated test at the sizes drawn,
 * and the rate at which the distance to the law falls with d. A limit law may be right and a test still see its
 * finite-size correction, so that the two answer different questions; the verdict names the answer of each. That of the
 * test alone is `verdictOf`'s, the rule of every claim: `disagree` when it rejects, `undecided` when it is too weak to
 * see a law that is wrong.
 *
 * | calibrated test | rate | verdict |
 * | --- | --- | --- |
 * | disagree | vanishes | agree in the limit: the correction at these sizes is seen |
 * | disagree | stays | disagree |
 * | disagree | open, or one size | disagree: at these sizes; the limit is open |
 * | agree | any | agree |
 * | undecided | vanishes | agree: the rate is that of a law that holds, and the power of the test is stated beside it |
 * | undecided | stays, open, or one size | undecided |
 * | none exists | vanishes / stays / open, or one size | agree / disagree / undecided |
 *
 * Sentence, count and exit code follow from the verdict: a law is rejected where it disagrees, and where its test sees
 * the correction (`rejectionsOf`).
 */
import type { LawPower, RateVerdict, SweepVerdict } from '../../../figures/sweepResult.js';
import type { Verdict } from '../../../simulations/comparisons/index.js';
import { decisivePower } from '../../../theory/names.js';
import { counted } from '../counted.js';
import { pValueIs, powerText } from '../probability.js';
import type { DistanceRate } from './distanceRate.js';

/** Whether something was rejected. */
const rejects: Readonly<Record<SweepVerdict, boolean>> = {
  disagree: true,
  undecided: false,
  'agree in the limit': true,
  agree: false,
};

/** How many of so many verdicts are rejections: the exit code says whether any is. */
export function rejectionsOf(verdicts: Readonly<Record<SweepVerdict, number>>): number {
  return Object.entries(verdicts).reduce(
    (sum, [verdict, count]) => sum + (rejects[verdict as SweepVerdict] ? count : 0),
    0,
  );
}

export interface LawEvidence {
  /** What the calibrated test says, by the rule of every claim; absent where no exact null is known. */
  readonly test?: { readonly verdict: Verdict; readonly adjusted: number; readonly power: LawPower | undefined };
  /** Absent with fewer than two sizes. */
  readonly rate?: DistanceRate | undefined;
  /** log d is divided out in the rate. */
  readonly logCorrection: boolean;
  /** Mean over the draws of the largest d. */
  readonly distance: number;
}

/** The verdict on a law, with the sentence that says why. */
export function judgeLaw(evidence: LawEvidence): { readonly verdict: SweepVerdict; readonly reason: string } {
  const verdict = combinedVerdict(evidence.test?.verdict, evidence.rate?.verdict);
  return { verdict, reason: reasonFor(verdict, evidence) };
}

function combinedVerdict(test: Verdict | undefined, rate: RateVerdict | undefined): SweepVerdict {
  switch (test) {
    case 'agree':
      return 'agree';
    case 'undecided':
      return rate === 'vanishes' ? 'agree' : 'undecided';
    case 'disagree':
      return rate === 'vanishes' ? 'agree in the limit' : 'disagree';
    case undefined:
      return ({ vanishes: 'agree', stays: 'disagree', open: 'undecided' } as const)[rate ?? 'open'];
  }
}

function reasonFor(verdict: SweepVerdict, { test, rate, distance, logCorrection }: LawEvidence): string {
  const words = rate && rateText(rate, logCorrection);
  if (test === undefined) {
    return rate === undefined
      ? `Mean distance ${distance.toPrecision(2)}. No exact null is known: at least two values of d would show whether it vanishes.`
      : `The ${words}: ${{ vanishes: 'it vanishes', stays: 'it does not vanish', open: 'more draws or larger d would decide' }[rate.verdict]}.`;
  }
  const probability = `adjusted ${pValueIs(test.adjusted)}`;
  if (test.verdict !== 'disagree') return notRejected(verdict, { test, rate, words, probability });
  if (verdict === 'agree in the limit') {
    return `The law holds in the limit: the ${words}. At these sizes the finite-size correction is seen: rejected against fresh draws of the law (${probability}).`;
  }
  if (rate?.verdict === 'stays')
    return `Rejected against fresh draws of the law (${probability}), and the ${words}: it does not vanish.`;
  const open =
    rate === undefined
      ? 'at least two values of d would show whether the distance vanishes'
      : `the ${words}: more draws or larger d would decide`;
  return `The law does not hold at these sizes: mean distance ${distance.toPrecision(2)}, rejected against fresh draws of the law (${probability}). Of the limit nothing is said: ${open}.`;
}

interface NotRejected {
  readonly test: NonNullable<LawEvidence['test']>;
  readonly rate: DistanceRate | undefined;
  readonly words: string | undefined;
  readonly probability: string;
}

function notRejected(verdict: SweepVerdict, { test, rate, words, probability }: NotRejected): string {
  const { power } = test;
  const detected =
    power === undefined ? '' : `; a law with its ${power.alternative} would be, with probability ${detection(power)}`;
  const shown = words === undefined ? '' : `; ${words}`;
  const lead = `Not rejected against fresh draws of the law (${probability})${detected}${shown}`;
  const stays = rate?.verdict === 'stays';
  if (verdict !== 'undecided')
    return stays
      ? `${lead}. The distance does not fall as it should, but the test, which would see a law that is wrong, decides.`
      : `${lead}.`;
  return stays
    ? `${lead}. But the distance does not fall as it should, and the test is too weak to overrule that: more draws would decide.`
    : `${lead}. But the test is too weak to see a law that is wrong, and ${rate === undefined ? 'one size shows no rate: more draws, or at least two values of d,' : 'the rate is open: more draws or larger d'} would decide.`;
}

function rateText({ fit, predicted }: DistanceRate, logCorrection: boolean): string {
  const [lower, upper] = fit.interval;
  return `distance goes like d^${fit.exponent.toFixed(2)}${logCorrection ? ' (log d divided out)' : ''}, 95 % interval ${lower.toFixed(2)} to ${upper.toFixed(2)}, predicted ${predicted}`;
}

function detection({ probability, replicatesNeeded }: LawPower): string {
  const needed =
    probability >= decisivePower || replicatesNeeded === null
      ? ''
      : ` (${decisivePower} takes ${counted(replicatesNeeded, 'draw')})`;
  return `${powerText(probability)}${needed}`;
}
