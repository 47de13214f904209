import type { Interval } from '../contracts.js';
import { NumericalError } from '../errors.js';

/**
 * The x inside one interval of the support with P(λ ≤ x) = p: Newton in the angle τ seen from the end that x is nearer
 * to, |x − end| = width · sin²(τ/2), in which the distribution function is smooth up to the edge, kept inside a bracket
 * that bisection always shrinks. It ends where x moves by no more than its rounding; next to an end at 0, on either
 * side, that is relative to x.
 *
 * @param cdfLeft P(λ ≤ left end) < p
 * @param cdfRight P(λ ≤ right end) > p
 * @param masses x ↦ [P(λ ≤ x), P(λ > x)]
 * @throws NumericalError when 200 steps do not settle it
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
  // Where p > 1/2 the survival function keeps the digits, and 1 − p is exact.
  const excess = (x: number): number => {
    const [below, above] = masses(x);
    return p <= 0.5 ? below - p : 1 - p - above;
  };
  const fromLeft = excess(left + width / 2) >= 0;
  const at = (angle: number): number =>
    fromLeft ? left + width * Math.sin(angle / 2) ** 2 : right - width * Math.sin(angle / 2) ** 2;
  let low = 0;
  let high = Math.PI / 2;
  // The semicircle's mass grows with the cube of the angle at both ends.
  const share = fromLeft ? (p - cdfLeft) / (cdfRight - cdfLeft) : (cdfRight - p) / (cdfRight - cdfLeft);
  let angle = high * Math.min(1, Math.cbrt(2 * share));
  for (let iteration = 0; iteration < 200; iteration++) {
    const x = at(angle);
    if (!(x > left && x < right)) {
      // The root is closer to an end than one unit in the last place.
      if (high - low < 1e-7) return x;
      if (x <= left === fromLeft) low = angle;
      else high = angle;
      angle = low + (high - low) / 2;
      continue;
    }
    const error = fromLeft ? excess(x) : -excess(x);
    if (error < 0) low = angle;
    else high = angle;
    if (error === 0) return x;
    const slope = 0.5 * width * Math.sin(angle) * density(x);
    let next = angle - error / slope;
    if (!(next > low && next < high)) next = low + (high - low) / 2;
    const moved = Math.abs(at(next) - x);
    angle = next;
    if (moved <= Number.EPSILON * Math.abs(x) || high - low <= 4e-16 * angle) return at(angle);
  }
  throw new NumericalError(`quantile ${p} was not found between ${left} and ${right}`);
}
