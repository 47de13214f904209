/** From the draws of a sweep to verdicts: rates across d, calibrated tests at each point, one Holm correction over all of them. */
import { couplingVerdict, ratioOf, type RatioSummary } from './sweepStatistics.js';
import { fitExponent, holm, laneTest, type ExponentFit } from '../../simulations/comparisons/index.js';
import type { SweepBlockResult, SweepTaskResult } from './sweepTask.js';

export type SweepVerdict = 'agree' | 'disagree' | 'undecided';

export interface SweepRow {
  readonly point: number;
  readonly values: Readonly<Record<string, number>>;
  readonly block: string;
  readonly order: number;
  readonly applies: string;
  readonly reason: string;
  readonly replicates: number;
  readonly vanishes: boolean;
  /** One number a draw: kept, so that shards can be merged and exponents fitted. */
  readonly law: readonly number[];
  readonly weights: readonly number[];
  readonly applicable: readonly number[];
  readonly squaredNorms: readonly number[];
  /** Mean quantiles of the spectrum in units of its root mean square. */
  readonly shape: readonly number[];
  readonly pWeights: number | null;
  readonly pApplicable: number | null;
  readonly coupling: { readonly checked: number; readonly broken: number; readonly largestShare: number } | null;
}

export interface SweepComparison {
  readonly name: 'law' | 'weights' | 'applicable' | 'coupling' | 'draws';
  readonly verdict: SweepVerdict;
  readonly reason: string;
  readonly exponent: { readonly value: number; readonly lower: number; readonly upper: number } | null;
  readonly predictedExponent: number | null;
  readonly smallestAdjustedPValue: number | null;
}

/** Points that differ in d alone (and what the rules make of it), for one block. */
export interface SweepGroup {
  /** Values of the lists other than d's. */
  readonly fixed: Readonly<Record<string, number>>;
  readonly block: string;
  readonly dimensions: readonly number[];
  readonly applies: string;
  readonly reason: string;
  readonly comparisons: readonly SweepComparison[];
}

export interface SweepSummary {
  readonly groups: readonly SweepGroup[];
  readonly ratios: readonly RatioSummary[];
  readonly verdicts: Readonly<Record<SweepVerdict, number>>;
}

/** Rates between: a distance that falls at least this fast is taken to vanish, one that surely falls slower is not. */
const LAW_RATE = { predicted: -0.5, least: -0.25 };
const WEIGHTS_RATE = { predicted: -1, least: -0.6 };

/** One row for each point and block, from the results of its draws. */
export function sweepRow(point: number, values: Readonly<Record<string, number>>, results: readonly SweepTaskResult[], index: number): SweepRow {
  const blocks = results.map((result) => result.blocks[index]!);
  const first = blocks[0]!;
  const numbers = (pick: (block: SweepBlockResult) => number | undefined) => blocks.map(pick).filter((value) => value !== undefined);
  const test = (pick: (block: SweepBlockResult) => SweepBlockResult['weights']): number | null => {
    const lanes = blocks.map(pick).filter((lane) => lane !== undefined);
    if (lanes.length === 0 || lanes.some((lane) => lane.nulls.length < 2)) return null;
    const { fittedPValue } = laneTest({ observed: lanes.map((lane) => lane.observed), nulls: lanes.map((lane) => lane.nulls) });
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
    squaredNorms: blocks.map((block) => block.squaredNorm),
    shape: first.shape.map((_, k) => blocks.reduce((sum, block) => sum + block.shape[k]! / blocks.length, 0)),
    pWeights: test((block) => block.weights),
    pApplicable: test((block) => block.applicable),
    coupling: couplingVerdict(blocks),
  };
}

/** @param lists names whose lists span the grid; groups keep all of them fixed but d. */
export function summariseSweep(rows: readonly SweepRow[], lists: readonly string[], level: number): SweepSummary {
  const keyOf = (row: SweepRow) => JSON.stringify([lists.filter((name) => name !== 'd').map((name) => row.values[name]), row.block]);
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
      fixed, block: last.block, dimensions: sorted.map((row) => row.values['d']!), applies: last.applies, reason: last.reason,
      comparisons: comparisonsOf(sorted, adjusted, level),
    };
  });
  const verdicts = { agree: 0, disagree: 0, undecided: 0 };
  for (const { comparisons } of groups) for (const { verdict } of comparisons) verdicts[verdict]++;
  return { groups, ratios: ratioOf(rows, lists), verdicts };
}

