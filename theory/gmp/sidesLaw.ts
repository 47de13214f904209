import type { Complex, SpectralLaw } from '../contracts.js';
import { UsageError } from '../errors.js';
import type { SmoothSides } from './smoothSides.js';

/** What of a law is not read off its sides. */
export interface RestOfLaw {
  readonly aspectRatio: number;
  /** Number of nodes of the weights. */
  readonly nodes: number;
  readonly moment: (k: number) => number;
  readonly stieltjes: (z: Complex) => Complex;
}

/** A law on either side of 0, with its atom there; the sides are followed when first asked for. */
export function sidesLaw(sides: SmoothSides, { aspectRatio, nodes, moment, stieltjes }: RestOfLaw): SpectralLaw {
  const density = (x: number): number => sides.density(checked(x));
  const massesAt = (x: number): readonly [number, number] => sides.masses(checked(x));
  return {
    aspectRatio,
    get support() {
      return [sides.ends()];
    },
    atoms: sides.atom > 0 ? [{ at: 0, mass: sides.atom }] : [],
    density,
    cdf: (x) => massesAt(x)[0],
    survival: (x) => massesAt(x)[1],
    densities: (points) => points.map(density),
    cdfs: (points) => points.map((x) => massesAt(x)[0]),
    quantile: (p) => sides.quantile(p),
    moment,
    stieltjes,
    get diagnostics() {
      return { converged: true, residual: sides.residual(), nodes, notes: sides.notes() };
    },
  };
}

export function checked(x: number): number {
  if (Number.isNaN(x)) throw new UsageError('the point must be a number, got NaN');
  return x;
}
