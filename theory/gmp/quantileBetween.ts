import type { Interval } from '../contracts.js';
import { NumericalError } from '../errors.js';

/**
 * The x inside one interval of the support with P(λ ≤ x) = p: Newton in the angle τ, x = midpoint − half width · cos τ, in
 * which the distribution function is smooth up to both edges, kept inside a bracket that bisection always shrinks.
 *
 * @param cdfLeft P(λ ≤ left end) < p
 * @param cdfRight P(λ ≤ right end) > p
 * @param masses x ↦ [P(λ ≤ x), P(λ > x)]
 */
export function quantileBetween(
  p: number,
  interval: Interval,
  cdfLeft: number,
  cdfRight: number,
  masses: (x: number) => readonly [number, number],
  density: (x: number) => number,
): number {
  const [left, right] = interval;
  const width = right - left;
  const at = (angle: number): number =>
    angle < Math.PI / 2 ? left + width * Math.sin(angle / 2) ** 2 : right - width * Math.cos(angle / 2) ** 2;
  // Where p > 1/2 the survival function keeps the digits, and 1 − p is exact.
  const excess = (x: number): number => {
    const [below, above] = masses(x);
    return p <= 0.5 ? below - p : 1 - p - above;
  };
  let low = 0;
  let high = Math.PI;
  // The semicircle's mass grows with the cube of the angle at both ends.
  const share = (p - cdfLeft) / (cdfRight - cdfLeft);
  let angle = share < 0.5 ? Math.PI / 2 * Math.cbrt(2 * share) : Math.PI - (Math.PI / 2) * Math.cbrt(2 * (1 - share));
  for (let iteration = 0; iteration < 200; iteration++) {
    const x = at(angle);
    if (!(x > left)) low = angle;
    else if (!(x < right)) high = angle;
    if (!(x > left && x < right)) {
      // The root is closer to the edge than one unit in the last place.
      if (high - low < 1e-7) return x;
      angle = low + (high - low) / 2;
      continue;
    }
    const error = excess(x);
    if (error < 0) low = angle;
    else high = angle;
    if (error === 0) return x;
    const slope = 0.5 * width * Math.sin(angle) * density(x);
    let next = angle - error / slope;
    if (!(next > low && next < high)) next = low + (high - low) / 2;
    const moved = Math.abs(next - angle);
    angle = next;
    if (moved <= 1e-15 * angle || moved <= 1e-15 * (Math.PI - angle) || high - low <= 4e-16 * angle) return at(angle);
  }
  throw new NumericalError(`quantile ${p} was not found between ${left} and ${right}`);
}
