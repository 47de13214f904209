import { UsageError } from '../errors.js';
import { type BulkLaw, inverseMapByReciprocal, reciprocalAtEdge } from '../gmp/bulkLaw.js';
import { tracyWidom1 } from './tracyWidom1.js';

/** An edge where the density starts as a square root, with the unit in which the extreme eigenvalue fluctuates. */
export interface SoftEdge {
  /** Where the extreme eigenvalue sits to leading order: the edge itself. */
  readonly centre: number;
  /** Positive; the extreme eigenvalue at an upper edge is centre + scale·TW₁, at a lower edge centre − scale·TW₁. */
  readonly scale: number;
  /** The side of the bulk that lies on the other side of the edge. */
  readonly side: 'upper' | 'lower';
  /** ±(λ − centre)/scale: asymptotically Tracy–Widom for β = 1 when λ is the extreme eigenvalue of that edge. */
  standardise(eigenvalue: number): number;
  /** P(extreme eigenvalue ≤ λ) in the limit. */
  cdf(eigenvalue: number): number;
}

/**
 * Centring and scaling of the extreme eigenvalue at a soft edge E of a generalised Marčenko–Pastur law, given the
 * weights (paper-notes.md, Tracy–Widom scaling).
 *
 * At the edge z′(m₀) = 0, so z ≈ E + ½ z″(m₀)(m − m₀)² and the density is (1/π) √(2|x − E|/|z″|); matching it to the
 * density √|s|/π per eigenvalue of the Airy process gives scale = (|z″(m₀)|/(2 d²))^{1/3}. For a ≡ 1 it is Johnstone's
 * (1/N)(√N + √d)(1/√N + 1/√d)^{1/3}. The error of the limit is of order d^{-1/3} in general.
 *
 * @param edge an end of an interval of `law.support`, to 1e-8 relative
 * @param dimension d
 * @throws UsageError when the point is no edge of the law, or a hard edge
 */
export function softEdgeScaling(law: BulkLaw, edge: number, dimension: number): SoftEdge {
  if (!Number.isInteger(dimension) || dimension < 1) {
    throw new UsageError(`softEdgeScaling: dimension must be a positive integer, got ${dimension}`);
  }
  const size = Math.max(...law.support.flat().map(Math.abs));
  const found = law.support
    .flatMap(([lower, upper]) => [{ at: lower, side: 'lower' } as const, { at: upper, side: 'upper' } as const])
    .find(({ at }) => Math.abs(at - edge) <= 1e-8 * size);
  if (found === undefined) {
    throw new UsageError(
      `softEdgeScaling: ${edge} is not an edge of the law; its support is ${JSON.stringify(law.support)}`,
    );
  }
  const u = reciprocalAtEdge(law, found.at);
  const { slope, curvature } = inverseMapByReciprocal(law, u);
  if (!(Math.abs(slope) < 1e-6 && Math.abs(u) > 1e-7 * size && curvature !== 0)) {
    throw new UsageError(`softEdgeScaling: ${edge} is a hard edge or a cusp, where the Tracy–Widom law does not apply`);
  }
  // z″(m) at a point with dx/du = 0 is x″(u) (du/dm)² = x″(u) u⁴.
  const secondDerivative = Math.abs(curvature) * u ** 4;
  const scale = Math.cbrt(secondDerivative / (2 * dimension * dimension));
  const sign = found.side === 'upper' ? 1 : -1;
  const standardise = (eigenvalue: number): number => (sign * (eigenvalue - found.at)) / scale;
  return {
    centre: found.at,
    scale,
    side: found.side,
    standardise,
    cdf: (eigenvalue) =>
      sign > 0 ? tracyWidom1.cdf(standardise(eigenvalue)) : tracyWidom1.survival(standardise(eigenvalue)),
  };
}
