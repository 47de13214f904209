import type { Complex } from '../contracts.js';
import { NumericalError, UsageError } from '../errors.js';

/** Probabilities as drawn, and where the transform is asked for. */
export interface MatrixStieltjesOptions {
  /** C×N, row c holding p_c of every sample; columns sum to 1. */
  readonly probabilities: ArrayLike<number>;
  readonly classes: number;
  /** γ = d/N. */
  readonly aspectRatio: number;
  /** Im z > 0. */
  readonly z: Complex;
  /** Largest change of an entry of M at which to stop, relative to the largest entry. Default 1e-12. */
  readonly tolerance?: number;
}

const largestSteps = 5000;

/**
 * Normalised trace (1/C) tr M(z) of the transform of the whole linear cross-entropy Hessian given the probabilities as
 * drawn: M = (−zI + (1/N) Σ A_n(I + γMA_n)^{-1})^{-1}, A_n = diag(p_n) − p_n p_nᵀ, with no symmetry assumed
 * (paper-notes.md, whole linear Hessian). Simple iteration with averaging, a contraction for Im z > 0 that slows down
 * as Im z → 0: use it away from the axis, and `linearCrossEntropyHessianLaw` on it. O(N C³) a step.
 *
 * @throws UsageError for lengths that do not fit or Im z ≤ 0; NumericalError naming z when 5000 steps do not converge
 */
export function matrixStieltjes(options: MatrixStieltjesOptions): Complex {
  const { probabilities, classes, aspectRatio, z, tolerance = 1e-12 } = options;
  const samples = probabilities.length / classes;
  if (!Number.isInteger(samples) || samples < 1) {
    throw new UsageError(
      `matrixStieltjes: probabilities must hold C × N numbers with C = ${classes}, got ${probabilities.length}`,
    );
  }
  if (!(z.im > 0)) throw new UsageError(`matrixStieltjes: z must have a positive imaginary part, got ${z.im}`);
  let m = complexMatrix(classes);
  const size = z.re * z.re + z.im * z.im;
  for (let c = 0; c < classes; c++) {
    m.re[c * classes + c] = -z.re / size;
    m.im[c * classes + c] = z.im / size;
  }
  for (let step = 0; step < largestSteps; step++) {
    const next = inverse(selfEnergy(m, probabilities, classes, samples, aspectRatio, z), classes);
    let [change, largest] = [0, 0];
    for (let i = 0; i < classes * classes; i++) {
      change = Math.max(change, Math.hypot(next.re[i]! - m.re[i]!, next.im[i]! - m.im[i]!));
      largest = Math.max(largest, Math.hypot(next.re[i]!, next.im[i]!));
      next.re[i] = (next.re[i]! + m.re[i]!) / 2;
      next.im[i] = (next.im[i]! + m.im[i]!) / 2;
    }
    m = next;
    if (change <= tolerance * largest) return trace(m, classes);
  }
  throw new NumericalError(
    `matrixStieltjes: no convergence in ${largestSteps} steps at z = ${z.re} + ${z.im}i; take a larger imaginary part`,
  );
}

/** Row-major complex matrix. */
interface ComplexMatrix {
  readonly re: Float64Array;
  readonly im: Float64Array;
}

function complexMatrix(order: number): ComplexMatrix {
  return { re: new Float64Array(order * order), im: new Float64Array(order * order) };
}

function trace({ re, im }: ComplexMatrix, order: number): Complex {
  let [real, imaginary] = [0, 0];
  for (let c = 0; c < order; c++) {
    real += re[c * order + c]! / order;
    imaginary += im[c * order + c]! / order;
  }
  return { re: real, im: imaginary };
}

