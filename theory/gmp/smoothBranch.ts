import type { Complex, Interval } from '../contracts.js';
import { NumericalError } from '../errors.js';
import type { WeightTransform } from './weightTransform.js';

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
/** Steps this short, relative to |p|, that no longer shrink are rounding. */
const roundingStep = 1e-12;

/** What becomes of a law at the lower end of a branch. */
export type LowerEnd = 'edge' | 'fades' | 'origin';

export interface BranchOptions {
  readonly transform: WeightTransform;
  readonly aspectRatio: number;
  readonly lower: number;
  /** Where the lower end is 0 without an edge: the density fades there, or goes on to negative numbers. */
  readonly lowerEnd: LowerEnd;
  /** Infinity for unbounded weights. */
  readonly upper: number;
  /** The square root of the upper edge is part of the law, not lost in its fading tail. */
  readonly upperEdge: boolean;
  /** A point well inside. */
  readonly centre: number;
  /** Mass of the law at and below `lower`. */
  readonly massBelow: number;
}

/** The part of a law over one stretch of positive numbers. */
export interface SmoothBranch {
  /** The stretch, its fading ends cut; the curve is followed when first asked for. */
  ends(): Interval;
  /** Masses beyond the cuts, where there are some. */
  cuts(): { readonly below?: number; readonly above?: number };
  density(x: number): number;
  /** P(λ > x) for x inside. */
  massAbove(x: number): number;
  /** p at a point z of the upper half-plane, from a guess; undefined where Newton's method does not settle. */
  preimage(z: Complex, start: Complex): Complex | undefined;
  residual(): number;
}

/** A point of the curve p(x) in the table of guesses, at x(u). */
interface TableNode {
  readonly u: number;
  readonly re: number;
  readonly im: number;
  readonly slopeRe: number;
  readonly slopeIm: number;
}

/**
 * The curve p(x), z(p) = x, over a stretch of the support of a smooth weight law's spectral law (paper-notes.md, smooth
 * weight densities off the axis): followed from its middle outwards, in a parameter u that turns square roots at edges
 * into lines.
 *
 * @throws NumericalError from its methods, naming the point, where the equation could not be solved
 */
