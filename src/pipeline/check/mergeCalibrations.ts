/**
 * Calibrations of single claims, made in several runs, as the one that would have measured them all: their draws do not
 * depend on each other.
 */
import { isDeepStrictEqual } from 'node:util';
import type { RunResults } from '../../../figures/results.js';
import { UsageError } from '../../../theory/errors.js';
import { claimIds } from '../../claims/index.js';

interface Part {
  readonly source: string;
  readonly results: RunResults & Required<Pick<RunResults, 'calibration'>>;
}

export function isCalibration(results: unknown): boolean {
  return (results as Partial<RunResults> | null)?.kind === 'check' && (results as RunResults).calibration !== undefined;
}

/** Throws UsageError for parts of other settings, and for a claim that two of them hold. */
export function mergeCalibrations(parts: readonly { readonly source: string; readonly result: unknown }[]): RunResults {
  const calibrated = parts.map(({ source, result }): Part => {
    if (!isCalibration(result))
      throw new UsageError(
        `merge: ${source} holds no calibration and ${parts[0]!.source} does. Merge runs of one kind.`,
      );
    return { source, results: result as Part['results'] };
  });
  const first = calibrated[0]!;
  const owners = new Map<string, string>();
  for (const { source, results } of calibrated) {
    for (const name of ['version', 'seed', 'preset', 'settings', 'backend'] as const) {
      if (!isDeepStrictEqual(results[name], first.results[name]))
        throw new UsageError(
          `merge: ${source} and ${first.source} differ in their ${name}. Merge calibrations made in the same way.`,
        );
    }
    for (const claim of claimsOf(results)) {
      const owner = owners.get(claim);
      if (owner !== undefined)
        throw new UsageError(`merge: ${claim} is in ${owner} and in ${source}. Give each claim once.`);
      owners.set(claim, source);
    }
  }
  const order = (claim: string | undefined): number => (claimIds as readonly (string | undefined)[]).indexOf(claim);
  const joined = <Row extends { readonly claim?: string }>(rows: readonly Row[]): Row[] =>
    [...rows].sort((a, b) => order(a.claim) - order(b.claim));
  return {
    ...first.results,
    calibration: {
      level: first.results.calibration.level,
      falseAlarms: joined(calibrated.flatMap(({ results }) => results.calibration.falseAlarms)),
      power: joined(calibrated.flatMap(({ results }) => results.calibration.power)),
    },
  };
}

const claimsOf = ({ calibration }: Part['results']): Set<string> =>
  new Set([...calibration.falseAlarms, ...calibration.power].map(({ claim = '' }) => claim));
