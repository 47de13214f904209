import { UsageError } from '../errors.js';
import type { BulkLaw } from '../outliers/bulkLaw.js';
import { chebyshevSeries } from './chebyshevSeries.js';

export interface LinearStatisticOptions {
  /** The law of the weights as drawn, at the exact d/N. */
  readonly law: BulkLaw;
  /** d. */
  readonly dimension: number;
  /** N. */
  readonly samples: number;
  /** A real function, analytic in a neighbourhood of the hull of the support (and of 0 when 0 is an atom). */
  readonly f: (x: number) => number;
}

export interface LinearStatisticFluctuation {
  /** d ∫ f dμ. */
  readonly centre: number;
  /** lim E[Σ f(λ_i)] − d ∫ f dμ, of order 1. */
  readonly meanShift: number;
  /** lim Var[Σ f(λ_i)] given the weights, of order 1. */
  readonly variance: number;
  /** What independent draws of the N weights from the law add: N Var(φ_f(a)). */
  readonly weightVariance: number;
}

export interface LinearStatisticsOptions extends Omit<LinearStatisticOptions, 'f'> {
  readonly functions: readonly ((x: number) => number)[];
}

export interface LinearStatisticCovariance {
  readonly centres: readonly number[];
  readonly meanShifts: readonly number[];
  /** Given the weights. */
  readonly covariance: readonly (readonly number[])[];
  /** Added when the weights are drawn. */
  readonly weightCovariance: readonly (readonly number[])[];
}

/** Half the points of the contour; its ellipse has the Bernstein parameter with parameter^(−2·HALF) at rounding level. */
const HALF_POINTS = 192;
const BERNSTEIN = Math.exp(36.7 / (2 * HALF_POINTS));

/**
 * Mean and variance of a linear statistic Σ f(λ_i) of H = (1/N) Σ a_n x_n x_nᵀ, x_n independent real N(0, I_d), given the weights:
 * Σ f(λ_i) − d ∫ f dμ → N(meanShift, variance) as d, N → ∞ (Bai and Silverstein 2004, in the real case, for the companion matrix;
 * paper-notes.md, linear statistics). With m(z) the law's own transform and z′ = 1/m² − γ E[a²/(1 + γ a m)²],
 *   meanShift = −(γ/2πi) ∮ f(z) E[a²/(1 + γ a m)³] / (m z′²) dz,
 *   variance = −(1/2π²) ∮∮ f(z₁) f(z₂) m′(z₁) m′(z₂) / (m(z₁) − m(z₂))² dz₁ dz₂,
 *   φ_f(a) = (1/2πi) ∮ f(z) γ a m′/(1 + γ a m) dz,
 * on an ellipse around the hull of the support, by the trapezoid rule, f continued from its Chebyshev series on the hull. Stated by
 * its authors for a ≥ 0; the moments are polynomials in the weights, so it holds for both signs (tested).
 *
 * Accuracy: about 1e-10 relative for functions whose series ends below degree 60; for polynomials of H the exact values at finite
 * d and N are `traceMoments`, from which these differ by O(1/d).
 *
 * @throws UsageError for sizes that do not belong to the law, or an f that is not finite; NumericalError for an f that is not smooth
 */
export function linearStatisticFluctuation({ f, ...options }: LinearStatisticOptions): LinearStatisticFluctuation {
  const { centres, meanShifts, covariance, weightCovariance } = linearStatisticCovariance({ ...options, functions: [f] });
  return {
    centre: centres[0]!,
    meanShift: meanShifts[0]!,
    variance: covariance[0]![0]!,
    weightVariance: weightCovariance[0]![0]!,
  };
}

