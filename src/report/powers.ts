import type { ClaimResult } from '../../figures/results.js';
import { typeset } from './typeset.js';

/** What the tests of a claim would have seen, one sentence for each wrong prediction. */
export function powerList({ powers = [] }: ClaimResult): string {
  if (powers.length === 0) return '';
  const items = powers.map(({ sentence }) => `<li>${typeset(sentence)}</li>`);
  return `<div class="powers"><p>What these tests can see:</p><ul>${items.join('')}</ul></div>`;
}