/** −zI + (1/N) Σ A(I + γMA)^{-1}. */
function selfEnergy(
  m: ComplexMatrix,
  probabilities: ArrayLike<number>,
  classes: number,
  samples: number,
  aspectRatio: number,
  z: Complex,
): ComplexMatrix {
  const sum = complexMatrix(classes);
  for (let c = 0; c < classes; c++) {
    sum.re[c * classes + c] = -z.re;
    sum.im[c * classes + c] = -z.im;
  }
  const covariance = new Float64Array(classes * classes);
  for (let n = 0; n < samples; n++) {
    for (let row = 0; row < classes; row++) {
      for (let column = 0; column < classes; column++) {
        const product = probabilities[row * samples + n]! * probabilities[column * samples + n]!;
        covariance[row * classes + column] = (row === column ? probabilities[row * samples + n]! : 0) - product;
      }
    }
    const denominator = complexMatrix(classes);
    for (let row = 0; row < classes; row++) {
      for (let k = 0; k < classes; k++) {
        const [re, im] = [aspectRatio * m.re[row * classes + k]!, aspectRatio * m.im[row * classes + k]!];
        for (let column = 0; column < classes; column++) {
          denominator.re[row * classes + column]! += re * covariance[k * classes + column]!;
          denominator.im[row * classes + column]! += im * covariance[k * classes + column]!;
        }
      }
      denominator.re[row * classes + row]! += 1;
    }
    const inverted = inverse(denominator, classes);
    for (let row = 0; row < classes; row++) {
      for (let k = 0; k < classes; k++) {
        const weight = covariance[row * classes + k]! / samples;
        for (let column = 0; column < classes; column++) {
          sum.re[row * classes + column]! += weight * inverted.re[k * classes + column]!;
          sum.im[row * classes + column]! += weight * inverted.im[k * classes + column]!;
        }
      }
    }
  }
  return sum;
}

/** Gauss–Jordan elimination with row pivoting. Destroys its argument. */
function inverse({ re, im }: ComplexMatrix, order: number): ComplexMatrix {
  const result = complexMatrix(order);
  for (let c = 0; c < order; c++) result.re[c * order + c] = 1;
  const parts = [re, im, result.re, result.im];
  for (let p = 0; p < order; p++) {
    let best = p;
    for (let row = p + 1; row < order; row++) {
      if (
        Math.hypot(re[row * order + p]!, im[row * order + p]!) >
        Math.hypot(re[best * order + p]!, im[best * order + p]!)
      )
        best = row;
    }
    if (best !== p) {
      for (const part of parts) {
        for (let column = 0; column < order; column++) {
          const kept = part[p * order + column]!;
          part[p * order + column] = part[best * order + column]!;
          part[best * order + column] = kept;
        }
      }
    }
    const [pivotRe, pivotIm] = [re[p * order + p]!, im[p * order + p]!];
    const size = pivotRe * pivotRe + pivotIm * pivotIm;
    scaleRow(re, im, p, order, pivotRe / size, -pivotIm / size);
    scaleRow(result.re, result.im, p, order, pivotRe / size, -pivotIm / size);
    for (let row = 0; row < order; row++) {
      if (row === p) continue;
      const [factorRe, factorIm] = [re[row * order + p]!, im[row * order + p]!];
      subtractRow(re, im, row, p, order, factorRe, factorIm);
      subtractRow(result.re, result.im, row, p, order, factorRe, factorIm);
    }
  }
  return result;
}

function scaleRow(
  re: Float64Array,
  im: Float64Array,
  row: number,
  order: number,
  factorRe: number,
  factorIm: number,
): void {
  for (let i = row * order; i < (row + 1) * order; i++) {
    const [x, y] = [re[i]!, im[i]!];
    re[i] = x * factorRe - y * factorIm;
    im[i] = x * factorIm + y * factorRe;
  }
}

function subtractRow(
  re: Float64Array,
  im: Float64Array,
  row: number,
  pivot: number,
  order: number,
  factorRe: number,
  factorIm: number,
): void {
  for (let column = 0; column < order; column++) {
    const [x, y] = [re[pivot * order + column]!, im[pivot * order + column]!];
    re[row * order + column]! -= factorRe * x - factorIm * y;
    im[row * order + column]! -= factorRe * y + factorIm * x;
  }
}
