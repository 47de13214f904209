import type { DiscreteMeasure, SpectralLaw } from '../contracts.js';
import { UsageError } from '../errors.js';
import { discreteMeasure } from '../measures/discreteMeasure.js';

/**
 * The law with all its mass at one point, e.g. the spectrum of a block that is exactly zero. Its aspect ratio is NaN.
 */
export function pointMass(at: number): SpectralLaw {
  if (!Number.isFinite(at)) throw new UsageError(`at must be a finite number, got ${at}`);
  return pointMasses(discreteMeasure([at]));
}

/**
 * The law with all its mass at finitely many points, e.g. the spectrum of one matrix that is known exactly. Sums over the
 * points, to rounding; no density anywhere. Its aspect ratio is NaN.
 */
export function pointMasses({ nodes, masses }: DiscreteMeasure): SpectralLaw {
  const sum = (term: (node: number, k: number) => number): number =>
    nodes.reduce((total, node, k) => total + masses[k] * term(node, k), 0);
  const last = nodes.length - 1;
  const cdf = (x: number): number => (x >= nodes[last] ? 1 : sum((node) => (node <= x ? 1 : 0)));
  const survival = (x: number): number => (x < nodes[0] ? 1 : sum((node) => (node > x ? 1 : 0)));
  return {
    aspectRatio: NaN,
    support: [],
    atoms: Array.from(nodes, (at, k) => ({ at, mass: masses[k] })),
    density: () => 0,
    cdf,
    survival,
    densities: (points) => new Float64Array(points.length),
    cdfs: (points) => points.map(cdf),
    quantile(p) {
      if (!(p >= 0 && p <= 1)) throw new UsageError(`p must lie between 0 and 1, got ${p}`);
      return nodes.find((node) => cdf(node) >= p) ?? nodes[last];
    },
    moment: (k) => sum((node) => node ** k),
    stieltjes({ re, im }) {
      const at = im === 0 ? nodes.find((node) => node === re) : undefined;
      if (at !== undefined) throw new UsageError(`the Stieltjes transform is infinite at the atom ${at}`);
      const modulus = (node: number): number => (node - re) ** 2 + im ** 2;
      return { re: sum((node) => (node - re) / modulus(node)), im: sum((node) => im / modulus(node)) };
    },
    diagnostics: { converged: true, residual: 0, nodes: 0, notes: [] },
  };
}
