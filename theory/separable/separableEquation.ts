/**
 * The two coupled equations of the separable law as one complex equation, and its solution anywhere in the closed upper
 * half-plane.
 *
 * notation of paper-notes.md, separable law:
 *   g(z) = ∫ t/(t e − z) dτ(t),   e(g) = ∫ a/(1 + γ a g) dν(a),   F(g; z) = ∫ t/(t e(g) − z) dτ − g = 0,   Im g > 0.
 */
import type { Complex, DiscreteMeasure } from '../contracts.js';
import { NumericalError } from '../errors.js';
import { multiply } from '../numerics/complexArithmetic.js';
import type { Population } from './population.js';

/** F and the derivatives a Newton step or an edge needs, at real or complex g and z. */
interface Residual {
  readonly valueRe: number;
  readonly valueIm: number;
  readonly slopeRe: number;
  readonly slopeIm: number;
}

export interface SeparableSolution {
  readonly g: Complex;
  readonly e: Complex;
  /** |F|/|g| at the solution. */
  readonly residual: number;
}

const maximumSteps = 200;
const converged = 1e-14;
/** Beyond rounding: a solution whose residual stays above this is not reported. */
const acceptable = 1e-9;

export class SeparableEquation {
  /** Largest relative residual of any solution returned so far. */
  worstResidual = 0;
  private readonly mean: number;
  private readonly sums = new Float64Array(6);

  /**
   * @param weights ν, scaled so that the largest |a| is of order 1
   * @param population τ, largest t of order 1
   */
  constructor(
    readonly weights: DiscreteMeasure,
    readonly population: Population,
    readonly aspectRatio: number,
  ) {
    this.mean = population.moments(1)[1]!;
  }

  /** Where the search from above starts: all |λ| of the law are below this. */
  get bound(): number {
    const { weights, population, aspectRatio } = this;
    const largest = Math.max(Math.abs(weights.nodes[0]!), Math.abs(weights.nodes[weights.nodes.length - 1]!));
    return largest * population.largest * (1 + Math.sqrt(aspectRatio)) ** 2;
  }

  /**
   * The solution at z = x + iy, y ≥ 0. `guess` is tried first (a neighbour's solution); it is kept only when it leads
   * to a solution with Im g > 0, which is unique. Otherwise the solution is followed down from far above x, where it is
   * −E[t]/z.
   */
  solve(x: number, y: number, guess?: Complex): SeparableSolution {
    if (guess !== undefined && guess.im > 0) {
      const near = this.newton(x, y, guess.re, guess.im, 12);
      if (near !== undefined && near.g.im > 1e-7 * Math.hypot(near.g.re, near.g.im)) return this.noted(near, x);
    }
    let height = 4 * this.bound;
    const size = x * x + height * height;
    let re = (-this.mean * x) / size;
    let im = (this.mean * height) / size;
    const floor = Math.max(y, 1e-15 * this.bound);
    for (;;) {
      const next = this.newton(x, height, re, im, maximumSteps) ?? this.fixedPoint(x, height, re, im);
      re = next.g.re;
      im = next.g.im;
      if (height <= y) return this.noted(next, x);
      if (height <= floor) break;
      height = Math.max(height / 6, floor);
    }
    // Onto the axis. At an edge the root is double and Newton's last digits come slowly.
    const last = this.newton(x, 0, re, im, maximumSteps);
    if (last === undefined)
      throw new NumericalError(
        `separable law: no solution at x = ${x} within ${maximumSteps} steps from the point above it.`,
      );
    return this.noted(last, x);
  }

  private noted(solution: SeparableSolution, x: number): SeparableSolution {
    if (!(solution.residual <= acceptable))
      throw new NumericalError(`separable law: the equation at x = ${x} is solved only to ${solution.residual}.`);
    this.worstResidual = Math.max(this.worstResidual, solution.residual);
    return solution;
  }

