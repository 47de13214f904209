import type { MarkWord, VerdictWord } from '../../figures/results.js';

/** A verdict, or a mark, in its colour; several of the same with their number. */
export const badge = (word: VerdictWord | MarkWord, count?: number): string =>
  `<span class="verdict ${word}">${count === undefined ? '' : `${count} `}${word}</span>`;
