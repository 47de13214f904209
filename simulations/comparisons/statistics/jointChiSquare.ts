import { UsageError } from '../../../theory/errors.js';
import { chiSquareSurvival } from '../distributions/chiSquare.js';
import { whiten } from './whiten.js';

/** Observed statistics of one draw with their mean vector and covariance matrix under the hypothesis. */
export interface StatisticsOfDraw {
  readonly values: ArrayLike<number>;
  readonly mean: ArrayLike<number>;
  readonly covariance: readonly ArrayLike<number>[];
}

export interface ChiSquareTest {
  readonly statistic: number;
  readonly degrees: number;
  readonly pValue: number;
  /** (value − mean)/standard deviation, one by one. */
  readonly zScores: readonly number[];
  /** What each statistic adds to the ones before it: independent standard normals under the hypothesis; NaN when it adds nothing. */
  readonly whitened: readonly number[];
}

/**
 * χ² = (v − μ)ᵀ Σ⁻¹ (v − μ) of several statistics, such as tr H, tr H², tr H³, tr H⁴ given the drawn weights, whose fluctuations are
 * Gaussian in the limit with O(1) variance (Bai and Silverstein 2004; paper-notes.md, moments given the weights). Statistics that
 * depend linearly on earlier ones are left out of the degrees of freedom. A statistic of variance 0 must equal its mean (within
 * 1e-9 of its size), or p = 0.
 */
export function jointChiSquare({ values, mean, covariance }: StatisticsOfDraw): ChiSquareTest {
  const order = values.length;
  if (order === 0 || mean.length !== order || covariance.length !== order) {
    throw new UsageError(`jointChiSquare: values, mean and covariance must have the same number of rows, at least 1; got ${order}, ${mean.length}, ${covariance.length}`);
  }
  const gaps = Float64Array.from(values, (value, i) => value - mean[i]!);
  const whitening = whiten(covariance);
  const white = whitening.apply(gaps);
  let statistic = 0;
  for (const value of white) if (!Number.isNaN(value)) statistic += value * value;
  for (let i = 0; i < order; i++) {
    if (covariance[i]![i] === 0 && Math.abs(gaps[i]!) > 1e-9 * Math.max(Math.abs(values[i]!), Math.abs(mean[i]!))) statistic = Infinity;
  }
  return {
    statistic,
    degrees: whitening.degrees,
    pValue: statistic === Infinity ? 0 : whitening.degrees === 0 ? 1 : chiSquareSurvival(statistic, whitening.degrees),
    zScores: Array.from(gaps, (gap, i) => gap / Math.sqrt(covariance[i]![i]!)),
    whitened: Array.from(white),
  };
}

export interface PooledChiSquare {
  /** χ² of the sums over draws: k degrees of freedom, sees a shift common to all draws, grows like R. */
  readonly shift: ChiSquareTest;
  /** Σ_r χ²_r: k R degrees of freedom, sees spread as well as shift. `zScores` and `whitened` are those of the first draw. */
  readonly total: ChiSquareTest;
}

/** R independent draws, each with its own mean and covariance (its own weights). */
export function pooledChiSquare(draws: readonly StatisticsOfDraw[]): PooledChiSquare {
  const first = draws[0];
  if (!first) throw new UsageError('pooledChiSquare: draws must not be empty');
  const order = first.values.length;
  const values = new Float64Array(order);
  const mean = new Float64Array(order);
  const covariance = Array.from({ length: order }, () => new Float64Array(order));
  let statistic = 0;
  let degrees = 0;
  for (const draw of draws) {
    const single = jointChiSquare(draw);
    statistic += single.statistic;
    degrees += single.degrees;
    for (let i = 0; i < order; i++) {
      values[i]! += draw.values[i]!;
      mean[i]! += draw.mean[i]!;
      for (let j = 0; j < order; j++) covariance[i]![j]! += draw.covariance[i]![j]!;
    }
  }
  return {
    shift: jointChiSquare({ values, mean, covariance }),
    total: {
      ...jointChiSquare(first),
      statistic,
      degrees,
      pValue: statistic === Infinity ? 0 : degrees === 0 ? 1 : chiSquareSurvival(statistic, degrees),
    },
  };
}
