import { figureDefinition } from '../layout/layOut.js';
import { distancePlan, type DistanceLine } from '../paper/distanceRates.js';
import type { SweepComparison, SweepGroup, SweepResult, SweepRow } from '../sweepResult.js';
import { provenance } from '../text.js';
import { firstOf, fixedText, lawNames, mostSettings, rowsOf, settingOf } from './sweepParts.js';

const drawn = ['law', 'weights', 'applicable', 'estimate'] as const;

function linesOf(results: SweepResult, group: SweepGroup): DistanceLine[] {
  const rows = rowsOf(results, group);
  return drawn.flatMap((name, slot) => {
    const used = rows.filter((row) => (row[name] ?? []).length > 0);
    const comparison = group.comparisons.find((candidate) => candidate.name === name);
    return used.length < 2 ? [] : [lineOf(used, name, slot, { results, group, comparison })];
  });
}

function lineOf(
  rows: readonly SweepRow[],
  name: (typeof drawn)[number],
  slot: number,
  {
    results,
    group,
    comparison,
  }: { readonly results: SweepResult; readonly group: SweepGroup; readonly comparison: SweepComparison | undefined },
): DistanceLine {
  const { exponent = null, predictedExponent = null } = comparison ?? {};
  const label = fixedText(group);
  return {
    ...settingOf(results, group),
    ...(label === '' ? {} : { label }),
    distance: 'Kolmogorov',
    name: lawNames[name],
    slot,
    dimensions: rows.map((row) => row.values['d']!),
    medians: rows.map((row) => median(row[name])),
    replicates: rows.map((row) => row[name]),
    ...(exponent === null || predictedExponent === null
      ? {}
      : {
          rate: {
            exponent: exponent.value,
            interval: { lower: exponent.lower, upper: exponent.upper, level: 0.95 },
            expected: predictedExponent,
            logCorrection: name !== 'law',
          },
        }),
  };
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}

export const sweepDistances = figureDefinition<SweepResult>({
  id: 'distance-against-dimension',
  title: 'Distance against d, for each law of the sweep',
  needs: 'two or more values of d, and laws to compare with (compare: [law, weights])',
  plan: (results) => {
    const groups = results.summary.groups.filter((group) => linesOf(results, group).length > 0);
    const shown = groups.slice(0, mostSettings);
    return distancePlan(
      'distance-against-dimension',
      shown.flatMap((group) => linesOf(results, group)),
      { judged: '', source: provenance(results), remark: firstOf(shown.length, groups.length, 'settings') },
    );
  },
});