/** The same for several functions together, with their covariances. */
export function linearStatisticCovariance(options: LinearStatisticsOptions): LinearStatisticCovariance {
  const { law, dimension, samples, functions } = options;
  if (!(Math.abs(dimension / samples / law.aspectRatio - 1) < 1e-9)) {
    throw new UsageError(
      `linear statistic: dimension / samples must be the law's aspect ratio ${law.aspectRatio}, got ${dimension}/${samples}`,
    );
  }
  const [lower, upper] = hull(law);
  const contour = contourAround(law, lower, upper);
  const count = contour.length;
  // Values on the contour, times dz, for each function.
  const weighted = functions.map((f) => {
    const series = chebyshevSeries(f, lower, upper);
    return contour.map(({ angle, step }) => multiply(evaluateSeries(series, angle), step));
  });
  const centres = weighted.map((values) => {
    // −(1/2πi) ∮ f m dz: the residue theorem with m = ∫ (λ − z)^{-1} dμ.
    let imaginary = 0;
    values.forEach((value, k) => (imaginary += multiply(value, contour[k]!.m).im));
    return (-dimension * imaginary) / (2 * Math.PI);
  });
  const meanShifts = weighted.map((values) => {
    let imaginary = 0;
    values.forEach((value, k) => (imaginary += multiply(value, contour[k]!.shift).im));
    return (-law.aspectRatio * imaginary) / (2 * Math.PI);
  });

  // Row by row of the kernel: every function meets it once.
  const covariance = functions.map(() => functions.map(() => 0));
  for (let row = 0; row < count; row++) {
    const sums = functions.map(() => ({ re: 0, im: 0 }));
    for (let column = 0; column < count; column++) {
      const kernel = row === column ? contour[row]!.diagonal : kernelBetween(contour[row]!, contour[column]!);
      weighted.forEach((values, g) => {
        const value = values[column]!;
        sums[g]!.re += kernel.re * value.re - kernel.im * value.im;
        sums[g]!.im += kernel.re * value.im + kernel.im * value.re;
      });
    }
    weighted.forEach((values, f) =>
      sums.forEach((sum, g) => {
        covariance[f]![g]! -= multiply(values[row]!, sum).re / (2 * Math.PI ** 2);
      }),
    );
  }
  return { centres, meanShifts, covariance, weightCovariance: weightCovariances(law, samples, contour, weighted) };
}

interface Complex {
  re: number;
  im: number;
}

interface ContourPoint {
  readonly angle: number;
  readonly z: Complex;
  /** dz of the trapezoid rule. */
  readonly step: Complex;
  readonly m: Complex;
  /** m′(z). */
  readonly slope: Complex;
  /** E[a²/(1 + γ a m)³] / (m z′²). */
  readonly shift: Complex;
  /** Limit of the covariance kernel on its diagonal: a sixth of the Schwarzian derivative of m. */
  readonly diagonal: Complex;
}

function hull(law: BulkLaw): [number, number] {
  const ends = [...law.support.flat(), ...law.atoms.map(({ at }) => at)];
  return [Math.min(...ends), Math.max(...ends)];
}

/** Points of the ellipse with foci at the ends of the hull. A law without a density has a point for a hull and no fluctuations. */
function contourAround(law: BulkLaw, lower: number, upper: number): ContourPoint[] {
  if (!(upper > lower)) throw new UsageError('linear statistic: the law is a point mass; there is nothing to fluctuate');
  const [centre, half] = [(lower + upper) / 2, (upper - lower) / 2];
  const points: ContourPoint[] = [];
  for (let k = 0; k < HALF_POINTS; k++) {
    const angle = (Math.PI * (k + 0.5)) / HALF_POINTS;
    const z = {
      re: centre + half * Math.cosh(Math.log(BERNSTEIN)) * Math.cos(angle),
      im: half * Math.sinh(Math.log(BERNSTEIN)) * Math.sin(angle),
    };
    const width = Math.PI / HALF_POINTS;
    const step = {
      re: -half * Math.cosh(Math.log(BERNSTEIN)) * Math.sin(angle) * width,
      im: half * Math.sinh(Math.log(BERNSTEIN)) * Math.cos(angle) * width,
    };
    points.push({ angle, z, step, ...transformAt(law, z) });
  }
  // The lower half is the mirror image; dz keeps its real part's sign changed, for the contour runs the other way there.
  const mirrored = points.map(
    (point): ContourPoint => ({
      angle: -point.angle,
      z: conjugate(point.z),
      step: { re: -point.step.re, im: point.step.im },
      m: conjugate(point.m),
      slope: conjugate(point.slope),
      shift: conjugate(point.shift),
      diagonal: conjugate(point.diagonal),
    }),
  );
  return [...points, ...mirrored.reverse()];
}

