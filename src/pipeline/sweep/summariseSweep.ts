/**
 * From the draws of a sweep to verdicts: rates across d, calibrated tests at each point, one Holm correction over all
 * of them.
 */
import { mean, sampleStandardDeviation } from 'simple-statistics';
import {
  holm,
  laneTest,
  powerOfMeanTest,
  requiredReplicates,
  verdictOf,
  type Verdict,
} from '../../../simulations/comparisons/index.js';
import { couplingVerdict, effectOfWrongLaw, ratioOf } from './statistics.js';
import type { LawDistances } from '../../draws/sweep/contract.js';
import type { SweepBlockResult, SweepTaskResult } from '../../draws/sweep/contract.js';
import { distanceRate, rateRules } from './distanceRate.js';
import { judgeLaw } from './verdict.js';
import type {
  SweepRow,
  SweepComparison,
  LawEstimate,
  LawPower,
  SweepGroup,
  SweepSummary,
} from '../../../figures/sweepResult.js';

const noEvidence = {
  exponent: null,
  predictedExponent: null,
  inTheLimit: null,
  rejectedAtTheseSizes: null,
  smallestAdjustedPValue: null,
  power: null,
} as const;

/** One row for each point and block, from the results of its draws. */
export function sweepRow(
  point: number,
  values: Readonly<Record<string, number>>,
  results: readonly SweepTaskResult[],
  index: number,
): SweepRow {
  const blocks = results.map((result) => result.blocks[index]!);
  const first = blocks[0]!;
  const numbers = (pick: (block: SweepBlockResult) => number | undefined) =>
    blocks.map(pick).filter((value) => value !== undefined);
  const lanesOf = (pick: (block: SweepBlockResult) => LawDistances | undefined): LawDistances[] => {
    const lanes = blocks.map(pick).filter((lane) => lane !== undefined);
    return lanes.some((lane) => lane.nulls.length < 2) ? [] : lanes;
  };
  const weights = lanesOf((block) => block.weights);
  const applicable = lanesOf((block) => block.applicable);
  const test = (lanes: readonly LawDistances[]): number | null => {
    if (lanes.length === 0) return null;
    const { fittedPValue } = laneTest({
      observed: lanes.map((lane) => lane.observed),
      nulls: lanes.map((lane) => lane.nulls),
    });
    return Math.min(1, Math.max(0, fittedPValue));
  };
  return {
    point,
    values,
    block: first.block,
    order: first.order,
    applies: first.applies.name,
    reason: first.applies.reason,
    replicates: blocks.length,
    vanishes: blocks.every((block) => block.vanishes),
    law: numbers((block) => block.law),
    weights: numbers((block) => block.weights?.observed),
    applicable: numbers((block) => block.applicable?.observed),
    estimate: numbers((block) => block.estimate),
    squaredNorms: blocks.map((block) => block.squaredNorm),
    shape: first.shape.map((_, k) => blocks.reduce((sum, block) => sum + block.shape[k]! / blocks.length, 0)),
    pWeights: test(weights),
    pApplicable: test(applicable),
    wrongWeights: effectOfWrongLaw(weights),
    wrongApplicable: effectOfWrongLaw(applicable),
    coupling: couplingVerdict(blocks),
  };
}

/** @param lists names whose lists span the grid; groups keep all of them fixed but d. */
export function summariseSweep(rows: readonly SweepRow[], lists: readonly string[], level: number): SweepSummary {
  const keyOf = (row: SweepRow) =>
    JSON.stringify([lists.filter((name) => name !== 'd').map((name) => row.values[name]), row.block]);
  const byKey = new Map<string, SweepRow[]>();
  for (const row of rows) byKey.set(keyOf(row), [...(byKey.get(keyOf(row)) ?? []), row]);
  const tests = rows.flatMap((row) => [
    ...(row.pWeights === null ? [] : [{ id: `${row.point} ${row.block} weights`, pValue: row.pWeights }]),
    ...(row.pApplicable === null ? [] : [{ id: `${row.point} ${row.block} applicable`, pValue: row.pApplicable }]),
  ]);
  const adjusted = new Map(holm(tests, level).map((test) => [test.id, test.adjusted]));
  const groups = [...byKey.values()].map((members): SweepGroup => {
    const sorted = [...members].sort((a, b) => a.values['d']! - b.values['d']!);
    const last = sorted[sorted.length - 1]!;
    const fixed = Object.fromEntries(lists.filter((name) => name !== 'd').map((name) => [name, last.values[name]!]));
    return {
      fixed,
      block: last.block,
      dimensions: sorted.map((row) => row.values['d']!),
      applies: last.applies,
      reason: last.reason,
      comparisons: comparisonsOf(sorted, { adjusted, level, tests: tests.length }),
      estimate: estimateOf(sorted),
    };
  });
  const verdicts = { agree: 0, 'agree in the limit': 0, disagree: 0, undecided: 0 };
  for (const { comparisons } of groups) for (const { verdict } of comparisons) verdicts[verdict]++;
  return { groups, ratios: ratioOf(rows, lists), verdicts };
}

function estimateOf(rows: readonly SweepRow[]): LawEstimate | null {
  const sizes = rows
    .filter((row) => row.estimate.length > 1)
    .map(({ values, estimate, weights }) => ({
      d: values['d']!,
      distance: mean([...estimate]),
      standardError: sampleStandardDeviation([...estimate]) / Math.sqrt(estimate.length),
      gaussian: mean([...weights]),
    }));
  return sizes.length === 0 ? null : { name: 'separable', judged: false, sizes };
}

