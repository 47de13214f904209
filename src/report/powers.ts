import type { ClaimResult } from '../../figures/results.js';
import { typeset } from './typeset.js';

/** Above so many the likeliest to be missed stand in view, the others in a fold. */
const [mostInView, inView] = [6, 4];

/** What the tests of a claim would have seen, one sentence for each wrong prediction. */
export function powerList({ powers = [] }: ClaimResult): string {
  if (powers.length === 0) return '';
  const items = (some: readonly { readonly sentence: string }[]): string =>
    `<ul>${some.map(({ sentence }) => `<li>${typeset(sentence)}</li>`).join('')}</ul>`;
  const title = '<p>What these tests can see:</p>';
  if (powers.length <= mostInView) return `<div class="powers">${title}${items(powers)}</div>`;
  // Where none would do, none is stated.
  const enough = ({ drawsNeeded }: { readonly drawsNeeded: number | null }): number => drawsNeeded ?? Infinity;
  const hardest = [...powers].sort((a, b) => a.power - b.power || enough(b) - enough(a));
  const [first, rest] = [hardest.slice(0, inView), hardest.slice(inView)];
  const summary = `<summary>${rest.length} more, each seen with no less probability</summary>`;
  return `<div class="powers">${title}${items(first)}<details>${summary}${items(rest)}</details></div>`;
}
