import { snapToAtoms } from './snapToAtoms.js';
import type { TabulatedLaw } from './tabulateLaw.js';

/** An end of the part of a law that has a density, and the room one eigenvalue in n takes there. */
export interface EdgeScale {
  readonly at: number;
  readonly kind: 'lower' | 'upper';
  /**
   * |Q − edge| at the level one n-th of mass inside the edge (half the interval's mass when that is less). Falls like
   * n^{−2/3} at a soft edge, where it is (3π/2)^{2/3} = 2.81 times the Tracy–Widom scale, and like n^{−2} at a hard
   * edge.
   */
  readonly scale: number;
}

/** Both ends of every interval of the support, ascending. */
export function edgeScales(table: TabulatedLaw, count: number): EdgeScale[] {
  return table.pieces.flatMap((piece, index): EdgeScale[] => {
    if (piece.isAtom) return [];
    const step = Math.min(1 / count, (piece.above - piece.below) / 2);
    return [
      { at: piece.lower, kind: 'lower', scale: table.invert(index, piece.below + step) - piece.lower },
      { at: piece.upper, kind: 'upper', scale: piece.upper - table.invert(index, piece.above - step) },
    ];
  });
}

export interface EdgeGaps {
  /** Smallest eigenvalue off the atoms, minus the lowest edge of the density; negative when it lies outside. */
  readonly lower: number;
  /** Largest eigenvalue off the atoms, minus the highest edge; positive when it lies outside. */
  readonly upper: number;
  readonly lowerScale: number;
  readonly upperScale: number;
}

/** Gaps at the two outermost edges. NaN when the law has no density or every eigenvalue sits on an atom. */
export function edgeGaps(eigenvalues: Float64Array, table: TabulatedLaw, snapTolerance?: number): EdgeGaps {
  const scales = edgeScales(table, eigenvalues.length);
  const snapped = snapToAtoms(eigenvalues, table.law.atoms, snapTolerance);
  const atoms = new Set(table.law.atoms.map((atom) => atom.at));
  const free = snapped.filter((value) => !atoms.has(value));
  const first = scales[0];
  const last = scales.at(-1);
  if (!first || !last || free.length === 0) return { lower: NaN, upper: NaN, lowerScale: NaN, upperScale: NaN };
  return {
    lower: free[0]! - first.at,
    upper: free[free.length - 1]! - last.at,
    lowerScale: first.scale,
    upperScale: last.scale,
  };
}
