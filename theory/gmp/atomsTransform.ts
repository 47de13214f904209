import type { Complex } from '../contracts.js';
import { UsageError } from '../errors.js';
import type { AtomsSupport } from './atomsSupport.js';
import { complexPreimage } from './complexPreimage.js';
import { distanceFrom } from './frame.js';
import { realPreimage } from './realPreimage.js';

/** The Stieltjes transform of the law of discrete weights, m = −1/(γ p), in units of the weights as given. */
export class AtomsTransform {
  constructor(private readonly support: AtomsSupport) {}

  /** m(z) off the axis, or at a real z outside the support. */
  at(z: Complex): Complex {
    const { support } = this;
    const { live, aspectRatio } = support;
    const { scale } = live;
    const re = z.re / scale;
    const im = z.im / scale;
    if (Number.isNaN(im)) throw new UsageError('z must have a real and an imaginary part that are numbers, got NaN');
    const index = support.locate(re);
    if (im === 0) {
      if (index >= 0) {
        throw new UsageError(
          `z = ${z.re} lies in the support, where the transform has two boundary values; use boundaryStieltjes`,
        );
      }
      return { re: this.outside(-1 - index, re), im: 0 };
    }
    const height = Math.abs(im);
    let start: Complex | undefined;
    if (index >= 0 && !support.isSingular(re)) {
      const point = support.pointAt(index, re);
      start = { re: point.frame.origin + point.re, im: point.im + height / aspectRatio };
    }
    const top = 8 * this.largestPreimage() * Math.max(aspectRatio, 1);
    const p = complexPreimage(live, aspectRatio, { re, im: height }, top, start);
    const modulus = aspectRatio * (p.re * p.re + p.im * p.im) * scale;
    return { re: -p.re / modulus, im: (Math.sign(im) * p.im) / modulus };
  }

  /** m(x + i0) at a real x. */
  boundary(x: number): Complex {
    const { support } = this;
    const { scale } = support.live;
    const scaled = x / scale;
    const index = support.locate(scaled);
    if (index < 0) return { re: this.outside(-1 - index, scaled), im: 0 };
    if (support.isSingular(scaled))
      throw new UsageError('the Stieltjes transform is infinite at 0, a singular point of this law');
    const { frame, re, im } = support.pointAt(index, scaled);
    const real = frame.origin + re;
    const modulus = support.aspectRatio * (real * real + im * im) * scale;
    return { re: -real / modulus, im: im / modulus };
  }

  /** m at a real x, on the scale of the live weights, of the stretch `index` outside the support. */
  private outside(index: number, x: number): number {
    const { atZero, aspectRatio, live } = this.support;
    if (x === 0 && atZero > 0)
      throw new UsageError('the Stieltjes transform is infinite at 0, where this law has an atom');
    const p = this.realPreimageOutside(index, x);
    return -1 / (aspectRatio * p * live.scale);
  }

  /** Solved from the nearer end of the stretch, or from p = 0 where x is much nearer to 0. */
  private realPreimageOutside(index: number, x: number): number {
    const { outsides, zero } = this.support;
    const { lower, upper } = outsides[index];
    const low = lower === undefined ? -Infinity : lower.origin;
    const high = upper === undefined ? Infinity : upper.origin;
    const fromLower = lower === undefined ? Infinity : distanceFrom(lower, x);
    const fromUpper = upper === undefined ? Infinity : -distanceFrom(upper, x);
    const nearZero = low < 0 && high > 0 && Math.abs(x) < 0.1 * Math.min(fromLower, fromUpper);
    const frame = nearZero ? zero : fromLower <= fromUpper ? lower : upper;
    if (frame === undefined) throw new Error('a stretch outside the support has no end');
    const q = realPreimage(frame, distanceFrom(frame, x), low - frame.origin, high - frame.origin);
    return frame.origin + q;
  }

  /** A size that no preimage of the support and no weight exceeds; at least 1. */
  private largestPreimage(): number {
    const { parts, live } = this.support;
    return Math.max(
      Math.abs(parts[0].left.origin),
      Math.abs(parts[parts.length - 1].right.origin),
      Math.abs(live.nodes[0]),
      1,
    );
  }
}
