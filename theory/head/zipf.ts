import { UsageError } from '../errors.js';
import { powerSum } from '../numerics/powerSum.js';
import { requireClasses, requirePositiveInteger } from '../requirements.js';
import { ratiosOf, type UnigramRatios } from './unigram.js';

/**
 * q_k ∝ k^{−exponent}, k = 1 … C: Zipf's law.
 *
 * @throws UsageError for an exponent outside [0, 100], or C below 2 or not finite
 */
export function zipfProbabilities(exponent: number, classes: number): Float64Array {
  requireZipf('zipfProbabilities', exponent, classes);
  if (classes === Infinity)
    throw new UsageError('zipfProbabilities: classes must be finite, got Infinity; zipfRatios has the limits');
  const total = 1 + powerSum(exponent, classes);
  return Float64Array.from({ length: classes }, (_, k) => (k + 1) ** -exponent / total);
}

/**
 * `unigramRatios` of Zipf's law from sums h_k = Σ_{r=2}^{C} r^{−kα}, at a cost that does not depend on C:
 *
 *   t = [2h₂ + h₂² − h₄] / [h₁² + (1 + h₁)² h₂ − 2(1 + h₁) h₃ + h₄],
 *
 * the first class apart, so that nothing is lost when it has nearly all the mass. The exponent of t in C tends to −1
 * for α < ½ and −2(1 − α) for ½ < α < 1; t → π²/(10 (ln C + 0.5772)²) at α = 1, and has a limit for α > 1. At C =
 * Infinity these limits; C²·r is then finite for α < ½ only: (1 − α)²/(1 − 2α). Relative error below 1e-12
 * (paper-notes.md, heads of language models).
 *
 * @throws UsageError for an exponent outside [0, 100] or C below 2
 */
export function zipfRatios(exponent: number, classes: number): UnigramRatios {
  requireZipf('zipfRatios', exponent, classes);
  if (classes === Infinity && exponent <= 1) {
    const scaled = exponent < 0.5 ? (1 - exponent) ** 2 / (1 - 2 * exponent) : Infinity;
    return { t: 0, ratio: 0, scaled, effectiveClasses: Infinity };
  }
  const [h1, h2, h3, h4] = [1, 2, 3, 4].map((k) => powerSum(k * exponent, classes)) as [number, number, number, number];
  const total = 1 + h1;
  const off = 2 * h2 + h2 * h2 - h4;
  const on = h1 * h1 + total * total * h2 - 2 * total * h3 + h4;
  return ratiosOf(off / on, classes, (total * total) / (1 + h2));
}

/**
 * `unigramRowRatio` of the class of this rank, from the same sums.
 *
 * @param rank whole, from 1 to C
 * @throws UsageError as `zipfRatios`, or for a rank out of range
 */
export function zipfRowRatio(exponent: number, classes: number, rank: number): number {
  requireZipf('zipfRowRatio', exponent, classes);
  requirePositiveInteger('zipfRowRatio', 'rank', rank);
  if (rank > classes) throw new UsageError(`zipfRowRatio: rank must be at most classes = ${classes}, got ${rank}`);
  const [h1, h2] = [powerSum(exponent, classes), powerSum(2 * exponent, classes)];
  // The first class may have nearly all the mass: the others' sums keep their digits.
  if (rank === 1) return h2 / h1 ** 2;
  const own = rank ** -exponent;
  return (1 + h2 - own * own) / (1 + h1 - own) ** 2;
}

/**
 * d ln t/d ln C: how t falls from C to the next numbers of classes, by a difference over a hundredth of C; at C =
 * Infinity what it tends to.
 *
 * @throws UsageError as `zipfRatios`
 */
export function zipfExponent(exponent: number, classes: number): number {
  requireZipf('zipfExponent', exponent, classes);
  if (classes === Infinity) return -Math.min(1, Math.max(0, 2 * (1 - exponent)));
  const step = Math.max(1, Math.round(classes / 200));
  const [from, to] = [Math.max(2, classes - step), classes + step];
  return Math.log(zipfRatios(exponent, to).t / zipfRatios(exponent, from).t) / Math.log(to / from);
}

function requireZipf(caller: string, exponent: number, classes: number): void {
  if (!(exponent >= 0 && exponent <= 100))
    throw new UsageError(`${caller}: exponent must be a number from 0 to 100, got ${exponent}`);
  requireClasses(caller, classes);
}
