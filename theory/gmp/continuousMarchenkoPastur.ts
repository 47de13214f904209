import type { Complex, Interval, SpectralLaw } from '../contracts.js';
import { NumericalError, UsageError } from '../errors.js';
import type { ContourMeasure } from './contourMeasure.js';
import { generalisedMarchenkoPastur, type GmpLaw } from './generalisedMarchenkoPastur.js';
import { lowerEdge, upperEnd } from './positiveEdges.js';
import { quantileBetween } from './quantileBetween.js';
import { weightTransform } from './weightTransform.js';

/**
 * Mass beyond which an unbounded or exponentially thin end of the support is cut off: what the quadrature can still
 * tell from 0.
 */
const cutMass = 1e-11;

/** Where the curve is lost in rounding before that, a cut is still taken at this mass; a larger one is an error. */
const largestCut = 1e-8;

/** A bound to be told: one digit, rounded up. */
const told = (mass: number): string => Math.max(cutMass, 2 * Math.abs(mass)).toExponential(0);
/**
 * The walk towards an edge ends this close to it, as a share of the stretch of the parameter u on which its square root
 * rules.
 */
const nearestNode = 1e-4;
/** Nor does it go below this, where x is 1e-30 of the bulk. */
const smallestParameter = 1e-15;
/** A first guess this close, relative to |p|, leaves two or three Newton steps. */
const guessTolerance = 1e-4;
const largestTable = 4000;
/** Steps this short, relative to |p|, that no longer shrink are rounding. */
const roundingStep = 1e-12;

/** A point of the curve p(x) in the table of guesses, at x(u). */
interface TableNode {
  readonly u: number;
  readonly re: number;
  readonly im: number;
  readonly slopeRe: number;
  readonly slopeIm: number;
}

/**
 * The generalised Marčenko–Pastur law of positive weights with an analytic density on (0, ∞), given on a path below the
 * real axis: the same equation as `generalisedMarchenkoPastur`, z = p (γ + E[a/(p − a)]) with p = −1/(γ m), but without
 * the spurious gaps that real nodes open wherever the density of the weights is thin. Reflect with `scaledLaw(law, −1)`
 * for negative weights.
 *
 * Density and distribution function are good to about 1e-10 absolute (in units of the bulk), 1e-12 typically, not
 * relative: where the tail of the law is thinner than that its digits are noise. Weights that differ by less than about
 * 1 % of their size lose more, because the path magnifies the rounding of their grid (1e-9 at 0.1 %): where
 * `narrowWeights` holds, real nodes serve them better. The support is one interval; an end where the law only fades is
 * cut where the mass beyond it is 1e-11, which `diagnostics.notes` says.
 *
 * @param weights see `shiftedRule`
 * @param aspectRatio γ = d/N > 0
 * @throws UsageError on an aspect ratio that is not positive and finite
 * @throws NumericalError naming the point where the equation could not be solved
 */
