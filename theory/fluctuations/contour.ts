import { UsageError } from '../errors.js';
import type { BulkLaw } from '../gmp/bulkLaw.js';
import { combine, divide, multiply, zero, type MutableComplex } from '../numerics/complexArithmetic.js';

/** Half the points of the contour at full accuracy. */
const halfContourPoints = 192;
/** Bernstein parameter of the ellipse: parameter^(−2·HALF_POINTS) is at rounding level. */
const bernstein = Math.exp(36.7 / (2 * halfContourPoints));

/** A point of the contour's upper half with all that the formulas of the linear statistics need there. */
export interface ContourPoint {
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

/** Complex numbers, their parts apart. */
export interface ComplexFields {
  readonly re: Float64Array;
  readonly im: Float64Array;
}

/** The smallest interval that holds the support and the atoms. */
export function hull(law: BulkLaw): [number, number] {
  const ends = [...law.support.flat(), ...law.atoms.map(({ at }) => at)];
  return [Math.min(...ends), Math.max(...ends)];
}

/**
 * Points of the upper half of the ellipse with foci at the ends of the hull; everything at the lower half is the
 * conjugate, but for dz, which keeps the sign of its imaginary part: the contour runs the other way there. A law without a density has a point for a hull and no
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
    const angle = angleOf(k, halfPoints);
    const z = {
      re: centre + half * Math.cosh(Math.log(bernstein)) * Math.cos(angle),
      im: half * Math.sinh(Math.log(bernstein)) * Math.sin(angle),
    };
    const width = Math.PI / halfPoints;
    const step = {
      re: -half * Math.cosh(Math.log(bernstein)) * Math.sin(angle) * width,
      im: half * Math.sinh(Math.log(bernstein)) * Math.cos(angle) * width,
    };
    points.push({ z, step, ...transformAt(law, z) });
  }
  return points;
}

const angleOf = (k: number, halfPoints: number): number => (Math.PI * (k + 0.5)) / halfPoints;

function transformAt(law: BulkLaw, z: MutableComplex): Pick<ContourPoint, 'm' | 'slope' | 'shift' | 'diagonal'> {
  const { aspectRatio } = law;
  const m = law.stieltjes(z);
  const inverse = divide({ re: 1, im: 0 }, m);
  const { second, third, cubed, fourth } = polePowers(law, m);
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
 * E[a²q²], E[a²q³], E[a³q³] and E[a⁴q⁴], q = 1/(1 + γ a m). Written out in real numbers: it has a term for each node at each point, and objects
 * would cost more than the arithmetic.
 */
function polePowers({ aspectRatio, weights: { nodes, masses } }: BulkLaw, m: MutableComplex) {
  let secondRe = 0;
  let secondIm = 0;
  let thirdRe = 0;
  let thirdIm = 0;
  let cubedRe = 0;
  let cubedIm = 0;
  let fourthRe = 0;
  let fourthIm = 0;
  for (let i = 0; i < nodes.length; i++) {
    const weight = nodes[i]!;
    const [re, im] = [1 + aspectRatio * weight * m.re, aspectRatio * weight * m.im];
    const size = re * re + im * im;
    const [x, y] = [re / size, -im / size];
    const [squareRe, squareIm] = [x * x - y * y, 2 * x * y];
    const [cubeRe, cubeIm] = [squareRe * x - squareIm * y, squareRe * y + squareIm * x];
    const mass = masses[i]! * weight * weight;
    secondRe += mass * squareRe;
    secondIm += mass * squareIm;
    thirdRe += mass * cubeRe;
    thirdIm += mass * cubeIm;
    cubedRe += mass * weight * cubeRe;
    cubedIm += mass * weight * cubeIm;
    fourthRe += mass * weight * weight * (squareRe * squareRe - squareIm * squareIm);
    fourthIm += mass * weight * weight * 2 * squareRe * squareIm;
  }
  return {
    second: { re: secondRe, im: secondIm },
    third: { re: thirdRe, im: thirdIm },
    cubed: { re: cubedRe, im: cubedIm },
    fourth: { re: fourthRe, im: fourthIm },
  };
}

/**
 * m₁′m₂′/(m₁ − m₂)² − 1/(z₁ − z₂)², row by row over the points of the upper half: with each other in `same`, with the conjugates in `mirrored`. The
 * second term integrates to zero on nested contours and makes the kernel smooth where they meet, so that one contour
 * serves for both. Symmetric and Hermitian: half is computed.
 */
export function kernelOn(contour: readonly ContourPoint[]): {
  readonly same: ComplexFields;
  readonly mirrored: ComplexFields;
} {
  const count = contour.length;
  const fields = (): ComplexFields => ({ re: new Float64Array(count * count), im: new Float64Array(count * count) });
  const [same, mirrored] = [fields(), fields()];
  const value = zero();
  for (let i = 0; i < count; i++) {
    for (let j = 0; j <= i; j++) {
      const [at, to] = [i * count + j, j * count + i];
      if (i === j) Object.assign(value, contour[i]!.diagonal);
      else kernelBetween(contour[i]!, contour[j]!, 1, value);
      same.re[at] = same.re[to] = value.re;
      same.im[at] = same.im[to] = value.im;
      kernelBetween(contour[i]!, contour[j]!, -1, value);
      mirrored.re[at] = mirrored.re[to] = value.re;
      mirrored.im[at] = value.im;
      mirrored.im[to] = -value.im;
    }
  }
  return { same, mirrored };
}

/** Of the first point and the second, or its conjugate where `side` is −1. Long, so that nothing is allocated. */
function kernelBetween(first: ContourPoint, second: ContourPoint, side: 1 | -1, out: MutableComplex): void {
  const secondSlope = side * second.slope.im;
  const topRe = first.slope.re * second.slope.re - first.slope.im * secondSlope;
  const topIm = first.slope.re * secondSlope + first.slope.im * second.slope.re;
  const mRe = first.m.re - second.m.re;
  const mIm = first.m.im - side * second.m.im;
  const zRe = first.z.re - second.z.re;
  const zIm = first.z.im - side * second.z.im;
  // 1/w² is the square of w̄/|w|².
  const mSize = mRe * mRe + mIm * mIm;
  const zSize = zRe * zRe + zIm * zIm;
  const mPartRe = ((mRe - mIm) * (mRe + mIm)) / (mSize * mSize);
  const mPartIm = (-2 * mRe * mIm) / (mSize * mSize);
  out.re = topRe * mPartRe - topIm * mPartIm - ((zRe - zIm) * (zRe + zIm)) / (zSize * zSize);
  out.im = topRe * mPartIm + topIm * mPartRe + (2 * zRe * zIm) / (zSize * zSize);
}

/** T_k at the points of the upper half, a row for each k; they are the same for every law. */
const polynomialsOf = new Map<number, ComplexFields[]>();

/** Σ c_k T_k at the points of the upper half, where T_k = (w^k + w^{−k})/2 with w = BERNSTEIN·e^{i·angle}. */
export function evaluateSeries(series: Float64Array, halfPoints: number): ComplexFields {
  const rows = polynomialsOf.get(halfPoints) ?? [];
  polynomialsOf.set(halfPoints, rows);
  const logarithm = Math.log(bernstein);
  for (let k = rows.length; k < series.length; k++) {
    const [even, odd] = [Math.cosh(k * logarithm), Math.sinh(k * logarithm)];
    rows.push({
      re: Float64Array.from({ length: halfPoints }, (_, j) => even * Math.cos(k * angleOf(j, halfPoints))),
      im: Float64Array.from({ length: halfPoints }, (_, j) => odd * Math.sin(k * angleOf(j, halfPoints))),
    });
  }
  const values = { re: new Float64Array(halfPoints), im: new Float64Array(halfPoints) };
  series.forEach((coefficient, k) => {
    const { re, im } = rows[k]!;
    for (let j = 0; j < halfPoints; j++) {
      values.re[j]! += coefficient * re[j]!;
      values.im[j]! += coefficient * im[j]!;
    }
  });
  return values;
}
