/** A head beside its Gaussian equivalents, for a reader. */
import type { HeadResult } from '../pipeline/head/headResult.js';
import { pValueIs } from '../pipeline/probability.js';
import { ruledTable } from './ruledTable.js';

export function equivalentFacts({ equivalent }: HeadResult): [string, string][] {
  if (equivalent === null) return [];
  const { positions, draws, isNormalised, jointPValue, independentPValue, powers } = equivalent;
  return [
    [
      'Gaussian equivalent',
      `joint, weights of its own: ${pValueIs(jointPValue)}; independent weights, not to be trusted: ${pValueIs(independentPValue)}; ${draws} draws at ${positions} positions, one a group${isNormalised ? ', normalised as the features are' : ''}`,
    ],
    ...powers.map(({ against, power, draws: count, interval: [low, high] }): [string, string] => [
      'power',
      `${Number(power.toFixed(2))} against ${against} (${count} draws${power === 1 ? '' : `; 95 % interval ${low.toFixed(2)} … ${high.toFixed(2)}`})`,
    ]),
  ];
}

export function equivalentTable({ equivalent }: HeadResult, columns: number): string {
  if (equivalent === null) return '';
  const over = (value: number, median: number): string => (value / median).toPrecision(3);
  return ruledTable(
    ['eigenvalue over draws', 'mean, joint', 'second, joint', 'largest, joint', 'independent'],
    equivalent.blocks.map(({ rank, given, joint, independent }) => ({
      cells: [
        `token of rank ${rank}`,
        over(given.mean, joint.mean),
        over(given.second, joint.second),
        over(given.largest, joint.largest),
        over(given.largest, independent.largest),
      ],
      below: '',
    })),
    columns,
  );
}
