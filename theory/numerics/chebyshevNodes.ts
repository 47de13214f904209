/** Chebyshev points of the second kind on an interval, with what interpolation in them needs. */
export interface ChebyshevNodes {
  /** Descending; one point, the centre, at degree 0. */
  readonly points: Float64Array;
  /** Writes the weights w_k with f(x) ≈ Σ w_k f(points[k]), for x in the interval. */
  weights(x: number, out: Float64Array): void;
}

/** Barycentric interpolation of degree `degree` (Berrut and Trefethen, SIAM Review 46, 2004). */
export function chebyshevNodes(degree: number, lower: number, upper: number): ChebyshevNodes {
  const [centre, half] = [(lower + upper) / 2, (upper - lower) / 2];
  if (degree === 0 || half === 0) {
    return { points: Float64Array.of(centre), weights: (_, out) => void (out[0] = 1) };
  }
  const points = Float64Array.from({ length: degree + 1 }, (_, k) => centre + half * Math.cos((Math.PI * k) / degree));
  return {
    points,
    weights: (x, out) => {
      let total = 0;
      for (let k = 0; k <= degree; k++) {
        const gap = x - points[k]!;
        if (gap === 0) {
          out.fill(0, 0, degree + 1);
          out[k] = 1;
          return;
        }
        total += out[k] = (k % 2 === 0 ? 1 : -1) / gap / (k === 0 || k === degree ? 2 : 1);
      }
      for (let k = 0; k <= degree; k++) out[k]! /= total;
    },
  };
}
