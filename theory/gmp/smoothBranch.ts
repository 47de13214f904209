import type { Complex, Interval } from '../contracts.js';
import { NumericalError } from '../errors.js';
import { followCurve, interpolated, type CurveNode, type LowerEnd } from './followCurve.js';
import type { SmoothMap } from './smoothMap.js';
import { stretchAbove, stretchBetween, type Stretch } from './stretch.js';

export interface BranchOptions {
  readonly map: SmoothMap;
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

/**
 * The part of a law over one stretch of positive numbers: the curve p(x), z(p) = x, over a stretch of the support of a
 * smooth weight law's spectral law (paper-notes.md, smooth weight densities off the axis), followed from its middle
 * outwards, in a parameter u that turns square roots at edges into lines.
 *
 * @throws NumericalError from its methods, naming the point, where the equation could not be solved
 */
export class SmoothBranch {
  private readonly stretch: Stretch;
  private table: CurveNode[] | undefined;
  private interval: Interval | undefined;
  private worstResidual = 0;

  constructor(private readonly options: BranchOptions) {
    const { lower, upper, upperEdge, centre } = options;
    this.stretch = upperEdge ? stretchBetween(lower, upper) : stretchAbove(lower, centre);
  }

  /** The stretch, its fading ends cut; the curve is followed when first asked for. */
  ends(): Interval {
    if (this.interval === undefined) {
      const { lower, lowerEnd, upper, upperEdge } = this.options;
      const all = this.nodes();
      this.interval = [
        lowerEnd === 'fades' ? this.stretch.at(all[0].u) : lower,
        upperEdge ? upper : this.stretch.at(all[all.length - 1].u),
      ];
    }
    return this.interval;
  }

  /** Masses beyond the cuts, where there are some. */
  cuts(): { readonly below?: number; readonly above?: number } {
    const all = this.nodes();
    return {
      ...(this.options.lowerEnd === 'fades' ? { below: this.outerMass(all[0], -1) } : {}),
      ...(this.options.upperEdge ? {} : { above: this.outerMass(all[all.length - 1], 1) }),
    };
  }

  density(x: number): number {
    return this.boundary(x).im / Math.PI;
  }

  /** m(x + i0). */
  boundary(x: number): Complex {
    return this.options.map.stieltjes({ re: x, im: 0 }, this.solve(x));
  }

  /** P(λ > x) for x inside. */
  massAbove(x: number): number {
    return this.massOf(x, this.solve(x));
  }

  /** p at a point z of the upper half-plane, from a guess; undefined where Newton's method does not settle. */
  preimage(z: Complex, start: Complex): Complex | undefined {
    return this.options.map.preimage(z.re, z.im, start);
  }

  residual(): number {
    return this.worstResidual;
  }

  private nodes(): CurveNode[] {
    const { stretch, options } = this;
    return (this.table ??= followCurve({
      map: options.map,
      stretch,
      lowerEnd: options.lowerEnd,
      upperEdge: options.upperEdge,
      centre: options.centre,
      outerMass: (node, direction) => this.outerMass(node, direction),
    }));
  }

  private solve(x: number): Complex {
    const { stretch } = this;
    const { map, lowerEnd, upperEdge } = this.options;
    const all = this.nodes();
    const u = stretch.parameter(x);
    const first = all[0];
    const last = all[all.length - 1];
    if (lowerEnd === 'origin' && u < first.u) return this.solveNearOrigin(x, first, all[1]);
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
    this.worstResidual = Math.max(this.worstResidual, p.residual);
    return p;
  }

  /** Next to the origin both parts of p go like powers of x: 0 below the live mass, ½ at it, 1 and 2 above. */
  private solveNearOrigin(x: number, first: CurveNode, second: CurveNode): Complex {
    const { stretch } = this;
    const steps = Math.log(first.u / second.u);
    const ratio = Math.sqrt(x / stretch.span) / first.u;
    // Where the weights die out at 0 so may Im p, before the nodes end.
    // A part that is 0 but for rounding may seem to grow.
    const power = (a: number, b: number): number =>
      a === 0 || b === 0 ? 0 : ratio ** Math.max(0, Math.log(Math.abs(a / b)) / steps);
    const guess = { re: first.re * power(first.re, second.re), im: first.im * power(first.im, second.im) };
    return this.options.map.preimage(x, 0, guess) ?? guess;
  }

  private massOf(x: number, p: Complex): number {
    return Math.min(Math.max(this.options.map.massAbove(x, p), 0), 1 - this.options.massBelow);
  }

  private outerMass(node: CurveNode, direction: 1 | -1): number {
    const above = this.massOf(this.stretch.at(node.u), node);
    return direction > 0 ? above : 1 - above - this.options.massBelow;
  }
}
