import { NumericalError } from '../errors.js';
import { contourHeight } from '../measures/contourHeight.js';
import { distanceFrom, evaluate, halfCurvature, newEvaluation, type Frame } from './frame.js';
import type { LiveWeights } from './liveWeights.js';

/** A point p = origin + re + i·im of the curve that z maps to the support, in the frame best for it. */
export interface CurvePoint {
  readonly frame: Frame;
  readonly re: number;
  readonly im: number;
  /** Estimated relative error of `im`, from the length of the last Newton step. */
  readonly residual: number;
}

/** A node of the table of first guesses: p and dp/dτ at x = midpoint − half width · cos τ. */
interface TableNode {
  /** τ and π − τ, each with its own digits. */
  readonly angle: number;
  readonly rest: number;
  readonly re: number;
  readonly im: number;
  readonly slopeRe: number;
  readonly slopeIm: number;
}

/** A guess this close, relative to Im p, leaves two Newton steps. */
const guessTolerance = 1e-3;
/** After a step this short, relative to Im p, the remaining error is its square: below rounding. */
const acceptedStep = 1e-8;
/** Most pieces of a table; beyond it the guesses are worse, and solving slower, but as safe. */
const largestTable = 600;
const smallestPiece = 1e-6;

/** A table of guesses as it grows: its nodes from the left, and how many more it may have. */
interface GrowingTable {
  readonly nodes: TableNode[];
  room: number;
}

/**
 * The curve p(x) over one interval of the support between two edges (paper-notes.md, generalised Marčenko–Pastur on the
 * axis). Every root of z(p) = x with Im p > 0 is the right one, and along the curve Re p increases with x; so Newton
 * from any guess is safe to accept, and bisection in Re p, with Im p from Σ w a²/|p − a|² = γ, always ends at the root.
 */
export class BoundaryCurve {
  private readonly lower: number;
  private readonly upper: number;
  private readonly width: number;
  /** Below this |x| the frame of p = 0 is the best. */
  private readonly aroundZero: number;
  private readonly out = newEvaluation();
  private table: TableNode[] | undefined;

  constructor(
    private readonly weights: LiveWeights,
    private readonly aspectRatio: number,
    private readonly left: Frame,
    private readonly right: Frame,
    private readonly zero: Frame,
  ) {
    const lower = left.at[0];
    const upper = right.at[0];
    this.lower = lower;
    this.upper = upper;
    this.width = upper - lower + (right.at[1] - left.at[1]);
    this.aroundZero = lower < 0 && upper > 0 ? 0.05 * Math.min(-lower, upper) : 0;
  }

  /**
   * The unique p with z(p) = x, Im p > 0, for x strictly inside the interval. `x` is on the scale of the live weights.
   */
  solve(x: number): CurvePoint {
    const frame = this.frameFor(x);
    const target = distanceFrom(frame, x);
    const nodes = (this.table ??= this.buildTable());
    const fromLower = Math.sqrt(Math.max(distanceFrom(this.left, x), 0));
    const fromUpper = Math.sqrt(Math.max(-distanceFrom(this.right, x), 0));
    const angle = 2 * Math.atan2(fromLower, fromUpper);
    const rest = 2 * Math.atan2(fromUpper, fromLower);
    let low = 0;
    let high = nodes.length - 1;
    while (high - low > 1) {
      const middle = (low + high) >> 1;
      if (nodes[middle].angle <= angle) low = middle;
      else high = middle;
    }
    return this.solveBetween(nodes[low], nodes[high], angle, rest, frame, target);
  }

  private frameFor(x: number): Frame {
    if (Math.abs(x) < this.aroundZero) return this.zero;
    return x - this.lower <= this.upper - x ? this.left : this.right;
  }

  private solveBetween(
    before: TableNode,
    after: TableNode,
    angle: number,
    rest: number,
    frame: Frame,
    target: number,
  ): CurvePoint {
    const guess = interpolated(before, after, angle, rest);
    const point = guess.im > 0 ? this.newton(frame, target, guess.re - frame.origin, guess.im) : undefined;
    return point ?? this.bisected(frame, target, before.re - frame.origin, after.re - frame.origin);
  }

  /** Newton for z(p) = x. Undefined when it leaves the upper half-plane or does not settle: the caller then bisects. */
  private newton(frame: Frame, target: number, startRe: number, startIm: number): CurvePoint | undefined {
    const { out } = this;
    let re = startRe;
    let im = startIm;
    for (let iteration = 0; iteration < 25; iteration++) {
      evaluate(frame, re, im, out);
      const residualRe = out.value - target;
      const residualIm = out.rise * im;
      const norm = out.slopeRe * out.slopeRe + out.slopeIm * out.slopeIm;
      const stepRe = -(residualRe * out.slopeRe + residualIm * out.slopeIm) / norm;
      const stepIm = -(residualIm * out.slopeRe - residualRe * out.slopeIm) / norm;
      if (!(im + stepIm > 0) || !Number.isFinite(stepRe)) return undefined;
      re += stepRe;
      im += stepIm;
      const relative = Math.max(
        Math.abs(stepIm) / im,
        Math.max(0, Math.abs(stepRe) - 8 * Number.EPSILON * Math.abs(re)) / im,
      );
      if (relative <= acceptedStep) return { frame, re, im, residual: relative * relative };
    }
    return undefined;
  }

