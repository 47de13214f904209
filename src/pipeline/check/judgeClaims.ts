/**
 * From the drafts of all claims to verdicts: one Holm correction over every test of the run, so that the stated level
 * is the chance that a run of true claims says `disagree` anywhere.
 */
import type { ClaimResult, Evidence, VerdictWord } from '../../../figures/results.js';
import { holm } from '../../../simulations/comparisons/index.js';
import type { PowerAgainst } from '../../../simulations/comparisons/index.js';
import type { Claim, ClaimDraft } from '../../claims/index.js';

/** Power against each stated alternative without which agreement says too little. */
export const requiredPower = 0.95;

export interface Judged {
  readonly claim: Claim;
  readonly draft: ClaimDraft;
}

export function judgeClaims(
  judged: readonly Judged[],
  level: number,
  seed: string,
  interrupted: boolean,
): ClaimResult[] {
  const tests = judged.flatMap(({ claim, draft }) =>
    draft.tests.map((test, number) => ({ id: `${claim.id} ${number}`, pValue: test.pValue ?? 1 })),
  );
  const testLevel = level / Math.max(1, tests.length);
  const corrected = new Map(holm(tests, level).map((test) => [test.id, test]));
  return judged.map(({ claim, draft }): ClaimResult => {
    const evidence = draft.tests.map((test, number): Evidence => {
      const { adjusted, rejected } = corrected.get(`${claim.id} ${number}`)!;
      return { ...test, adjustedPValue: adjusted, level, rejected, seed };
    });
    const powers = draft.powers(testLevel);
    const { tests: _tests, exactFailures: _exact, powers: _powers, arrays: _arrays, ...shown } = draft;
    return {
      id: claim.id,
      title: claim.title,
      statement: claim.statement,
      formula: claim.formula,
      ...verdictOf(draft, powers, evidence, level, interrupted),
      ...shown,
      evidence,
      notes: [...(draft.notes ?? []), ...powers.map(powerNote)],
    };
  });
}

function verdictOf(
  draft: ClaimDraft,
  powers: readonly PowerAgainst[],
  evidence: readonly Evidence[],
  level: number,
  interrupted: boolean,
): { verdict: VerdictWord; reason: string } {
  if (draft.exactFailures.length > 0) {
    return { verdict: 'disagree', reason: `An exact statement fails: ${draft.exactFailures.join('; ')}.` };
  }
  const rejected = evidence.filter((test) => test.rejected).sort((a, b) => a.adjustedPValue! - b.adjustedPValue!);
  if (rejected.length > 0) {
    const first = rejected[0]!;
    return {
      verdict: 'disagree',
      reason: `${rejected.length} of ${evidence.length} tests rejected at family-wise level ${level}; first: ${first.name} (adjusted p = ${first.adjustedPValue!.toPrecision(2)}).`,
    };
  }
  if (interrupted)
    return {
      verdict: 'undecided',
      reason:
        'Nothing is rejected, but not all draws were made: the run was interrupted, or a draw could not be computed.',
    };
  if (evidence.length === 0) return { verdict: 'undecided', reason: 'Nothing was tested.' };
  const weak = powers.filter(({ power }) => !(power >= requiredPower));
  if (weak.length > 0) {
    const worst = weak.reduce((a, b) => (a.power <= b.power ? a : b));
    const needed = Math.max(...weak.map(({ replicatesNeeded }) => replicatesNeeded));
    return {
      verdict: 'undecided',
      reason: `Nothing is rejected, but the power against "${worst.alternative}" is ${worst.power.toFixed(2)}, below ${requiredPower}; ${needed} draws would be enough.`,
    };
  }
  return { verdict: 'agree', reason: `None of ${evidence.length} tests rejected at family-wise level ${level}.` };
}

function powerNote({ alternative, power, replicatesNeeded, smallestDetected }: PowerAgainst): string {
  const enough = Number.isFinite(replicatesNeeded) ? `; ${replicatesNeeded} draws give ${requiredPower}` : '';
  const smallest =
    smallestDetected !== undefined && Number.isFinite(smallestDetected)
      ? ` The smallest such error found at ${requiredPower}: ${(100 * smallestDetected).toPrecision(2)} %.`
      : '';
  return `Power against "${alternative}": ${power.toFixed(3)}${enough}.${smallest}`;
}
