import { UsageError } from '../../theory/errors.js';
import type { Interval } from '../../theory/contracts.js';
import type { RandomStream } from '../../simulations/contracts.js';
import { clopperPearsonInterval } from '../../simulations/comparisons/distributions/binomial.js';

export interface RejectionRate {
  readonly rejections: number;
  readonly runs: number;
  readonly rate: number;
  /** Clopper–Pearson, at `confidence`. */
  readonly interval: Interval;
  readonly confidence: number;
  readonly level: number;
  readonly pValues: Float64Array;
}

export interface CalibrationSettings {
  /** One complete run of a test, from nothing but its stream. */
  readonly test: (stream: RandomStream) => number;
  /** The stream of run number i, so that any run can be repeated alone. */
  readonly stream: (run: number) => RandomStream;
  readonly runs: number;
  readonly level: number;
  readonly confidence?: number;
}

function rejectionRate(
  caller: string,
  { test, stream, runs, level, confidence = 0.95 }: CalibrationSettings,
): RejectionRate {
  if (!Number.isInteger(runs) || runs < 1)
    throw new UsageError(`${caller}: runs must be a positive integer, got ${runs}`);
  if (!(level > 0 && level < 1)) throw new UsageError(`${caller}: level must lie in (0, 1), got ${level}`);
  const pValues = new Float64Array(runs);
  let rejections = 0;
  for (let run = 0; run < runs; run++) {
    const pValue = test(stream(run));
    if (!(pValue >= 0 && pValue <= 1))
      throw new UsageError(`${caller}: the test must give a p-value in [0, 1], run ${run} gave ${pValue}`);
    pValues[run] = pValue;
    if (pValue <= level) rejections++;
  }
  return {
    rejections,
    runs,
    rate: rejections / runs,
    interval: clopperPearsonInterval(rejections, runs, confidence),
    confidence,
    level,
    pValues,
  };
}

/**
 * How often a test rejects what is true. `holds` says that the binomial interval contains the level or lies below it.
 */
export function measureFalseAlarmRate(settings: CalibrationSettings): RejectionRate & { readonly holds: boolean } {
  const measured = rejectionRate('measureFalseAlarmRate', settings);
  return { ...measured, holds: measured.interval[0] <= measured.level };
}

/** How often a test rejects what is false. */
export function measurePower(settings: CalibrationSettings): RejectionRate {
  return rejectionRate('measurePower', settings);
}
