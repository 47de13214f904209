import type { Atom } from '../../../theory/contracts.js';

/**
 * Below this distance an eigenvalue is taken to sit on an atom: 4 · dimension · 2⁻⁵² · max|λ|, four times what rounding
 * in a symmetric eigensolver may do. For spectra computed in float32 pass a tolerance made with 2⁻²³.
 */
export function roundingTolerance(eigenvalues: Float64Array, unitRoundoff = Number.EPSILON): number {
  const count = eigenvalues.length;
  const largest = count === 0 ? 0 : Math.max(Math.abs(eigenvalues[0]!), Math.abs(eigenvalues[count - 1]!));
  return 4 * count * unitRoundoff * largest;
}

/** Of the ascending eigenvalues those that are more than rounding. */
export function nonZeroCount(eigenvalues: Float64Array, unitRoundoff?: number): number {
  const tolerance = roundingTolerance(eigenvalues, unitRoundoff);
  return eigenvalues.filter((value) => Math.abs(value) > tolerance).length;
}

/** The ascending eigenvalues, those within `tolerance` of an atom moved onto it. A copy only when something moves. */
export function snapToAtoms(
  eigenvalues: Float64Array,
  atoms: readonly Atom[],
  tolerance = roundingTolerance(eigenvalues),
): Float64Array {
  let snapped = eigenvalues;
  for (const { at } of atoms) {
    let low = 0;
    let high = eigenvalues.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (eigenvalues[middle]! < at - tolerance) low = middle + 1;
      else high = middle;
    }
    for (let i = low; i < eigenvalues.length && eigenvalues[i]! <= at + tolerance; i++) {
      if (eigenvalues[i] === at) continue;
      if (snapped === eigenvalues) snapped = eigenvalues.slice();
      snapped[i] = at;
    }
  }
  return snapped;
}
