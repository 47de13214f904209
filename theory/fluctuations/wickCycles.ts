/**
 * Exact Gaussian moments of products of traces tr(X A^{l₁} Xᵀ X A^{l₂} Xᵀ ⋯), X a d×N matrix of independent standard
 * normals and A = diag(a), by Wick's rule (paper-notes.md, exact moments given the weights).
 *
 * Such a trace is a cycle, the word (l₁, …, l_r); a product of traces is a multiset of cycles. Contracting the first
 * factor X with each of the others in turn splits, shortens or joins cycles, and a closed index gives a factor d or a
 * power sum p_l = Σ_n a_n^l. The recursion is on the number of factors X, so it ends, and equal multisets are computed
 * once.
 */

type Cycle = readonly number[];

export interface WickCycles {
  /** E[Π of the traces in the list]. */
  expectation(cycles: readonly Cycle[]): number;
  /** Cov(Π first, Π second), summed over connecting contractions alone: nothing large is subtracted. */
  covariance(first: readonly Cycle[], second: readonly Cycle[]): number;
}

/** What one contraction leaves: its factor, the cycles that took the place of the contracted ones. */
interface Contraction {
  readonly factor: number;
  readonly cycles: readonly Cycle[];
}

/**
 * @param rows d, the number of rows of X
 * @param powerSums powerSums[l] = Σ_n a_n^l, for l up to the total length of the words asked for (entry 0 is not used)
 */
export function wickCycles(rows: number, powerSums: readonly number[]): WickCycles {
  const expectations = new Map<string, number>();
  const covariances = new Map<string, number>();

  function expectation(cycles: readonly Cycle[]): number {
    if (cycles.length === 0) return 1;
    const sorted = canonical(cycles);
    const key = keyOf(sorted);
    const known = expectations.get(key);
    if (known !== undefined) return known;
    const [first, ...others] = sorted as [Cycle, ...Cycle[]];
    let sum = 0;
    for (const { factor, cycles: left } of within(first, rows, powerSums))
      sum += factor * expectation([...left, ...others]);
    others.forEach((other, index) => {
      const remaining = others.toSpliced(index, 1);
      for (const joined of between(first, other)) sum += expectation([joined, ...remaining]);
    });
    expectations.set(key, sum);
    return sum;
  }

  function covariance(left: readonly Cycle[], right: readonly Cycle[]): number {
    if (left.length === 0 || right.length === 0) return 0;
    const sortedLeft = canonical(left);
    const sortedRight = canonical(right);
    const key = `${keyOf(sortedLeft)}|${keyOf(sortedRight)}`;
    const known = covariances.get(key);
    if (known !== undefined) return known;
    const [first, ...others] = sortedLeft as [Cycle, ...Cycle[]];
    let sum = 0;
    for (const { factor, cycles } of within(first, rows, powerSums))
      sum += factor * covariance([...cycles, ...others], sortedRight);
    others.forEach((other, index) => {
      const remaining = others.toSpliced(index, 1);
      for (const joined of between(first, other)) sum += covariance([joined, ...remaining], sortedRight);
    });
    sortedRight.forEach((other, index) => {
      const remaining = [...others, ...sortedRight.toSpliced(index, 1)];
      for (const joined of between(first, other)) sum += expectation([joined, ...remaining]);
    });
    covariances.set(key, sum);
    return sum;
  }

  return { expectation, covariance };
}

/** Contractions of the first factor of `cycle` with another factor of the same cycle. */
function within(cycle: Cycle, rows: number, powerSums: readonly number[]): Contraction[] {
  const [head, ...rest] = cycle as readonly [number, ...number[]];
  const closed = powerSums[head]!;
  const found: Contraction[] = [
    rest.length === 0 ? { factor: closed * rows, cycles: [] } : { factor: closed, cycles: [rest] },
  ];
  rest.forEach((length, index) => {
    const before = rest.slice(0, index);
    const after = rest.slice(index + 1);
    // With the left factor of the other letter: the part between is traversed forwards, the part beyond backwards.
    found.push({ factor: 1, cycles: [[head + length, ...before, ...after.toReversed()]] });
    // With its right factor: the cycle splits in two; an empty second part is a closed row index.
    const joined = [head + length, ...before];
    found.push(after.length === 0 ? { factor: rows, cycles: [joined] } : { factor: 1, cycles: [joined, after] });
  });
  return found;
}

/** Contractions of the first factor of `cycle` with a factor of `other`: the two become one cycle. */
function between(cycle: Cycle, other: Cycle): Cycle[] {
  const [head, ...rest] = cycle as readonly [number, ...number[]];
  return other.flatMap((length, index) => {
    const onwards = [...other.slice(index + 1), ...other.slice(0, index)];
    return [
      [head + length, ...rest, ...onwards],
      [head + length, ...rest, ...onwards.toReversed()],
    ];
  });
}

/** Cycles up to rotation and reflection (a trace does not change under either), in a fixed order. */
function canonical(cycles: readonly Cycle[]): Cycle[] {
  return cycles.map(smallestTurn).sort(compareWords);
}

function smallestTurn(cycle: Cycle): Cycle {
  let best = cycle;
  for (const word of [cycle, cycle.toReversed()]) {
    for (let start = 0; start < word.length; start++) {
      const turned = [...word.slice(start), ...word.slice(0, start)];
      if (compareWords(turned, best) < 0) best = turned;
    }
  }
  return best;
}

function compareWords(first: Cycle, second: Cycle): number {
  if (first.length !== second.length) return first.length - second.length;
  const index = first.findIndex((length, position) => length !== second[position]);
  return index < 0 ? 0 : first[index]! - second[index]!;
}

function keyOf(cycles: readonly Cycle[]): string {
  return cycles.map((cycle) => cycle.join(',')).join(';');
}
