/**
 * Exact Gaussian moments of products of traces tr(X A^{l₁} Xᵀ X A^{l₂} Xᵀ ⋯), X a d×N matrix of independent standard
 * normals and A = diag(a), by Wick's rule (paper-notes.md, exact moments given the weights).
 *
 * Such a trace is a cycle, the word (l₁, …, l_r); a product of traces is a multiset of cycles. Contracting the first
 * factor X with each of the others in turn splits, shortens or joins cycles, and a closed index gives a factor d or a
 * power sum p_l = Σ_n a_n^l. The recursion is on the number of factors X, so it ends. What it leads to depends neither on d nor
 * on the weights: it is worked out once for a multiset, and a law puts in its numbers.
 */

type Cycle = readonly number[];

export interface WickCycles {
  /** E[Π of the traces in the list]. */
  expectation(cycles: readonly Cycle[]): number;
  /** Cov(Π first, Π second), summed over connecting contractions alone: nothing large is subtracted. */
  covariance(first: readonly Cycle[], second: readonly Cycle[]): number;
}

/** The indices that a contraction closes: d if `rows`, p_l if `closed` is a length l. */
interface Factor {
  readonly rows: boolean;
  readonly closed: number | undefined;
}

/** What one contraction leaves: its factor, the cycles that took the place of the contracted ones. */
interface Contraction extends Factor {
  readonly cycles: readonly Cycle[];
}

/** An expectation or covariance as a sum of simpler ones. */
type Expansion = readonly (Factor & { readonly of: Expansion })[];

const nothing: Expansion = [];
/** Of no cycles: told from an empty sum by being this one. */
const unit: Expansion = [];
const open: Factor = { rows: false, closed: undefined };

const expansions = new Map<string, Expansion>();

function remembered(key: string, expand: () => Expansion): Expansion {
  const known = expansions.get(key) ?? expand();
  expansions.set(key, known);
  return known;
}

function expectationOf(cycles: readonly Cycle[]): Expansion {
  if (cycles.length === 0) return unit;
  const sorted = canonical(cycles);
  return remembered(keyOf(sorted), () => {
    const [first, ...others] = sorted as [Cycle, ...Cycle[]];
    return [
      ...within(first).map(({ cycles: left, ...factor }) => ({ ...factor, of: expectationOf([...left, ...others]) })),
      ...joinedTo(first, others, (joined, remaining) => expectationOf([joined, ...remaining])),
    ];
  });
}

function covarianceOf(left: readonly Cycle[], right: readonly Cycle[]): Expansion {
  if (left.length === 0 || right.length === 0) return nothing;
  const sortedLeft = canonical(left);
  const sortedRight = canonical(right);
  return remembered(`${keyOf(sortedLeft)}|${keyOf(sortedRight)}`, () => {
    const [first, ...others] = sortedLeft as [Cycle, ...Cycle[]];
    return [
      ...within(first).map(({ cycles, ...factor }) => ({
        ...factor,
        of: covarianceOf([...cycles, ...others], sortedRight),
      })),
      ...joinedTo(first, others, (joined, remaining) => covarianceOf([joined, ...remaining], sortedRight)),
      ...joinedTo(first, sortedRight, (joined, remaining) => expectationOf([joined, ...others, ...remaining])),
    ];
  });
}

/** Contractions of the first factor of `first` with the factors of the others in turn. */
function joinedTo(
  first: Cycle,
  others: readonly Cycle[],
  expand: (joined: Cycle, remaining: readonly Cycle[]) => Expansion,
): Expansion {
  return others.flatMap((other, index) =>
    between(first, other).map((joined) => ({ ...open, of: expand(joined, others.toSpliced(index, 1)) })),
  );
}

/**
 * @param rows d, the number of rows of X
 * @param powerSums powerSums[l] = Σ_n a_n^l, for l up to the total length of the words asked for (entry 0 is not used)
 */
export function wickCycles(rows: number, powerSums: readonly number[]): WickCycles {
  const values = new Map<Expansion, number>([[unit, 1]]);

  function value(expansion: Expansion): number {
    const known = values.get(expansion);
    if (known !== undefined) return known;
    let sum = 0;
    for (const term of expansion) {
      const factor = (term.closed === undefined ? 1 : powerSums[term.closed]!) * (term.rows ? rows : 1);
      sum += factor * value(term.of);
    }
    values.set(expansion, sum);
    return sum;
  }

  return {
    expectation: (cycles) => value(expectationOf(cycles)),
    covariance: (first, second) => value(covarianceOf(first, second)),
  };
}

/** Contractions of the first factor of `cycle` with another factor of the same cycle. */
function within(cycle: Cycle): Contraction[] {
  const [head, ...rest] = cycle as readonly [number, ...number[]];
  const found: Contraction[] = [{ rows: rest.length === 0, closed: head, cycles: rest.length === 0 ? [] : [rest] }];
  rest.forEach((length, index) => {
    const before = rest.slice(0, index);
    const after = rest.slice(index + 1);
    // With the left factor of the other letter: the part between is traversed forwards, the part beyond backwards.
    found.push({ ...open, cycles: [[head + length, ...before, ...after.toReversed()]] });
    // With its right factor: the cycle splits in two; an empty second part is a closed row index.
    const joined = [head + length, ...before];
    found.push({ ...open, rows: after.length === 0, cycles: after.length === 0 ? [joined] : [joined, after] });
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
