import { NumericalError } from '../../../theory/errors.js';

/**
 * The point where the increasing function `excess` changes sign on [lower, upper], by bisection with secant steps (the
 * Illinois rule), to the last bits of the argument.
 */
export function invertMonotone(excess: (x: number) => number, lower: number, upper: number): number {
  let a = lower;
  let b = upper;
  let fa = excess(a);
  let fb = excess(b);
  if (fa >= 0) return a;
  if (fb <= 0) return b;
  let side = 0;
  for (let step = 0; step < 400; step++) {
    const width = b - a;
    // Every third step halves, so that a flat or kinked function cannot stall the secant.
    let x = step % 3 === 2 ? a + width / 2 : b - (fb * width) / (fb - fa);
    if (!(x > a && x < b)) x = a + width / 2;
    if (x === a || x === b) return x;
    const fx = excess(x);
    if (Number.isNaN(fx)) throw new NumericalError(`inverting a distribution: not a number at x = ${x}`);
    if (fx === 0) return x;
    if (fx < 0) {
      a = x;
      fa = fx;
      if (side === -1) fb /= 2;
      side = -1;
    } else {
      b = x;
      fb = fx;
      if (side === 1) fa /= 2;
      side = 1;
    }
    if (b - a <= 2e-16 * Math.max(Math.abs(a), Math.abs(b))) break;
  }
  return a + (b - a) / 2;
}
