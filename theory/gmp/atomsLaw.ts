import type { Atom, Complex, DiscreteMeasure, Interval, LawDiagnostics, SpectralLaw } from '../contracts.js';
import { UsageError } from '../errors.js';
import { compressMeasure } from '../measures/compressMeasure.js';
import { boundaryCurve, type BoundaryCurve, type CurvePoint } from './boundaryCurve.js';
import { complexPreimage } from './complexPreimage.js';
import { distanceFrom, edgeFrame, zeroFrame, type Frame } from './frame.js';
import { weightSums } from './freeCumulants.js';
import { liveWeights, type LiveWeights } from './liveWeights.js';
import { quantileBetween } from './quantileBetween.js';
import { realPreimage } from './realPreimage.js';
import { supportGaps } from './supportEdges.js';
import { lowerMass, upperMass } from './tailMasses.js';
import { tailSeries, type TailSeries } from './tailSeries.js';

/** The generalised Marčenko–Pastur law, with its inverse map and boundary values beside what every law has. */
export interface GmpLaw extends SpectralLaw {
  /** The weight measure as given. */
  readonly weights: DiscreteMeasure;
  /** m(x + i0) for any real x that is not an atom; real outside the support. */
  boundaryStieltjes(x: number): Complex;
  /** κ_k = γ^{k−1} E[a^k], k ≥ 1. */
  freeCumulant(k: number): number;
  /** z(m) = −1/m + E[a/(1 + γ a m)] for real m. */
  inverseMap(m: number): number;
  /** z'(m); positive exactly where the image lies outside the support. */
  inverseMapDerivative(m: number): number;
}

/** How `atomsLaw` treats a large weight measure. */
export interface GmpOptions {
  /**
   * Replace a measure of many nodes by Gauss quadratures of its runs, changing the distribution function by at most
   * about this much; 1e-13 by default, and 0 keeps every node. `diagnostics` tells the number of nodes and the error.
   */
  readonly compression?: number;
}

/** Fewer nodes than this are not worth compressing. */
const compressedFrom = 128;

/** One interval of the support with all that is known of it. */
interface Part {
  readonly left: Frame;
  readonly right: Frame;
  readonly curve: BoundaryCurve;
  readonly leftSeries: () => TailSeries;
  readonly rightSeries: () => TailSeries;
  /** A point with a good part of the law's mass on either side of it, or an end of the part if there is none inside. */
  readonly median: () => number;
}

/**
 * A stretch outside the support: its ends, if any, and the mass on either side of it (with and without an atom at 0).
 */
interface Outside {
  readonly lower?: Frame;
  readonly upper?: Frame;
  /** P(λ < x) and P(λ > x) on the stretch, where x < 0 or x > 0 matters only if it holds the point p = 0. */
  readonly cdf: (x: number) => number;
  readonly survival: (x: number) => number;
}

/**
 * The generalised Marčenko–Pastur law of a discrete law of weights (see `generalisedMarchenkoPastur`), on the real
 * axis: the law whose Stieltjes transform m solves z = −1/m + E[a/(1 + γ a m)], Im m > 0.
 *
 * Edges are good to 1e-14 relative, the density to 1e-12 relative inside the support and up to its edges, `cdf` and
 * `survival` to 1e-14 absolute and 1e-10 relative in the outer tails, quantiles to 1e-12. Nothing is smoothed and
 * nothing is integrated numerically. One evaluation costs a few passes over the nodes; `densities` and `cdfs` give the
 * same numbers.
 *
 * @param weights atoms, drawn weights, or a quadrature of a density where its nodes lie close enough together
 * @param aspectRatio γ = d/N > 0
 * @throws UsageError on an aspect ratio that is not positive and finite, or a malformed measure
 * @throws NumericalError from the methods, naming the point, where an equation could not be solved
 */
export function atomsLaw(
  weights: DiscreteMeasure,
  aspectRatio: number,
  { compression = 1e-13 }: GmpOptions = {},
): GmpLaw {
  if (!(aspectRatio > 0 && Number.isFinite(aspectRatio))) {
    throw new UsageError(`aspectRatio must be a positive finite number (dimension / samples), got ${aspectRatio}`);
  }
  if (!(compression >= 0 && compression < 1))
    throw new UsageError(`compression must be 0 or a tolerance below 1, got ${compression}`);
  const all = liveWeights(weights);
  if (all.nodes.length === 0) return zeroLaw(weights, aspectRatio);
  if (compression === 0 || all.nodes.length < compressedFrom) return lawOf(weights, all, all, aspectRatio, []);
  const { measure, error } = compressMeasure(weights, { tolerance: compression, aspectRatio });
  const note = `${all.nodes.length} weights represented by ${measure.nodes.length} nodes; the distribution function changes by at most ${error.toExponential(1)}`;
  return lawOf(weights, all, liveWeights(measure), aspectRatio, error === 0 ? [] : [note]);
}

