import type { Complex, Interval, SpectralLaw } from '../contracts.js';
import { NumericalError, UsageError } from '../errors.js';
import type { ContourMeasure } from './contourMeasure.js';
import { atomsLaw, type GmpLaw } from './atomsLaw.js';
import { weightSums } from './freeCumulants.js';
import { liveWeights } from './liveWeights.js';
import { lowerEdge, outerEnd } from './positiveEdges.js';
import { quantileBetween } from './quantileBetween.js';
import { cutMass } from './followCurve.js';
import { smoothBranch, type SmoothBranch } from './smoothBranch.js';
import { mirrored, weightTransform, type WeightTransform } from './weightTransform.js';

/** A spectral law of smooth weights, with the law of their real quadrature beside it. */
export interface SmoothLaw extends SpectralLaw {
  /**
   * The law of the weights' real quadrature: the same moments, and off the support the same transform, which is what
   * the outlier equations ask for. On the support it is not the law: each node in a thin part opens a gap.
   */
  readonly outline: GmpLaw;
}

/** A bound to be told: one digit, rounded up. */
const told = (mass: number): string => Math.max(cutMass, 2 * Math.abs(mass)).toExponential(0);

/**
 * The generalised Marčenko–Pastur law of weights with an analytic density, given on a path below the real axis: the
 * same equation as that of atoms, z = p (γ + E[a/(p − a)]) with p = −1/(γ m), but without the spurious gaps that real
 * nodes open wherever the density of the weights is thin. Where the weights have both signs and the support contains 0,
 * the curve p(x) is followed from either side, because at aspect ratios from the live mass upwards it touches 0.
 * Reflect with `scaledLaw(law, −1)` for negative weights.
 *
 * Density and distribution function are good to about 1e-10 absolute (in units of the bulk), 1e-12 typically (weights
 * of tanh and GELU, both blocks, γ from 0.01 to 100: 1e-12), not relative: where the tail of the law is thinner than that its digits are noise. Positive weights that differ by less
 * than about 1 % of their size lose more, because the path magnifies the rounding of their grid (1e-9 at 0.1 %): where
 * `narrowWeights` holds, real nodes serve them better. The support is one interval; an end where the law only fades is
 * cut where the mass beyond it is 1e-11, which `diagnostics.notes` says. At 0 the density is Infinity where it grows like
 * a power of |x|; where it grows like a logarithm, a large number stands for it.
 *
 * @param weights see `shiftedRule` and `descentRule`
 * @param aspectRatio γ = d/N > 0
 * @throws UsageError on an aspect ratio that is not positive and finite
 * @throws NumericalError naming the point where the equation could not be solved
 */
export function continuousMarchenkoPastur(weights: ContourMeasure, aspectRatio: number): SmoothLaw {
  if (!(aspectRatio > 0 && Number.isFinite(aspectRatio))) {
    throw new UsageError(`aspectRatio must be a positive finite number (dimension / samples), got ${aspectRatio}`);
  }
  const { liveMass = 1 } = weights;
  const transform = weightTransform(weights);
  let realLaw: GmpLaw | undefined;
  const outline = (): GmpLaw => (realLaw ??= atomsLaw(weights.real, aspectRatio));
  const atom = Math.max(0, 1 - liveMass / aspectRatio);
  const { positive, negative } = branchesOf(weights, transform, aspectRatio, atom);
  const branches = [negative, positive].filter((branch) => branch !== undefined);
  const both = branches.length === 2;
  let told0: readonly [number, number] | undefined;
  let support: Interval | undefined;

  /** [P(λ < 0), P(λ > 0)] of a law on both sides of 0. */
  function massesBeside0(): readonly [number, number] {
    // So near 0 that even a density like |x|^{-1/2} has no mass there.
    const near = 1e-26;
    return (told0 ??= [
      negative!.massAbove(near * negative!.ends()[1]),
      positive!.massAbove(near * positive!.ends()[1]),
    ]);
  }

  function supportEnds(): Interval {
    return (support ??= [
      negative === undefined ? positive!.ends()[0] : -negative.ends()[1],
      positive === undefined ? -negative!.ends()[0] + 0 : positive.ends()[1],
    ]);
  }

  function massesAt(x: number): readonly [number, number] {
    if (Number.isNaN(x)) throw new UsageError('the point must be a number, got NaN');
    const [bottom, top] = supportEnds();
    if (x >= top) return x < 0 ? [1 - atom, atom] : [1, 0];
    if (x <= bottom) return x < 0 ? [0, 1] : [atom, 1 - atom];
    if (x === 0) return [1 - massesBeside0()[1], massesBeside0()[1]];
    if (x < 0) {
      const below = negative!.massAbove(-x);
      return [below, 1 - below];
    }
    const above = positive!.massAbove(x);
    return [1 - above, above];
  }

  function densityAt(x: number): number {
    if (Number.isNaN(x)) throw new UsageError('the point must be a number, got NaN');
    const [bottom, top] = supportEnds();
    if (x === 0 && aspectRatio === liveMass) return Infinity;
    if (!(x > bottom && x < top)) return 0;
    if (x < 0) return negative!.density(-x);
    if (x > 0) return positive!.density(x);
    // Where weights pile up at 0 so does the law, like a power.
    const [near, nearer] = [positive!.density(1e-22 * top), positive!.density(1e-26 * top)];
    return nearer > 2 * near ? Infinity : nearer;
  }

  function quantile(p: number): number {
    if (!(p >= 0 && p <= 1)) throw new UsageError(`p must lie between 0 and 1, got ${p}`);
    const [bottom, top] = supportEnds();
    if (!both) {
      const onLeft = bottom < 0;
      const [from, to] = onLeft ? [0, 1 - atom] : [atom, 1];
      if (atom > 0 && (onLeft ? p > to : p <= from)) return 0;
      if (p <= from) return bottom;
      return p >= to ? top : quantileBetween(p, [bottom, top], from, to, massesAt, densityAt);
    }
    const [below, above] = massesBeside0();
    if (p === 0) return bottom;
    if (p === 1) return top;
    if (p < below) return quantileBetween(p, [bottom, 0], 0, below, massesAt, densityAt);
    return p <= 1 - above ? 0 : quantileBetween(p, [0, top], 1 - above, 1, massesAt, densityAt);
  }

  function stieltjes(point: Complex): Complex {
    if (point.im === 0) return outline().stieltjes(point);
    const height = Math.abs(point.im);
    // The real nodes' law is within its discretisation of the root, and Newton removes that.
    const m = outline().stieltjes({ re: point.re, im: height });
    const size = aspectRatio * (m.re * m.re + m.im * m.im);
    const p =
      positive !== undefined
        ? positive.preimage({ re: point.re, im: height }, { re: -m.re / size, im: m.im / size })
        : reflected(negative!.preimage({ re: -point.re, im: height }, { re: m.re / size, im: m.im / size }));
    if (p === undefined)
      throw new NumericalError(`the Stieltjes transform could not be computed at z = ${point.re} + ${point.im}i`);
    const modulus = aspectRatio * (p.re * p.re + p.im * p.im);
    return { re: -p.re / modulus, im: (Math.sign(point.im) * p.im) / modulus };
  }

  return {
    aspectRatio,
    get outline() {
      return outline();
    },
    get support() {
      return [supportEnds()];
    },
    atoms: atom > 0 ? [{ at: 0, mass: atom }] : [],
    density: densityAt,
    cdf: (x) => massesAt(x)[0],
    survival: (x) => massesAt(x)[1],
    densities: (points) => points.map(densityAt),
    cdfs: (points) => points.map((x) => massesAt(x)[0]),
    quantile,
    moment: weightSums(liveWeights(weights.real), aspectRatio).moment,
    stieltjes,
    get diagnostics() {
      const [bottom, top] = supportEnds();
      return {
        converged: true,
        residual: Math.max(...branches.map((branch) => branch.residual())),
        nodes: weights.nodesRe.length,
        notes: positive === undefined || both ? [] : notesOf(positive, bottom, top),
      };
    },
  };
}

