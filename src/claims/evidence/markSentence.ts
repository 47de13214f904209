/** From drawn numbers to the mark of a sentence of the paper. */
import type { ConfidenceInterval, Ground, MarkWord, PaperSentence } from '../../../figures/results.js';
import type { StatedSentence } from '../paperSentences.js';

/** A number with its interval, and the range in which the sentence says that it lies. */
export interface Assertion {
  readonly quantity: string;
  readonly measured: number | null;
  readonly interval: ConfidenceInterval | null;
  /** Absent ends are open. */
  readonly lower?: number;
  readonly upper?: number;
}

/**
 * The one rule. A ground is `supported` when its whole interval lies in the range, ends included, `refuted` when none of
 * it does, else `undecided`: an interval that reaches across an end, or none. A sentence is refuted by one ground,
 * supported by all; without any ground nothing was drawn that tells.
 */
export function markSentence(stated: StatedSentence, setUp: string, assertions: readonly Assertion[]): PaperSentence {
  const grounds = assertions.map(groundOf);
  return { ...stated, mark: markOfAll(grounds), setUp, grounds };
}

function groundOf({ quantity, measured, interval, lower = -Infinity, upper = Infinity }: Assertion): Ground {
  const end = (value: number): number | null => (Number.isFinite(value) ? value : null);
  return {
    quantity,
    measured,
    interval,
    range: { lower: end(lower), upper: end(upper) },
    said: rangeText({ lower: end(lower), upper: end(upper) }),
    mark: markOf(interval, lower, upper),
  };
}

/** "at most 0", "at least 0.9", "from −1.5 to −0.5". */
function rangeText({ lower, upper }: Ground['range']): string {
  if (lower === null) return upper === null ? 'anything' : `at most ${upper}`;
  return upper === null ? `at least ${lower}` : `from ${lower} to ${upper}`;
}

function markOf(interval: ConfidenceInterval | null, lower: number, upper: number): MarkWord {
  if (interval === null) return 'undecided';
  if (interval.lower >= lower && interval.upper <= upper) return 'supported';
  return interval.upper < lower || interval.lower > upper ? 'refuted' : 'undecided';
}

function markOfAll(grounds: readonly Ground[]): MarkWord {
  const marks = grounds.map(({ mark }) => mark);
  if (marks.includes('refuted')) return 'refuted';
  return marks.length > 0 && marks.every((mark) => mark === 'supported') ? 'supported' : 'undecided';
}
