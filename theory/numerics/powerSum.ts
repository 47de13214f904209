/** B_2j/(2j)!, j = 1 … 8, of the Euler–Maclaurin formula. */
const bernoulliTerms = [
  1 / 12,
  -1 / 720,
  1 / 30240,
  -1 / 1209600,
  1 / 47900160,
  -691 / 1307674368000,
  1 / 74724249600,
  -3617 / 10670622842880000,
];

/** From here on Euler–Maclaurin; before, term by term. */
const firstSmooth = 24;

/**
 * Σ_{k=2}^{n} k^{−s}: a generalised harmonic number less its first term, which for large s holds all digits of the
 * whole. Cost independent of n: terms one by one up to about max(24, s), Euler–Maclaurin beyond (DLMF 2.10.1).
 * Relative error below 1e-14, against mpmath.
 *
 * @param s at least 0
 * @param n whole, at least 1, or Infinity, where s ≤ 1 gives Infinity
 */
export function powerSum(s: number, n: number): number {
  const from = Math.max(firstSmooth, Math.ceil(s));
  let sum = 0;
  // Smallest terms first.
  for (let k = Math.min(n, from - 1); k >= 2; k -= 1) sum += k ** -s;
  return n < from ? sum : sum + smoothPart(s, from, n);
}

/** Σ_{k=a}^{n} k^{−s}: integral, half of each end, and the odd derivatives at both. */
function smoothPart(s: number, a: number, n: number): number {
  const start = a ** -s;
  const end = n === Infinity ? 0 : n ** -s;
  let sum = integral(s, a, n) + (start + end) / 2;
  // −f^(2j−1)(x) = s(s+1)…(s+2j−2) x^{−s−2j+1}.
  let [atStart, atEnd] = [(s * start) / a, n === Infinity ? 0 : (s * end) / n];
  bernoulliTerms.forEach((term, j) => {
    sum += term * (atStart - atEnd);
    const rising = (s + 2 * j + 1) * (s + 2 * j + 2);
    atStart *= rising / (a * a);
    atEnd *= rising / (n * n);
  });
  return sum;
}

/** ∫_a^n x^{−s} dx; near s = 1 without the difference of two powers. */
function integral(s: number, a: number, n: number): number {
  if (n === Infinity) return s > 1 ? a ** (1 - s) / (s - 1) : Infinity;
  const span = Math.log(n / a);
  const exponent = (1 - s) * span;
  return a ** (1 - s) * span * (exponent === 0 ? 1 : Math.expm1(exponent) / exponent);
}
