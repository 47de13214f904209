import type { RandomStream } from '../contracts.js';

/**
 * A Gamma(shape, 1) variate, exact, for shape ≥ 1: Marsaglia and Tsang, "A simple method for generating gamma
 * variables", ACM TOMS 26 (2000). Accepts about 98 % of its proposals.
 */
export function gammaVariate(stream: RandomStream, shape: number): number {
  const offset = shape - 1 / 3;
  const scale = 1 / Math.sqrt(9 * offset);
  for (;;) {
    const normal = stream.normal();
    const root = 1 + scale * normal;
    if (root <= 0) continue;
    const cube = root * root * root;
    // 1 − u lies in (0, 1]: its logarithm is finite.
    if (Math.log(1 - stream.uniform()) < 0.5 * normal * normal + offset * (1 - cube + Math.log(cube)))
      return offset * cube;
  }
}

/** A chi-square variate of a whole number of degrees. */
export function chiSquareVariate(stream: RandomStream, degrees: number): number {
  return degrees === 1 ? stream.normal() ** 2 : 2 * gammaVariate(stream, degrees / 2);
}
