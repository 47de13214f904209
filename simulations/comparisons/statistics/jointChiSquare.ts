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
  /**
   * What each statistic adds to the ones before it: independent standard normals under the hypothesis; NaN when it adds
   * nothing.
   */
  readonly whitened: readonly number[];
}

/**
 * χ² = (v − μ)ᵀ Σ⁻¹ (v − μ) of several statistics, such as tr H, tr H², tr H³, tr H⁴ given the drawn weights, whose
 * fluctuations are Gaussian in the limit with O(1) variance (Bai and Silverstein 2004; paper-notes.md, moments given
 * the weights). Statistics that depend linearly on earlier ones are left out of the degrees of freedom. A statistic of
 * variance 0 must equal its mean (within 1e-9 of its size), or p = 0.
 */
export function jointChiSquare({ values, mean, covariance }: StatisticsOfDraw): ChiSquareTest {
  const order = values.length;
  if (order === 0 || mean.length !== order || covariance.length !== order) {
    throw new UsageError(
      `jointChiSquare: values, mean and covariance must have the same number of rows, at least 1, got ${order}, ${mean.length}, ${covariance.length}`,
    );
  }
  const gaps = Float64Array.from(values, (value, i) => value - mean[i]!);
  const whitening = whiten(covariance);
  const white = whitening.apply(gaps);
  let statistic = 0;
  for (const value of white) if (!Number.isNaN(value)) statistic += value * value;
  for (let i = 0; i < order; i++) {
    if (covariance[i]![i] === 0 && Math.abs(gaps[i]!) > 1e-9 * Math.max(Math.abs(values[i]!), Math.abs(mean[i]!)))
      statistic = Infinity;
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
  /**
   * Each draw is whitened with its own covariance and the whitened vectors are added: χ² on k degrees of freedom. Sees
   * what is common to the draws, whatever their scales; its noncentrality grows like R. `whitened` and `zScores` are
   * the sums over draws divided by √R.
   */
  readonly shift: ChiSquareTest;
  /**
   * Σ_r χ²_r: k R degrees of freedom, sees errors of either sign and a wrong spread. `zScores` and `whitened` as in
   * `shift`.
   */
  readonly total: ChiSquareTest;
}

/**
 * R independent draws, each with its own mean and covariance (its own weights). Statistics of the same draws must stand
 * in the same order. Whitening draw by draw keeps a draw whose weights happen to be large from drowning the others.
 *
 * The normal law behind χ² is nearer for sums over draws: with four traces at d = 100 the false-alarm rate of a single
 * draw at 0.001 is 0.004 to 0.014, that of `shift` over eight draws or more is the level; `total` is right for the
 * first two traces only.
 */
export function pooledChiSquare(draws: readonly StatisticsOfDraw[]): PooledChiSquare {
  if (draws.length === 0) throw new UsageError('pooledChiSquare: draws must not be empty');
  const order = draws[0]!.values.length;
  const whitened = new Float64Array(order);
  const scores = new Float64Array(order);
  const whitenedDraws = new Float64Array(order);
  const scoredDraws = new Float64Array(order);
  let statistic = 0;
  let degrees = 0;
  for (const draw of draws) {
    if (draw.values.length !== order)
      throw new UsageError(`pooledChiSquare: every draw must have ${order} statistics, got ${draw.values.length}`);
    const single = jointChiSquare(draw);
    statistic += single.statistic;
    degrees += single.degrees;
    single.whitened.forEach((value, k) => {
      if (Number.isNaN(value)) return;
      whitened[k]! += value;
      whitenedDraws[k]!++;
    });
    single.zScores.forEach((value, k) => {
      if (!Number.isFinite(value)) return;
      scores[k]! += value;
      scoredDraws[k]!++;
    });
  }
  const common = {
    zScores: Array.from(scores, (sum, k) => sum / Math.sqrt(scoredDraws[k]!)),
    whitened: Array.from(whitened, (sum, k) => sum / Math.sqrt(whitenedDraws[k]!)),
  };
  const shift = common.whitened.reduce((sum, value) => (Number.isNaN(value) ? sum : sum + value * value), 0);
  const asTest = (value: number, freedom: number): ChiSquareTest => ({
    ...common,
    statistic: statistic === Infinity ? Infinity : value,
    degrees: freedom,
    pValue: statistic === Infinity ? 0 : freedom === 0 ? 1 : chiSquareSurvival(value, freedom),
  });
  return { shift: asTest(shift, whitenedDraws.filter((count) => count > 0).length), total: asTest(statistic, degrees) };
}
