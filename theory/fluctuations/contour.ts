import { UsageError } from '../errors.js';
import type { BulkLaw } from '../gmp/bulkLaw.js';
import {
  accumulate,
  combine,
  conjugate,
  divide,
  multiply,
  zero,
  type MutableComplex,
} from '../numerics/complexArithmetic.js';

/** Half the points of the contour at full accuracy. */
const halfContourPoints = 192;
/** Bernstein parameter of the ellipse: parameter^(−2·HALF_POINTS) is at rounding level. */
const bernstein = Math.exp(36.7 / (2 * halfContourPoints));

/** A point of the contour with all that the formulas of the linear statistics need there. */
export interface ContourPoint {
  readonly angle: number;
  readonly z: MutableComplex;
  /** dz of the trapezoid rule. */
  readonly step: MutableComplex;
  readonly m: MutableComplex;
  /** m′(z). */
  readonly slope: MutableComplex;
  /** E[a²/(1 + γ a m)³] / (m z′²). */
  readonly shift: MutableComplex;
  /** Limit of the covariance kernel on its diagonal: a sixth of the Schwarzian derivative of m. */
  readonly diagonal: MutableComplex;
}

/** The smallest interval that holds the support and the atoms. */
export function hull(law: BulkLaw): [number, number] {
  const ends = [...law.support.flat(), ...law.atoms.map(({ at }) => at)];
  return [Math.min(...ends), Math.max(...ends)];
}

/**
 * Points of the ellipse with foci at the ends of the hull. A law without a density has a point for a hull and no
 * fluctuations.
 */
export function contourAround(
  law: BulkLaw,
  lower: number,
  upper: number,
  halfPoints = halfContourPoints,
): ContourPoint[] {
  if (!(upper > lower))
    throw new UsageError('linear statistic: the law is a point mass; there is nothing to fluctuate');
  const [centre, half] = [(lower + upper) / 2, (upper - lower) / 2];
  const points: ContourPoint[] = [];
  for (let k = 0; k < halfPoints; k++) {
    const angle = (Math.PI * (k + 0.5)) / halfPoints;
    const z = {
      re: centre + half * Math.cosh(Math.log(bernstein)) * Math.cos(angle),
      im: half * Math.sinh(Math.log(bernstein)) * Math.sin(angle),
    };
    const width = Math.PI / halfPoints;
    const step = {
      re: -half * Math.cosh(Math.log(bernstein)) * Math.sin(angle) * width,
      im: half * Math.sinh(Math.log(bernstein)) * Math.cos(angle) * width,
    };
    points.push({ angle, z, step, ...transformAt(law, z) });
  }
  // The lower half is the mirror image; dz keeps its real part's sign changed, for the contour runs the other way
  // there.
  const mirrored = points.map((point): ContourPoint => ({
    angle: -point.angle,
    z: conjugate(point.z),
    step: { re: -point.step.re, im: point.step.im },
    m: conjugate(point.m),
    slope: conjugate(point.slope),
    shift: conjugate(point.shift),
    diagonal: conjugate(point.diagonal),
  }));
  return [...points, ...mirrored.reverse()];
}

function transformAt(law: BulkLaw, z: MutableComplex): Pick<ContourPoint, 'm' | 'slope' | 'shift' | 'diagonal'> {
  const {
    aspectRatio,
    weights: { nodes, masses },
  } = law;
  const m = law.stieltjes(z);
  const inverse = divide({ re: 1, im: 0 }, m);
  const [second, third, cubed, fourth] = [zero(), zero(), zero(), zero()];
  for (let i = 0; i < nodes.length; i++) {
    const weight = nodes[i]!;
    const pole = divide({ re: 1, im: 0 }, { re: 1 + aspectRatio * weight * m.re, im: aspectRatio * weight * m.im });
    const square = multiply(pole, pole);
    const mass = masses[i]! * weight * weight;
    accumulate(second, square, mass);
    const cube = multiply(square, pole);
    accumulate(third, cube, mass);
    accumulate(cubed, cube, mass * weight);
    accumulate(fourth, multiply(square, square), mass * weight * weight);
  }
  const inverse2 = multiply(inverse, inverse);
  const inverse3 = multiply(inverse2, inverse);
  const z1 = combine(inverse2, 1, second, -aspectRatio);
  const z2 = combine(inverse3, -2, cubed, 2 * aspectRatio ** 2);
  const z3 = combine(multiply(inverse2, inverse2), 6, fourth, -6 * aspectRatio ** 3);
  const slope = divide({ re: 1, im: 0 }, z1);
  const ratio = multiply(z2, slope);
  // {m, z} = −{z, m} m′², {z, m} = z‴/z′ − (3/2)(z″/z′)².
  const schwarzian = multiply(combine(multiply(z3, slope), -1, multiply(ratio, ratio), 1.5), multiply(slope, slope));
  return {
    m,
    slope,
    shift: multiply(multiply(third, inverse), multiply(slope, slope)),
    diagonal: { re: schwarzian.re / 6, im: schwarzian.im / 6 },
  };
}

/**
 * m₁′m₂′/(m₁ − m₂)² − 1/(z₁ − z₂)². The second term integrates to zero on nested contours and makes the kernel smooth
 * where they meet, so that one contour serves for both.
 */
export function kernelBetween(first: ContourPoint, second: ContourPoint): MutableComplex {
  const mGap = { re: first.m.re - second.m.re, im: first.m.im - second.m.im };
  const zGap = { re: first.z.re - second.z.re, im: first.z.im - second.z.im };
  const main = divide(multiply(first.slope, second.slope), multiply(mGap, mGap));
  const free = divide({ re: 1, im: 0 }, multiply(zGap, zGap));
  return { re: main.re - free.re, im: main.im - free.im };
}

/** Σ c_k T_k at the point of the ellipse, where T_k = (w^k + w^{−k})/2 with w = BERNSTEIN·e^{i·angle}. */
export function evaluateSeries(series: Float64Array, angle: number): MutableComplex {
  const value = zero();
  const logarithm = Math.log(bernstein);
  series.forEach((coefficient, k) => {
    value.re += coefficient * Math.cosh(k * logarithm) * Math.cos(k * angle);
    value.im += coefficient * Math.sinh(k * logarithm) * Math.sin(k * angle);
  });
  return value;
}
