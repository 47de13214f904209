import { UsageError } from '../../../theory/errors.js';
import type { Atom, SpectralLaw } from '../../../theory/contracts.js';
import { isTabulated, type TabulatedLaw } from './tabulateLaw.js';
import { snapToAtoms } from './snapToAtoms.js';

/**
 * A spectrum seen through F. One entry per eigenvalue, except that eigenvalues on an atom of the law form one entry:
 * F just before and at the entry, and the number of eigenvalues before and up to it.
 */
export interface ProbabilityLevels {
  readonly count: number;
  readonly entries: number;
  readonly before: Float64Array;
  readonly after: Float64Array;
  readonly countBefore: Float64Array;
  readonly countAfter: Float64Array;
}

export interface LevelOptions {
  /** Eigenvalues this close to an atom are moved onto it. Default: `roundingTolerance`. */
  readonly snapTolerance?: number;
}

export function checkAscending(caller: string, eigenvalues: Float64Array): void {
  if (eigenvalues.length === 0) throw new UsageError(`${caller}: eigenvalues must not be empty`);
  for (let i = 0; i < eigenvalues.length; i++) {
    const value = eigenvalues[i]!;
    if (!Number.isFinite(value))
      throw new UsageError(`${caller}: eigenvalues must be finite, got ${value} at index ${i}`);
    if (i > 0 && value < eigenvalues[i - 1]!) {
      throw new UsageError(
        `${caller}: eigenvalues must ascend, got ${value} after ${eigenvalues[i - 1]} at index ${i}; sort them first`,
      );
    }
  }
}

/** One call of `cdfs` for the whole spectrum. */
export function probabilityLevels(
  eigenvalues: Float64Array,
  law: SpectralLaw | TabulatedLaw,
  { snapTolerance }: LevelOptions = {},
): ProbabilityLevels {
  checkAscending('probabilityLevels', eigenvalues);
  const atoms: readonly Atom[] = isTabulated(law) ? law.law.atoms : law.atoms;
  const snapped = atoms.length > 0 ? snapToAtoms(eigenvalues, atoms, snapTolerance) : eigenvalues;
  const levels = law.cdfs(snapped);
  const count = eigenvalues.length;
  const before = new Float64Array(count);
  const after = new Float64Array(count);
  const countBefore = new Float64Array(count);
  const countAfter = new Float64Array(count);
  const massAt = new Map(atoms.map((atom) => [atom.at, atom.mass]));
  let entries = 0;
  let floor = 0;
  for (let i = 0; i < count;) {
    let next = i + 1;
    const mass = atoms.length > 0 ? (massAt.get(snapped[i]!) ?? 0) : 0;
    if (mass > 0) while (next < count && snapped[next] === snapped[i]) next++;
    // A cdf computed to 1e-13 may step back by that much between neighbours.
    const level = Math.min(1, Math.max(floor, levels[i]!));
    before[entries] = Math.max(floor, level - mass);
    after[entries] = level;
    countBefore[entries] = i;
    countAfter[entries] = next;
    floor = level;
    entries++;
    i = next;
  }
  return { count, entries, before, after, countBefore, countAfter };
}
