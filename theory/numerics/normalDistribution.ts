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
 * The x with P(Z ≤ x) = p, for p in (0, 1): Newton's method with Halley's correction on `normalCumulative`, from
 * a rational start (Abramowitz & Stegun 26.2.23, error 4.5e-4). Relative error of p − Φ(x) near 1e-15.
 */
export function normalQuantile(p: number): number {
  if (!(p > 0 && p < 1)) return p === 0 ? -Infinity : p === 1 ? Infinity : Number.NaN;
  if (p > 0.5) return -lowerQuantile(1 - p);
  return lowerQuantile(p);
}

function lowerQuantile(p: number): number {
  const root = Math.sqrt(-2 * Math.log(p));
  let x = -(
    root -
    (2.515517 + root * (0.802853 + root * 0.010328)) / (1 + root * (1.432788 + root * (0.189269 + root * 0.001308)))
  );
  for (let step = 0; step < 2; step += 1) {
    const offset = (normalCumulative(x) - p) / normalDensity(x);
    x -= offset / (1 + 0.5 * x * offset);
  }
  return x;
}

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
