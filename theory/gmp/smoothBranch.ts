import type { Complex, Interval } from '../contracts.js';
import { NumericalError } from '../errors.js';
import { followCurve, interpolated, type CurveNode, type LowerEnd } from './followCurve.js';
import { smoothMap } from './smoothMap.js';
import { stretchAbove, stretchBetween } from './stretch.js';
import type { WeightTransform } from './weightTransform.js';

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

/**
 * The curve p(x), z(p) = x, over a stretch of the support of a smooth weight law's spectral law (paper-notes.md, smooth
 * weight densities off the axis): followed from its middle outwards, in a parameter u that turns square roots at edges
 * into lines.
 *
 * @throws NumericalError from its methods, naming the point, where the equation could not be solved
 */
export function smoothBranch(options: BranchOptions): SmoothBranch {
  const { lower, lowerEnd, upper, upperEdge, centre, massBelow, aspectRatio } = options;
  const map = smoothMap(options.transform, aspectRatio);
  const stretch = upperEdge ? stretchBetween(lower, upper) : stretchAbove(lower, centre);
  let residual = 0;
  let table: CurveNode[] | undefined;
  const nodes = (): CurveNode[] => (table ??= followCurve({ map, stretch, lowerEnd, upperEdge, centre, outerMass }));
  let interval: Interval | undefined;

  function ends(): Interval {
    if (interval === undefined) {
      const all = nodes();
      interval = [
        lowerEnd === 'fades' ? stretch.at(all[0].u) : lower,
        upperEdge ? upper : stretch.at(all[all.length - 1].u),
      ];
    }
    return interval;
  }

  function solve(x: number): Complex {
    const all = nodes();
    const u = stretch.parameter(x);
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
    const left = outer === last ? (stretch.lastParameter - u) / (stretch.lastParameter - last.u) : u / first.u;
    const guess =
      outer === undefined
        ? interpolated(all[low], all[high], u)
        : { re: outer.re + (u - outer.u) * outer.slopeRe, im: outer.im * left };
    const p = map.preimage(x, 0, guess);
    // The path knows the edge to about 1e-13 only: closer than that the square root speaks for itself.
    if (outer !== undefined && !(p !== undefined && Math.abs(p.im / guess.im - 1) < 0.1)) return guess;
    if (p === undefined) throw new NumericalError(`no boundary value of the Stieltjes transform found at x = ${x}`);
    residual = Math.max(residual, p.residual);
    return p;
  }

  /** Next to the origin both parts of p go like powers of x: 0 below the live mass, ½ at it, 1 and 2 above. */
  function solveNearOrigin(x: number, first: CurveNode, second: CurveNode): Complex {
    const steps = Math.log(first.u / second.u);
    const ratio = Math.sqrt(x / stretch.span) / first.u;
    const power = (a: number, b: number): number => ratio ** (Math.log(Math.abs(a / b)) / steps);
    const guess = { re: first.re * power(first.re, second.re), im: first.im * power(first.im, second.im) };
    return map.preimage(x, 0, guess) ?? guess;
  }

  function massOf(x: number, p: Complex): number {
    return Math.min(Math.max(map.massAbove(x, p), 0), 1 - massBelow);
  }

  function outerMass(node: CurveNode, direction: 1 | -1): number {
    const above = massOf(stretch.at(node.u), node);
    return direction > 0 ? above : 1 - above - massBelow;
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
    preimage: (point, start) => map.preimage(point.re, point.im, start),
    residual: () => residual,
  };
}
