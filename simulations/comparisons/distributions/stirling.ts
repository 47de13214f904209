/**
 * The pieces from which the prefactors of the incomplete gamma and beta functions are built without cancellation
 * (Loader's saddle-point form, 2000): relative accuracy stays near 1e-14 when the parameters are 1e6.
 */

const logSqrtTwoPi = 0.9189385332046728;

/** Above this argument the asymptotic series of the remainder, cut after x⁻¹⁵, is below 1e-17. */
const asymptoticFrom = 16;

/** Bernoulli numbers B_{2k} / (2k (2k−1)), k = 1..8. */
const series = [1 / 12, -1 / 360, 1 / 1260, -1 / 1680, 1 / 1188, -691 / 360360, 1 / 156, -3617 / 122400];

function remainderSeries(x: number): number {
  const inverseSquare = 1 / (x * x);
  let sum = 0;
  for (let k = series.length - 1; k >= 0; k--) sum = sum * inverseSquare + series[k]!;
  return sum / x;
}

/** log Γ(x), x > 0; absolute error about 1e-15 max(1, |log Γ(x)|). */
export function logGamma(x: number): number {
  if (!(x > 0)) return NaN;
  let shift = 1;
  let y = x;
  // Γ(x) = Γ(x + n) / (x (x+1) … (x+n−1)); the product is flushed into the logarithm before it can overflow.
  let logShift = 0;
  while (y < asymptoticFrom) {
    shift *= y;
    y += 1;
    if (shift > 1e250) {
      logShift += Math.log(shift);
      shift = 1;
    }
  }
  return (y - 0.5) * Math.log(y) - y + logSqrtTwoPi + remainderSeries(y) - Math.log(shift) - logShift;
}

/** δ(x) in Γ(x + 1) = √(2πx) (x/e)^x e^{δ(x)}, x > 0. */
export function stirlingRemainder(x: number): number {
  if (x >= asymptoticFrom) return remainderSeries(x);
  return logGamma(x + 1) - (x + 0.5) * Math.log(x) + x - logSqrtTwoPi;
}

/** x log(x/m) + m − x ≥ 0, without cancellation when x is close to m. */
export function deviance(x: number, m: number): number {
  if (x === 0) return m;
  if (Math.abs(x - m) < 0.1 * (x + m)) {
    // With v = (x − m)/(x + m): log(x/m) = 2 artanh v, so the value is (x − m) v + 2 x (v³/3 + v⁵/5 + …).
    const v = (x - m) / (x + m);
    let sum = (x - m) * v;
    let power = 2 * x * v;
    for (let k = 1; k < 1000; k++) {
      power *= v * v;
      const next = sum + power / (2 * k + 1);
      if (next === sum) break;
      sum = next;
    }
    return sum;
  }
  return x * Math.log(x / m) + m - x;
}
