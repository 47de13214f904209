import type { Complex } from '../contracts.js';
import { NumericalError } from '../errors.js';
import type { SmoothMap } from './smoothMap.js';
import type { Stretch } from './stretch.js';

/** An unbounded or exponentially thin end is cut where this mass is left: what the quadrature can still tell from 0. */
export const cutMass = 1e-11;
/** Where the curve is lost in rounding before that, a cut is still taken at this mass; a larger one is an error. */
const largestCut = 1e-8;
/**
 * The walk towards an edge ends this close to it, as a share of the stretch of the parameter u on which its square root
 * rules.
 */
const nearestNode = 1e-4;
/** Nor does it go below this, where x is 1e-30 of the bulk. */
const smallestParameter = 1e-15;
/** Towards the origin inside a support: x is 1e-16 of the bulk. */
const nearestOrigin = 1e-8;
/** A first guess this close, relative to |p|, leaves two or three Newton steps. */
const guessTolerance = 1e-4;
const largestTable = 4000;
/** What becomes of a law at the lower end of a branch. */
export type LowerEnd = 'edge' | 'fades' | 'origin';

/** A point of the curve p(x) in the table of guesses, at x(u). */
export interface CurveNode {
  readonly u: number;
  readonly re: number;
  readonly im: number;
  readonly slopeRe: number;
  readonly slopeIm: number;
}

export interface Course {
  readonly map: SmoothMap;
  readonly stretch: Stretch;
  readonly lowerEnd: LowerEnd;
  /** The square root of the upper edge is part of the law, not lost in its fading tail. */
  readonly upperEdge: boolean;
  /** A point well inside. */
  readonly centre: number;
  /** Mass of the law beyond a node, outwards; without an atom. */
  readonly outerMass: (node: CurveNode, direction: 1 | -1) => number;
}

/**
 * Nodes of the curve p(x), z(p) = x, from the middle outwards in both directions: every node starts from its neighbour,
 * in steps that shrink until it succeeds.
 *
 * @throws NumericalError naming the point where the curve was lost
 */
export function followCurve(course: Course): CurveNode[] {
  const middle = firstNode(course);
  const up = walk(course, middle, 1);
  const down = walk(course, middle, -1);
  return [...down.reverse(), middle, ...up];
}

function nodeAt({ map, stretch }: Course, u: number, p: Complex): CurveNode {
  const slope = map.slope(stretch.at(u), p);
  const speed = stretch.speed(u);
  return { u, re: p.re, im: p.im, slopeRe: speed * slope.re, slopeIm: speed * slope.im };
}

function firstNode(course: Course): CurveNode {
  const { map, stretch, centre: x } = course;
  return nodeAt(course, stretch.parameter(x), boundaryPoint(map, x));
}

/** The p in the upper half-plane that is mapped to x + iy: x > 0 inside the support, or y > 0. */
export function boundaryPoint(map: SmoothMap, x: number, y = 0): Complex {
  // Down a vertical line from where p ≈ (z − E a)/γ.
  let height = 64 * Math.hypot(x, y);
  let p: Complex | undefined;
  for (let attempt = 0; attempt < 40 && p === undefined; attempt++, height *= 2) {
    p = map.preimage(x, height, { re: 0, im: height / map.aspectRatio });
    if (p !== undefined) break;
  }
  for (let attempt = 0; attempt < 200 && p !== undefined; attempt++) {
    const target = map.preimage(x, y, p);
    if (target !== undefined && target.im > 0) return target;
    height = y + (height - y) / 2;
    p = map.preimage(x, height, p);
  }
  throw new NumericalError(`no boundary value of the Stieltjes transform found at ${x} + ${y}i`);
}

