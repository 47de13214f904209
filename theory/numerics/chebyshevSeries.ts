import { NumericalError, UsageError } from '../errors.js';

const largestDegree = 512;

/**
 * Chebyshev coefficients c_0 … c_K of a smooth function on [lower, upper], f = Σ c_k T_k, by interpolation at Chebyshev
 * points; the degree doubles until the last quarter of the coefficients is below 1e-13 of the largest.
 *
 * @throws UsageError when f is not finite at a point; NumericalError when degree 512 is not enough
 */
export function chebyshevSeries(f: (x: number) => number, lower: number, upper: number): Float64Array {
  const [centre, half] = [(lower + upper) / 2, (upper - lower) / 2];
  for (let degree = 16; degree <= largestDegree; degree *= 2) {
    const values = Float64Array.from({ length: degree + 1 }, (_, j) => {
      const x = centre + half * Math.cos((Math.PI * j) / degree);
      const value = f(x);
      if (!Number.isFinite(value)) {
        throw new UsageError(`linear statistic: f must be finite on [${lower}, ${upper}], got ${value} at ${x}`);
      }
      return value;
    });
    const cosines = Float64Array.from({ length: 2 * degree }, (_, j) => Math.cos((Math.PI * j) / degree));
    const coefficients = new Float64Array(degree + 1);
    for (let k = 0; k <= degree; k++) {
      let sum = 0;
      for (let j = 0; j <= degree; j++) {
        const end = j === 0 || j === degree ? 0.5 : 1;
        sum += end * values[j]! * cosines[(j * k) % (2 * degree)]!;
      }
      coefficients[k] = (sum * (k === 0 || k === degree ? 1 : 2)) / degree;
    }
    const largest = coefficients.reduce((top, c) => Math.max(top, Math.abs(c)), 0);
    const tail = coefficients.subarray(Math.floor(0.75 * degree)).reduce((top, c) => Math.max(top, Math.abs(c)), 0);
    if (tail <= 1e-13 * largest) {
      let last = degree;
      while (last > 0 && Math.abs(coefficients[last]!) <= 1e-16 * largest) last -= 1;
      return coefficients.slice(0, last + 1);
    }
  }
  throw new NumericalError(
    `linear statistic: f is not smooth enough on [${lower}, ${upper}]: degree ${largestDegree} does not reach 1e-13`,
  );
}