interface Branches {
  readonly positive: SmoothBranch | undefined;
  /** Of the mirror image. */
  readonly negative: SmoothBranch | undefined;
}

/** The law's stretches on either side of 0. */
function branchesOf(weights: ContourMeasure, transform: WeightTransform, aspectRatio: number, atom: number): Branches {
  const { real, largest = Infinity, smallest = 0, liveMass = 1, nearest = 1e-13 } = weights;
  const mean = real.nodes.reduce((sum, node, k) => sum + real.masses[k] * node, 0);
  const common = { aspectRatio, transform };
  if (smallest === 0) {
    const lowerEnd = aspectRatio <= liveMass ? 'edge' : 'fades';
    const lower = aspectRatio < liveMass ? lowerEdge(real, aspectRatio) : 0;
    const end = largest === Infinity ? undefined : outerEnd(transform, largest, aspectRatio, nearest);
    const positive = smoothBranch({
      ...common,
      lower,
      lowerEnd,
      upper: end?.at ?? Infinity,
      upperEdge: end !== undefined && end.rootMass > cutMass,
      // Mean of the law's continuous part, which lies in its one interval whatever the aspect ratio.
      centre: mean * Math.max(1, aspectRatio / liveMass),
      massBelow: atom,
    });
    return { positive, negative: undefined };
  }
  const bottom = edgeOf(transform, smallest, aspectRatio, nearest);
  const top = edgeOf(transform, largest, aspectRatio, nearest);
  const side = (sign: 1 | -1): SmoothBranch => {
    const [lower, upper] = sign > 0 ? [bottom, top] : [-top, -bottom];
    return smoothBranch({
      aspectRatio,
      transform: sign > 0 ? transform : mirrored(transform),
      lower: Math.max(lower, 0),
      lowerEnd: lower > 0 ? 'edge' : 'origin',
      upper,
      upperEdge: true,
      centre: 0.5 * (Math.max(lower, 0) + upper),
      massBelow: 0,
    });
  };
  return { positive: top > 0 ? side(1) : undefined, negative: bottom < 0 ? side(-1) : undefined };
}

/** An edge that weights ending abruptly or in a fold have at every aspect ratio that their path resolves. */
function edgeOf(transform: WeightTransform, end: number, aspectRatio: number, nearest: number): number {
  const { at, rootMass } = outerEnd(transform, end, aspectRatio, nearest);
  if (!(rootMass > 0)) {
    throw new NumericalError(
      `aspect ratio ${aspectRatio} brings the curve of the law nearer to the largest weights than their path resolves; take a smaller one`,
    );
  }
  return at;
}

function notesOf(branch: SmoothBranch, bottom: number, top: number): string[] {
  const { below, above } = branch.cuts();
  const notes: string[] = [];
  if (above !== undefined)
    notes.push(`the law fades out above; its support is cut at ${top}, beyond which the mass is below ${told(above)}`);
  if (below !== undefined)
    notes.push(
      `the law fades out towards 0; its support is cut at ${bottom}, before which the mass is below ${told(below)}`,
    );
  return notes;
}

function reflected(p: Complex | undefined): Complex | undefined {
  return p && { re: -p.re, im: p.im };
}
