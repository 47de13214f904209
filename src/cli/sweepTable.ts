/** The outcome of a sweep for a reader: one paragraph for each block and setting, then the ratios. */
import type { LawEstimate, SweepResult } from '../../figures/sweepResult.js';
import { rejectionsOf } from '../pipeline/sweep/verdict.js';
import { exact, keyValues, numberTable } from './numberTable.js';
import { counted } from '../pipeline/counted.js';
import { wrapped } from './wrapped.js';

export function sweepTable(result: SweepResult, columns: number): string {
  const parts: string[] = [
    `${result.title}: ${counted(result.points, 'grid point')}, seed ${result.seed}, level ${result.level}\n`,
  ];
  for (const { block, fixed, dimensions, reason, comparisons, estimate } of result.summary.groups) {
    const setting = Object.entries(fixed)
      .map(([name, value]) => `, ${name} = ${exact(value)}`)
      .join('');
    parts.push(`\n${block}${setting}, d = ${dimensions.join(', ')}\n`);
    parts.push(
      keyValues(
        [
          ['  law', reason],
          ...comparisons.map((comparison): [string, string] => [
            `  ${labels[comparison.name]}`,
            `${comparison.verdict.toUpperCase()}  ${comparison.reason}`,
          ]),
          ...(estimate ? [['  estimate', estimateText(estimate)] as [string, string]] : []),
        ],
        columns,
      ),
    );
  }
  for (const { layer, fixed, rows, exponent } of result.summary.ratios) {
    const setting = Object.entries(fixed)
      .map(([name, value]) => `, ${name} = ${exact(value)}`)
      .join('');
    parts.push(`\nsquared Frobenius ratio, ${layer} layer${setting}\n`);
    parts.push(
      numberTable(
        ['d', 'C', 'ratio', 'standard error'],
        rows.map((row) => [row.d, row.C, Number(row.ratio.toPrecision(5)), Number(row.standardError.toPrecision(2))]),
      ),
    );
    if (exponent !== null)
      parts.push(
        `The typical ratio goes like ${exponent.against}^${exponent.value.toFixed(2)}, 95 % interval ${exponent.lower.toFixed(2)} to ${exponent.upper.toFixed(2)}\n`,
      );
  }
  parts.push(`\n${wrapped(closing(result.summary), columns)}\n`);
  return parts.join('');
}

function estimateText({ sizes }: LawEstimate): string {
  const distances = sizes.map(
    ({ d, distance, standardError, gaussian }) =>
      `${distance.toPrecision(2)} ± ${standardError.toPrecision(1)} at d = ${d} (law of Gaussian inputs given weights ${gaussian.toPrecision(2)})`,
  );
  return `NOT JUDGED  Separable law of the covariance of the data and the drawn weights: mean distance ${distances.join(', ')}. It leaves out all else that the data are: classes, tails, and how the weights follow x.`;
}

/** What the exit code says stands beside the counts. */
function closing({ verdicts }: SweepResult['summary']): string {
  const counts = Object.entries(verdicts).map(([verdict, count]) => `${count} ${verdict}`);
  const rejected = rejectionsOf(verdicts);
  const atTheseSizes = verdicts['agree in the limit'];
  const which =
    rejected === 0
      ? 'nothing rejected'
      : `${rejected} rejected${atTheseSizes === 0 ? '' : `, ${atTheseSizes === rejected ? '' : `${atTheseSizes} of them `}at these sizes alone`}`;
  return `${counts.join(', ')} (${which})`;
}

const labels = {
  law: 'limit law',
  weights: 'given weights',
  applicable: 'law that applies',
  coupling: 'coupling',
  draws: 'draws',
} as const;
