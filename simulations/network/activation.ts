import { activations, type ActivationName } from '../../theory/names.js';

/**
 * A hidden layer's nonlinearity with the two derivatives that the Hessian needs. Each function reads `input` and writes
 * the same number of values to `out`; the two may be the same array.
 */
export interface Activation {
  /** As in `activationNames`, or the formula it was made from. */
  readonly name: string;
  /** σ of each entry. */
  value(input: Float64Array, out: Float64Array): void;
  /** At a kink, the value the blocks are to use there: a set of probability zero. */
  derivative(input: Float64Array, out: Float64Array): void;
  /** σ″ of each entry, off the kinks. */
  secondDerivative(input: Float64Array, out: Float64Array): void;
  /** False when the second derivative is zero off the kinks: then the diagonal hidden blocks have no residual term. */
  readonly isCurved: boolean;
}

/** Lifts functions of one number to an activation. */
export function activationFrom(
  name: string,
  value: (u: number) => number,
  derivative: (u: number) => number,
  secondDerivative: ((u: number) => number) | undefined,
): Activation {
  const over = (f: (u: number) => number) => (input: Float64Array, out: Float64Array) => {
    for (let n = 0; n < input.length; n++) out[n] = f(input[n]!);
  };
  return {
    name,
    value: over(value),
    derivative: over(derivative),
    secondDerivative:
      secondDerivative === undefined ? (input, out) => void out.fill(0, 0, input.length) : over(secondDerivative),
    isCurved: secondDerivative !== undefined,
  };
}

/** Whether σ(u) = σ′(u)u with σ′ a gate, 0 or 1: known of named activations only. */
export function isGated({ name }: Activation): boolean {
  return Object.hasOwn(activations, name) && activations[name as ActivationName].gated;
}
