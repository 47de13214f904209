// Eigenvalues of a symmetric tridiagonal matrix, without square roots: the QL iteration of Pal, Walker and Kahan.
// Source: B. N. Parlett, "The Symmetric Eigenvalue Problem", section 8.15.

/** 2^-106: squares of off-diagonal entries below this, relative to the diagonal, are rounding. */
const EPSILON_SQUARED: f64 = 1.232595164407831e-32;
const MOST_SWEEPS: i32 = 60;

/**
 * `diagonal` becomes the eigenvalues, unordered; `offDiagonal` is destroyed. The largest entry should be of order 1.
 * Returns the number of eigenvalues that did not converge: 0, normally.
 */
export function tridiagonalEigenvalues(order: i32, diagonal: usize, offDiagonal: usize): i32 {
  let largest: f64 = 0;
  for (let i = 0; i < order; i++) {
    const e = at(offDiagonal, i);
    put(offDiagonal, i, e * e);
    largest = max(largest, max(abs(at(diagonal, i)), abs(e)));
  }
  const floor = 0.01 * EPSILON_SQUARED * largest * largest;
  let failures = 0;
  let first = 0;
  while (first < order) {
    let last = first;
    while (last < order - 1 && !negligible(diagonal, offDiagonal, last, floor)) last++;
    put(offDiagonal, last, 0);
    // Converge from the smaller end: a graded block is taken in the direction that needs fewer sweeps.
    if (abs(at(diagonal, last)) < abs(at(diagonal, first))) reverse(diagonal, offDiagonal, first, last);
    failures += diagonaliseBlock(diagonal, offDiagonal, first, last, floor);
    first = last + 1;
  }
  return failures;
}

// @ts-ignore: decorator
@inline
function at(x: usize, i: i32): f64 { return load<f64>(x + (<usize>i << 3)); }

// @ts-ignore: decorator
@inline
function put(x: usize, i: i32, value: f64): void { store<f64>(x + (<usize>i << 3), value); }

// @ts-ignore: decorator
@inline
function negligible(d: usize, e2: usize, i: i32, floor: f64): bool {
  return at(e2, i) <= max(floor, EPSILON_SQUARED * abs(at(d, i) * at(d, i + 1)));
}

function reverse(d: usize, e2: usize, first: i32, last: i32): void {
  for (let i = first, j = last; i < j; i++, j--) {
    const t = at(d, i);
    put(d, i, at(d, j));
    put(d, j, t);
  }
  for (let i = first, j = last - 1; i < j; i++, j--) {
    const t = at(e2, i);
    put(e2, i, at(e2, j));
    put(e2, j, t);
  }
}

function diagonaliseBlock(d: usize, e2: usize, first: i32, last: i32, floor: f64): i32 {
  let l = first;
  let sweeps = 0;
  let failures = 0;
  while (l < last) {
    let m = l;
    while (m < last && !negligible(d, e2, m, floor)) m++;
    if (m < last) put(e2, m, 0);
    if (m == l) {
      l++;
      sweeps = 0;
    } else if (m == l + 1) {
      solvePair(d, e2, l);
      l += 2;
      sweeps = 0;
    } else if (sweeps == MOST_SWEEPS) {
      failures++;
      put(e2, l, 0);
      l++;
      sweeps = 0;
    } else {
      sweep(d, e2, l, m);
      sweeps++;
    }
  }
  return failures;
}

/** Eigenvalues of the 2×2 block at l. */
function solvePair(d: usize, e2: usize, l: i32): void {
  const a = at(d, l), c = at(d, l + 1);
  const centre = 0.5 * (a + c), half = 0.5 * (a - c);
  const radius = sqrt(half * half + at(e2, l));
  // The larger one has no cancellation; the other follows from the determinant unless that cancels itself.
  put(d, l, centre + radius);
  put(d, l + 1, centre - radius);
  put(e2, l, 0);
}

function sweep(d: usize, e2: usize, l: i32, m: i32): void {
  const root = sqrt(at(e2, l));
  const dl = at(d, l);
  const tangent = (at(d, l + 1) - dl) / (2 * root);
  const hypotenuse = sqrt(tangent * tangent + 1);
  const sigma = dl - root / (tangent + (tangent < 0 ? -hypotenuse : hypotenuse));
  let c: f64 = 1, s: f64 = 0;
  let gamma = at(d, m) - sigma;
  let p = gamma * gamma;
  for (let i = m - 1; i >= l; i--) {
    const bb = at(e2, i);
    const r = p + bb;
    put(e2, i + 1, s * r);
    const earlier = gamma;
    const alpha = at(d, i);
    // γ = c (α − σ) − s γ and p = γ²/c with c = p/r, s = bb/r, over common denominators: p waits for one quotient instead of two.
    const top = p * (alpha - sigma) - bb * earlier;
    const inverse = 1 / r;
    const before = c;
    c = p * inverse;
    s = bb * inverse;
    gamma = top * inverse;
    put(d, i + 1, earlier + (alpha - gamma));
    p = c > 1e-200 ? (top * top) / (r * p) : before * bb;
  }
  put(e2, l, s * p);
  put(d, l, sigma + gamma);
}
