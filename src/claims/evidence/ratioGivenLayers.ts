/** Squared norms of two kinds of one draw, such as off-diagonal and diagonal blocks. */
interface NormPair {
  readonly numerator: number;
  readonly denominator: number;
}

/** One number each for every draw; `predicted` is the ratio of their expectations. */
export interface PredictedRatio {
  readonly numerators: readonly number[];
  readonly denominators: readonly number[];
  readonly predicted: number;
}

/**
 * The ratio of two squared norms given the layers that were drawn, predicted as Σ E[numerator | V, W] over
 * Σ E[denominator | V, W]. Over V both norms have heavy tails, and a few draws decide the quotient of their sums; over
 * its expectation given V and W of its own draw a norm fluctuates little, whatever V is. So the measured ratio is
 *
 *     predicted × mean(numerator/E[numerator | V, W]) / mean(denominator/E[denominator | V, W]),
 *
 * the ratio of means of the two lists returned. Where the expectations are right it estimates the predicted ratio; where
 * they are wrong by constant factors, the true one.
 */
export function ratioGivenLayers(draws: readonly { drawn: NormPair; expected: NormPair }[]): PredictedRatio {
  const sum = (part: keyof NormPair): number => draws.reduce((total, { expected }) => total + expected[part], 0);
  const predicted = sum('numerator') / sum('denominator');
  return {
    numerators: draws.map(({ drawn, expected }) => (predicted * drawn.numerator) / expected.numerator),
    denominators: draws.map(({ drawn, expected }) => drawn.denominator / expected.denominator),
    predicted,
  };
}
