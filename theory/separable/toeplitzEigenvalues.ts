import { UsageError } from '../errors.js';

/**
 * Ascending eigenvalues of the covariance Σ_ij = ρ^|i−j| of a stationary autoregression: (1 − ρ²)/(1 − 2ρ cos θ + ρ²)
 * at the d roots θ in (0, π) of sin((d+1)θ) − 2ρ sin(dθ) + ρ² sin((d−1)θ) = 0, one in each ((k−1)π/(d+1), kπ/(d+1)) for
 * ρ > 0 (Kac, Murdock, Szegő 1953). The sign of ρ changes no eigenvalue. Accuracy 1e-13 relative.
 * @throws UsageError unless −1 < ρ < 1 and d is a positive whole number.
 */
export function toeplitzEigenvalues(correlation: number, dimension: number): Float64Array {
  if (!(Math.abs(correlation) < 1))
    throw new UsageError(
      `toeplitzEigenvalues: correlation must lie strictly between -1 and 1, got ${correlation}. Try 0.5.`,
    );
  if (!Number.isInteger(dimension) || dimension < 1)
    throw new UsageError(`toeplitzEigenvalues: dimension must be a positive whole number, got ${dimension}. Give d.`);
  // notation of Kac, Murdock, Szegő
  const rho = Math.abs(correlation);
  const equation = (theta: number) =>
    Math.sin((dimension + 1) * theta) -
    2 * rho * Math.sin(dimension * theta) +
    rho * rho * Math.sin((dimension - 1) * theta);
  const out = new Float64Array(dimension);
  for (let k = 1; k <= dimension; k++) {
    let low = ((k - 1) * Math.PI) / (dimension + 1);
    let high = (k * Math.PI) / (dimension + 1);
    // The value at the upper end has the sign of its own sine; at the lower end of the first interval θ = 0 is a root
    // to be avoided.
    const upperSign = k % 2 === 0 ? 1 : -1;
    for (let step = 0; step < 60 && high - low > 1e-16 * high; step++) {
      const middle = (low + high) / 2;
      if (equation(middle) * upperSign > 0) high = middle;
      else low = middle;
    }
    const theta = (low + high) / 2;
    // (1 − ρ)² + 4ρ sin²(θ/2) keeps the digits of the largest eigenvalues.
    out[dimension - k] = ((1 - rho) * (1 + rho)) / ((1 - rho) ** 2 + 4 * rho * Math.sin(theta / 2) ** 2);
  }
  return out;
}