/** The Holm correction over all calibrated tests of the sweep. */
interface Corrected {
  readonly adjusted: ReadonlyMap<string, number>;
  readonly level: number;
  readonly tests: number;
}

function comparisonsOf(rows: readonly SweepRow[], corrected: Corrected): SweepComparison[] {
  if (rows.every((row) => row.vanishes)) {
    return [{ ...noEvidence, name: 'law', verdict: 'agree', reason: 'The block is exactly zero in every draw.' }];
  }
  const out: SweepComparison[] = [];
  for (const name of ['law', 'weights', 'applicable'] as const) {
    if (rows.some((row) => row[name].length > 1)) out.push(lawComparison(name, rows, corrected));
  }
  const checked = rows.filter((row) => row.coupling !== null);
  if (checked.length > 0) {
    const total = checked.reduce((sum, row) => sum + row.coupling!.checked, 0);
    const broken = checked.reduce((sum, row) => sum + row.coupling!.broken, 0);
    out.push({
      ...noEvidence,
      name: 'coupling',
      verdict: broken === 0 ? 'agree' : 'disagree',
      reason: `sup |F_H − F_twin| ≤ 2k/d holds in ${total - broken} of ${total} draws; the largest distance is ${Math.max(...checked.map((row) => row.coupling!.largestShare)).toFixed(2)} of the bound.`,
    });
  }
  if (out.length === 0) out.push(selfConsistency(rows));
  return out;
}

function lawComparison(
  name: 'law' | 'weights' | 'applicable',
  rows: readonly SweepRow[],
  { adjusted, level, tests }: Corrected,
): SweepComparison {
  const usable = rows.filter((row) => row[name].length > 1 && row[name].every((value) => value > 0));
  const rate = distanceRate(
    usable.map((row) => row.values['d']!),
    usable.map((row) => row[name]),
    rateRules[name],
  );
  const pValue =
    name === 'law' ? null : Math.min(...rows.map((row) => adjusted.get(`${row.point} ${row.block} ${name}`) ?? 1));
  // Holm at its strictest: the level shared out over all tests.
  const power = powerAgainstWrongLaw(name, rows, level / tests);
  return {
    name,
    ...judgeLaw({
      ...(pValue === null
        ? {}
        : { test: { verdict: testVerdict(name, pValue, level, power), adjusted: pValue, power } }),
      rate,
      logCorrection: rateRules[name].logCorrection,
      distance: mean([...rows.findLast((row) => row[name].length > 1)![name]]),
    }),
    exponent:
      rate === undefined
        ? null
        : { value: rate.fit.exponent, lower: rate.fit.interval[0], upper: rate.fit.interval[1] },
    predictedExponent: rateRules[name].predicted,
    inTheLimit: rate?.verdict ?? null,
    rejectedAtTheseSizes: pValue === null ? null : pValue <= level,
    smallestAdjustedPValue: pValue,
    power: power ?? null,
  };
}

/** By the rule of every claim; a test whose power is not known has none. */
function testVerdict(name: string, adjusted: number, level: number, power: LawPower | undefined): Verdict {
  const { alternative = 'any wrong law', probability = 0, replicatesNeeded = null } = power ?? {};
  return verdictOf({
    tests: [{ id: name, adjusted, rejected: adjusted <= level }],
    level,
    powers: [{ alternative, power: probability, replicatesNeeded: replicatesNeeded ?? Infinity }],
  }).verdict;
}

/** At the point where it is largest. */
function powerAgainstWrongLaw(
  name: SweepComparison['name'],
  rows: readonly SweepRow[],
  level: number,
): LawPower | undefined {
  const powers = rows.flatMap((row): LawPower[] => {
    const effect = name === 'weights' ? row.wrongWeights : name === 'applicable' ? row.wrongApplicable : null;
    if (effect === null) return [];
    const power = (replicates: number) => powerOfMeanTest({ ...effect, replicates, level });
    const needed = effect.effect > 0 ? requiredReplicates({ power }) : Infinity;
    return [
      {
        alternative: 'aspect ratio 5 % too large',
        probability: power(row.replicates),
        replicatesNeeded: Number.isFinite(needed) ? needed : null,
      },
    ];
  });
  return powers.length === 0
    ? undefined
    : powers.reduce((best, power) => (power.probability > best.probability ? power : best));
}

/** Without a law: do spectra of different sizes look alike? Says how much they differ, and decides nothing. */
function selfConsistency(rows: readonly SweepRow[]): SweepComparison {
  const base = { ...noEvidence, name: 'draws', verdict: 'undecided' } as const;
  if (rows.length < 2)
    return {
      ...base,
      reason: 'No law is known here, and one size alone cannot be compared with itself: give at least two values of d.',
    };
  const [before, last] = [rows[rows.length - 2]!, rows[rows.length - 1]!];
  const gap = Math.max(...last.shape.map((value, k) => Math.abs(value - before.shape[k]!)));
  return {
    ...base,
    reason: `No law is known here. Draws against draws: from d = ${before.values['d']} to ${last.values['d']} the mean quantiles, in units of the root mean square eigenvalue, move by at most ${gap.toPrecision(2)}.`,
  };
}
