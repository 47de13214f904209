import type { Outlier } from '../contracts.js';
import { NumericalError, UsageError } from '../errors.js';
import { type BulkLaw, inverseMapByReciprocal, reciprocalAtEdge } from '../gmp/bulkLaw.js';
import { symmetricEigenvalues } from '../numerics/symmetricEigenvalues.js';

/** The bulk, and how the weights depend on k directions of x. */
export interface FindOutliersOptions {
  readonly law: BulkLaw;
  /** t ↦ E[a/(1 + γ a t) g gᵀ], k×k row-major, g the coordinates of x along the k projection directions. */
  readonly weightMoments: (t: number) => Float64Array;
  /** k. */
  readonly rank: number;
  /**
   * Look between the parts of the bulk too; false when the gaps are an artefact of a quadrature of a continuous law.
   * Default true.
   */
  readonly gaps?: boolean;
}

export interface BranchOptions {
  readonly law: BulkLaw;
  readonly gaps?: boolean;
  /** t ↦ the eigenvalues of E[a/(1 + γ a t) g gᵀ], in an order that makes each of them a monotone function. */
  readonly branches: (t: number) => ArrayLike<number>;
  readonly multiplicities: readonly number[];
}

/** A component of the complement of the support, in the variable u = 1/m. */
interface Component {
  readonly side: Outlier['side'];
  readonly from: number;
  readonly to: number;
}

/**
 * Eigenvalues that leave the bulk of H = (1/N) Σ a_n x_n x_nᵀ when a_n depends on x_n through k projections: the λ
 * outside the support with det(E[a/(1 + γ a m(λ)) g gᵀ] − λ I_k) = 0 (paper-notes.md, outliers).
 *
 * With u = 1/m the matrix E[a u/(u + γ a) g gᵀ] − x(u) I increases strictly in u on each component of the complement of
 * the support (its derivative is (1 − γE[a²/(u+γa)²]) I + γ E[a²/(u+γa)² g gᵀ]), so each of its eigenvalues has at most
 * one root there and the inertia at the two ends counts them: nothing is missed and a multiple root keeps its
 * multiplicity. A component that contains an isolated atom at zero has none (the matrix vanishes at u = 0).
 *
 * Ascending in λ. Accuracy of λ: 1e-13 relative to the scale of the support, given the law and the moments. An
 * eigenvalue whose root is the edge itself is not an outlier.
 *
 * @throws UsageError when the matrix has not rank² entries; NumericalError when the moments are not finite
 */
export function findOutliers({ law, weightMoments, rank, gaps }: FindOutliersOptions): Outlier[] {
  const branches = (t: number): Float64Array => {
    const matrix = weightMoments(t);
    if (matrix.length !== rank * rank) {
      throw new UsageError(
        `findOutliers: weightMoments must return rank² = ${rank * rank} entries, got ${matrix.length}`,
      );
    }
    return symmetricEigenvalues(matrix, rank);
  };
  return outliersOfBranches({
    law,
    branches,
    multiplicities: new Array<number>(rank).fill(1),
    ...(gaps === undefined ? {} : { gaps }),
  });
}

/** The same for a matrix whose eigenvalues are known by symmetry. */
export function outliersOfBranches({ law, branches, multiplicities, gaps = true }: BranchOptions): Outlier[] {
  const scale = Math.max(...law.support.flat().map(Math.abs));
  const found: Outlier[] = [];
  for (const { side, from, to } of componentsOfComplement(law, gaps)) {
    // One evaluation gives every branch a value, and each branch starts from the tightest bracket that all of them have
    // made so far.
    const known: { u: number; values: Float64Array }[] = [];
    const evaluate = (u: number): Float64Array => {
      const seen = known.find((entry) => entry.u === u);
      if (seen !== undefined) return seen.values;
      const { value: x } = inverseMapByReciprocal(law, u);
      const values = Float64Array.from(branches(1 / u), (value) => value - x);
      if (values.some((value) => !Number.isFinite(value))) {
        throw new NumericalError(`outlier equation: the moment matrix is not finite at m = ${1 / u}`);
      }
      known.push({ u, values });
      return values;
    };
    multiplicities.forEach((multiplicity, branch) => {
      if (multiplicity === 0) return;
      const f = (u: number): number => evaluate(u)[branch]!;
      const ends = bracket(f, from, to, scale);
      if (ends === undefined) return;
      for (const { u, values } of known) {
        if (values[branch]! < 0 && u > ends.lower) ends.lower = u;
        if (values[branch]! >= 0 && u < ends.upper) ends.upper = u;
      }
      const root = increasingRoot(f, ends.lower, ends.upper);
      found.push({ at: inverseMapByReciprocal(law, root).value, multiplicity, side });
    });
  }
  return mergeEqual(found, 1e-12 * scale);
}