  /** Newton's method in g, kept in the upper half-plane while z is; undefined when it does not settle. */
  private newton(x: number, y: number, startRe: number, startIm: number, steps: number): SeparableSolution | undefined {
    let re = startRe;
    let im = startIm;
    let best = Infinity;
    let bestRe = re;
    let bestIm = im;
    let stalled = 0;
    for (let step = 0; step < steps; step++) {
      const f = this.residual(re, im, x, y);
      const size = Math.hypot(re, im);
      const error = Math.hypot(f.valueRe, f.valueIm) / size;
      if (!Number.isFinite(error)) return undefined;
      if (error < best) {
        // Progress of less than a fifth, three times running, is rounding.
        stalled = error > 0.8 * best ? stalled + 1 : 0;
        best = error;
        bestRe = re;
        bestIm = im;
      } else {
        stalled++;
      }
      if (error <= converged || (stalled >= 4 && best <= 1e-12) || stalled >= 12) break;
      const slopeSize = f.slopeRe * f.slopeRe + f.slopeIm * f.slopeIm;
      let stepRe = -(f.valueRe * f.slopeRe + f.valueIm * f.slopeIm) / slopeSize;
      let stepIm = -(f.valueIm * f.slopeRe - f.valueRe * f.slopeIm) / slopeSize;
      // A step longer than g itself, or out of the half-plane, comes from a flat spot.
      const length = Math.hypot(stepRe, stepIm);
      if (length > size) {
        stepRe *= size / length;
        stepIm *= size / length;
      }
      if (im + stepIm <= 0 && (y > 0 || im > 1e-8 * size)) {
        const share = (0.9 * im) / -stepIm;
        stepRe *= share;
        stepIm *= share;
      }
      re += stepRe;
      im = Math.max(0, im + stepIm);
    }
    if (best > acceptable || (y > 0 && !(bestIm > 0))) return undefined;
    return this.solutionAt(bestRe, bestIm, best);
  }

  /**
   * The averaged fixed-point map, which contracts in the half-plane; slow near the axis, so only where Newton fails.
   */
  private fixedPoint(x: number, y: number, startRe: number, startIm: number): SeparableSolution {
    let re = startRe;
    let im = startIm;
    for (let step = 0; step < 20000; step++) {
      const f = this.residual(re, im, x, y);
      const error = Math.hypot(f.valueRe, f.valueIm) / Math.hypot(re, im);
      if (error < 1e-10) return this.newton(x, y, re, im, maximumSteps) ?? this.solutionAt(re, im, error);
      re += f.valueRe / 2;
      im += f.valueIm / 2;
    }
    throw new NumericalError(`separable law: no solution at z = ${x} + ${y}i within 20000 steps.`);
  }

  private solutionAt(re: number, im: number, residual: number): SeparableSolution {
    return { g: { re, im }, e: this.weightTransform(re, im), residual };
  }

  /** e(g). */
  weightTransform(re: number, im: number): Complex {
    const { nodes, masses } = this.weights;
    let eRe = 0;
    let eIm = 0;
    for (let i = 0; i < nodes.length; i++) {
      const a = nodes[i]!;
      const denominatorRe = 1 + this.aspectRatio * a * re;
      const denominatorIm = this.aspectRatio * a * im;
      const factor = (masses[i]! * a) / (denominatorRe * denominatorRe + denominatorIm * denominatorIm);
      eRe += factor * denominatorRe;
      eIm -= factor * denominatorIm;
    }
    return { re: eRe, im: eIm };
  }

  private residual(re: number, im: number, x: number, y: number): Residual {
    const gamma = this.aspectRatio;
    let eRe = 0;
    let eIm = 0;
    let slopeRe = 0;
    let slopeIm = 0;
    {
      const { nodes, masses } = this.weights;
      for (let i = 0; i < nodes.length; i++) {
        const a = nodes[i]!;
        const dRe = 1 + gamma * a * re;
        const dIm = gamma * a * im;
        const size = dRe * dRe + dIm * dIm;
        // 1/(1 + γ a g)
        const inverseRe = dRe / size;
        const inverseIm = -dIm / size;
        eRe += masses[i]! * a * inverseRe;
        eIm += masses[i]! * a * inverseIm;
        const factor = gamma * masses[i]! * a * a;
        slopeRe -= factor * (inverseRe * inverseRe - inverseIm * inverseIm);
        slopeIm -= factor * 2 * inverseRe * inverseIm;
      }
    }
    // ∫ t/(te − z) dτ and its derivative in e, −∫ t²/(te − z)² dτ.
    const [{ re: pRe, im: pIm }, { re: qRe, im: qIm }] = this.populationSums({ re: eRe, im: eIm }, x, y);
    return {
      valueRe: pRe - re,
      valueIm: pIm - im,
      slopeRe: -(qRe * slopeRe - qIm * slopeIm) - 1,
      slopeIm: -(qRe * slopeIm + qIm * slopeRe),
    };
  }

