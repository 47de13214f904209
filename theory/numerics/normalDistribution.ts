/**
 * The standard normal distribution: distribution function, density and quantile. The error function is summed from its
 * Taylor-type series Σ 2^k x^{2k+1}/(1·3·…·(2k+1)) near zero and from its continued fraction in the tail (Abramowitz &
 * Stegun 7.1.6 and 7.1.14), so the relative error stays near 1e-15 in both tails.
 */

const inverseRootTwoPi = 1 / Math.sqrt(2 * Math.PI);

/** Below this the series has at most sixty terms; above it the continued fraction needs at most sixty. */
const seriesLimit = 2.2;

/** exp(−x²/2)/√(2π). */
export function normalDensity(x: number): number {
  return inverseRootTwoPi * Math.exp(-0.5 * x * x);
}

/** P(Z ≤ x) for a standard normal Z; keeps its digits in the lower tail. */
export function normalCumulative(x: number): number {
  if (Number.isNaN(x)) return Number.NaN;
  const magnitude = Math.abs(x);
  if (magnitude <= seriesLimit) return 0.5 + normalDensity(x) * oddSeries(x);
  const tail = magnitude > 39 ? 0 : normalDensity(magnitude) * millsRatio(magnitude);
  return x < 0 ? tail : 1 - tail;
}

/**
 * The x with P(Z ≤ x) = p, for p in (0, 1), by rational approximations: in (p − ½)² in the middle and in √(−log p) in the
 * tails. Relative error of x below 1e-15 or so down to p = 1e-300. Wichura (1988), algorithm AS 241 (PPND16).
 */
export function normalQuantile(p: number): number {
  if (!(p > 0 && p < 1)) return p === 0 ? -Infinity : p === 1 ? Infinity : Number.NaN;
  const offset = p - 0.5;
  if (Math.abs(offset) <= 0.425) return offset * quotient(middle, 0.180625 - offset * offset);
  const root = Math.sqrt(-Math.log(offset < 0 ? p : 1 - p));
  const size = root <= 5 ? quotient(nearTail, root - 1.6) : quotient(farTail, root - 5);
  return offset < 0 ? -size : size;
}

/** Numerator and denominator of degree 7, constant terms first. */
type Rational = readonly [numerator: Float64Array, denominator: Float64Array];

function quotient([numerator, denominator]: Rational, x: number): number {
  let above = numerator[7];
  let below = denominator[7];
  for (let k = 6; k >= 0; k -= 1) {
    above = above * x + numerator[k];
    below = below * x + denominator[k];
  }
  return above / below;
}

const middle: Rational = [
  Float64Array.of(
    3.3871328727963665,
    133.14166789178438,
    1971.5909503065513,
    13731.69376550946,
    45921.95393154987,
    67265.7709270087,
    33430.57558358813,
    2509.0809287301227,
  ),
  Float64Array.of(
    1,
    42.31333070160091,
    687.1870074920579,
    5394.196021424751,
    21213.794301586597,
    39307.89580009271,
    28729.085735721943,
    5226.495278852854,
  ),
];
const nearTail: Rational = [
  Float64Array.of(
    1.4234371107496835,
    4.630337846156546,
    5.769497221460691,
    3.6478483247632045,
    1.2704582524523684,
    0.2417807251774506,
    0.022723844989269184,
    0.0007745450142783414,
  ),
  Float64Array.of(
    1,
    2.053191626637759,
    1.6763848301838038,
    0.6897673349851,
    0.14810397642748008,
    0.015198666563616457,
    0.0005475938084995345,
    1.0507500716444169e-9,
  ),
];
const farTail: Rational = [
  Float64Array.of(
    6.657904643501103,
    5.463784911164114,
    1.7848265399172913,
    0.29656057182850487,
    0.026532189526576124,
    0.0012426609473880784,
    2.7115555687434876e-5,
    2.0103343992922881e-7,
  ),
  Float64Array.of(
    1,
    0.599832206555888,
    0.1369298809227358,
    0.014875361290850615,
    0.0007868691311456133,
    1.8463183175100548e-5,
    1.421511758316446e-7,
    2.0442631033899397e-15,
  ),
];

/** (Φ(x) − ½)/φ(x) = Σ x^{2k+1}/(1·3·…·(2k+1)). */
function oddSeries(x: number): number {
  // All terms have the sign of x. Its absolute value once, not twice a term: these are the hottest lines of every
  // cubature.
  const magnitude = Math.abs(x);
  let term = magnitude;
  let sum = magnitude;
  for (let k = 1; k < 80; k += 1) {
    term *= (x * x) / (2 * k + 1);
    sum += term;
    if (term <= 1e-17 * sum) break;
  }
  return x < 0 ? -sum : sum;
}

/** (1 − Φ(x))/φ(x) for x > 2 by its continued fraction 1/(x + 1/(x + 2/(x + 3/(x + …)))). */
function millsRatio(x: number): number {
  let tail = x;
  for (let k = Math.ceil(40 + 600 / (x * x)); k >= 1; k -= 1) tail = x + k / tail;
  return 1 / tail;
}
