import type { Complex } from '../contracts.js';
import { settled, type SmoothMap } from '../gmp/smoothMap.js';
import type { WeightTransform } from '../gmp/weightTransform.js';
import { divide, multiply } from '../numerics/complexArithmetic.js';
import type { Population } from './population.js';

/**
 * The map z(p) of the separable law of smooth weights: with p = −1/(γ g), K = E[a/(p − a)] and τ the law of the population,
 *
 *   γ p + e/ψ(z/e) = 0,   e = p K,   ψ(w) = ∫ t/(t − w) dτ,
 *
 * solved for p as it stands; without spread ψ = 1/(1 − w) and it is z = p (γ + K).
 */
export function populationMap(transform: WeightTransform, population: Population, aspectRatio: number): SmoothMap {
  const sums = new Float64Array(6);
  const weightSums = new Float64Array(4);

  /** What the equation has at z and p: K, e, ψ, and the two sides' slopes in p and z. */
  function at(z: Complex, p: Complex) {
    const offset = transform.evaluate(p.re, p.im, weightSums);
    const mean = { re: weightSums[0]! - offset, im: weightSums[1]! };
    // −de/dp = E[a²/(p − a)²].
    const square = { re: weightSums[2]! + offset, im: weightSums[3]! };
    const e = multiply(p, mean);
    const w = divide(z, e);
    population.evaluate(w.re, w.im, sums);
    const psi = { re: sums[0]!, im: sums[1]! };
    const spread = divide({ re: sums[2]!, im: sums[3]! }, multiply(psi, psi));
    const back = multiply(square, spread);
    return { mean, e, w, psi, spread, slope: { re: aspectRatio - back.re, im: -back.im } };
  }

  return {
    aspectRatio,
    preimage: (x, y, start) =>
      settled(start, (re, im, step) => {
        const { e, psi, slope } = at({ re: x, im: y }, { re, im });
        const share = divide(e, psi);
        const move = divide({ re: aspectRatio * re + share.re, im: aspectRatio * im + share.im }, slope);
        step[0] = -move.re;
        step[1] = -move.im;
        // As without a population: a slope that is small magnifies the rounding of the sums.
        step[2] = Math.max(1, aspectRatio / Math.hypot(slope.re, slope.im));
      }),
    // −∂/∂z of e/ψ is ψ′/ψ², w ψ′ = ∫ t²/(t − w)² dτ − ψ.
    slope(x, p) {
      const { w, psi, spread, slope } = at({ re: x, im: 0 }, p);
      const inverse = divide({ re: 1, im: 0 }, psi);
      return divide({ re: spread.re - inverse.re, im: spread.im - inverse.im }, multiply(w, slope));
    },
    // π P(λ > x) = arg e + ∫ arg(w − t) dτ + (Im E log((p − a)/p) + Im K)/γ.
    massAbove(x, p) {
      const { mean, e, w } = at({ re: x, im: 0 }, p);
      const phase = Math.atan2(e.im, e.re) + population.argument(w.re, Math.max(w.im, 0));
      return (phase + (transform.logArgument(p.re, p.im) + mean.im) / aspectRatio) / Math.PI;
    },
    stieltjes(z, p) {
      const { e } = at(z, p);
      return divide({ re: sums[4]!, im: sums[5]! }, e);
    },
  };
}
