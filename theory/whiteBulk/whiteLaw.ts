/**
 * The Marčenko–Pastur law of W/m, W an n×n Wishart matrix of m ≥ n degrees of freedom, c = n/m in (0, 1], by the angle t
 * of its points: x = 1 + c − 2√c cos t, from the lower edge at t = 0 to the upper at π. In this angle density and level
 * are elementary and smooth at both edges, so that thousands of quantiles cost a millisecond; `marchenkoPastur` is the law
 * with everything else.
 */
import type { Complex } from '../contracts.js';
import { NumericalError } from '../errors.js';

/** x(t) = (1 − √c)² + 4√c sin²(t/2), with its digits at a hard edge. */
export function placeAtAngle(angle: number, ratio: number): number {
  const root = Math.sqrt(ratio);
  const sine = Math.sin(angle / 2);
  return (1 - root) ** 2 + 4 * root * sine * sine;
}

/**
 * F(t) = (1/π) [t + sin t/√c − (1 − c)/c · arctan(√c sin t/(1 − √c cos t))]: the integral of (2/π) sin² t/x(t).
 * Accuracy: 1e-16/√c absolute.
 */
export function levelAtAngle(angle: number, ratio: number): number {
  const root = Math.sqrt(ratio);
  const sine = Math.sin(angle);
  const argument = Math.atan2(root * sine, 1 - root * Math.cos(angle));
  return (angle + sine / root - ((1 - ratio) / ratio) * argument) / Math.PI;
}

/** dF/dt = (2/π) sin² t/x(t). */
function slopeAtAngle(angle: number, ratio: number): number {
  const place = placeAtAngle(angle, ratio);
  return place === 0 ? 2 / Math.PI : ((2 / Math.PI) * Math.sin(angle) ** 2) / place;
}

/** Density of x, (1/π) sin t/(√c x); at least that at x = 1e-12. */
export function densityAtAngle(angle: number, ratio: number): number {
  return Math.sin(angle) / (Math.PI * Math.sqrt(ratio) * Math.max(placeAtAngle(angle, ratio), 1e-12));
}

/**
 * The angle with F(t) + tilt · (t − π/2) = p for a tilt ≤ 0 that leaves one solution, to 1e-13, by Newton's method
 * between bounds; a start nearby saves steps. Levels outside [0, 1] give the ends.
 */
export function angleAtLevel(level: number, ratio: number, tilt = 0, start = Math.PI * level): number {
  if (!(level + (tilt * Math.PI) / 2 > 0)) return 0;
  if (!(level - (tilt * Math.PI) / 2 < 1)) return Math.PI;
  let [low, high] = [0, Math.PI];
  let angle = Math.min(Math.max(start, 0.05), Math.PI - 0.05);
  for (let step = 0; step < 100; step++) {
    const excess = levelAtAngle(angle, ratio) + tilt * (angle - Math.PI / 2) - level;
    if (excess > 0) high = angle;
    else low = angle;
    const newton = angle - excess / (slopeAtAngle(angle, ratio) + tilt);
    const next = newton > low && newton < high ? newton : (low + high) / 2;
    if (Math.abs(next - angle) < 1e-13 || high - low < 1e-14) return next;
    angle = next;
  }
  throw new NumericalError(`quantile ${level} of the Marčenko–Pastur law of ratio ${ratio}: no convergence`);
}

/**
 * G(x + i0) = ∫ dF(λ)/(λ − x), closed form; real outside the support. With `wide`, that of the larger side of X, whose
 * spectrum has a share 1 − c of zeros, in units of m: c G(x) − (1 − c)/x.
 */
export function stieltjesOfWhite(x: number, ratio: number, wide = false): Complex {
  const root = Math.sqrt(ratio);
  const product = (x - (1 - root) ** 2) * (x - (1 + root) ** 2);
  const size = Math.sqrt(Math.abs(product));
  const above = x > 1 + ratio;
  const real = product >= 0 ? (above ? size : -size) : 0;
  const re = (1 - ratio - x + real) / (2 * ratio * x);
  const im = product < 0 ? size / (2 * ratio * x) : 0;
  return wide ? { re: ratio * re - (1 - ratio) / x, im: ratio * im } : { re, im };
}
