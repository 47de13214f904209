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

export interface BoundaryCurve {
  /**
   * The unique p with z(p) = x, Im p > 0, for x strictly inside the interval. `x` is on the scale of the live weights.
   */
  solve(x: number): CurvePoint;
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

/**
 * The curve p(x) over one interval of the support between two edges (paper-notes.md, generalised Marčenko–Pastur on the
 * axis). Every root of z(p) = x with Im p > 0 is the right one, and along the curve Re p increases with x; so Newton
 * from any guess is safe to accept, and bisection in Re p, with Im p from Σ w a²/|p − a|² = γ, always ends at the root.
 */
export function boundaryCurve(
  weights: LiveWeights,
  aspectRatio: number,
  left: Frame,
  right: Frame,
  zero: Frame,
): BoundaryCurve {
  const lower = left.at[0];
  const upper = right.at[0];
  const width = upper - lower + (right.at[1] - left.at[1]);
  const aroundZero = lower < 0 && upper > 0 ? 0.05 * Math.min(-lower, upper) : 0;
  const out = newEvaluation();
  let table: TableNode[] | undefined;

  function frameFor(x: number): Frame {
    if (Math.abs(x) < aroundZero) return zero;
    return x - lower <= upper - x ? left : right;
  }

  function solve(x: number): CurvePoint {
    const frame = frameFor(x);
    const target = distanceFrom(frame, x);
    const nodes = (table ??= buildTable());
    const fromLower = Math.sqrt(Math.max(distanceFrom(left, x), 0));
    const fromUpper = Math.sqrt(Math.max(-distanceFrom(right, x), 0));
    const angle = 2 * Math.atan2(fromLower, fromUpper);
    const rest = 2 * Math.atan2(fromUpper, fromLower);
    let low = 0;
    let high = nodes.length - 1;
    while (high - low > 1) {
      const middle = (low + high) >> 1;
      if (nodes[middle].angle <= angle) low = middle;
      else high = middle;
    }
    return solveBetween(nodes[low], nodes[high], angle, rest, frame, target);
  }

  function solveBetween(
    before: TableNode,
    after: TableNode,
    angle: number,
    rest: number,
    frame: Frame,
    target: number,
  ): CurvePoint {
    const guess = interpolated(before, after, angle, rest);
    const point = guess.im > 0 ? newton(frame, target, guess.re - frame.origin, guess.im) : undefined;
    return point ?? bisected(frame, target, before.re - frame.origin, after.re - frame.origin);
  }

  /** Newton for z(p) = x. Undefined when it leaves the upper half-plane or does not settle: the caller then bisects. */
  function newton(frame: Frame, target: number, startRe: number, startIm: number): CurvePoint | undefined {
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
  function bisected(frame: Frame, target: number, low: number, high: number): CurvePoint {
    for (let iteration = 0; iteration < 200; iteration++) {
      const middle = low + (high - low) / 2;
      const im = contourHeight(weights.squares, frame.offsets, aspectRatio, middle);
      if (im > 0 && iteration % 4 === 3) {
        const point = newton(frame, target, middle, im);
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

  function buildTable(): TableNode[] {
    const first: TableNode = edgeNode(left, 0, 0.5 * Math.sqrt(width / Math.abs(halfCurvature(left))));
    const last: TableNode = edgeNode(right, Math.PI, -0.5 * Math.sqrt(width / Math.abs(halfCurvature(right))));
    const nodes = [first];
    let room = largestTable;
    refine(first, last);
    nodes.push(last);
    return nodes;

    function refine(before: TableNode, after: TableNode): void {
      const span = before.angle < 1 ? after.angle - before.angle : before.rest - after.rest;
      if (room <= 0 || span < smallestPiece) return;
      room--;
      // Off the exact middle, which a symmetric law may have for its singular point.
      const angle = before.angle + 0.499 * span;
      const rest = after.rest + 0.501 * span;
      const fromLower = width * Math.sin(angle / 2) ** 2;
      const fromUpper = width * Math.sin(rest / 2) ** 2;
      const x = angle < 1.5 ? lower + fromLower : upper - fromUpper;
      const frame = frameFor(x);
      const target = frame === left ? fromLower : frame === right ? -fromUpper : distanceFrom(frame, x);
      const point = solveBetween(before, after, angle, rest, frame, target);
      const guess = interpolated(before, after, angle, rest);
      evaluate(frame, point.re, point.im, out);
      const norm = out.slopeRe * out.slopeRe + out.slopeIm * out.slopeIm;
      const speed = 0.5 * width * Math.sin(angle);
      const node: TableNode = {
        angle,
        rest,
        re: frame.origin + point.re,
        im: point.im,
        slopeRe: (speed * out.slopeRe) / norm,
        slopeIm: (-speed * out.slopeIm) / norm,
      };
      const error = Math.hypot(guess.re - node.re, guess.im - node.im);
      // At least four pieces, so that one lucky midpoint does not end the search.
      const good = error <= guessTolerance * node.im && span < 1;
      if (!good) refine(before, node);
      nodes.push(node);
      if (!good) refine(node, after);
    }
  }

  return { solve };
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