export function continuousMarchenkoPastur(weights: ContourMeasure, aspectRatio: number): SpectralLaw {
  if (!(aspectRatio > 0 && Number.isFinite(aspectRatio))) {
    throw new UsageError(`aspectRatio must be a positive finite number (dimension / samples); got ${aspectRatio}`);
  }
  const { real, largest = Infinity } = weights;
  const transform = weightTransform(weights);
  // The law of the real nodes has the same moments, and the same values off the support.
  let realLaw: GmpLaw | undefined;
  const outline = (): GmpLaw => (realLaw ??= generalisedMarchenkoPastur(real, aspectRatio));
  const atom = Math.max(0, 1 - 1 / aspectRatio);
  const hasEdge = aspectRatio <= 1;
  const mean = real.nodes.reduce((sum, node, k) => sum + real.masses[k] * node, 0);
  /** Mean of the law's continuous part, which lies in its one interval whatever the aspect ratio. */
  const centre = mean * Math.max(1, aspectRatio);
  const lower = aspectRatio < 1 ? lowerEdge(real, aspectRatio) : 0;
  const end = largest === Infinity ? undefined : upperEnd(transform, largest, aspectRatio);
  const upper = end?.at ?? Infinity;
  /** The square root of the upper edge is part of the law, not lost in its fading tail. */
  const hasUpperEdge = end !== undefined && end.rootMass > cutMass;
  const notes: string[] = [];
  let residual = 0;

  /** [z, z'] at p; real and imaginary parts. */
  const z = new Float64Array(4);
  function evaluate(re: number, im: number): void {
    transform.evaluate(re, im, z);
    const sumRe = aspectRatio + z[0];
    const sumIm = z[1];
    z[0] = re * sumRe - im * sumIm;
    z[1] = re * sumIm + im * sumRe;
    z[2] = aspectRatio - z[2];
    z[3] = -z[3];
  }

  function newton(x: number, y: number, start: Complex): Complex | undefined {
    let { re, im } = start;
    let before = Infinity;
    for (let iteration = 0; iteration < 30; iteration++) {
      evaluate(re, im);
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
      // A small aspect ratio has z′ small, and the rounding of z then moves p for ever.
      if (step <= roundingStep * size && step > 0.5 * before) {
        residual = Math.max(residual, step / size);
        return { re, im: Math.max(im, 0) };
      }
      before = step;
    }
    return undefined;
  }

  // x(u) = lower + span sin² u between two edges, lower + span sinh² u before a fading tail: square roots become lines
  // in u.
  const span = hasUpperEdge ? upper - lower : centre;
  const lastParameter = hasUpperEdge ? Math.PI / 2 : Infinity;
  const at = (u: number): number =>
    !hasUpperEdge
      ? lower + span * Math.sinh(u) ** 2
      : u < 0.8
        ? lower + span * Math.sin(u) ** 2
        : upper - span * Math.cos(u) ** 2;
  const parameter = (x: number): number =>
    hasUpperEdge
      ? Math.atan2(Math.sqrt(Math.max(x - lower, 0)), Math.sqrt(Math.max(upper - x, 0)))
      : Math.asinh(Math.sqrt(Math.max(x - lower, 0) / span));

  // Near aspect ratio 1 the law reaches down to x of the order of (1 − γ)², and a soft edge's square root rules only as
  // far above it as it is above 0.
  const nearestLower = Math.max(smallestParameter, hasEdge ? nearestNode * Math.min(1, Math.sqrt(lower / span)) : 0);

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
    evaluate(p.re, p.im);
    const norm = z[2] * z[2] + z[3] * z[3];
    const speed = span * (hasUpperEdge ? Math.sin(2 * u) : Math.sinh(2 * u));
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

  function walk(from: TableNode, direction: 1 | -1): TableNode[] {
    const nodes: TableNode[] = [];
    let last = from;
    let step = 0.05;
    while (nodes.length < largestTable) {
      const room = direction < 0 ? last.u : lastParameter - last.u;
      step = Math.min(step, room / 2);
      const u = last.u + direction * step;
      if (u < nearestLower || lastParameter - u < nearestNode) break;
      const guess = {
        re: last.re + direction * step * last.slopeRe,
        im: Math.max(last.im + direction * step * last.slopeIm, 0.3 * last.im),
      };
      const p = newton(at(u), 0, guess);
      if (
        p === undefined ||
        p.im > 4 * last.im + 1e-12 * Math.abs(p.re) ||
        Math.hypot(p.re - last.re, p.im - last.im) > 0.5 * Math.hypot(last.re, last.im)
      ) {
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
      const next = nodeAt(u, p);
      const middle = interpolated(last, next, (last.u + u) / 2);
      const exact = newton(at((last.u + u) / 2), 0, middle);
      const error = exact === undefined ? Infinity : Math.hypot(exact.re - middle.re, exact.im - middle.im);
      if (error > guessTolerance * Math.max(p.im, 1e-6 * Math.hypot(p.re, p.im)) && step > 1e-4 * Math.min(1, room)) {
        step /= 2;
        continue;
      }
      nodes.push(next);
      last = next;
      if (!(direction > 0 && hasUpperEdge) && outerMass(next, direction) < cutMass) break;
      step = Math.min(2 * step, 0.2);
    }
    return nodes;
  }

  /** Mass of the law beyond a node, outwards; without the atom. */
  function outerMass({ u, re, im }: TableNode, direction: 1 | -1): number {
    const [below, above] = massesOf(at(u), { re, im });
    return direction > 0 ? above : below - atom;
  }

  let table: TableNode[] | undefined;
  let ends: Interval | undefined;

  function supportEnds(): Interval {
    if (ends === undefined) {
      const nodes = (table ??= buildTable());
      const top = hasUpperEdge ? upper : at(nodes[nodes.length - 1].u);
      const bottom = hasEdge ? lower : at(nodes[0].u);
      if (!hasUpperEdge)
        notes.push(
          `the law fades out above; its support is cut at ${top}, beyond which the mass is below ${told(outerMass(nodes[nodes.length - 1], 1))}`,
        );
      if (!hasEdge)
        notes.push(
          `the law fades out towards 0; its support is cut at ${bottom}, before which the mass is below ${told(outerMass(nodes[0], -1))}`,
        );
      ends = [bottom, top];
    }
    return ends;
  }

  function solve(x: number): Complex {
    supportEnds();
    const nodes = table as TableNode[];
    const u = parameter(x);
    let low = 0;
    let high = nodes.length - 1;
    while (high - low > 1) {
      const middle = (low + high) >> 1;
      if (nodes[middle].u <= u) low = middle;
      else high = middle;
    }
    const first = nodes[0];
    const last = nodes[nodes.length - 1];
    // Beyond the outermost nodes the curve runs into an edge with a square root: Im p falls in proportion to the
    // distance in u.
    const outer = hasEdge && u < first.u ? first : hasUpperEdge && u > last.u ? last : undefined;
    const left = outer === last ? (lastParameter - u) / (lastParameter - last.u) : u / first.u;
    const guess =
      outer === undefined
        ? interpolated(nodes[low], nodes[high], u)
        : { re: outer.re + (u - outer.u) * outer.slopeRe, im: outer.im * left };
    const p = newton(x, 0, guess);
    // The path knows the edge to about 1e-13 only: closer than that the square root speaks for itself.
    if (outer !== undefined && !(p !== undefined && Math.abs(p.im / guess.im - 1) < 0.1)) return guess;
    if (p === undefined) throw new NumericalError(`no boundary value of the Stieltjes transform found at x = ${x}`);
    return p;
  }

  function massesOf(x: number, p: Complex): readonly [number, number] {
    // π F = π − φ − (1/γ) Im Σ w log((p − a)/p) + x Im p/(γ |p|²).
    const phase = Math.atan2(p.im, p.re);
    const tail = transform.logArgument(p.re, p.im) - (x * p.im) / (p.re * p.re + p.im * p.im);
    const above = clamp((phase + tail / aspectRatio) / Math.PI, 0, 1 - atom);
    return [1 - above, above];
  }

  function massesAt(x: number): readonly [number, number] {
    if (Number.isNaN(x)) throw new UsageError('the point must be a number; got NaN');
    const [bottom, top] = supportEnds();
    if (x < 0) return [0, 1];
    if (x <= bottom) return [atom, 1 - atom];
    if (x >= top) return [1, 0];
    return massesOf(x, solve(x));
  }

  function densityAt(x: number): number {
    if (Number.isNaN(x)) throw new UsageError('the point must be a number; got NaN');
    const [bottom, top] = supportEnds();
    if (!(x > bottom && x < top)) return 0;
    const p = solve(x);
    return p.im / (Math.PI * aspectRatio * (p.re * p.re + p.im * p.im));
  }

  function stieltjes(point: Complex): Complex {
    if (point.im === 0) return outline().stieltjes(point);
    const height = Math.abs(point.im);
    // The real nodes' law is within its discretisation of the root, and Newton removes that.
    const m = outline().stieltjes({ re: point.re, im: height });
    const size = aspectRatio * (m.re * m.re + m.im * m.im);
    const p = newton(point.re, height, { re: -m.re / size, im: m.im / size });
    if (p === undefined)
      throw new NumericalError(`the Stieltjes transform could not be computed at z = ${point.re} + ${point.im}i`);
    const modulus = aspectRatio * (p.re * p.re + p.im * p.im);
    return { re: -p.re / modulus, im: (Math.sign(point.im) * p.im) / modulus };
  }

  return {
    aspectRatio,
    get support() {
      return [supportEnds()];
    },
    atoms: atom > 0 ? [{ at: 0, mass: atom }] : [],
    density: densityAt,
    cdf: (x) => massesAt(x)[0],
    survival: (x) => massesAt(x)[1],
    densities: (points) => points.map(densityAt),
    cdfs: (points) => points.map((x) => massesAt(x)[0]),
    quantile(p) {
      if (!(p >= 0 && p <= 1)) throw new UsageError(`p must lie between 0 and 1; got ${p}`);
      const [bottom, top] = supportEnds();
      if (p <= atom) return atom > 0 ? 0 : bottom;
      return p === 1 ? top : quantileBetween(p, [bottom, top], atom, 1, massesAt, densityAt);
    },
    moment: (k) => outline().moment(k),
    stieltjes,
    get diagnostics() {
      supportEnds();
      return { converged: true, residual, nodes: weights.nodesRe.length, notes };
    },
  };
}

function clamp(value: number, low: number, high: number): number {
  return Math.min(Math.max(value, low), high);
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
