import { NumericalError, UsageError } from '../../../theory/errors.js';
import type { Interval, SpectralLaw } from '../../../theory/contracts.js';

/** An interval of smaller mass is kept as a point in its middle: no spectrum that fits in memory can tell. */
const negligibleMass = 1e-13;

/**
 * A part of a law: an atom, or an interval that carries a density. `below` and `above` are F just before and just after
 * it.
 */
export interface LawPiece {
  readonly lower: number;
  readonly upper: number;
  readonly below: number;
  readonly above: number;
  readonly isAtom: boolean;
}

/**
 * Intervals cut at the atoms inside them, and the atoms, ascending.
 *
 * Throws UsageError for an unbounded support, NumericalError when F does not reach 1 within 1e-8.
 */
export function piecesOf(law: SpectralLaw): LawPiece[] {
  const atoms = [...law.atoms].filter((atom) => atom.mass > 0).sort((a, b) => a.at - b.at);
  const massAt = new Map(atoms.map((atom) => [atom.at, atom.mass]));
  const pieces: LawPiece[] = [];
  const cuts = atoms.map((atom) => atom.at);
  const intervals = law.support
    .filter(([lower, upper]) => upper > lower)
    .flatMap(([lower, upper]) => {
      const ends = [lower, ...cuts.filter((at) => at > lower && at < upper), upper];
      return ends.slice(1).map((end, k): Interval => [ends[k]!, end]);
    });
  for (const { at, mass } of atoms) {
    const above = law.cdf(at);
    pieces.push({ lower: at, upper: at, below: Math.max(0, above - mass), above, isAtom: true });
  }
  for (const [lower, upper] of intervals) {
    if (!Number.isFinite(lower) || !Number.isFinite(upper)) {
      throw new UsageError(
        `tabulateLaw: the support must be bounded, got [${lower}, ${upper}]; truncate the weights first`,
      );
    }
    const below = law.cdf(lower);
    const above = law.cdf(upper) - (massAt.get(upper) ?? 0);
    if (above - below > negligibleMass) pieces.push({ lower, upper, below, above, isAtom: false });
    else if (above > below) {
      const middle = lower + (upper - lower) / 2;
      pieces.push({ lower: middle, upper: middle, below, above, isAtom: true });
    }
  }
  pieces.sort((a, b) => a.lower - b.lower || a.upper - b.upper);
  const last = pieces.at(-1);
  if (!last || Math.abs(last.above - 1) > 1e-8) {
    throw new NumericalError(
      `tabulateLaw: the law's mass is ${last?.above ?? 0} at the upper end of its support, not 1`,
    );
  }
  return pieces;
}
