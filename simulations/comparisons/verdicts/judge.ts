import { UsageError } from '../../../theory/errors.js';
import { decisivePower } from '../../../theory/names.js';
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

export interface VerdictWithReason {
  readonly verdict: Verdict;
  /** A sentence or two. */
  readonly reason: string;
  /** The largest of the replicates needed, when undecided for lack of power. */
  readonly replicatesNeeded: number | undefined;
}

export interface VerdictSettings {
  /** After Holm's correction. */
  readonly tests: readonly Pick<HolmResult<NamedPValue>, 'id' | 'adjusted' | 'rejected'>[];
  readonly level: number;
  readonly powers?: readonly PowerAgainst[];
  readonly requiredPower?: number;
  /** Exact statements that failed, such as a coupling bound: each in a few words. */
  readonly exactFailures?: readonly string[];
  /** A sentence why not everything was done that should have been. */
  readonly unfinished?: string | undefined;
  /** What would give the power that is missing, when it is not replicates like these: the end of a sentence. */
  readonly remedy?: ((weakest: PowerAgainst, replicatesNeeded: number) => string) | undefined;
}

/**
 * The one rule from tests to a verdict. `disagree`: an exact statement failed or a test is rejected. `undecided`:
 * nothing is rejected, but the work is unfinished, there was nothing to test, or the power against one of the stated
 * alternatives is below `requiredPower`. `agree`: nothing rejected, and every alternative would have been seen.
 */
export function verdictOf({
  tests,
  level,
  powers = [],
  requiredPower = decisivePower,
  exactFailures = [],
  unfinished,
  remedy = (_, needed) => `${needed} draws would be enough`,
}: VerdictSettings): VerdictWithReason {
  const without = { replicatesNeeded: undefined };
  if (exactFailures.length > 0)
    return { ...without, verdict: 'disagree', reason: `An exact statement fails: ${exactFailures.join('; ')}.` };
  const rejected = tests.filter((test) => test.rejected).sort((a, b) => a.adjusted - b.adjusted);
  const first = rejected[0];
  if (first !== undefined) {
    return {
      ...without,
      verdict: 'disagree',
      reason: `${rejected.length} of ${tests.length} tests rejected at family-wise level ${level}; first: ${first.id} (adjusted p = ${first.adjusted.toPrecision(2)}).`,
    };
  }
  if (unfinished !== undefined)
    return { ...without, verdict: 'undecided', reason: `Nothing is rejected, but ${unfinished}` };
  if (tests.length === 0) return { ...without, verdict: 'undecided', reason: 'Nothing was tested.' };
  const weak = powers.filter(({ power }) => !(power >= requiredPower));
  if (weak.length > 0) {
    const worst = weak.reduce((a, b) => (a.power <= b.power ? a : b));
    const replicatesNeeded = Math.max(...weak.map((each) => each.replicatesNeeded));
    return {
      verdict: 'undecided',
      reason: `Nothing is rejected, but the power against "${worst.alternative}" is ${below(worst.power, requiredPower)}, below ${requiredPower}; ${remedy(worst, replicatesNeeded)}.`,
      replicatesNeeded,
    };
  }
  return {
    ...without,
    verdict: 'agree',
    reason: `None of ${tests.length} tests rejected at family-wise level ${level}.`,
  };
}

/** Two decimals, and never those of the bound. */
function below(power: number, bound: number): string {
  const nearest = power.toFixed(2);
  return Number(nearest) < bound ? nearest : (Math.floor(100 * power) / 100).toFixed(2);
}

export interface Judgement<Test extends NamedPValue> extends VerdictWithReason {
  readonly level: number;
  readonly tests: readonly HolmResult<Test>[];
  readonly powers: readonly PowerAgainst[];
}

/**
 * The verdict of a claim from the p-values of all its tests: Holm's correction, then `verdictOf`.
 *
 * `familySize` counts the tests of the whole claim set when they are judged claim by claim; the level is then split
 * evenly (level · tests/familySize), which keeps the family-wise error of the set at `level`.
 */
export function judge<Test extends NamedPValue>({
  tests,
  level = 0.01,
  familySize = tests.length,
  ...rest
}: Omit<VerdictSettings, 'tests' | 'level'> & {
  readonly tests: readonly Test[];
  readonly level?: number;
  readonly familySize?: number;
}): Judgement<Test> {
  if (familySize < tests.length) {
    throw new UsageError(`judge: familySize must be at least the number of tests (${tests.length}), got ${familySize}`);
  }
  const ownLevel = tests.length === 0 ? level : (level * tests.length) / familySize;
  const judged = holm(tests, ownLevel);
  return {
    ...verdictOf({ ...rest, tests: judged, level: ownLevel }),
    level: ownLevel,
    tests: judged,
    powers: rest.powers ?? [],
  };
}
