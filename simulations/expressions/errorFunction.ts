/**
 * The error function and its complement.
 *
 * erf(x) = (2/√π) ∫_0^x e^{−t²} dt, erfc(x) = 1 − erf(x) without the subtraction in the upper tail. Below
 * `SERIES_LIMIT` the series e^{−x²} Σ 2^k x^{2k+1} / (2k+1)!!, whose terms are all of one sign (DLMF 7.6.2); above it
 * the continued fraction of erfc (DLMF 7.9.2), evaluated backwards from a fixed depth. Accuracy: erf to 4e-16 relative;
 * erfc to 3e-16 absolute below x = 2 and (x² + 4)·2^-53 relative above, as long as it is a normal number (x < 26.5).
 */
const seriesLimit = 2;
const twoOverSqrtPi = 1.1283791670955126;
/** Enough for full precision at x = SERIES_LIMIT, where convergence is slowest. */
const continuedFractionDepth = 120;

function erfSeries(x: number): number {
  const twiceSquare = 2 * x * x;
  let term = x;
  let sum = x;
  for (let k = 1; Math.abs(term) > 1e-17 * Math.abs(sum); k++) {
    term *= twiceSquare / (2 * k + 1);
    sum += term;
  }
  return twoOverSqrtPi * Math.exp(-x * x) * sum;
}

/** erfc for x ≥ SERIES_LIMIT: e^{−x²}/√π · 1/(x + (1/2)/(x + (2/2)/(x + (3/2)/(x + …)))). */
function erfcFraction(x: number): number {
  // Fewer levels are needed further out, where each gains a factor of about k/(2x²).
  const depth = Math.ceil((continuedFractionDepth * seriesLimit * seriesLimit) / (x * x)) + 8;
  let tail = x;
  for (let k = depth; k >= 1; k--) tail = x + k / 2 / tail;
  return (twoOverSqrtPi / 2) * (Math.exp(-x * x) / tail);
}

export function errorFunction(x: number): number {
  if (Math.abs(x) < seriesLimit) return erfSeries(x);
  return x > 0 ? 1 - erfcFraction(x) : erfcFraction(-x) - 1;
}

export function complementaryErrorFunction(x: number): number {
  if (x >= seriesLimit) return erfcFraction(x);
  return 1 - errorFunction(x);
}
