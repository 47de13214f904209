import type { Complex } from '../../contracts.js';
import { NumericalError } from '../../errors.js';
import { add, divide, multiply, subtract } from '../../numerics/complexArithmetic.js';
import { seriesComposition, shiftedSeries } from '../../separable/momentSeries.js';
import type { Population } from '../../separable/population.js';

/** D² and T of the units of a layer, as rules for expectations over the units. */
export interface Units {
  /** On the axis: for moments, and left of 0, where there are no eigenvalues and imaginary parts keep their digits however small. */
  readonly real: readonly Unit[];
  /**
   * Off the axis. T is even and largest for units that are open half of the time: below the axis before, above it after, the path keeps to one side of every
   * ζ with T + D²S = w. On the axis the rarest units, which have next to no variance, would be eigenvalues of their own.
   */
  readonly path: readonly Unit[];
}

export interface Unit {
  readonly mass: Complex;
  /** D² = b₁². */
  readonly gain: Complex;
  /** T = b_*². */
  readonly rest: Complex;
}

/** The solution at w: G and S, and their derivatives in w. */
interface Resolvent {
  readonly g: Complex;
  readonly s: Complex;
  /** dG/dw and dS/dw. */
  readonly gSlope: Complex;
  readonly sSlope: Complex;
}

const maximumSteps = 60;
/** Im G is known to more than this share of |G|: the units beyond the grid have a part in it on the path. */
const rounding = 1e-10;

/**
 * D W Σ Wᵀ D + T for a W of r times as many rows as columns, entries of variance 2/columns, and a Σ of the given law:
 *
 *   G = E D²/(T + D² S − w),   S = ∫ 2t/(1 + 2 r G t) dτ(t),   ∫ dτ′/(t − w) = E 1/(T + D² S − w),   Im G > 0 for Im w > 0.
 */
