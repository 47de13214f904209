import { UsageError } from '../../../theory/errors.js';

/** Rows whose remaining variance falls below this share of their own are linear functions of earlier ones. */
const dependentBelow = 1e-10;

/**
 * Whitening of a covariance matrix: rows of L⁻¹ for its Cholesky factor, computed on the correlation scale, without the
 * rows that depend linearly on earlier ones (a statistic that is a function of others adds no degree of freedom).
 */
export interface Whitening {
  readonly degrees: number;
  /**
   * L⁻¹ (values): uncorrelated, variance 1; NaN in the places of dependent rows. Entry i is what row i adds to rows
   * 0..i−1.
   */
  apply(values: ArrayLike<number>): Float64Array;
}

export function whiten(covariance: readonly ArrayLike<number>[]): Whitening {
  const order = covariance.length;
  const deviation = Float64Array.from(covariance, (row, i) => Math.sqrt(row[i]!));
  covariance.forEach((row, i) => {
    if (row.length !== order)
      throw new UsageError(`covariance must be square, row ${i} has ${row.length} entries instead of ${order}`);
    if (!(row[i]! >= 0) || row[i] === Infinity)
      throw new UsageError(`covariance must have finite variances ≥ 0 on its diagonal, got ${row[i]} at ${i}`);
  });
  const factor = Array.from({ length: order }, () => new Float64Array(order));
  const kept: boolean[] = [];
  for (let i = 0; i < order; i++) {
    const row = factor[i]!;
    let rest = 1;
    for (let j = 0; j < i; j++) {
      if (!kept[j] || deviation[i] === 0) continue;
      let sum = covariance[i]![j]! / (deviation[i]! * deviation[j]!);
      for (let t = 0; t < j; t++) sum -= row[t]! * factor[j]![t]!;
      row[j] = sum / factor[j]![j]!;
      rest -= row[j]! * row[j]!;
    }
    if (rest < -1e-6)
      throw new UsageError(`covariance must be positive semi-definite: row ${i} leaves ${rest} of its variance`);
    kept.push(deviation[i]! > 0 && rest > dependentBelow);
    row[i] = Math.sqrt(Math.max(0, rest));
  }
  return {
    degrees: kept.filter(Boolean).length,
    apply(values) {
      const white = new Float64Array(order);
      for (let i = 0; i < order; i++) {
        if (!kept[i]) continue;
        let sum = values[i]! / deviation[i]!;
        for (let j = 0; j < i; j++) sum -= factor[i]![j]! * white[j]!;
        white[i] = sum / factor[i]![i]!;
      }
      for (let i = 0; i < order; i++) if (!kept[i]) white[i] = NaN;
      return white;
    },
  };
}
