import type { Complex } from '../../contracts.js';
import { add, multiply, subtract } from '../../numerics/complexArithmetic.js';
import { complexNormalCumulative, complexNormalDensity } from '../../numerics/complexFunctions.js';
import { normalDensity } from '../../numerics/normalDistribution.js';
import { discretePopulation, type Population } from '../../separable/population.js';
import { layerCosines } from '../layerCosines.js';
import { gatedCovariance, type Unit, type Units } from './gatedCovariance.js';

/** Grid of ζ, standard normal over units: the trapezoidal rule, with 3e-12 of the units beyond. */
const step = 1 / 12;
const reach = 7;
/**
 * The path is ζ = s + i depth tanh s. Transforms differ from those at 32 nodes a unit by 1e-11 on the axis itself, 2e-8 where D W Σ Wᵀ D has rank below 1/4 and w is next to the
 * largest T. √(ρ/(1 − ρ)) depth is below 1.
 */
const depth = 1 / 2;

/**
 * A unit of pre-activation u, given its weights, over inputs: of mean √(2ρ) ζ and variance 2(1 − ρ), ρ the cosine of two inputs' features
 * below. ReLU(u) = b₁ u + b_* ε + constant, ε of variance 1 and not correlated with u: b₁ = Φ(t), t = √(ρ/(1 − ρ)) ζ.
 */
function unitsAbove(cosine: number): Units {
  const shift = Math.sqrt(cosine / (1 - cosine));
  const unitAt = (score: Complex, mass: Complex): Unit => {
    const t = { re: shift * score.re, im: shift * score.im };
    const open = complexNormalCumulative(t);
    const rest = unexplainedVariance(t.re > 0 ? { re: -t.re, im: -t.im } : t);
    const variance = 2 * (1 - cosine);
    return { mass, gain: multiply(open, open), rest: { re: variance * rest.re, im: variance * rest.im } };
  };
  // All units are alike.
  if (shift === 0) {
    const only = [unitAt({ re: 0, im: 0 }, { re: 1, im: 0 })];
    return { real: only, path: only };
  }
  const count = Math.round(reach / step);
  const grid = Array.from({ length: 2 * count + 1 }, (_, k) => (k - count) * step);
  return {
    real: grid.map((s) => unitAt({ re: s, im: 0 }, { re: step * normalDensity(s), im: 0 })),
    path: grid.map((s) => {
      const bend = Math.tanh(s);
      const score = { re: s, im: depth * bend };
      const speed = { re: step, im: step * depth * (1 - bend * bend) };
      return unitAt(score, multiply(complexNormalDensity(score), speed));
    }),
  };
}

/** b_*² at variance 1: Var (t + η)₊ − Φ(t)², η standard normal; even in t, and so taken where Re t ≤ 0. */
function unexplainedVariance(t: Complex): Complex {
  const open = complexNormalCumulative(t);
  const density = complexNormalDensity(t);
  const mean = add(multiply(t, open), density);
  const square = add(open, multiply(t, mean));
  return subtract(subtract(square, multiply(mean, mean)), multiply(open, open));
}

/**
 * Law of the eigenvalues of the covariance over inputs of the features of a layer of a wide ReLU network with inputs N(0, I), entries of
 * W_k N(0, 2/n_{k−1}) and features measured so that E|h_k|² = n_k: in the limit Σ_k = D W_k Σ_{k−1} W_kᵀ D + T, Σ_0 = I, D = diag b₁, T = diag b_*², of mean
 * 1 − ρ_k (paper-notes.md, spectra of blocks above the first layer). Off by a few eigenvalues that leave the bulk.
 *
 * @param ratios n_k/n_{k−1} of the layers 1 … k, n_0 = d
 */
export function featureCovariance(ratios: readonly number[]): Population {
  const cosines = layerCosines(ratios.length);
  return ratios.reduce<Population>(
    (below, ratio, k) => gatedCovariance(below, unitsAbove(cosines[k]!), ratio),
    discretePopulation({ nodes: Float64Array.of(1), masses: Float64Array.of(1) }),
  );
}
