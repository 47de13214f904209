import { escapeHtml } from '../../figures/render/markup.js';
import type { RunResults, VerdictWord } from '../../figures/results.js';
import { counted } from '../../figures/text.js';
import { badge } from './badge.js';
import { measuredHead, measuredHtml, predictedHtml } from './measured.js';
import { table } from './table.js';
import { typeset } from './typeset.js';

/** "5 of 6 claims agree with the draws; 1 is undecided." */
export function tally({ claims }: RunResults): string {
  const count = (verdict: VerdictWord): number => claims.filter((claim) => claim.verdict === verdict).length;
  const [agree, disagree, undecided] = [count('agree'), count('disagree'), count('undecided')];
  const parts = [
    `${agree} of ${counted(claims.length, 'claim')} ${claims.length === 1 ? 'agrees' : 'agree'} with the draws`,
    ...(disagree > 0 ? [`${disagree} ${disagree === 1 ? 'disagrees' : 'disagree'}`] : []),
    ...(undecided > 0 ? [`${undecided} ${undecided === 1 ? 'is' : 'are'} undecided`] : []),
  ];
  return `${parts.join('; ')}.`;
}

/** One row a claim: verdict, and its first number beside the prediction. */
export function summaryTable({ claims }: RunResults): string {
  return table({
    label: 'Summary of all claims',
    columns: [
      { head: 'claim', kind: 'name' },
      { head: 'verdict', kind: 'word' },
      { head: 'predicted', kind: 'number' },
      { head: measuredHead(claims.map(({ interval }) => interval)), kind: 'number' },
    ],
    rows: claims.map((claim) => ({
      cells: [
        `<a href="#claim-${escapeHtml(claim.id)}">${escapeHtml(claim.title)}</a><span class="small">${typeset(claim.quantity ?? '')}</span>`,
        badge(claim.verdict),
        predictedHtml(claim),
        measuredHtml(claim),
      ],
    })),
  });
}