export function gatedCovariance(below: Population, units: Units, ratio: number): Population {
  const { real, path } = units;
  const sums = new Float64Array(6);
  const largest =
    Math.max(...real.map(({ rest }) => rest.re)) +
    2 * Math.max(...real.map(({ gain }) => gain.re)) * (1 + Math.sqrt(ratio)) ** 2 * below.largest;
  const meanGain = real.reduce((sum, { mass, gain }) => sum + mass.re * gain.re, 0);
  let neighbour: Complex | undefined;
  const unitsFor = (w: Complex): readonly Unit[] => (w.re < 0 ? real : path);

  /** S(G) and its slope. */
  function carried(g: Complex): { readonly s: Complex; readonly slope: Complex } {
    const inverse = divide({ re: 1, im: 0 }, { re: ratio * g.re, im: ratio * g.im });
    below.evaluate(-inverse.re / 2, -inverse.im / 2, sums);
    const s = multiply({ re: sums[0]!, im: sums[1]! }, inverse);
    const slope = divide(multiply({ re: sums[2]!, im: sums[3]! }, inverse), g);
    return { s, slope: { re: -slope.re, im: -slope.im } };
  }

  /** E D²R, E D⁴R² and E D²R², R = 1/(T + D² S − w). */
  function unitSums(s: Complex, w: Complex): readonly [first: Complex, square: Complex, slope: Complex] {
    let [re, im, squareRe, squareIm, slopeRe, slopeIm] = [0, 0, 0, 0, 0, 0];
    for (const { mass, gain, rest } of unitsFor(w)) {
      const dRe = rest.re + gain.re * s.re - gain.im * s.im - w.re;
      const dIm = rest.im + gain.re * s.im + gain.im * s.re - w.im;
      const size = 1 / (dRe * dRe + dIm * dIm);
      const [rRe, rIm] = [dRe * size, -dIm * size];
      // D²R, and its share of the mass.
      const [gRe, gIm] = [gain.re * rRe - gain.im * rIm, gain.re * rIm + gain.im * rRe];
      const [mRe, mIm] = [mass.re * gRe - mass.im * gIm, mass.re * gIm + mass.im * gRe];
      re += mRe;
      im += mIm;
      squareRe += mRe * gRe - mIm * gIm;
      squareIm += mRe * gIm + mIm * gRe;
      slopeRe += mRe * rRe - mIm * rIm;
      slopeIm += mRe * rIm + mIm * rRe;
    }
    return [
      { re, im },
      { re: squareRe, im: squareIm },
      { re: slopeRe, im: slopeIm },
    ];
  }

  function newton(w: Complex, start: Complex): Resolvent | undefined {
    let g = start;
    let before = Infinity;
    for (let k = 0; k < maximumSteps; k++) {
      const { s, slope } = carried(g);
      const [value, square, valueSlope] = unitSums(s, w);
      const feedback = multiply(square, slope);
      // 1 − dΦ/dG, Φ the right side of the equation of G: at the solution |dΦ/dG| ≤ 1, elsewhere on the axis not.
      const rest = { re: 1 + feedback.re, im: feedback.im };
      const move = divide({ re: value.re - g.re, im: value.im - g.im }, rest);
      const size = Math.hypot(g.re, g.im);
      const length = Math.hypot(move.re, move.im);
      if (!(length < Infinity)) return undefined;
      const share = length > size ? size / length : 1;
      let im = g.im + share * move.im;
      if (im < -rounding * size) im = g.im / 8;
      g = { re: g.re + share * move.re, im };
      if (length <= 1e-9 * Math.max(g.im, 1e-6 * size) || (length <= 1e-13 * size && length > before / 2)) {
        if (Math.hypot(feedback.re, feedback.im) > 1 + 1e-6) return undefined;
        const gSlope = divide(valueSlope, rest);
        return { g, s: carried(g).s, gSlope, sSlope: multiply(slope, gSlope) };
      }
      before = length;
    }
    return undefined;
  }

  /** From the neighbour's solution; else down from far above, where G is −E D²/w. */
  function solve(w: Complex): Resolvent {
    if (neighbour !== undefined) {
      const near = newton(w, neighbour);
      if (near !== undefined) return near;
    }
    let height = 4 * Math.max(largest, Math.hypot(w.re, w.im));
    const far = divide({ re: -1, im: 0 }, { re: w.re, im: height });
    let g: Complex = { re: meanGain * far.re, im: meanGain * far.im };
    let factor = 1 / 4;
    for (let k = 0; k < 400; k++) {
      const lower = height <= w.im + 1e-13 * largest ? w.im : w.im + factor * (height - w.im);
      const next = newton({ re: w.re, im: lower }, g);
      if (next === undefined) {
        factor = Math.sqrt(factor);
        continue;
      }
      if (lower === w.im) return next;
      g = next.g;
      height = lower;
      factor = Math.max(1 / 4, factor * factor);
    }
    throw new NumericalError(`featureCovariance: no solution at w = ${w.re} + ${w.im}i`);
  }

  function solved(w: Complex): Resolvent {
    const solution = solve(w);
    neighbour = solution.g;
    return solution;
  }

  return {
    largest,
    zeroMass: 0,
    evaluate(re, im, out) {
      const w = { re, im: Math.abs(im) };
      const { s, sSlope } = solved(w);
      const turned = multiply(w, sSlope);
      out.fill(0);
      for (const { mass, gain, rest } of unitsFor(w)) {
        // K = T + D² S; the slope of K/(K − w) in w is (K − w K′)/(K − w)², and w times it and itself make up ∫ t²/(t − w)² dτ.
        const valueRe = rest.re + gain.re * s.re - gain.im * s.im;
        const valueIm = rest.im + gain.re * s.im + gain.im * s.re;
        const dRe = valueRe - w.re;
        const dIm = valueIm - w.im;
        const size = 1 / (dRe * dRe + dIm * dIm);
        const [rRe, rIm] = [dRe * size, -dIm * size];
        const [shareRe, shareIm] = [mass.re * rRe - mass.im * rIm, mass.re * rIm + mass.im * rRe];
        const firstRe = valueRe * shareRe - valueIm * shareIm;
        const firstIm = valueRe * shareIm + valueIm * shareRe;
        const restRe = valueRe - (gain.re * turned.re - gain.im * turned.im);
        const restIm = valueIm - (gain.re * turned.im + gain.im * turned.re);
        const [wRe, wIm] = [w.re * rRe - w.im * rIm, w.re * rIm + w.im * rRe];
        const [steepRe, steepIm] = [wRe * shareRe - wIm * shareIm, wRe * shareIm + wIm * shareRe];
        out[0]! += firstRe;
        out[1]! += firstIm;
        out[2]! += firstRe + restRe * steepRe - restIm * steepIm;
        out[3]! += firstIm + restRe * steepIm + restIm * steepRe;
        out[4]! += shareRe;
        out[5]! += shareIm;
      }
      if (im < 0) for (const k of [1, 3, 5]) out[k] = -out[k]!;
    },
    argument(re, im) {
      const w = { re, im };
      const { g, s } = solved(w);
      let sum = 0;
      for (const { mass, gain, rest } of unitsFor(w)) {
        // Off the axis the argument may leave [0, π], but not by π/2.
        const distance = subtract(w, add(rest, multiply(gain, s)));
        const argument = Math.PI / 2 - Math.atan2(distance.re, distance.im);
        sum += mass.re * argument + mass.im * Math.log(Math.hypot(distance.re, distance.im));
      }
      const v = divide({ re: -1, im: 0 }, { re: 2 * ratio * g.re, im: 2 * ratio * g.im });
      const height = Math.max(0, v.im);
      const inner = below.argument(v.re, height) - Math.atan2(height, v.re);
      return sum + inner / ratio - multiply(s, g).im;
    },
    moments(order) {
      const carriedMoments = below.moments(order + 1).map((moment, k) => moment * 2 ** k);
      let s: Float64Array = new Float64Array(order + 1);
      let result = new Float64Array(order + 1);
      // Each round settles one more order of S in powers of 1/w.
      for (let round = 0; round <= order; round++) {
        const resolvent = new Float64Array(order + 1);
        result = new Float64Array(order + 1);
        for (const { mass, gain, rest } of real) {
          const value = s.map((coefficient, j) => gain.re * coefficient + (j === 0 ? rest.re : 0));
          const geometric = geometricSeries(shiftedSeries(value));
          for (let j = 0; j <= order; j++) {
            result[j]! += mass.re * geometric[j]!;
            resolvent[j]! += mass.re * gain.re * geometric[j]!;
          }
        }
        s = seriesComposition(carriedMoments.subarray(1), shiftedSeries(resolvent, ratio));
      }
      return result;
    },
  };
}

/** 1/(1 − series), of a series without a constant term. */
function geometricSeries(series: Float64Array): Float64Array {
  const sum = new Float64Array(series.length);
  sum[0] = 1;
  for (let k = 1; k < series.length; k++) for (let j = 1; j <= k; j++) sum[k]! += series[j]! * sum[k - j]!;
  return sum;
}
