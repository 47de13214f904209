import type { SpectralLaw } from '../contracts.js';
import { UsageError } from '../errors.js';

/**
 * The law with all its mass at one point, e.g. the spectrum of a block that is exactly zero. Its aspect ratio is NaN.
 */
export function pointMass(at: number): SpectralLaw {
  if (!Number.isFinite(at)) throw new UsageError(`at must be a finite number, got ${at}`);
  return {
    aspectRatio: NaN,
    support: [],
    atoms: [{ at, mass: 1 }],
    density: () => 0,
    cdf: (x) => (x >= at ? 1 : 0),
    survival: (x) => (x >= at ? 0 : 1),
    densities: (points) => new Float64Array(points.length),
    cdfs: (points) => points.map((x) => (x >= at ? 1 : 0)),
    quantile: () => at,
    moment: (k) => at ** k,
    stieltjes({ re, im }) {
      const modulus = (at - re) ** 2 + im ** 2;
      if (modulus === 0) throw new UsageError(`the Stieltjes transform is infinite at the atom ${at}`);
      return { re: (at - re) / modulus, im: im / modulus };
    },
    diagnostics: { converged: true, residual: 0, nodes: 0, notes: [] },
  };
}
