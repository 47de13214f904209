import type { Atom, Complex, DiscreteMeasure, Interval, LawDiagnostics, SpectralLaw } from '../contracts.js';
import { UsageError } from '../errors.js';
import { compressMeasure } from '../measures/compressMeasure.js';
import { AtomsMasses, type Masses } from './atomsMasses.js';
import { AtomsSupport } from './atomsSupport.js';
import { AtomsTransform } from './atomsTransform.js';
import { weightSums } from './freeCumulants.js';
import { liveWeights, type LiveWeights } from './liveWeights.js';
import { quantileBetween } from './quantileBetween.js';

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
  const axis = new AtomsSupport(live, aspectRatio);
  const masses = new AtomsMasses(axis);
  const transform = new AtomsTransform(axis);
  const support = axis.intervals();
  const atoms: Atom[] = axis.atZero > 0 ? [{ at: 0, mass: axis.atZero }] : [];
  const density = (x: number): number => densityAt(axis, checked(x));
  const massesAt = (x: number): Masses => masses.at(checked(x) / live.scale);
  return {
    aspectRatio,
    support,
    atoms,
    weights,
    density,
    cdf: (x) => massesAt(x)[0],
    survival: (x) => massesAt(x)[1],
    densities: (points) => points.map(density),
    cdfs: (points) => points.map((x) => massesAt(x)[0]),
    quantile: (p) => quantileOf(axis, support, p, massesAt, density),
    stieltjes: (z) => transform.at({ re: checked(z.re), im: z.im }),
    boundaryStieltjes: (x) => transform.boundary(checked(x)),
    ...weightSums(all, aspectRatio),
    ...inverseMapOf(all, aspectRatio),
    get diagnostics(): LawDiagnostics {
      return { converged: true, residual: axis.residual, nodes: live.nodes.length, notes };
    },
  };
}

function densityAt(axis: AtomsSupport, x: number): number {
  const { aspectRatio, outsides } = axis;
  const { scale } = axis.live;
  const scaled = x / scale;
  const index = axis.locate(scaled);
  if (index < 0) {
    // A hard edge: the density grows like |x|^{-1/2} towards 0.
    const { lower, upper } = outsides[-1 - index];
    return scaled === 0 && (lower?.origin === 0 || upper?.origin === 0) ? Infinity : 0;
  }
  if (axis.isSingular(scaled)) return Infinity;
  const { frame, re, im } = axis.pointAt(index, scaled);
  const real = frame.origin + re;
  return im / (Math.PI * aspectRatio * (real * real + im * im)) / scale;
}

function quantileOf(
  axis: AtomsSupport,
  support: readonly Interval[],
  p: number,
  massesAt: (x: number) => Masses,
  density: (x: number) => number,
): number {
  if (!(p >= 0 && p <= 1)) throw new UsageError(`p must lie between 0 and 1, got ${p}`);
  const { atZero } = axis;
  const last = support.length;
  if (p === 0) return atZero > 0 ? Math.min(0, support[0][0]) : support[0][0];
  /** Whether the atom at 0 lies on the stretch before part `index`. */
  const atomBefore = (index: number): boolean =>
    atZero > 0 && (index === 0 || support[index - 1][1] < 0) && (index === last || support[index][0] > 0);
  // Walk the parts and the atom in order; the smallest x with cdf(x) ≥ p.
  for (let index = 0; index < last; index++) {
    const right = axis.edgeMasses(index, 'right');
    const left = axis.edgeMasses(index, 'left');
    if (p <= left[0] && atomBefore(index)) return 0;
    if (p <= left[0]) return support[index - 1][1];
    if (p < right[0]) return quantileBetween(p, support[index], left[0], right[0], massesAt, density);
  }
  if (atomBefore(last) && p > axis.edgeMasses(last - 1, 'right')[0]) return 0;
  return support[last - 1][1];
}

/** z(m) and z'(m) for real m, from the weights as given. */
function inverseMapOf(
  { nodes, masses, scale }: LiveWeights,
  aspectRatio: number,
): Pick<GmpLaw, 'inverseMap' | 'inverseMapDerivative'> {
  return {
    inverseMap(m) {
      let sum = 0;
      for (let j = 0; j < nodes.length; j++)
        sum += (masses[j] * nodes[j] * scale) / (1 + aspectRatio * nodes[j] * scale * m);
      return sum - 1 / m;
    },
    inverseMapDerivative(m) {
      let sum = 0;
      for (let j = 0; j < nodes.length; j++) {
        const ratio = (nodes[j] * scale * m) / (1 + aspectRatio * nodes[j] * scale * m);
        sum += masses[j] * ratio * ratio;
      }
      return (1 - aspectRatio * sum) / (m * m);
    },
  };
}

function checked(x: number): number {
  if (Number.isNaN(x)) throw new UsageError('the point must be a number, got NaN');
  return x;
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
