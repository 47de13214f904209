/** A head beside its Gaussian equivalents, on the page. */
import type { HeadResult } from '../../figures/headResult.js';
import { escapeHtml } from '../../figures/render/markup.js';
import { formatNumber } from '../../figures/text.js';
import { table } from './table.js';

/** Empty where no equivalent was asked for. */
export function equivalentTables({ equivalent }: HeadResult): string {
  if (equivalent === null) return '';
  const { positions, draws, isNormalised, jointPValue, independentPValue, blocks, powers } = equivalent;
  const over = (value: number, median: number): string => escapeHtml(formatNumber(value / median, 3));
  const about = `${draws} draws of normal features with the mean and covariance of these at ${positions} positions, one of each group${isNormalised ? ', normalised as these are' : ''}. Joint: through the same V, with predictions of their own (p = ${formatNumber(jointPValue, 2)}). Independent: with the weights of the given features, which depend on v·h, so that this one is not to be trusted (p = ${formatNumber(independentPValue, 2)}; not judged).`;
  const number = (head: string) => ({ head, kind: 'number' }) as const;
  const eigenvalues = table({
    label: 'Eigenvalues of diagonal blocks over the median of the draws',
    columns: [
      { head: 'token of rank', kind: 'name' },
      number('mean, joint'),
      number('second largest, joint'),
      number('largest, joint'),
      number('largest, independent'),
    ],
    rows: blocks.map(({ rank, given, joint, independent }) => ({
      cells: [
        String(rank),
        over(given.mean, joint.mean),
        over(given.second, joint.second),
        over(given.largest, joint.largest),
        over(given.largest, independent.largest),
      ],
    })),
  });
  const seen =
    powers.length === 0
      ? ''
      : table({
          label: 'Power against features of another kind',
          columns: [{ head: 'against', kind: 'name' }, number('power'), number('95 % interval'), number('draws')],
          rows: powers.map(({ against, power, interval: [low, high], draws: count }) => ({
            cells: [
              escapeHtml(against),
              formatNumber(power, 2),
              escapeHtml(`${low.toFixed(2)} … ${high.toFixed(2)}`),
              String(count),
            ],
          })),
        });
  return `<p class="statement">${escapeHtml(about)}</p>${eigenvalues}${seen}`;
}