/** `all` for the moments and the inverse map, `live` (the same, or fewer nodes) for everything else. */
function lawOf(
  weights: DiscreteMeasure,
  all: LiveWeights,
  live: LiveWeights,
  aspectRatio: number,
  notes: readonly string[],
): GmpLaw {
  const { scale } = live;
  const gaps = supportGaps(live, aspectRatio);
  const zero = zeroFrame(live, aspectRatio);
  const atZero = Math.max(0, 1 - live.liveMass / aspectRatio);
  const frames = gaps.map(({ lower, upper }) => ({
    lower: lower && edgeFrame(live, lower),
    upper: upper && edgeFrame(live, upper),
  }));
  const outsides: Outside[] = gaps.map((gap, i) => {
    const above = live.massAbove[gap.nodesBelow] / aspectRatio;
    const below = live.massBelow[gap.nodesBelow] / aspectRatio;
    // The sign of p decides which of the two counts the atom; z has the sign of p where the stretch holds p = 0.
    const sign = (x: number): number =>
      gap.lower !== undefined && gap.lower.preimage >= 0
        ? 1
        : gap.upper !== undefined && gap.upper.preimage <= 0
          ? -1
          : x >= 0
            ? 1
            : -1;
    return {
      ...frames[i],
      cdf: (x) => (sign(x) > 0 ? 1 - above : below),
      survival: (x) => (sign(x) > 0 ? above : 1 - below),
    };
  });
  const parts: Part[] = [];
  for (let i = 0; i + 1 < frames.length; i++) {
    const left = frames[i].upper as Frame;
    const right = frames[i + 1].lower as Frame;
    parts.push({
      left,
      right,
      curve: boundaryCurve(live, aspectRatio, left, right, zero),
      leftSeries: once(() => tailSeries(left, aspectRatio)),
      rightSeries: once(() => tailSeries(right, aspectRatio)),
      median: once(() => roughMedian(i)),
    });
  }
  const support: Interval[] = parts.map(({ left, right }) => [left.at[0] * scale, right.at[0] * scale]);
  const atoms: Atom[] = atZero > 0 ? [{ at: 0, mass: atZero }] : [];
  let residual = 0;

  /**
   * Index i with x in part i (strictly inside), or −1 − i with x in outside i. `x` on the scale of the live weights.
   */
  function locate(x: number): number {
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

  function pointAt(part: Part, x: number): CurvePoint {
    const point = part.curve.solve(x);
    residual = Math.max(residual, point.residual);
    return point;
  }

  function preimageOutside(index: number, x: number): number {
    const { lower, upper } = outsides[index];
    const low = lower === undefined ? -Infinity : lower.origin;
    const high = upper === undefined ? Infinity : upper.origin;
    const fromLower = lower === undefined ? Infinity : distanceFrom(lower, x);
    const fromUpper = upper === undefined ? Infinity : -distanceFrom(upper, x);
    const frame =
      low < 0 && high > 0 && Math.abs(x) < 0.1 * Math.min(fromLower, fromUpper)
        ? zero
        : fromLower <= fromUpper
          ? lower
          : upper;
    if (frame === undefined) throw new Error('a stretch outside the support has no end');
    const q = realPreimage(frame, distanceFrom(frame, x), low - frame.origin, high - frame.origin);
    return frame.origin + q;
  }

  function densityAt(x: number): number {
    const scaled = checked(x) / scale;
    const index = locate(scaled);
    if (index < 0) {
      // A hard edge: the density grows like |x|^{-1/2} towards 0.
      const { lower, upper } = outsides[-1 - index];
      return scaled === 0 && (lower?.origin === 0 || upper?.origin === 0) ? Infinity : 0;
    }
    if (scaled === 0 && zero.slope === 0) return Infinity;
    const { frame, re, im } = pointAt(parts[index], scaled);
    const real = frame.origin + re;
    return im / (Math.PI * aspectRatio * (real * real + im * im)) / scale;
  }

  /** [P(λ ≤ x), P(λ > x)], the smaller of the two with all its digits. */
  function massesAt(x: number): readonly [number, number] {
    const scaled = checked(x) / scale;
    if (Math.abs(scaled) === Infinity || Math.abs(x) === Infinity) return x > 0 ? [1, 0] : [0, 1];
    const index = locate(scaled);
    if (index < 0) {
      const outside = outsides[-1 - index];
      return [outside.cdf(scaled), outside.survival(scaled)];
    }
    return massesInside(index, scaled);
  }

  function massesInside(index: number, x: number): readonly [number, number] {
    const part = parts[index];
    const [cdfLeft, survivalLeft] = edgeMasses(index, 'left');
    const [cdfRight, survivalRight] = edgeMasses(index, 'right');
    if (x === 0 && zero.slope === 0) return massesAtSingularZero();
    const point = pointAt(part, x);
    const { frame, re, im } = point;
    const size = Math.hypot(re, im);
    if (frame === part.left && size <= part.leftSeries().reach) {
      const mass = part.leftSeries().mass(re, im, distanceFrom(frame, x));
      return [cdfLeft + mass, survivalLeft - mass];
    }
    if (frame === part.right && size <= part.rightSeries().reach) {
      const mass = part.rightSeries().mass(re, im, distanceFrom(frame, x));
      return [cdfRight - mass, survivalRight + mass];
    }
    if (x < part.median()) {
      const lower = clamp(lowerMass(live, aspectRatio, point), cdfLeft, cdfRight);
      return [lower, 1 - lower];
    }
    const upper = clamp(upperMass(live, aspectRatio, point), survivalRight, survivalLeft);
    return [1 - upper, upper];
  }

  /**
   * A point before which the lower tail is the smaller one, roughly: an end of the part where one tail is smaller
   * throughout.
   */
  function roughMedian(index: number): number {
    const { left, right, curve } = parts[index];
    if (edgeMasses(index, 'left')[0] >= 0.5) return left.at[0];
    if (edgeMasses(index, 'right')[0] <= 0.5) return right.at[0];
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

  function edgeMasses(index: number, end: 'left' | 'right'): readonly [number, number] {
    const { left, right } = parts[index];
    const outside = outsides[end === 'left' ? index : index + 1];
    const x = end === 'left' ? left.at[0] : right.at[0];
    return [outside.cdf(x), outside.survival(x)];
  }

  /** At p = 0 inside the support every arg p is π/2 by symmetry of the cube-root singularity: only the signs count. */
  function massesAtSingularZero(): readonly [number, number] {
    const positive = live.nodes.findIndex((node) => node > 0);
    const below = live.massBelow[positive] / aspectRatio;
    return [below, 1 - below];
  }

  function stieltjes(z: Complex): Complex {
    const re = checked(z.re) / scale;
    const im = z.im / scale;
    if (Number.isNaN(im)) throw new UsageError('z must have a real and an imaginary part that are numbers, got NaN');
    if (im === 0) {
      const index = locate(re);
      if (index >= 0) {
        throw new UsageError(
          `z = ${z.re} lies in the support, where the transform has two boundary values; use boundaryStieltjes`,
        );
      }
      return { re: transformOutside(-1 - index, re), im: 0 };
    }
    const height = Math.abs(im);
    const index = locate(re);
    let start: Complex | undefined;
    if (index >= 0 && !(re === 0 && zero.slope === 0)) {
      const point = pointAt(parts[index], re);
      start = { re: point.frame.origin + point.re, im: point.im + height / aspectRatio };
    }
    const outer = Math.max(
      Math.abs(parts[0].left.origin),
      Math.abs(parts[parts.length - 1].right.origin),
      Math.abs(live.nodes[0]),
      1,
    );
    const p = complexPreimage(live, aspectRatio, { re, im: height }, 8 * outer * Math.max(aspectRatio, 1), start);
    const modulus = aspectRatio * (p.re * p.re + p.im * p.im) * scale;
    return { re: -p.re / modulus, im: (Math.sign(im) * p.im) / modulus };
  }

  function transformOutside(index: number, x: number): number {
    if (x === 0 && atZero > 0)
      throw new UsageError('the Stieltjes transform is infinite at 0, where this law has an atom');
    const p = preimageOutside(index, x);
    return -1 / (aspectRatio * p * scale);
  }

  function boundaryStieltjes(x: number): Complex {
    const scaled = checked(x) / scale;
    const index = locate(scaled);
    if (index < 0) return { re: transformOutside(-1 - index, scaled), im: 0 };
    if (scaled === 0 && zero.slope === 0)
      throw new UsageError('the Stieltjes transform is infinite at 0, a singular point of this law');
    const { frame, re, im } = pointAt(parts[index], scaled);
    const real = frame.origin + re;
    const modulus = aspectRatio * (real * real + im * im) * scale;
    return { re: -real / modulus, im: im / modulus };
  }

  function quantile(p: number): number {
    if (!(p >= 0 && p <= 1)) throw new UsageError(`p must lie between 0 and 1, got ${p}`);
    const first = atoms.length > 0 ? Math.min(0, support[0][0]) : support[0][0];
    if (p === 0) return first;
    // Walk the parts and the atom in order; the smallest x with cdf(x) ≥ p.
    for (let index = 0; index < parts.length; index++) {
      const gap = outsides[index];
      const right = edgeMasses(index, 'right');
      const left = edgeMasses(index, 'left');
      if (p <= left[0] && atomIn(gap, index)) return 0;
      if (p <= left[0]) return support[index - 1][1];
      if (p < right[0]) return quantileBetween(p, support[index], left[0], right[0], massesAt, densityAt);
    }
    const last = parts.length;
    if (atomIn(outsides[last], last) && p > edgeMasses(last - 1, 'right')[0]) return 0;
    return support[last - 1][1];
  }

  /** Whether the atom at 0 lies on this stretch. */
  function atomIn(outside: Outside, index: number): boolean {
    return (
      atZero > 0 &&
      (index === 0 || support[index - 1][1] < 0) &&
      (index === parts.length || support[index][0] > 0) &&
      outside !== undefined
    );
  }

  return {
    aspectRatio,
    support,
    atoms,
    weights,
    density: densityAt,
    cdf: (x) => massesAt(x)[0],
    survival: (x) => massesAt(x)[1],
    densities: (points) => points.map(densityAt),
    cdfs: (points) => points.map((x) => massesAt(x)[0]),
    quantile,
    ...weightSums(all, aspectRatio),
    stieltjes,
    boundaryStieltjes,
    inverseMap(m) {
      let sum = 0;
      for (let j = 0; j < all.nodes.length; j++)
        sum += (all.masses[j] * all.nodes[j] * all.scale) / (1 + aspectRatio * all.nodes[j] * all.scale * m);
      return sum - 1 / m;
    },
    inverseMapDerivative(m) {
      let sum = 0;
      for (let j = 0; j < all.nodes.length; j++) {
        const ratio = (all.nodes[j] * all.scale * m) / (1 + aspectRatio * all.nodes[j] * all.scale * m);
        sum += all.masses[j] * ratio * ratio;
      }
      return (1 - aspectRatio * sum) / (m * m);
    },
    get diagnostics(): LawDiagnostics {
      return { converged: true, residual, nodes: live.nodes.length, notes };
    },
  };
}

function checked(x: number): number {
  if (Number.isNaN(x)) throw new UsageError('the point must be a number, got NaN');
  return x;
}

function clamp(value: number, low: number, high: number): number {
  return Math.min(Math.max(value, low), high);
}

function once<T>(make: () => T): () => T {
  let value: T | undefined;
  return () => (value ??= make());
}

/** All weights are zero: so is every eigenvalue. */
function zeroLaw(weights: DiscreteMeasure, aspectRatio: number): GmpLaw {
  const at0 = (z: Complex): Complex => {
    const modulus = z.re * z.re + z.im * z.im;
    if (modulus === 0) throw new UsageError('the Stieltjes transform is infinite at 0, where this law has its atom');
    return { re: -z.re / modulus, im: z.im / modulus };
  };
  return {
    aspectRatio,
    support: [],
    atoms: [{ at: 0, mass: 1 }],
    weights,
    density: () => 0,
    cdf: (x) => (checked(x) >= 0 ? 1 : 0),
    survival: (x) => (checked(x) >= 0 ? 0 : 1),
    densities: (points) => new Float64Array(points.length),
    cdfs: (points) => points.map((x) => (x >= 0 ? 1 : 0)),
    quantile: () => 0,
    moment: (k) => (k === 0 ? 1 : 0),
    stieltjes: at0,
    boundaryStieltjes: (x) => at0({ re: x, im: 0 }),
    freeCumulant: () => 0,
    inverseMap: (m) => -1 / m,
    inverseMapDerivative: (m) => 1 / (m * m),
    diagnostics: { converged: true, residual: 0, nodes: weights.nodes.length, notes: ['all weights are zero'] },
  };
}