/** The next node at u, and how well its neighbourhood is interpolated; undefined where the step was too long. */
function stepTo(
  course: Course,
  last: CurveNode,
  u: number,
): { readonly next: CurveNode; readonly good: boolean } | undefined {
  const { map, stretch } = course;
  const move = u - last.u;
  const guess = { re: last.re + move * last.slopeRe, im: Math.max(last.im + move * last.slopeIm, 0.3 * last.im) };
  const p = map.preimage(stretch.at(u), 0, guess);
  if (
    p === undefined ||
    p.im > 4 * last.im + 1e-12 * Math.abs(p.re) ||
    Math.hypot(p.re - last.re, p.im - last.im) > 0.5 * Math.hypot(last.re, last.im)
  )
    return undefined;
  const next = nodeAt(course, u, p);
  const middle = interpolated(last, next, (last.u + u) / 2);
  const exact = map.preimage(stretch.at((last.u + u) / 2), 0, middle);
  const error = exact === undefined ? Infinity : Math.hypot(exact.re - middle.re, exact.im - middle.im);
  return { next, good: error <= guessTolerance * Math.max(p.im, 1e-6 * Math.hypot(p.re, p.im)) };
}

function walk(course: Course, from: CurveNode, direction: 1 | -1): CurveNode[] {
  const { stretch, lowerEnd, upperEdge, outerMass } = course;
  const nearestLower = lowestParameter(course);
  const nodes: CurveNode[] = [];
  const fades = direction > 0 ? !upperEdge : lowerEnd !== 'origin';
  let last = from;
  let step = 0.05;
  while (nodes.length < largestTable) {
    const room = direction < 0 ? last.u : stretch.lastParameter - last.u;
    step = Math.min(step, room / 2);
    const u = last.u + direction * step;
    if (u < nearestLower || stretch.lastParameter - u < nearestNode) break;
    const found = stepTo(course, last, u);
    if (found === undefined) {
      step /= 2;
      if (step < 1e-7 * Math.min(1, room)) {
        // Far out Im p falls below the rounding of the sums. What lies beyond is cut there, and its mass is told.
        const beyond = outerMass(last, direction);
        if (beyond < largestCut) break;
        throw new NumericalError(
          `the Stieltjes transform was lost at x = ${stretch.at(u)}, where a mass of ${beyond} is left`,
        );
      }
      continue;
    }
    if (!found.good && step > 1e-4 * Math.min(1, room)) {
      step /= 2;
      continue;
    }
    nodes.push(found.next);
    last = found.next;
    if (fades && isThin(course, last) && outerMass(last, direction) < cutMass) break;
    step = Math.min(2 * step, 0.2);
  }
  return nodes;
}

/**
 * The smallest u of the table. Near aspect ratio 1 the law reaches down to x of the order of (1 − γ)², and a soft edge's
 * square root rules only as far above it as it is above 0.
 */
function lowestParameter({ stretch: { lower, span }, lowerEnd }: Course): number {
  if (lowerEnd === 'origin') return nearestOrigin;
  return Math.max(smallestParameter, lowerEnd === 'edge' ? nearestNode * Math.min(1, Math.sqrt(lower / span)) : 0);
}

/** Whether x · density is so small that a mass of `cutMass` may be all that is left: the sums for it cost more. */
function isThin({ map: { aspectRatio }, stretch }: Course, { u, re, im }: CurveNode): boolean {
  return stretch.at(u) * im < 1e-5 * Math.PI * aspectRatio * (re * re + im * im);
}

/** Cubic Hermite interpolation of p in u. */
export function interpolated(before: CurveNode, after: CurveNode, u: number): Complex {
  const span = after.u - before.u;
  const t = (u - before.u) / span;
  const s = 1 - t;
  const h00 = s * s * (1 + 2 * t);
  const h01 = t * t * (3 - 2 * t);
  const h10 = span * t * s * s;
  const h11 = -span * t * t * s;
  return {
    re: h00 * before.re + h01 * after.re + h10 * before.slopeRe + h11 * after.slopeRe,
    im: h00 * before.im + h01 * after.im + h10 * before.slopeIm + h11 * after.slopeIm,
  };
}