  /** m(z) = ∫ dτ/(t e − z). */
  stieltjes({ e }: SeparableSolution, x: number, y: number): Complex {
    return this.populationSums(e, x, y)[2];
  }

  /** ∫ t/(te − z) dτ, ∫ t²/(te − z)² dτ and ∫ 1/(te − z) dτ. */
  private populationSums(e: Complex, x: number, y: number): readonly [Complex, Complex, Complex] {
    const { sums } = this;
    const size = e.re * e.re + e.im * e.im;
    const inverse = { re: e.re / size, im: -e.im / size };
    this.population.evaluate(x * inverse.re - y * inverse.im, x * inverse.im + y * inverse.re, sums);
    const first = { re: sums[0]!, im: sums[1]! };
    const second = { re: sums[2]!, im: sums[3]! };
    return [
      multiply(first, inverse),
      multiply(multiply(second, inverse), inverse),
      multiply({ re: sums[4]!, im: sums[5]! }, inverse),
    ];
  }

  /**
   * −(1/π) Im Φ(x + i0) = P(λ ≤ x), with the potential Φ = (1/γ)∫log(1 + γ a g)dν + ∫log(t e − z)dτ − e g, whose
   * derivatives in g and e vanish at the solution and whose derivative in z is −m: Φ = ∫log(λ − z)dμ.
   */
  cdf(solution: SeparableSolution, x: number): number {
    const { g, e } = solution;
    let phase = -(e.re * g.im + e.im * g.re);
    const { nodes, masses } = this.weights;
    for (let i = 0; i < nodes.length; i++) {
      const a = this.aspectRatio * nodes[i]!;
      const sign = Math.sign(nodes[i]!);
      // On the axis outside the support g is real: the sign of a, not that of a rounded zero, chooses the side.
      phase += (masses[i]! / this.aspectRatio) * sign * Math.abs(Math.atan2(a * g.im, 1 + a * g.re));
    }
    // |arg(te − x)| = |arg e| + |arg(t − w)|, w = x/e on the side of the axis that x > 0 or x < 0 puts it.
    const size = e.re * e.re + e.im * e.im;
    const argument = this.population.argument((x * e.re) / size, Math.abs((x * e.im) / size));
    phase -= Math.abs(Math.atan2(e.im, e.re)) + (x < 0 ? argument - Math.PI : Math.PI - argument);
    return -phase / Math.PI;
  }

  /**
   * Real F(g, x) and the derivatives that locate an edge: F, F_g, F_x, F_gg, F_gx. The last two, which only direct a step, take the
   * slope of ∫ t²/(t − w)² dτ by differences.
   */
  realDerivatives(g: number, x: number): readonly [f: number, fg: number, fx: number, fgg: number, fgx: number] {
    const gamma = this.aspectRatio;
    let e = 0;
    let e1 = 0;
    let e2 = 0;
    for (let i = 0; i < this.weights.nodes.length; i++) {
      const a = this.weights.nodes[i]!;
      const inverse = 1 / (1 + gamma * a * g);
      const term = this.weights.masses[i]! * a * inverse;
      e += term;
      e1 -= term * gamma * a * inverse;
      e2 += 2 * term * (gamma * a * inverse) ** 2;
    }
    const w = x / e;
    const squareAt = (at: number): number => {
      this.population.evaluate(at, 0, this.sums);
      return this.sums[2]!;
    };
    const slope = (squareAt(w * (1 + 1e-6)) - squareAt(w * (1 - 1e-6))) / (2e-6 * w);
    const square = squareAt(w);
    const first = this.sums[0]!;
    // ∫ t²/(t − w)³ dτ and ∫ t³/(t − w)³ dτ.
    const steep = slope / 2;
    const cube = square + w * steep;
    return [
      first / e - g,
      (-e1 * square) / (e * e) - 1,
      (square - first) / (w * e * e),
      (-e2 * square) / (e * e) + (2 * e1 * e1 * cube) / e ** 3,
      (-2 * e1 * steep) / e ** 3,
    ];
  }
}