export function smoothBranch(options: BranchOptions): SmoothBranch {
  const { transform, aspectRatio, lower, lowerEnd, upper, upperEdge, centre, massBelow } = options;
  let residual = 0;
  /** [z, z'] at p; real and imaginary parts. */
  const z = new Float64Array(4);

  function newton(x: number, y: number, start: Complex): Complex | undefined {
    let { re, im } = start;
    let before = Infinity;
    for (let iteration = 0; iteration < 30; iteration++) {
      inverseMap(transform, aspectRatio, re, im, z);
      const rightRe = z[0] - x;
      const rightIm = z[1] - y;
      const norm = z[2] * z[2] + z[3] * z[3];
      const stepRe = -(rightRe * z[2] + rightIm * z[3]) / norm;
      const stepIm = -(rightIm * z[2] - rightRe * z[3]) / norm;
      re += stepRe;
      im += stepIm;
      const size = Math.hypot(re, im);
      // In the thinnest tail Im p is below the rounding of the sums, and its sign with it.
      if (!(im > -1e-9 * size)) return undefined;
      const step = Math.hypot(stepRe, stepIm);
      if (step <= 1e-8 * Math.max(im, 1e-7 * size)) {
        residual = Math.max(residual, (step / size) ** 2);
        return { re, im: Math.max(im, 0) };
      }
      // A small aspect ratio has z′ small, as every edge has: the rounding of z then moves p for ever.
      if (step <= roundingStep * size * Math.max(1, aspectRatio / Math.sqrt(norm)) && step > 0.5 * before) {
        residual = Math.max(residual, step / size);
        return { re, im: Math.max(im, 0) };
      }
      before = step;
    }
    return undefined;
  }

  // x(u) = lower + span sin² u between two edges, lower + span sinh² u before a fading tail: square roots become lines
  // in u.
  const span = upperEdge ? upper - lower : centre;
  const lastParameter = upperEdge ? Math.PI / 2 : Infinity;
  const at = (u: number): number =>
    !upperEdge
      ? lower + span * Math.sinh(u) ** 2
      : u < 0.8
        ? lower + span * Math.sin(u) ** 2
        : upper - span * Math.cos(u) ** 2;
  const parameter = (x: number): number =>
    upperEdge
      ? Math.atan2(Math.sqrt(Math.max(x - lower, 0)), Math.sqrt(Math.max(upper - x, 0)))
      : Math.asinh(Math.sqrt(Math.max(x - lower, 0) / span));

  // Near aspect ratio 1 the law reaches down to x of the order of (1 − γ)², and a soft edge's square root rules only as
  // far above it as it is above 0.
  const nearestLower =
    lowerEnd === 'origin'
      ? nearestOrigin
      : Math.max(smallestParameter, lowerEnd === 'edge' ? nearestNode * Math.min(1, Math.sqrt(lower / span)) : 0);

  /**
   * From the middle outwards in both directions: every node starts from its neighbour, in steps that shrink until it
   * succeeds.
   */
  function buildTable(): TableNode[] {
    const middle = firstNode();
    const up = walk(middle, 1);
    const down = walk(middle, -1);
    return [...down.reverse(), middle, ...up];
  }

  function nodeAt(u: number, p: Complex): TableNode {
    inverseMap(transform, aspectRatio, p.re, p.im, z);
    const norm = z[2] * z[2] + z[3] * z[3];
    const speed = span * (upperEdge ? Math.sin(2 * u) : Math.sinh(2 * u));
    return { u, re: p.re, im: p.im, slopeRe: (speed * z[2]) / norm, slopeIm: (-speed * z[3]) / norm };
  }

  function firstNode(): TableNode {
    const x = centre;
    // Down a vertical line from where p ≈ (z − E a)/γ.
    let height = 64 * centre;
    let p: Complex | undefined;
    for (let attempt = 0; attempt < 40 && p === undefined; attempt++, height *= 2) {
      p = newton(x, height, { re: 0, im: height / aspectRatio });
      if (p !== undefined) break;
    }
    for (let attempt = 0; attempt < 200 && p !== undefined; attempt++) {
      const target = newton(x, 0, p);
      if (target !== undefined && target.im > 0) return nodeAt(parameter(x), target);
      height /= 2;
      p = newton(x, height, p);
    }
    throw new NumericalError(`no boundary value of the Stieltjes transform found at x = ${x}`);
  }

  /** The next node at u, and how well its neighbourhood is interpolated; undefined where the step was too long. */
  function stepTo(last: TableNode, u: number): { readonly next: TableNode; readonly good: boolean } | undefined {
    const move = u - last.u;
    const guess = { re: last.re + move * last.slopeRe, im: Math.max(last.im + move * last.slopeIm, 0.3 * last.im) };
    const p = newton(at(u), 0, guess);
    if (
      p === undefined ||
      p.im > 4 * last.im + 1e-12 * Math.abs(p.re) ||
      Math.hypot(p.re - last.re, p.im - last.im) > 0.5 * Math.hypot(last.re, last.im)
    )
      return undefined;
    const next = nodeAt(u, p);
    const middle = interpolated(last, next, (last.u + u) / 2);
    const exact = newton(at((last.u + u) / 2), 0, middle);
    const error = exact === undefined ? Infinity : Math.hypot(exact.re - middle.re, exact.im - middle.im);
    return { next, good: error <= guessTolerance * Math.max(p.im, 1e-6 * Math.hypot(p.re, p.im)) };
  }

  function walk(from: TableNode, direction: 1 | -1): TableNode[] {
    const nodes: TableNode[] = [];
    const fades = direction > 0 ? !upperEdge : lowerEnd !== 'origin';
    let last = from;
    let step = 0.05;
    while (nodes.length < largestTable) {
      const room = direction < 0 ? last.u : lastParameter - last.u;
      step = Math.min(step, room / 2);
      const u = last.u + direction * step;
      if (u < nearestLower || lastParameter - u < nearestNode) break;
      const found = stepTo(last, u);
      if (found === undefined) {
        step /= 2;
        if (step < 1e-7 * Math.min(1, room)) {
          // Far out Im p falls below the rounding of the sums. What lies beyond is cut there, and its mass is told.
          const beyond = outerMass(last, direction);
          if (beyond < largestCut) break;
          throw new NumericalError(
            `the Stieltjes transform was lost at x = ${at(u)}, where a mass of ${beyond} is left`,
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
      if (fades && thin(last) && outerMass(last, direction) < cutMass) break;
      step = Math.min(2 * step, 0.2);
    }
    return nodes;
  }

  /** Whether x · density is so small that a mass of `cutMass` may be all that is left: the sums for it cost more. */
  function thin({ u, re, im }: TableNode): boolean {
    return at(u) * im < 1e-5 * Math.PI * aspectRatio * (re * re + im * im);
  }

  /** Mass of the law beyond a node, outwards; without an atom. */
  function outerMass({ u, re, im }: TableNode, direction: 1 | -1): number {
    const above = massOf(at(u), { re, im });
    return direction > 0 ? above : 1 - above - massBelow;
  }

  let table: TableNode[] | undefined;
  const nodes = (): TableNode[] => (table ??= buildTable());
  let stretch: Interval | undefined;

  function ends(): Interval {
    if (stretch === undefined) {
      const all = nodes();
      stretch = [lowerEnd === 'fades' ? at(all[0].u) : lower, upperEdge ? upper : at(all[all.length - 1].u)];
    }
    return stretch;
  }

  function solve(x: number): Complex {
    const all = nodes();
    const u = parameter(x);
    const first = all[0];
    const last = all[all.length - 1];
    if (lowerEnd === 'origin' && u < first.u) return solveNearOrigin(x, first, all[1]);
    let low = 0;
    let high = all.length - 1;
    while (high - low > 1) {
      const middle = (low + high) >> 1;
      if (all[middle].u <= u) low = middle;
      else high = middle;
    }
    // Beyond the outermost nodes the curve runs into an edge with a square root: Im p falls in proportion to the
    // distance in u.
    const outer = lowerEnd === 'edge' && u < first.u ? first : upperEdge && u > last.u ? last : undefined;
    const left = outer === last ? (lastParameter - u) / (lastParameter - last.u) : u / first.u;
    const guess =
      outer === undefined
        ? interpolated(all[low], all[high], u)
        : { re: outer.re + (u - outer.u) * outer.slopeRe, im: outer.im * left };
    const p = newton(x, 0, guess);
    // The path knows the edge to about 1e-13 only: closer than that the square root speaks for itself.
    if (outer !== undefined && !(p !== undefined && Math.abs(p.im / guess.im - 1) < 0.1)) return guess;
    if (p === undefined) throw new NumericalError(`no boundary value of the Stieltjes transform found at x = ${x}`);
    return p;
  }

  /** Next to the origin both parts of p go like powers of x: 0 below the live mass, ½ at it, 1 and 2 above. */
  function solveNearOrigin(x: number, first: TableNode, second: TableNode): Complex {
    const steps = Math.log(first.u / second.u);
    const ratio = Math.sqrt(x / span) / first.u;
    const power = (a: number, b: number): number => ratio ** (Math.log(Math.abs(a / b)) / steps);
    const guess = { re: first.re * power(first.re, second.re), im: first.im * power(first.im, second.im) };
    return newton(x, 0, guess) ?? guess;
  }

  function massOf(x: number, p: Complex): number {
    // π P(λ > x) = φ + (1/γ) (Im E log((p − a)/p) − x Im p/|p|²).
    const phase = Math.atan2(p.im, p.re);
    const tail = transform.logArgument(p.re, p.im) - (x * p.im) / (p.re * p.re + p.im * p.im);
    return Math.min(Math.max((phase + tail / aspectRatio) / Math.PI, 0), 1 - massBelow);
  }

  return {
    ends,
    cuts() {
      const all = nodes();
      return {
        ...(lowerEnd === 'fades' ? { below: outerMass(all[0], -1) } : {}),
        ...(upperEdge ? {} : { above: outerMass(all[all.length - 1], 1) }),
      };
    },
    density(x) {
      const p = solve(x);
      return p.im / (Math.PI * aspectRatio * (p.re * p.re + p.im * p.im));
    },
    massAbove: (x) => massOf(x, solve(x)),
    preimage: (point, start) => newton(point.re, point.im, start),
    residual: () => residual,
  };
}

/** z = p (γ + E[a/(p − a)]) and z′ = γ − E[a²/(p − a)²], as [re, im, re, im]. */
function inverseMap(transform: WeightTransform, aspectRatio: number, re: number, im: number, out: Float64Array): void {
  // What is added to γ, without the cancellation that p near 0 would bring.
  const offset = aspectRatio - transform.evaluate(re, im, out);
  const sumRe = offset + out[0];
  const sumIm = out[1];
  out[0] = re * sumRe - im * sumIm;
  out[1] = re * sumIm + im * sumRe;
  out[2] = offset - out[2];
  out[3] = -out[3];
}

/** Cubic Hermite interpolation of p in u. */
function interpolated(before: TableNode, after: TableNode, u: number): Complex {
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