function comparisonsOf(rows: readonly SweepRow[], adjusted: ReadonlyMap<string, number>, level: number): SweepComparison[] {
  if (rows.every((row) => row.vanishes)) {
    return [{ name: 'law', verdict: 'agree', reason: 'The block is exactly zero in every draw.', exponent: null, predictedExponent: null, smallestAdjustedPValue: null }];
  }
  const out: SweepComparison[] = [];
  if (rows.some((row) => row.law.length > 1)) out.push(byRate('law', rows, (row) => row.law, LAW_RATE, null, level));
  for (const name of ['weights', 'applicable'] as const) {
    if (!rows.some((row) => row[name].length > 1)) continue;
    const p = Math.min(...rows.map((row) => adjusted.get(`${row.point} ${row.block} ${name}`) ?? 1));
    out.push(byRate(name, rows, (row) => row[name], WEIGHTS_RATE, p, level));
  }
  const checked = rows.filter((row) => row.coupling !== null);
  if (checked.length > 0) {
    const total = checked.reduce((sum, row) => sum + row.coupling!.checked, 0);
    const broken = checked.reduce((sum, row) => sum + row.coupling!.broken, 0);
    out.push({
      name: 'coupling', verdict: broken === 0 ? 'agree' : 'disagree', exponent: null, predictedExponent: null, smallestAdjustedPValue: null,
      reason: `sup |F_H − F_twin| ≤ 2k/d holds in ${total - broken} of ${total} draws; the largest distance is ${Math.max(...checked.map((row) => row.coupling!.largestShare)).toFixed(2)} of the bound.`,
    });
  }
  if (out.length === 0) out.push(selfConsistency(rows));
  return out;
}

/**
 * A law holds when the distance to it vanishes with d. The calibrated test says whether it is already indistinguishable; when it is not, the
 * fitted rate says whether the difference falls with d, whatever its cause, or stays.
 */
function byRate(name: 'law' | 'weights' | 'applicable', rows: readonly SweepRow[], pick: (row: SweepRow) => readonly number[], rate: { predicted: number; least: number }, pValue: number | null, level: number): SweepComparison {
  const usable = rows.filter((row) => pick(row).length > 1 && pick(row).every((value) => value > 0));
  const sizes = new Set(usable.map((row) => row.values['d']));
  const fit = sizes.size < 2 ? undefined : fitExponent({ sizes: usable.map((row) => row.values['d']!), values: usable.map(pick), logCorrection: name !== 'law', confidence: 0.95 });
  const base = { name, predictedExponent: rate.predicted, smallestAdjustedPValue: pValue, exponent: fit === undefined ? null : { value: fit.exponent, lower: fit.interval[0], upper: fit.interval[1] } };
  const words = fit === undefined ? '' : `distance goes like d^${fit.exponent.toFixed(2)}${name === 'law' ? '' : ' (log d divided out)'}, 95 % interval ${interval(fit)}, predicted ${rate.predicted}`;
  const rejected = pValue !== null && pValue <= level;
  if (pValue !== null && !rejected) {
    return { ...base, verdict: 'agree', reason: `Not rejected against fresh draws of the law (adjusted p = ${pValueText(pValue)})${words === '' ? '' : `; ${words}`}.` };
  }
  const rejection = rejected ? `Rejected against fresh draws (adjusted p = ${pValueText(pValue)})` : '';
  if (fit === undefined) return { ...base, verdict: 'undecided', reason: `${rejection || 'No exact null is known'}: at least two values of d would show whether the distance vanishes.` };
  const sentence = rejection === '' ? `The ${words}` : `${rejection}, and the ${words}`;
  if (fit.interval[0] > rate.least) return { ...base, verdict: 'disagree', reason: `${sentence}: it does not vanish.` };
  if (fit.interval[1] < rate.least) return { ...base, verdict: 'agree', reason: `${sentence}: it vanishes.${rejected ? ' At these sizes it is still distinguishable from draws of the law; why is not tested.' : ''}` };
  return { ...base, verdict: 'undecided', reason: `${sentence}: more draws or larger d would decide.` };
}

/** A tail formula underflows to 0 far out, which is no probability. */
function pValueText(pValue: number): string {
  return pValue < 1e-99 ? 'below 1e-99' : pValue.toPrecision(2);
}

function interval(fit: ExponentFit): string {
  return `${fit.interval[0].toFixed(2)} to ${fit.interval[1].toFixed(2)}`;
}

/** Without a law: do spectra of different sizes look alike? Says how much they differ, and decides nothing. */
function selfConsistency(rows: readonly SweepRow[]): SweepComparison {
  const base = { name: 'draws', verdict: 'undecided', exponent: null, predictedExponent: null, smallestAdjustedPValue: null } as const;
  if (rows.length < 2) return { ...base, reason: 'No law is known here, and one size alone cannot be compared with itself: give at least two values of d.' };
  const [before, last] = [rows[rows.length - 2]!, rows[rows.length - 1]!];
  const gap = Math.max(...last.shape.map((value, k) => Math.abs(value - before.shape[k]!)));
  return { ...base, reason: `No law is known here. Draws against draws: from d = ${before.values['d']} to ${last.values['d']} the mean quantiles, in units of the root mean square eigenvalue, move by at most ${gap.toPrecision(2)}.` };
}
