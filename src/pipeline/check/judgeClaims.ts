/**
 * From the drafts of all claims to verdicts: one Holm correction over every test of the run, so that the stated level
 * is the chance that a run of true claims says `disagree` anywhere.
 */
import type { ClaimResult, Evidence, StatedPower } from '../../../figures/results.js';
import { holm, verdictOf, type PowerAgainst } from '../../../simulations/comparisons/index.js';
import type { Claim, ClaimDraft } from '../../claims/index.js';
import { powerSentence } from '../powerSentence.js';

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
    const { verdict, reason } = verdictOf({
      tests: evidence.map(({ name, adjustedPValue, rejected }) => ({
        id: name,
        adjusted: adjustedPValue!,
        rejected: rejected!,
      })),
      level,
      powers,
      exactFailures: draft.exactFailures,
      unfinished: interrupted
        ? 'not all draws were made: the run was interrupted, or a draw could not be computed.'
        : undefined,
    });
    const { tests: _tests, exactFailures: _exact, powers: _powers, arrays: _arrays, ...shown } = draft;
    return {
      id: claim.id,
      title: claim.title,
      statement: claim.statement,
      formula: claim.formula,
      verdict,
      reason,
      ...shown,
      evidence,
      powers: powers.map(statedPower),
    };
  });
}

function statedPower(power: PowerAgainst): StatedPower {
  const { alternative, replicatesNeeded, smallestDetected = Infinity } = power;
  return {
    alternative,
    power: power.power,
    drawsNeeded: finite(replicatesNeeded),
    smallestSeen: finite(smallestDetected),
    sentence: powerSentence(power),
  };
}

const finite = (value: number): number | null => (Number.isFinite(value) ? value : null);
