import type { Loss } from '../contracts.js';
import { pairIntegrals } from '../head/classPairMoments.js';

/**
 * Expectations over two inputs of the curvature Π of the loss in the outputs, C×C: tr ΠΠ′ and tr Π tr Π′, and what their
 * quotient times C tends to as C → ∞.
 */
export interface OutputCurvature {
  readonly overlap: number;
  readonly traces: number;
  readonly limit: number;
}

/**
 * Squared error has Π = I, here in units of 1/C: 1/C and 1. Cross-entropy has Π = diag p − ppᵀ with jointly
 * normal logits that are independent over classes, so that with A, B and D the moments
 * E[p_i p_j p′_i p′_j], E[p_i p_j p′_i p′_k] and E[p_i p_j p′_k p′_l] over different classes
 *
 *   E tr ΠΠ′ = C(C − 1)[2A + (C − 2)B],  E tr Π tr Π′ = C(C − 1)[2A + 4(C − 2)B + (C − 2)(C − 3)D],
 *
 * which tend to e^c/C and 1, c the covariance of a class's logits. Relative error below 1e-8.
 *
 * @param classes at most 1e7, or Infinity
 * @throws UsageError as `classPairMoments`
 */
export function outputCurvature(inputs: OutputInputs): OutputCurvature {
  const { loss, classes, shared } = inputs;
  if (loss === 'mse') return { overlap: 1 / classes, traces: 1, limit: 1 };
  if (classes === Infinity) return { overlap: 0, traces: 1, limit: Math.exp(shared) };
  const key = `${classes} ${inputs.own} ${inputs.other} ${shared}`;
  let curvature = kept.get(key);
  if (curvature === undefined) {
    kept.set(key, (curvature = softmaxCurvature(inputs)));
    if (kept.size > mostKept) kept.delete(kept.keys().next().value!);
  }
  return curvature;
}

/** Those of late: layers, and networks that differ in widths alone, end in the same few hundred, each of which takes three double integrals. */
const kept = new Map<string, OutputCurvature>();
const mostKept = 4096;

function softmaxCurvature({ classes, own, other, shared }: OutputInputs): OutputCurvature {
  const { both, one, none } = pairIntegrals({ classes, own, other, shared });
  const times = (count: number, log: () => number): number => (count === 0 ? 0 : count * Math.exp(log()));
  const pairs = classes * (classes - 1);
  const same = times(2 * pairs, both);
  const overlapping = times(pairs * (classes - 2), one);
  const apart = times(pairs * (classes - 2) * (classes - 3), none);
  return { overlap: same + overlapping, traces: same + 4 * overlapping + apart, limit: Math.exp(shared) };
}

/** Of the two inputs' logits: variances and covariance. Squared error does not need them. */
export interface OutputInputs {
  readonly loss: Loss;
  readonly classes: number;
  readonly own: number;
  readonly other: number;
  readonly shared: number;
}
