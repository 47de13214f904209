/** When a training is looked at, from what a person writes. */
export type Marks = number | string | readonly number[];

/** A rule that marks break, and what to do. */
export interface MarksComplaint {
  readonly problem: string;
  readonly remedy: string;
}

const example = 'Write shares such as 0,25,50,75,100%, steps such as 0,10,100, or a number of marks.';
/** Of one training. */
const mostMarks = 1000;

/**
 * Steps, ascending, each once. A text that ends in % lists shares of `steps`, one with a comma lists steps, as an array
 * does; a number k alone means k marks, evenly spaced, the first at 0 and the last at the end. Shares that round to one
 * step are one mark.
 */
export function marksOf(marks: Marks, steps: number): readonly number[] | MarksComplaint {
  const listed = typeof marks === 'string' && !/^\s*\d+\s*$/.test(marks) ? listedIn(marks, steps) : marks;
  if (listed === undefined)
    return {
      problem: `marks must be a list of steps, of shares in %, or a number, got ${JSON.stringify(marks)}`,
      remedy: example,
    };
  const all = Array.isArray(listed) ? (listed as readonly number[]) : evenly(Number(listed), steps);
  const wrong = all.find((mark) => !(Number.isSafeInteger(mark) && mark >= 0 && mark <= steps));
  if (wrong !== undefined)
    return {
      problem: `a mark must be a step from 0 to ${steps}, got ${wrong}`,
      remedy: `${example} Or raise the steps.`,
    };
  const distinct = [...new Set(all)].sort((a, b) => a - b);
  if (distinct.length === 0 || distinct.length > mostMarks)
    return { problem: `there must be from 1 to ${mostMarks} marks, got ${distinct.length}`, remedy: example };
  return distinct;
}

/** Undefined for a text that lists neither. */
function listedIn(text: string, steps: number): readonly number[] | undefined {
  const isShares = text.trim().endsWith('%');
  const numbers = text.split(',').map((entry) => entry.trim().replace(/%$/, '').trim());
  if (numbers.some((entry) => !/^\d+(\.\d+)?$/.test(entry))) return undefined;
  return numbers.map((entry) => (isShares ? Math.round((Number(entry) * steps) / 100) : Number(entry)));
}

function evenly(count: number, steps: number): readonly number[] {
  if (count <= 1) return count === 1 ? [steps] : [];
  // No more than there are steps, so that a large number costs nothing.
  const kept = Math.min(count, mostMarks + 1);
  return Array.from({ length: kept }, (_, k) => Math.round((k * steps) / (kept - 1)));
}
