/** Coupling, the reach of the calibrated test, and Frobenius ratios over the draws of a sweep. */
import { layerOfBlock } from '../../../theory/names.js';
import { fitExponent, ratioOfMeans } from '../../../simulations/comparisons/index.js';
import type { SweepRow } from '../../../figures/sweepResult.js';
import type { LawDistances } from '../../draws/sweep/contract.js';
import type { SweepBlockResult } from '../../draws/sweep/contract.js';
import type { WrongLawEffect, RatioSummary } from '../../../figures/sweepResult.js';

export function couplingVerdict(blocks: readonly SweepBlockResult[]): SweepRow['coupling'] {
  const checks = blocks.map((block) => block.coupling).filter((check) => check !== undefined);
  if (checks.length === 0) return null;
  return {
    checked: checks.length,
    broken: checks.filter((check) => !check.holds).length,
    largestShare: Math.max(...checks.map((check) => check.distance / check.bound)),
  };
}

/**
 * What a wrong law does to the statistic of a lane test, the sum of distances over draws, measured on the null draws
 * themselves: their distances to the wrong law against those to the right one. Deviations are taken within each lane,
 * as the test does. Null without lanes.
 */
export function effectOfWrongLaw(lanes: readonly LawDistances[]): WrongLawEffect | null {
  if (lanes.length === 0) return null;
  const centred = (values: readonly number[]) =>
    values.map((value) => (value - mean(values)) ** 2 / (values.length - 1));
  const deviation = (pick: (lane: LawDistances) => readonly number[]) =>
    Math.sqrt(mean(lanes.map((lane) => centred(pick(lane)).reduce((sum, value) => sum + value, 0))));
  const shift = mean(lanes.map((lane) => mean(lane.wrong) - mean(lane.nulls)));
  const scale = deviation((lane) => lane.nulls);
  return scale > 0 ? { effect: shift / scale, spread: deviation((lane) => lane.wrong) / scale } : null;
}

/** Ratios of mean squared norms, off-diagonal over diagonal, with the standard error over draws, and exponents. */
export function ratioOf(rows: readonly SweepRow[], lists: readonly string[]): RatioSummary[] {
  const out: RatioSummary[] = [];
  for (const layer of new Set(rows.map(({ block }) => layerOfBlock(block).layer))) {
    const groups = new Map<
      string,
      { fixed: Record<string, number>; members: { row: SweepRow; diagonal: SweepRow }[] }
    >();
    for (const row of rows.filter((candidate) => candidate.block === `${layer}-off-diagonal`)) {
      const diagonal = rows.find(
        (candidate) => candidate.point === row.point && candidate.block === `${layer}-diagonal`,
      );
      if (diagonal === undefined || row.vanishes) continue;
      const varied = row.values['C'] !== undefined && lists.includes('C') ? ['d', 'C'] : ['d'];
      const fixed = Object.fromEntries(
        lists.filter((name) => !varied.includes(name)).map((name) => [name, row.values[name]!]),
      );
      const key = JSON.stringify(fixed);
      const group = groups.get(key) ?? { fixed, members: [] };
      group.members.push({ row, diagonal });
      groups.set(key, group);
    }
    for (const { fixed, members } of groups.values()) out.push(summary(layer, fixed, members));
  }
  return out;
}

function summary(
  layer: string,
  fixed: Record<string, number>,
  members: readonly { row: SweepRow; diagonal: SweepRow }[],
): RatioSummary {
  const rows = members.map(({ row, diagonal }) => {
    const { ratio, standardError } = ratioOfMeans(row.squaredNorms, diagonal.squaredNorms);
    return { point: row.point, d: row.values['d']!, C: row.values['C']!, ratio, standardError };
  });
  const distinct = (key: 'C' | 'd') => new Set(rows.map((row) => row[key])).size > 1;
  const against = distinct('C') ? 'C' : distinct('d') ? 'd' : undefined;
  const values = members.map(({ row, diagonal }) =>
    row.squaredNorms.map((norm, r) => norm / diagonal.squaredNorms[r]!),
  );
  if (against === undefined || values.some((list) => list.some((value) => !(value > 0))))
    return { layer, fixed, rows, exponent: null };
  const fit = fitExponent({ sizes: rows.map((row) => row[against]), values });
  return {
    layer,
    fixed,
    rows,
    exponent: { against, value: fit.exponent, lower: fit.interval[0], upper: fit.interval[1] },
  };
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
