import type { Interval } from '../contracts.js';
import type { SeparableEquation, SeparableSolution } from './separableEquation.js';

/** Mass below which a stretch between two points outside the support is taken to be empty. */
const empty = 1e-9;
/** Points inside the support stand no further apart than this in mass. */
const coarseMass = 1 / 128;

interface Point {
  readonly x: number;
  readonly inside: boolean;
  readonly density: number;
  readonly cdf: number;
  readonly solution: SeparableSolution;
}

/**
 * The intervals that carry a density. A stretch between two points outside the support is empty exactly when the
 * closed-form cdf does not change over it, so it is halved while it does; a stretch between two inside points is halved
 * until its mass is small, and every local minimum of the density is then followed down, to see whether it is a gap.
 * Edges are then bisected and finished by Newton's method on F = ∂F/∂g = 0.
 */
export function separableSupport(equation: SeparableEquation): Interval[] {
  const { bound } = equation;
  const { nodes } = equation.weights;
  // Points at ±bound/2^k resolve bulks of very different widths around zero.
  const sides: number[][] = [];
  const hasNegative = nodes[0]! < 0;
  const hasPositive = nodes[nodes.length - 1]! > 0;
  const ladder = Array.from({ length: 40 }, (_, k) => bound * 2 ** -k).reverse();
  if (hasNegative) sides.push(ladder.map((x) => -x).reverse());
  if (hasPositive) sides.push(ladder);
  const intervals: Interval[] = [];
  for (const side of sides) {
    const points = withGaps(
      equation,
      refine(
        equation,
        side.map((x) => pointAt(equation, x)),
      ),
    );
    let open: number | undefined = points[0]!.inside ? points[0]!.x : undefined;
    for (let k = 1; k < points.length; k++) {
      const [left, right] = [points[k - 1]!, points[k]!];
      if (left.inside === right.inside) continue;
      const edge = edgeBetween(equation, left, right);
      if (right.inside) open = edge;
      else intervals.push([open!, edge]);
    }
    // A bulk still open at the innermost point of its side reaches zero.
    const last = points[points.length - 1]!;
    if (last.inside) intervals.push([open!, last.x]);
  }
  return joined(intervals, bound);
}

function pointAt(equation: SeparableEquation, x: number): Point {
  const solution = equation.solve(x, 0);
  const { g } = solution;
  const inside = g.im > 1e-7 * Math.hypot(g.re, g.im);
  return {
    x,
    inside,
    density: inside ? equation.stieltjes(solution, x, 0).im / Math.PI : 0,
    cdf: equation.cdf(solution, x),
    solution,
  };
}

function refine(equation: SeparableEquation, start: readonly Point[]): Point[] {
  const done: Point[] = [];
  const waiting = [...start].reverse();
  let left = waiting.pop()!;
  done.push(left);
  let budget = 4000;
  while (waiting.length > 0) {
    const right = waiting[waiting.length - 1]!;
    const mass = right.cdf - left.cdf;
    const width = right.x - left.x;
    let split = false;
    if (budget > 0 && width > 1e-13 * Math.max(Math.abs(left.x), Math.abs(right.x))) {
      if (!left.inside && !right.inside) split = mass > empty;
      else if (left.inside && right.inside) split = mass > coarseMass;
    }
    if (split) {
      budget--;
      waiting.push(pointAt(equation, (left.x + right.x) / 2));
    } else {
      done.push(right);
      left = right;
      waiting.pop();
    }
  }
  return done;
}

/** The points, and one more in every gap found by following the density's local minima. */
function withGaps(equation: SeparableEquation, points: readonly Point[]): Point[] {
  const found: Point[] = [];
  for (let k = 1; k + 1 < points.length; k++) {
    const [left, middle, right] = [points[k - 1]!, points[k]!, points[k + 1]!];
    if (!left.inside || !middle.inside || !right.inside) continue;
    if (middle.density > left.density || middle.density > right.density) continue;
    const gap = descend(equation, left, middle, right);
    if (gap !== undefined) found.push(gap);
  }
  return [...points, ...found].sort((a, b) => a.x - b.x);
}

/** Golden-section search for a point of density zero between two others. */
function descend(equation: SeparableEquation, left: Point, middle: Point, right: Point): Point | undefined {
  let [low, best, high] = [left.x, middle, right.x];
  for (let step = 0; step < 60 && high - low > 1e-9 * Math.abs(best.x); step++) {
    const inRight = high - best.x > best.x - low;
    const x = inRight ? best.x + 0.381966 * (high - best.x) : best.x - 0.381966 * (best.x - low);
    const next = pointAt(equation, x);
    if (!next.inside) return next;
    const better = next.density < best.density;
    if (better) {
      if (inRight) low = best.x;
      else high = best.x;
      best = next;
    } else if (inRight) {
      high = x;
    } else {
      low = x;
    }
  }
  return undefined;
}

function edgeBetween(equation: SeparableEquation, left: Point, right: Point): number {
  let [low, high] = [left, right];
  for (
    let step = 0;
    step < 60 && Math.abs(high.x - low.x) > 1e-6 * Math.max(Math.abs(low.x), Math.abs(high.x));
    step++
  ) {
    const middle = pointAt(equation, (low.x + high.x) / 2);
    if (middle.inside === left.inside) low = middle;
    else high = middle;
  }
  const outside = low.inside ? high : low;
  const width = Math.abs(high.x - low.x);
  let x = outside.x;
  let g = outside.solution.g.re;
  for (let step = 0; step < 50; step++) {
    const [f, fg, fx, fgg, fgx] = equation.realDerivatives(g, x);
    const determinant = fg * fgx - fx * fgg;
    const moveG = -(f * fgx - fx * fg) / determinant;
    const moveX = -(fg * fg - fgg * f) / determinant;
    if (!Number.isFinite(moveG) || !Number.isFinite(moveX)) break;
    g += moveG;
    x += moveX;
    if (Math.abs(x - outside.x) > 100 * width) break;
    if (Math.abs(moveX) <= 4e-16 * Math.abs(x)) return x;
  }
  // Newton wandered off or crept: the bracket itself is then refined to the last digit it can give.
  if (Math.abs(x - outside.x) <= 2 * width) return x;
  for (let step = 0; step < 30; step++) {
    const middle = pointAt(equation, (low.x + high.x) / 2);
    if (middle.inside === left.inside) low = middle;
    else high = middle;
  }
  return (low.x + high.x) / 2;
}

/** Two bulks that both reach the innermost point around zero are one; a single one starts at zero. */
function joined(intervals: readonly Interval[], bound: number): Interval[] {
  const innermost = bound * 2 ** -38;
  const out: Interval[] = [];
  for (const [lower, upper] of intervals) {
    const from = Math.abs(lower) < innermost ? 0 : lower;
    const to = Math.abs(upper) < innermost ? 0 : upper;
    const previous = out[out.length - 1];
    if (previous !== undefined && previous[1] === from) out[out.length - 1] = [previous[0], to];
    else out.push([from, to]);
  }
  return out;
}
