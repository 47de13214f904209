/** How to read a report, for who has not read the documentation. */
import { decisivePower } from '../../theory/names.js';
import { fold } from './fold.js';

const terms: readonly (readonly [string, string])[] = [
  [
    'agree',
    'No test of the claim is rejected, every exact statement holds, and the same tests would have seen each wrong prediction that is named below the verdict.',
  ],
  [
    'undecided',
    `Nothing is rejected, but the draws are too few to have seen such an error with probability ${decisivePower}, or the run did not end.`,
  ],
  ['disagree', 'A test is rejected, or an exact statement fails.'],
  [
    'would be seen; would do; smallest seen',
    `The probability with which one of the tests would reject, were the prediction wrong by the amount that is named; the number of draws that make it ${decisivePower}; and the smallest such error for which it is ${decisivePower} with the draws that were made.`,
  ],
  [
    'p, Holm',
    'The p-value of a test after the correction for all tests of the run: together they reject a true claim with the probability that stands beside the tests, at most.',
  ],
  ['interval', 'Of the measured number, at the rate that the head of its column names.'],
  ['shown, not judged', 'No test rests on the number.'],
  ['void', 'Computed as if eigenvalues were independent draws, which they are not: no evidence, whatever it is.'],
];

/** In one line. */
export const agreement =
  'Agree: no test rejects, and the tests would have seen each wrong prediction that is named with the claim.';

export const readingGuide = (): string =>
  fold(
    'How to read this report',
    `<dl class="guide">${terms.map(([term, meaning]) => `<dt>${term}</dt><dd>${meaning}</dd>`).join('')}</dl>`,
    { className: 'guide' },
  );
