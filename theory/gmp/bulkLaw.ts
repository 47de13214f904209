import type { Complex, DiscreteMeasure, SpectralLaw } from '../contracts.js';

/** What the outlier equation and the edge scaling need of a generalised Marčenko–Pastur law. */
export interface BulkLaw extends SpectralLaw {
  readonly weights: DiscreteMeasure;
  /** Stieltjes transform at x + i0. */
  boundaryStieltjes(x: number): Complex;
}

/**
 * The inverse map in the variable u = 1/m: x(u) = −u + ∫ a u/(u + γ a) dν, with its first two derivatives. Outside the
 * support x falls as u grows, from x = +∞ at u = −∞ to x = −∞ at u = +∞, and nothing is singular where m is
 * (paper-notes.md, outliers).
 */
export function inverseMapByReciprocal(
  { weights: { nodes, masses }, aspectRatio }: Pick<BulkLaw, 'weights' | 'aspectRatio'>,
  u: number,
): { value: number; slope: number; curvature: number } {
  let value = -u;
  let slope = -1;
  let curvature = 0;
  for (let i = 0; i < nodes.length; i++) {
    const weight = nodes[i]!;
    if (weight === 0) continue;
    const share = weight / (u + aspectRatio * weight);
    value += masses[i]! * share * u;
    slope += masses[i]! * aspectRatio * share * share;
    curvature -= (2 * masses[i]! * aspectRatio * share * share) / (u + aspectRatio * weight);
  }
  return { value, slope, curvature };
}

/**
 * u = 1/m at an edge of the support, where x′(u) = 0: Newton's method from the law's own boundary value, which near a
 * square-root edge carries only half the digits. At a hard edge m is infinite and u = 0.
 */
export function reciprocalAtEdge(law: BulkLaw, edge: number): number {
  const boundary = law.boundaryStieltjes(edge).re;
  let u = Number.isFinite(boundary) ? 1 / boundary : 0;
  for (let step = 0; step < 30; step++) {
    const { slope, curvature } = inverseMapByReciprocal(law, u);
    const next = u - slope / curvature;
    // A step that is not small means there is no simple edge here (a hard edge, a cusp): the boundary value stands.
    if (!Number.isFinite(next) || Math.abs(next - u) > 1e-3 * Math.abs(u)) break;
    const moved = Math.abs(next - u);
    u = next;
    if (moved <= 1e-15 * Math.abs(u)) break;
  }
  return u;
}
