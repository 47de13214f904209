/**
 * The C − 1 eigenvalues of diag(p) − p pᵀ on the vectors orthogonal to 1 (the other one is 0), ascending, for
 * probabilities p that sum to 1. They are the roots of Σ_c p_c/(p_c − μ) = 0, one between each two neighbours of the
 * sorted p (an eigenvalue equal to a repeated p included), found by bisection safeguarded secant steps; absolute
 * accuracy a few 1e-16 of the largest p.
 */
export function softmaxCovarianceEigenvalues(probabilities: ArrayLike<number>, out: Float64Array): void {
  const sorted = Float64Array.from(probabilities).sort();
  for (let k = 0; k + 1 < sorted.length; k++) out[k] = rootBetween(sorted, sorted[k]!, sorted[k + 1]!);
}

function rootBetween(sorted: Float64Array, lower: number, upper: number): number {
  // The sum runs from −∞ just above `lower` to +∞ just below `upper`; times both gaps it is bounded, with one simple
  // root.
  let [atLower, atUpper] = [0, 0];
  for (const p of sorted) {
    if (p === lower) atLower += lower;
    else if (p === upper) atUpper += upper;
  }
  const cleared = (mu: number): number => {
    let sum = 0;
    for (const p of sorted) if (p !== lower && p !== upper) sum += p / (p - mu);
    return (mu - lower) * (upper - mu) * sum - atLower * (upper - mu) + atUpper * (mu - lower);
  };
  if (upper - lower <= 2e-16 * upper) return lower;
  let [left, right] = [lower, upper];
  let [atLeft, atRight] = [cleared(left), cleared(right)];
  let lastSide = 0;
  for (let step = 0; step < 100 && right - left > 4e-16 * upper; step++) {
    const secant = left - (atLeft * (right - left)) / (atRight - atLeft);
    const middle = step % 6 === 5 || !(secant > left && secant < right) ? (left + right) / 2 : secant;
    if (middle <= left || middle >= right) break;
    const value = cleared(middle);
    if (value === 0) return middle;
    if (value < 0) {
      [left, atLeft] = [middle, value];
      if (lastSide < 0) atRight /= 2;
      lastSide = -1;
    } else {
      [right, atRight] = [middle, value];
      if (lastSide > 0) atLeft /= 2;
      lastSide = 1;
    }
  }
  return (left + right) / 2;
}