  /** Bisection in Re q between two ends that need not bracket to the last digit, with Newton tried now and then. */
  private bisected(frame: Frame, target: number, low: number, high: number): CurvePoint {
    const { weights, aspectRatio, out } = this;
    for (let iteration = 0; iteration < 200; iteration++) {
      const middle = low + (high - low) / 2;
      const im = contourHeight(weights.squares, frame.offsets, aspectRatio, middle);
      if (im > 0 && iteration % 4 === 3) {
        const point = this.newton(frame, target, middle, im);
        if (point !== undefined) return point;
      }
      if (!(middle > low && middle < high)) break;
      evaluate(frame, middle, im, out);
      if (out.value < target) low = middle;
      else high = middle;
    }
    const at = (frame.at[0] + target) * weights.scale;
    throw new NumericalError(
      `no boundary value of the Stieltjes transform found at x = ${at}: the inverse map did not converge there`,
    );
  }

  private buildTable(): TableNode[] {
    const { left, right, width } = this;
    const first = edgeNode(left, 0, 0.5 * Math.sqrt(width / Math.abs(halfCurvature(left))));
    const last = edgeNode(right, Math.PI, -0.5 * Math.sqrt(width / Math.abs(halfCurvature(right))));
    const table = { nodes: [first], room: largestTable };
    this.refine(first, last, table);
    table.nodes.push(last);
    return table.nodes;
  }

  /** Adds the nodes between two of the table, halving until each piece is interpolated well enough. */
  private refine(before: TableNode, after: TableNode, table: GrowingTable): void {
    const span = before.angle < 1 ? after.angle - before.angle : before.rest - after.rest;
    if (table.room <= 0 || span < smallestPiece) return;
    table.room--;
    // Off the exact middle, which a symmetric law may have for its singular point.
    const angle = before.angle + 0.499 * span;
    const rest = after.rest + 0.501 * span;
    const node = this.nodeBetween(before, after, angle, rest);
    const guess = interpolated(before, after, angle, rest);
    const error = Math.hypot(guess.re - node.re, guess.im - node.im);
    // At least four pieces, so that one lucky midpoint does not end the search.
    const good = error <= guessTolerance * node.im && span < 1;
    if (!good) this.refine(before, node, table);
    table.nodes.push(node);
    if (!good) this.refine(node, after, table);
  }

  private nodeBetween(before: TableNode, after: TableNode, angle: number, rest: number): TableNode {
    const { lower, upper, width, left, right, out } = this;
    const fromLower = width * Math.sin(angle / 2) ** 2;
    const fromUpper = width * Math.sin(rest / 2) ** 2;
    const x = angle < 1.5 ? lower + fromLower : upper - fromUpper;
    const frame = this.frameFor(x);
    const target = frame === left ? fromLower : frame === right ? -fromUpper : distanceFrom(frame, x);
    const point = this.solveBetween(before, after, angle, rest, frame, target);
    evaluate(frame, point.re, point.im, out);
    const norm = out.slopeRe * out.slopeRe + out.slopeIm * out.slopeIm;
    const speed = 0.5 * width * Math.sin(angle);
    return {
      angle,
      rest,
      re: frame.origin + point.re,
      im: point.im,
      slopeRe: (speed * out.slopeRe) / norm,
      slopeIm: (-speed * out.slopeIm) / norm,
    };
  }
}

function edgeNode(frame: Frame, angle: number, slopeIm: number): TableNode {
  return { angle, rest: Math.PI - angle, re: frame.origin, im: 0, slopeRe: 0, slopeIm };
}

/** Cubic Hermite interpolation of p in the angle. */
function interpolated(before: TableNode, after: TableNode, angle: number, rest: number): { re: number; im: number } {
  // Shares of the piece, the one towards the nearer edge with all its digits.
  const nearLower = angle < 1.5;
  const span = nearLower ? after.angle - before.angle : before.rest - after.rest;
  const t = nearLower ? (angle - before.angle) / span : 1 - (rest - after.rest) / span;
  const s = nearLower ? 1 - t : (rest - after.rest) / span;
  const h00 = s * s * (1 + 2 * t);
  const h01 = t * t * (3 - 2 * t);
  const h10 = span * t * s * s;
  const h11 = -span * t * t * s;
  return {
    re: h00 * before.re + h01 * after.re + h10 * before.slopeRe + h11 * after.slopeRe,
    im: h00 * before.im + h01 * after.im + h10 * before.slopeIm + h11 * after.slopeIm,
  };
}