function componentsOfComplement(law: BulkLaw, gaps: boolean): Component[] {
  const { support } = law;
  if (support.length === 0) return [];
  const components: Component[] = [
    { side: 'below', from: reciprocalAtEdge(law, support[0]![0]), to: Infinity },
    { side: 'above', from: -Infinity, to: reciprocalAtEdge(law, support.at(-1)![1]) },
  ];
  for (let j = 1; gaps && j < support.length; j++) {
    components.push({
      side: 'gap',
      from: reciprocalAtEdge(law, support[j]![0]),
      to: reciprocalAtEdge(law, support[j - 1]![1]),
    });
  }
  return components.filter(({ from, to }) => from < to && !(from <= 0 && to >= 0));
}

/** Ends, both finite, between which an increasing function changes sign; undefined when it keeps its sign. */
function bracket(
  f: (u: number) => number,
  from: number,
  to: number,
  scale: number,
): { lower: number; upper: number } | undefined {
  let [lower, upper] = [from, to];
  if (Number.isFinite(lower) && f(lower) >= 0) return undefined;
  if (Number.isFinite(upper) && f(upper) <= 0) return undefined;
  // Far out f(u) = u + O(1), so doubling the distance ends.
  for (let span = scale; upper === Infinity; span *= 2) if (f(from + span) > 0) upper = from + span;
  for (let span = scale; lower === -Infinity; span *= 2) if (f(to - span) < 0) lower = to - span;
  return { lower, upper };
}

/**
 * The zero of an increasing function between two ends where its signs differ: regula falsi with the Illinois rule, and
 * bisection.
 */
function increasingRoot(f: (u: number) => number, from: number, to: number): number {
  let [lower, upper] = [from, to];
  let [atLower, atUpper] = [f(lower), f(upper)];
  if (atUpper === 0) return upper;
  let lastSide = 0;
  for (let step = 0; step < 200; step++) {
    const secant = upper - (atUpper * (upper - lower)) / (atUpper - atLower);
    const middle = step % 8 === 7 || !(secant > lower && secant < upper) ? (lower + upper) / 2 : secant;
    if (middle <= lower || middle >= upper || upper - lower <= 1e-15 * Math.abs(middle)) return middle;
    const value = f(middle);
    // The slope of f is about 1: below this the value is rounding.
    if (Math.abs(value) <= 1e-14 * Math.abs(middle)) return middle;
    if (value < 0) {
      [lower, atLower] = [middle, value];
      if (lastSide < 0) atUpper /= 2;
      lastSide = -1;
    } else {
      [upper, atUpper] = [middle, value];
      if (lastSide > 0) atLower /= 2;
      lastSide = 1;
    }
  }
  return (lower + upper) / 2;
}

function mergeEqual(outliers: readonly Outlier[], tolerance: number): Outlier[] {
  const merged: Outlier[] = [];
  for (const outlier of outliers.toSorted((first, second) => first.at - second.at)) {
    const last = merged.at(-1);
    if (last !== undefined && last.side === outlier.side && outlier.at - last.at <= tolerance) {
      merged[merged.length - 1] = { ...last, multiplicity: last.multiplicity + outlier.multiplicity };
    } else merged.push(outlier);
  }
  return merged;
}
