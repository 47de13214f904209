/** How many weights of each sign there are, at least and at most. */
export interface WeightSigns {
  readonly positive: readonly [least: number, most: number];
  readonly negative: readonly [least: number, most: number];
}

/** The signs of weights as drawn. */
export function signsOf(weights: ArrayLike<number>): WeightSigns {
  let positive = 0;
  let negative = 0;
  for (let n = 0; n < weights.length; n++) {
    if (weights[n]! > 0) positive++;
    else if (weights[n]! < 0) negative++;
  }
  return { positive: [positive, positive], negative: [negative, negative] };
}

/**
 * What a spectrum of (1/N) Σ a_n x_n x_nᵀ cannot be, whatever the x_n: by Sylvester's law of inertia it has at most as
 * many positive (negative) eigenvalues as there are positive (negative) weights, and in general position at least
 * min(p, d − q) and min(q, d − p) of them. Hence the number of zeros, d − p − q when that is positive, is exact.
 * Eigenvalues within `tolerance` of 0 count as zeros: where rounding is coarse, as in single precision, it may hide small
 * ones, and the least numbers of `signs` should be 0.
 *
 * Returns a few words for each failure.
 */
export function inertiaFailures(
  eigenvalues: Float64Array,
  { positive, negative }: WeightSigns,
  tolerance: number,
): string[] {
  const dimension = eigenvalues.length;
  const sides = [
    { name: 'positive', own: positive, other: negative, found: (value: number) => value > tolerance },
    { name: 'negative', own: negative, other: positive, found: (value: number) => value < -tolerance },
  ];
  return sides.flatMap(({ name, own, other, found }) => {
    const count = eigenvalues.reduce((sum, value) => sum + (found(value) ? 1 : 0), 0);
    const most = Math.min(own[1], dimension);
    const least = Math.max(0, Math.min(own[0], dimension - other[1]));
    const seen = `${count} ${count === 1 ? 'eigenvalue is' : 'eigenvalues are'} ${name} beyond rounding (${tolerance.toPrecision(1)})`;
    if (count > most) return [`${seen}, and the weights allow ${most}`];
    if (count < least) return [`${seen}, and the weights make ${least}`];
    return [];
  });
}
