import type { SpectralLaw } from '../../../theory/contracts.js';
import { snapToAtoms } from '../distances/snapToAtoms.js';

/** By how much a spectrum reaches beyond the support of a law, in the units of the eigenvalues. */
export interface SupportExcess {
  /** Lowest edge − smallest eigenvalue off the atoms: negative when it lies inside. */
  readonly below: number;
  /** Largest eigenvalue off the atoms − highest edge. */
  readonly above: number;
  /** Largest distance from the support of an eigenvalue inside a gap of it; 0 when none lies in a gap. */
  readonly within: number;
}

/** All zero when the law has no density or every eigenvalue sits on an atom. */
export function supportExcess(
  eigenvalues: Float64Array,
  { support, atoms }: Pick<SpectralLaw, 'support' | 'atoms'>,
  snapTolerance?: number,
): SupportExcess {
  const places = new Set(atoms.map(({ at }) => at));
  const free = snapToAtoms(eigenvalues, atoms, snapTolerance).filter((value) => !places.has(value));
  const first = support[0];
  const last = support.at(-1);
  if (first === undefined || last === undefined || free.length === 0) return { below: 0, above: 0, within: 0 };
  let within = 0;
  for (let k = 1; k < support.length; k++) {
    const [from, to] = [support[k - 1]![1], support[k]![0]];
    for (const value of free) within = Math.max(within, Math.min(value - from, to - value));
  }
  return { below: first[0] - free[0]!, above: free[free.length - 1]! - last[1], within };
}