function transformAt(law: BulkLaw, z: Complex): Pick<ContourPoint, 'm' | 'slope' | 'shift' | 'diagonal'> {
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
    add(second, square, mass);
    const cube = multiply(square, pole);
    add(third, cube, mass);
    add(cubed, cube, mass * weight);
    add(fourth, multiply(square, square), mass * weight * weight);
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
 * m₁′m₂′/(m₁ − m₂)² − 1/(z₁ − z₂)². The second term integrates to zero on nested contours and makes the kernel smooth where they meet,
 * so that one contour serves for both.
 */
function kernelBetween(first: ContourPoint, second: ContourPoint): Complex {
  const mGap = { re: first.m.re - second.m.re, im: first.m.im - second.m.im };
  const zGap = { re: first.z.re - second.z.re, im: first.z.im - second.z.im };
  const main = divide(multiply(first.slope, second.slope), multiply(mGap, mGap));
  const free = divide({ re: 1, im: 0 }, multiply(zGap, zGap));
  return { re: main.re - free.re, im: main.im - free.im };
}

function weightCovariances(
  law: BulkLaw,
  samples: number,
  contour: readonly ContourPoint[],
  weighted: readonly (readonly Complex[])[],
): number[][] {
  const {
    aspectRatio,
    weights: { nodes, masses },
  } = law;
  const half = contour.length / 2;
  const influences = weighted.map((values) =>
    nodes.map((weight) => {
      let imaginary = 0;
      // The lower half of the contour adds the same imaginary part again.
      for (let k = 0; k < half; k++) {
        const { m, slope } = contour[k]!;
        const pole = { re: 1 + aspectRatio * weight * m.re, im: aspectRatio * weight * m.im };
        imaginary += divide(multiply(values[k]!, slope), pole).im;
      }
      return (aspectRatio * weight * imaginary) / Math.PI;
    }),
  );
  const means = influences.map((values) => values.reduce((sum, value, i) => sum + masses[i]! * value, 0));
  return influences.map((left, f) =>
    influences.map((right, g) =>
      samples * left.reduce((sum, value, i) => sum + masses[i]! * (value - means[f]!) * (right[i]! - means[g]!), 0),
    ),
  );
}

/** Σ c_k T_k at the point of the ellipse, where T_k = (w^k + w^{−k})/2 with w = BERNSTEIN·e^{i·angle}. */
function evaluateSeries(series: Float64Array, angle: number): Complex {
  const value = zero();
  const logarithm = Math.log(BERNSTEIN);
  series.forEach((coefficient, k) => {
    value.re += coefficient * Math.cosh(k * logarithm) * Math.cos(k * angle);
    value.im += coefficient * Math.sinh(k * logarithm) * Math.sin(k * angle);
  });
  return value;
}

function zero(): Complex {
  return { re: 0, im: 0 };
}

function add(sum: Complex, term: Complex, factor: number): void {
  sum.re += factor * term.re;
  sum.im += factor * term.im;
}

function combine(a: Complex, alpha: number, b: Complex, beta: number): Complex {
  return { re: alpha * a.re + beta * b.re, im: alpha * a.im + beta * b.im };
}

function conjugate({ re, im }: Complex): Complex {
  return { re, im: -im };
}

function multiply(a: Complex, b: Complex): Complex {
  return { re: a.re * b.re - a.im * b.im, im: a.re * b.im + a.im * b.re };
}

function divide(a: Complex, b: Complex): Complex {
  const size = b.re * b.re + b.im * b.im;
  return { re: (a.re * b.re + a.im * b.im) / size, im: (a.im * b.re - a.re * b.im) / size };
}
