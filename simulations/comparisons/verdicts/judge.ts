import { UsageError } from '../../../theory/errors.js';
import { holm, type HolmResult, type NamedPValue } from './holm.js';

export type Verdict = 'agree' | 'disagree' | 'undecided';

/** How well the tests of a claim would see one stated alternative at the replicates used. */
export interface PowerAgainst {
  readonly alternative: string;
  readonly power: number;
  /** Replicates that would bring the power to the required one (`requiredReplicates`). */
  readonly replicatesNeeded: number;
  /**
   * Relative size of the smallest such error that is found with the required power, to first order; absent for one that
   * has no size.
   */
  readonly smallestDetected?: number | undefined;
}

export interface Judgement<Test extends NamedPValue> {
  readonly verdict: Verdict;
  /** One sentence. */
  readonly reason: string;
  readonly level: number;
  readonly tests: readonly HolmResult<Test>[];
  readonly powers: readonly PowerAgainst[];
  /** The largest of the replicates needed, when undecided for lack of power. */
  readonly replicatesNeeded: number | undefined;
}

/**
 * The verdict of a claim from all its tests. `disagree`: an exact statement failed or a test is rejected at the
 * family-wise level (Holm). `undecided`: nothing is rejected, but the power against one of the stated alternatives is
 * below `requiredPower`, or there was nothing to test. `agree`: nothing rejected, and every alternative would have been
 * seen.
 *
 * `familySize` counts the tests of the whole claim set when they are judged claim by claim; the level is then split
 * evenly (level · tests/familySize), which keeps the family-wise error of the set at `level`.
 */
export function judge<Test extends NamedPValue>({
  tests,
  level = 0.01,
  powers = [],
  requiredPower = 0.95,
  exactFailures = [],
  familySize = tests.length,
}: {
  tests: readonly Test[];
  level?: number;
  powers?: readonly PowerAgainst[];
  requiredPower?: number;
  /** Exact statements that failed, such as a coupling bound: each in a few words. */
  exactFailures?: readonly string[];
  familySize?: number;
}): Judgement<Test> {
  if (familySize < tests.length) {
    throw new UsageError(`judge: familySize must be at least the number of tests (${tests.length}), got ${familySize}`);
  }
  const ownLevel = tests.length === 0 ? level : (level * tests.length) / familySize;
  const judged = holm(tests, ownLevel);
  const rejected = judged.filter((test) => test.rejected).sort((a, b) => a.adjusted - b.adjusted);
  const weak = powers.filter(({ power }) => !(power >= requiredPower));
  const base = { level: ownLevel, tests: judged, powers, replicatesNeeded: undefined };
  if (exactFailures.length > 0) {
    return { ...base, verdict: 'disagree', reason: `an exact statement fails: ${exactFailures.join('; ')}` };
  }
  if (rejected.length > 0) {
    const first = rejected[0]!;
    return {
      ...base,
      verdict: 'disagree',
      reason: `${rejected.length} of ${tests.length} tests rejected at family-wise level ${ownLevel}; first "${first.id}", adjusted p = ${first.adjusted.toPrecision(2)}`,
    };
  }
  if (tests.length === 0) return { ...base, verdict: 'undecided', reason: 'nothing was tested' };
  if (weak.length > 0) {
    const worst = weak.reduce((a, b) => (a.power <= b.power ? a : b));
    const replicatesNeeded = Math.max(...weak.map((each) => each.replicatesNeeded));
    return {
      ...base,
      verdict: 'undecided',
      reason: `power ${worst.power.toFixed(2)} against "${worst.alternative}" is below ${requiredPower}; ${replicatesNeeded} replicates would be enough`,
      replicatesNeeded,
    };
  }
  return {
    ...base,
    verdict: 'agree',
    reason: `none of ${tests.length} tests rejected at family-wise level ${ownLevel}`,
  };
}
