/**
 * The candidate that is meant by a misspelt word: the only one that begins with it, or else the one that takes the
 * fewest insertions, deletions, replacements and exchanges of neighbouring letters, if at most a third of the letters.
 */
export function nearest(word: string, candidates: readonly string[]): string | undefined {
  const begun = candidates.filter((name) => word.length >= fewestLetters && name.startsWith(word));
  if (begun.length === 1) return begun[0];
  const [best] = candidates.map((name) => ({ name, steps: editSteps(word, name) })).sort((a, b) => a.steps - b.steps);
  return best !== undefined && best.steps <= Math.max(1, word.length / 3) ? best.name : undefined;
}

/** The `count` candidates that take the fewest steps from the word, nearest first. */
export function nearestFew(word: string, candidates: readonly string[], count: number): string[] {
  return candidates
    .map((name) => ({ name, steps: editSteps(word, name) }))
    .sort((a, b) => a.steps - b.steps)
    .slice(0, count)
    .map(({ name }) => name);
}

/** What is shorter could mean anything. */
const fewestLetters = 3;

function editSteps(from: string, to: string): number {
  let before: number[] = [];
  let row = Array.from({ length: to.length + 1 }, (_, j) => j);
  for (let i = 1; i <= from.length; i++) {
    const next = [i];
    for (let j = 1; j <= to.length; j++) {
      const exchanged = from[i - 1] === to[j - 2] && from[i - 2] === to[j - 1] ? before[j - 2]! + 1 : Infinity;
      const replaced = row[j - 1]! + (from[i - 1] === to[j - 1] ? 0 : 1);
      next.push(Math.min(row[j]! + 1, next[j - 1]! + 1, replaced, exchanged));
    }
    [before, row] = [row, next];
  }
  return row[to.length]!;
}
