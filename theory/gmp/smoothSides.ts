import type { Complex, DiscreteMeasure, Interval } from '../contracts.js';
import { NumericalError, UsageError } from '../errors.js';
import type { ContourMeasure } from './contourMeasure.js';
import { cutMass } from './followCurve.js';
import { fadingSides, type MapOf } from './fadingSides.js';
import { lowerEdge, outerEnd, type OuterEnd } from './positiveEdges.js';
import { quantileBetween } from './quantileBetween.js';
import { SmoothBranch } from './smoothBranch.js';
import { mirrored, weightTransform, type WeightTransform } from './weightTransform.js';

/**
 * The law of smooth weights on either side of 0, each side followed on a curve of its own, and the atom at 0 (see
 * `continuousMarchenkoPastur`).
 */
export class SmoothSides {
  readonly positive: SmoothBranch | undefined;
  /** Of the mirror image. */
  readonly negative: SmoothBranch | undefined;
  /** Density at 0 is infinite where the aspect ratio is the live mass. */
  private readonly isSingular: boolean;
  private interval: Interval | undefined;
  private beside0: readonly [number, number] | undefined;

  constructor(
    weights: ContourMeasure,
    aspectRatio: number,
    readonly atom: number,
    mapOf: MapOf,
  ) {
    const { positive, negative } = branchesOf(weights, aspectRatio, atom, mapOf);
    this.positive = positive;
    this.negative = negative;
    this.isSingular = aspectRatio === (weights.liveMass ?? 1);
  }

  /** The ends of the support. */
  ends(): Interval {
    const { positive, negative } = this;
    return (this.interval ??= [
      negative === undefined ? positive!.ends()[0] : -negative.ends()[1],
      positive === undefined ? -negative!.ends()[0] + 0 : positive.ends()[1],
    ]);
  }

  /** [P(λ ≤ x), P(λ > x)]. */
  masses(x: number): readonly [number, number] {
    const { atom } = this;
    const [bottom, top] = this.ends();
    if (x >= top) return x < 0 ? [1 - atom, atom] : [1, 0];
    if (x <= bottom) return x < 0 ? [0, 1] : [atom, 1 - atom];
    if (x === 0) return [1 - this.massesBeside0()[1], this.massesBeside0()[1]];
    if (x < 0) {
      const below = this.negative!.massAbove(-x);
      return [below, 1 - below];
    }
    const above = this.positive!.massAbove(x);
    return [1 - above, above];
  }

  density(x: number): number {
    const { positive, negative } = this;
    const [bottom, top] = this.ends();
    if (x === 0 && this.isSingular) return Infinity;
    if (!(x > bottom && x < top)) return 0;
    if (x < 0) return negative!.density(-x);
    if (x > 0) return positive!.density(x);
    // Where weights pile up at 0 so does the law, like a power.
    const [near, nearer] = [positive!.density(1e-22 * top), positive!.density(1e-26 * top)];
    return nearer > 2 * near ? Infinity : nearer;
  }

  /** The transform at x + i0; undefined off the inside of the support, and at 0 where both sides meet. */
  boundary(x: number): Complex | undefined {
    const [bottom, top] = this.ends();
    if (!(x > bottom && x < top) || x === 0) return undefined;
    if (x > 0) return this.positive!.boundary(x);
    const { re, im } = this.negative!.boundary(-x);
    return { re: -re, im };
  }

  quantile(p: number): number {
    if (!(p >= 0 && p <= 1)) throw new UsageError(`p must lie between 0 and 1, got ${p}`);
    const { atom } = this;
    const [bottom, top] = this.ends();
    const between = (range: Interval, from: number, to: number): number =>
      quantileBetween(
        p,
        range,
        from,
        to,
        (x) => this.masses(x),
        (x) => this.density(x),
      );
    if (this.positive === undefined || this.negative === undefined) {
      const onLeft = bottom < 0;
      const [from, to] = onLeft ? [0, 1 - atom] : [atom, 1];
      if (atom > 0 && (onLeft ? p > to : p <= from)) return 0;
      if (p <= from) return bottom;
      return p >= to ? top : between([bottom, top], from, to);
    }
    const [below, above] = this.massesBeside0();
    if (p === 0) return bottom;
    if (p === 1) return top;
    if (p < below) return between([bottom, 0], 0, below);
    return p <= 1 - above ? 0 : between([0, top], 1 - above, 1);
  }

