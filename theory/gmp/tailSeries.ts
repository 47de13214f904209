import type { Frame } from './frame.js';

/** Terms kept; with |q| at most `seriesReach` times the radius, the first one dropped is below 1e-17. */
const terms = 30;
/** The part of the radius of convergence in which the series is used. */
const seriesReach = 0.25;

/** Mass between an edge and a nearby point of the curve, with relative accuracy however small it is. */
export interface TailSeries {
  /** Largest |q| the series serves. */
  readonly reach: number;
  /** |F(x) − F(edge)| at q = re + i·im, where z(origin + q) − z(origin) = target is real. */
  mass(re: number, im: number, target: number): number;
}

/**
 * The mass next to an edge is (1/π) |Im ∫ z'(p)/(γ p) dp|. Integrated by parts it is
 * (1/πγ) |Im[(z − E)/p + ∫ q² S(q)/(origin + q)² dq]|, whose leading terms are of the third order in q, like the mass:
 * nothing cancels. The integrand is expanded in powers of q (paper-notes.md, distribution function in closed form).
 */
export function tailSeries(frame: Frame, aspectRatio: number): TailSeries {
  const { offsets, strengths, origin } = frame;
  let radius = Math.abs(origin);
  for (const offset of offsets) radius = Math.min(radius, Math.abs(offset));
  if (radius === 0) return { reach: 0, mass: () => 0 };
  // S(q) = Σ_k s_k (−t)^k and (origin + q)^{-2} = origin^{-2} Σ_k (k + 1)(−r t)^k with t = q/radius, r = radius/origin.
  const s = new Float64Array(terms);
  for (let j = 0; j < offsets.length; j++) {
    const ratio = radius / offsets[j];
    let power = strengths[j] / offsets[j];
    for (let k = 0; k < terms; k++) {
      s[k] += power;
      power *= ratio;
    }
  }
  const r = radius / origin;
  const coefficients = new Float64Array(terms);
  for (let k = 0; k < terms; k++) {
    let sum = 0;
    let power = 1;
    for (let i = 0; i <= k; i++) {
      sum += (i + 1) * power * s[k - i];
      power *= r;
    }
    coefficients[k] = ((k % 2 === 0 ? 1 : -1) * sum) / (k + 3);
  }
  const factor = radius * r * r;

  return {
    reach: seriesReach * radius,
    mass(re, im, target) {
      const a = re / radius;
      const b = im / radius;
      let sumRe = 0;
      let sumIm = 0;
      for (let k = terms - 1; k >= 0; k--) {
        const next = sumRe * a - sumIm * b + coefficients[k];
        sumIm = sumRe * b + sumIm * a;
        sumRe = next;
      }
      const cubeRe = a * a * a - 3 * a * b * b;
      const cubeIm = 3 * a * a * b - b * b * b;
      const integral = factor * (sumRe * cubeIm + sumIm * cubeRe);
      const real = origin + re;
      return Math.abs((-target * im) / (real * real + im * im) + integral) / (Math.PI * aspectRatio);
    },
  };
}
