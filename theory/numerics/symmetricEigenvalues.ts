import { NumericalError } from '../errors.js';

/**
 * Ascending eigenvalues of a symmetric matrix (row-major, order×order; the lower triangle is read): Householder's
 * reduction to tridiagonal form, then the implicit QL iteration with Wilkinson's shift (Golub and Van Loan, sections
 * 8.3 and 8.4). Backward stable, 4/3 k³ operations: for the k×k matrices of the outlier equation, k up to some
 * hundreds.
 */
export function symmetricEigenvalues(matrix: Float64Array, order: number): Float64Array {
  const { diagonal, offDiagonal } = tridiagonal(matrix.slice(), order);
  for (let first = 0; first < order; first++) {
    for (let sweep = 0; ; sweep++) {
      let last = first;
      while (last + 1 < order && !negligible(diagonal, offDiagonal, last)) last += 1;
      if (last === first) break;
      if (sweep === 60)
        throw new NumericalError(`eigenvalues of a ${order}×${order} matrix: no convergence at index ${first}`);
      sweepQl(diagonal, offDiagonal, first, last);
    }
  }
  return diagonal.sort();
}

function negligible(diagonal: Float64Array, offDiagonal: Float64Array, index: number): boolean {
  const scale = Math.abs(diagonal[index]!) + Math.abs(diagonal[index + 1]!);
  return scale + Math.abs(offDiagonal[index]!) === scale;
}

/** One implicit QL sweep on the unreduced rows first … last: a bulge chased upwards by plane rotations. */
function sweepQl(diagonal: Float64Array, offDiagonal: Float64Array, first: number, last: number): void {
  const half = (diagonal[first + 1]! - diagonal[first]!) / (2 * offDiagonal[first]!);
  const shift = diagonal[first]! - offDiagonal[first]! / (half + (half >= 0 ? 1 : -1) * Math.hypot(half, 1));
  let sine = 1;
  let cosine = 1;
  let correction = 0;
  let chased = diagonal[last]! - shift;
  for (let i = last - 1; i >= first; i--) {
    const bulge = sine * offDiagonal[i]!;
    const kept = cosine * offDiagonal[i]!;
    const length = Math.hypot(bulge, chased);
    offDiagonal[i + 1] = length;
    if (length === 0) {
      // The rotation has split the matrix: the rows below are done with, and the next sweep starts afresh.
      diagonal[i + 1]! -= correction;
      offDiagonal[last] = 0;
      return;
    }
    sine = bulge / length;
    cosine = chased / length;
    const lower = diagonal[i + 1]! - correction;
    const mixed = (diagonal[i]! - lower) * sine + 2 * cosine * kept;
    correction = sine * mixed;
    diagonal[i + 1] = lower + correction;
    chased = cosine * mixed - kept;
  }
  diagonal[first]! -= correction;
  offDiagonal[first] = chased;
  offDiagonal[last] = 0;
}

/** Householder's reduction from the last row upwards. offDiagonal[i] couples i and i + 1; its last entry is 0. */
function tridiagonal(a: Float64Array, order: number): { diagonal: Float64Array; offDiagonal: Float64Array } {
  const offDiagonal = new Float64Array(order);
  const product = new Float64Array(order);
  for (let i = order - 1; i > 0; i--) {
    const row = i * order;
    let scale = 0;
    for (let k = 0; k < i - 1; k++) scale += Math.abs(a[row + k]!);
    if (scale === 0) {
      offDiagonal[i - 1] = a[row + i - 1]!;
      continue;
    }
    scale += Math.abs(a[row + i - 1]!);
    let squares = 0;
    for (let k = 0; k < i; k++) {
      a[row + k]! /= scale;
      squares += a[row + k]! * a[row + k]!;
    }
    const head = a[row + i - 1]!;
    const reflected = head >= 0 ? -Math.sqrt(squares) : Math.sqrt(squares);
    offDiagonal[i - 1] = scale * reflected;
    const half = squares - head * reflected;
    a[row + i - 1] = head - reflected;
    // product = A v / half over the leading block, read from its lower triangle.
    product.fill(0, 0, i);
    for (let j = 0; j < i; j++) {
      const v = a[row + j]!;
      let sum = a[j * order + j]! * v;
      for (let k = 0; k < j; k++) {
        sum += a[j * order + k]! * a[row + k]!;
        product[k]! += a[j * order + k]! * v;
      }
      product[j]! += sum;
    }
    let inner = 0;
    for (let j = 0; j < i; j++) {
      product[j]! /= half;
      inner += product[j]! * a[row + j]!;
    }
    const share = inner / (2 * half);
    for (let j = 0; j < i; j++) {
      const v = a[row + j]!;
      const w = (product[j]! -= share * v);
      for (let k = 0; k <= j; k++) a[j * order + k]! -= v * product[k]! + w * a[row + k]!;
    }
  }
  return { diagonal: Float64Array.from({ length: order }, (_, i) => a[i * order + i]!), offDiagonal };
}
