import type { Outlier } from '../contracts.js';
import { UsageError } from '../errors.js';
import type { BulkLaw } from '../gmp/bulkLaw.js';
import { inverseMapByReciprocal } from '../gmp/bulkLaw.js';

/** A pair of ReLU units: the bulk of their block, and what moves eigenvalues out of it. */
export interface HiddenSquaredErrorOutliersOptions {
  /** Law of c·q·MP(γ/q), q the probability that both gates are on. */
  readonly law: BulkLaw;
  /** c = v_i · v_j, the inner product of the two columns of the readout. */
  readonly scale: number;
  /** Angle between w_i and w_j, strictly between 0 and π; π/2 in the limit of large d. */
  readonly angle?: number;
}

/**
 * Outliers of the off-diagonal hidden block (w_i, w_j) of a ReLU network under the squared error, a = c·1(w_i·x > 0,
 * w_j·x > 0).
 *
 * Both gates on is a wedge of opening π − θ in the plane of w_i and w_j, so E[1{wedge}(g gᵀ − I)] has the eigenvalues ±
 * sin θ/(2π), along the wedge's axis and across it, and the outlier equation 1/m ± c sin θ/(2π)/(1 + γ c m) = 0 is
 * linear in 1/m: 1/m = −c(γ ± sin θ/(2π)). It is an outlier when z′(m) > 0 there, that is when (sin θ/(2π))² > γ q with
 * q = (π − θ)/(2π); for θ = π/2 when γ < 1/π² (paper-notes.md, outliers). The diagonal block has none: E[1(u > 0)(u² −
 * 1)] = 0.
 *
 * Closed form, exact to rounding.
 * @throws UsageError for an angle outside (0, π) or a scale that is zero or not finite
 */
export function hiddenSquaredErrorOutliers({
  law,
  scale,
  angle = Math.PI / 2,
}: HiddenSquaredErrorOutliersOptions): Outlier[] {
  if (!(angle > 0 && angle < Math.PI)) {
    throw new UsageError(`hiddenSquaredErrorOutliers: angle must lie strictly between 0 and pi, got ${angle}`);
  }
  if (!Number.isFinite(scale) || scale === 0) {
    throw new UsageError(`hiddenSquaredErrorOutliers: scale must be finite and not zero, got ${scale}`);
  }
  const { aspectRatio, support } = law;
  const strength = Math.sin(angle) / (2 * Math.PI);
  const live = (Math.PI - angle) / (2 * Math.PI);
  if (strength * strength <= aspectRatio * live) return [];
  const bottom = support[0]![0];
  return [strength, -strength]
    .map((signed): Outlier => {
      const u = -scale * (aspectRatio + signed);
      const at = scale * (aspectRatio + signed) * (1 + live / signed);
      return { at, multiplicity: 1, side: sideOf(at, u, bottom, law) };
    })
    .toSorted((first, second) => first.at - second.at);
}

function sideOf(at: number, u: number, bottom: number, law: BulkLaw): Outlier['side'] {
  // The formula for λ assumes the law's own live fraction; a law of other weights would be met at another place.
  const own = inverseMapByReciprocal(law, u).value;
  if (Math.abs(own - at) > 1e-9 * Math.abs(at)) {
    throw new UsageError(
      `hiddenSquaredErrorOutliers: the law's inverse map gives ${own} where scale and angle give ${at}; build the law from the same scale and angle`,
    );
  }
  return at < bottom ? 'below' : 'above';
}