  residual(): number {
    return Math.max(this.positive?.residual() ?? 0, this.negative?.residual() ?? 0);
  }

  /** Where the law fades and was cut. */
  notes(): string[] {
    const { positive, negative } = this;
    const [bottom, top] = this.ends();
    if (positive === undefined) return [];
    const { below = negative?.cuts().above, above } = positive.cuts();
    const notes: string[] = [];
    if (above !== undefined)
      notes.push(
        `the law fades out above; its support is cut at ${top}, beyond which the mass is below ${told(above)}`,
      );
    if (below !== undefined)
      notes.push(
        `the law fades out ${bottom < 0 ? 'below' : 'towards 0'}; its support is cut at ${bottom}, before which the mass is below ${told(below)}`,
      );
    return notes;
  }

  /** [P(λ < 0), P(λ > 0)] of a law on both sides of 0. */
  private massesBeside0(): readonly [number, number] {
    const [negative, positive] = [this.negative!, this.positive!];
    // So near 0 that even a density like |x|^{-1/2} has no mass there.
    const near = 1e-26;
    return (this.beside0 ??= [
      negative.massAbove(near * negative.ends()[1]),
      positive.massAbove(near * positive.ends()[1]),
    ]);
  }
}

/** A bound to be told: one digit, rounded up. */
const told = (mass: number): string => Math.max(cutMass, 2 * Math.abs(mass)).toExponential(0);

interface Branches {
  readonly positive: SmoothBranch | undefined;
  /** Of the mirror image. */
  readonly negative: SmoothBranch | undefined;
}

/** The law's stretches on either side of 0. */
function branchesOf(weights: ContourMeasure, aspectRatio: number, atom: number, mapOf: MapOf): Branches {
  const transform = weightTransform(weights);
  const { real, largest = Infinity, smallest = 0, liveMass = 1, nearest = 1e-13 } = weights;
  const mean = real.nodes.reduce((sum, node, k) => sum + real.masses[k] * node, 0);
  if (smallest === 0) {
    const lowerEnd = aspectRatio <= liveMass ? 'edge' : 'fades';
    const lower = aspectRatio < liveMass ? lowerEdge(real, aspectRatio) : 0;
    const end = largest === Infinity ? undefined : outerEnd(transform, largest, aspectRatio, nearest);
    const positive = new SmoothBranch({
      map: mapOf(transform),
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
  if (smallest === -Infinity) return fadingSides(weights, transform, { aspectRatio, atom, mapOf });
  const [bottomEnd, topEnd] = [smallest, largest].map((end) =>
    endOf(transform, end, aspectRatio, nearest, weights.fades === true),
  );
  const [bottom, top] = [bottomEnd!.at, topEnd!.at];
  const side = (sign: 1 | -1): SmoothBranch => {
    const [lower, upper] = sign > 0 ? [bottom, top] : [-top, -bottom];
    const upperEdge = weights.fades !== true || (sign > 0 ? topEnd! : bottomEnd!).rootMass > cutMass;
    return new SmoothBranch({
      map: mapOf(sign > 0 ? transform : mirrored(transform)),
      lower: Math.max(lower, 0),
      lowerEnd: lower > 0 ? 'edge' : 'origin',
      upper,
      upperEdge,
      // Where the law fades the point that it fades out at may be far from where it lies.
      centre: upperEdge ? 0.5 * (Math.max(lower, 0) + upper) : Math.max(lower, 0) + meanSize(real, sign),
      massBelow: 0,
    });
  };
  return { positive: top > 0 ? side(1) : undefined, negative: bottom < 0 ? side(-1) : undefined };
}

/** E |a| over the weights of one sign. */
function meanSize({ nodes, masses }: DiscreteMeasure, sign: 1 | -1): number {
  return nodes.reduce((sum, node, k) => sum + masses[k]! * Math.max(sign * node, 0), 0);
}

/** The end of one side; an edge that weights ending abruptly or in a fold have at every aspect ratio that their path resolves. */
function endOf(
  transform: WeightTransform,
  end: number,
  aspectRatio: number,
  nearest: number,
  fades: boolean,
): OuterEnd {
  const found = outerEnd(transform, end, aspectRatio, nearest);
  if (!fades && !(found.rootMass > 0)) {
    throw new NumericalError(
      `aspect ratio ${aspectRatio} brings the curve of the law nearer to the largest weights than their path resolves; take a smaller one`,
    );
  }
  return found;
}
