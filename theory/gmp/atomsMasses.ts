import type { AtomsSupport } from './atomsSupport.js';
import { distanceFrom, type Frame } from './frame.js';
import { lowerMass, upperMass } from './tailMasses.js';
import { tailSeries, type TailSeries } from './tailSeries.js';
import { once } from '../numerics/once.js';

/** [P(λ ≤ x), P(λ > x)], the smaller of the two with all its digits. */
export type Masses = readonly [cdf: number, survival: number];

/** What the masses inside one interval of the support need beside its curve; made when first asked for. */
interface PartTails {
  readonly left: () => TailSeries;
  readonly right: () => TailSeries;
  /** A point with a good part of the law's mass on either side of it, or an end of the part if there is none inside. */
  readonly median: () => number;
}

/** The distribution function of the law of discrete weights. Every x is on the scale of the live weights. */
export class AtomsMasses {
  private readonly tails: readonly PartTails[];

  constructor(private readonly support: AtomsSupport) {
    const series = (frame: Frame): (() => TailSeries) => once(() => tailSeries(frame, support.aspectRatio));
    this.tails = support.parts.map(({ left, right }, index) => ({
      left: series(left),
      right: series(right),
      median: once(() => this.roughMedian(index)),
    }));
  }

  at(x: number): Masses {
    if (Math.abs(x) === Infinity) return x > 0 ? [1, 0] : [0, 1];
    const index = this.support.locate(x);
    if (index >= 0) return this.inside(index, x);
    const outside = this.support.outsides[-1 - index];
    return [outside.cdf(x), outside.survival(x)];
  }

  private inside(index: number, x: number): Masses {
    const { support } = this;
    const { live, aspectRatio } = support;
    const part = support.parts[index];
    const tails = this.tails[index];
    const [cdfLeft, survivalLeft] = support.edgeMasses(index, 'left');
    const [cdfRight, survivalRight] = support.edgeMasses(index, 'right');
    if (support.isSingular(x)) return this.atSingularZero();
    const point = support.pointAt(index, x);
    const { frame, re, im } = point;
    const size = Math.hypot(re, im);
    if (frame === part.left && size <= tails.left().reach) {
      const mass = tails.left().mass(re, im, distanceFrom(frame, x));
      return [cdfLeft + mass, survivalLeft - mass];
    }
    if (frame === part.right && size <= tails.right().reach) {
      const mass = tails.right().mass(re, im, distanceFrom(frame, x));
      return [cdfRight - mass, survivalRight + mass];
    }
    if (x < tails.median()) {
      const lower = clamp(lowerMass(live, aspectRatio, point), cdfLeft, cdfRight);
      return [lower, 1 - lower];
    }
    const upper = clamp(upperMass(live, aspectRatio, point), survivalRight, survivalLeft);
    return [1 - upper, upper];
  }

  /** At p = 0 inside the support every arg p is π/2 by symmetry of the cube-root singularity: only the signs count. */
  private atSingularZero(): Masses {
    const { live, aspectRatio } = this.support;
    const positive = live.nodes.findIndex((node) => node > 0);
    const below = live.massBelow[positive] / aspectRatio;
    return [below, 1 - below];
  }

  /**
   * A point before which the lower tail is the smaller one, roughly: an end of the part where one tail is smaller
   * throughout.
   */
  private roughMedian(index: number): number {
    const { parts, live, aspectRatio } = this.support;
    const { left, right, curve } = parts[index];
    if (this.support.edgeMasses(index, 'left')[0] >= 0.5) return left.at[0];
    if (this.support.edgeMasses(index, 'right')[0] <= 0.5) return right.at[0];
    let low = left.at[0];
    let high = right.at[0];
    for (let step = 0; step < 40; step++) {
      const middle = low + 0.499 * (high - low);
      if (!(middle > low && middle < high)) break;
      const mass = lowerMass(live, aspectRatio, curve.solve(middle));
      if (mass > 0.25 && mass < 0.75) return middle;
      if (mass < 0.5) low = middle;
      else high = middle;
    }
    return low;
  }
}

function clamp(value: number, low: number, high: number): number {
  return Math.min(Math.max(value, low), high);
}
