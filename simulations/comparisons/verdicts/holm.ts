import { UsageError } from '../../../theory/errors.js';

export interface NamedPValue {
  readonly id: string;
  readonly pValue: number;
}

export type HolmResult<Test extends NamedPValue> = Test & {
  /** The smallest family-wise level at which this test is rejected. */
  readonly adjusted: number;
  readonly rejected: boolean;
};

/**
 * Holm's step-down procedure (1979): family-wise error at most `level` whatever the dependence between tests. The order
 * of the tests is kept; `adjusted` is max over the smaller p-values of (number of tests still standing) · p.
 */
export function holm<Test extends NamedPValue>(tests: readonly Test[], level: number): HolmResult<Test>[] {
  if (!(level > 0 && level < 1)) throw new UsageError(`holm: level must lie in (0, 1), got ${level}`);
  for (const { id, pValue } of tests) {
    if (!(pValue >= 0 && pValue <= 1))
      throw new UsageError(`holm: the p-value of "${id}" must lie in [0, 1], got ${pValue}`);
  }
  const order = tests.map((_, i) => i).sort((a, b) => tests[a]!.pValue - tests[b]!.pValue);
  const adjusted = new Float64Array(tests.length);
  let running = 0;
  order.forEach((index, rank) => {
    running = Math.max(running, Math.min(1, (tests.length - rank) * tests[index]!.pValue));
    adjusted[index] = running;
  });
  return tests.map((test, i) => ({ ...test, adjusted: adjusted[i]!, rejected: adjusted[i]! <= level }));
}
