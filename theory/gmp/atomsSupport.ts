import type { Interval } from '../contracts.js';
import { BoundaryCurve, type CurvePoint } from './boundaryCurve.js';
import { distanceFrom, edgeFrame, zeroFrame, type Frame } from './frame.js';
import type { LiveWeights } from './liveWeights.js';
import { supportGaps, type Gap } from './supportEdges.js';

/** One interval of the support. */
export interface Part {
  readonly left: Frame;
  readonly right: Frame;
  readonly curve: BoundaryCurve;
}

/** A stretch outside the support: its ends, if any, and the mass on either side of it, with the atom at 0. */
export interface Outside {
  readonly lower?: Frame;
  readonly upper?: Frame;
  /** P(λ < x) and P(λ > x) on the stretch, where x < 0 or x > 0 matters only if it holds the point p = 0. */
  readonly cdf: (x: number) => number;
  readonly survival: (x: number) => number;
}

/**
 * The support of the law of discrete weights, interval by interval, and the boundary values of the inverse map on it.
 * Every x is on the scale of the live weights.
 */
export class AtomsSupport {
  readonly parts: readonly Part[];
  /** The stretches before, between and after the parts: one more than these. */
  readonly outsides: readonly Outside[];
  readonly zero: Frame;
  /** Mass of the atom at 0. */
  readonly atZero: number;
  /** Largest estimated relative error of a boundary value returned so far. */
  residual = 0;

  constructor(
    readonly live: LiveWeights,
    readonly aspectRatio: number,
  ) {
    this.zero = zeroFrame(live, aspectRatio);
    this.atZero = Math.max(0, 1 - live.liveMass / aspectRatio);
    this.outsides = supportGaps(live, aspectRatio).map((gap) => outsideOf(live, aspectRatio, gap));
    this.parts = this.outsides.slice(1).map(({ lower }, i): Part => {
      const left = this.outsides[i].upper as Frame;
      const right = lower as Frame;
      return { left, right, curve: new BoundaryCurve(live, aspectRatio, left, right, this.zero) };
    });
  }

  /** The support in units of the weights as given. */
  intervals(): Interval[] {
    const { scale } = this.live;
    return this.parts.map(({ left, right }) => [left.at[0] * scale, right.at[0] * scale]);
  }

  /** Index i with x in part i (strictly inside), or −1 − i with x in outside i. */
  locate(x: number): number {
    const { parts } = this;
    let low = 0;
    let high = parts.length;
    // The first part whose right end lies above x.
    while (low < high) {
      const middle = (low + high) >> 1;
      if (distanceFrom(parts[middle].right, x) < 0) high = middle;
      else low = middle + 1;
    }
    return low < parts.length && distanceFrom(parts[low].left, x) > 0 ? low : -1 - low;
  }

  /** The point of the curve p(x) at an x inside part `index`. */
  pointAt(index: number, x: number): CurvePoint {
    const point = this.parts[index].curve.solve(x);
    this.residual = Math.max(this.residual, point.residual);
    return point;
  }

  /** Whether x is a 0 inside the support at which the aspect ratio is the live mass: density and transform are infinite. */
  isSingular(x: number): boolean {
    return x === 0 && this.zero.slope === 0;
  }

  /** [P(λ ≤ x), P(λ > x)] at an end of part `index`. */
  edgeMasses(index: number, end: 'left' | 'right'): readonly [number, number] {
    const { left, right } = this.parts[index];
    const outside = this.outsides[end === 'left' ? index : index + 1];
    const x = end === 'left' ? left.at[0] : right.at[0];
    return [outside.cdf(x), outside.survival(x)];
  }
}

function outsideOf(live: LiveWeights, aspectRatio: number, { nodesBelow, lower, upper }: Gap): Outside {
  const above = live.massAbove[nodesBelow] / aspectRatio;
  const below = live.massBelow[nodesBelow] / aspectRatio;
  // The sign of p decides which of the two counts the atom; z has the sign of p where the stretch holds p = 0.
  const isPositive = (x: number): boolean => {
    if (lower !== undefined && lower.preimage >= 0) return true;
    if (upper !== undefined && upper.preimage <= 0) return false;
    return x >= 0;
  };
  return {
    lower: lower && edgeFrame(live, lower),
    upper: upper && edgeFrame(live, upper),
    cdf: (x) => (isPositive(x) ? 1 - above : below),
    survival: (x) => (isPositive(x) ? above : 1 - below),
  };
}
