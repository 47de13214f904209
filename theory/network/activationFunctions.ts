import { activationNames, activations, type ActivationName } from '../names.js';
import { normalCumulative, normalDensity } from '../numerics/normalDistribution.js';

/** An activation with the two derivatives that second derivatives of the loss need. */
export interface ActivationFunctions {
  /** A name, or the formula of an activation of one's own. */
  readonly name: string;
  value(u: number): number;
  first(u: number): number;
  second(u: number): number;
  /** As in `ActivationTraits`; an activation of one's own is not. */
  readonly gated: boolean;
}

type Derivatives = Pick<ActivationFunctions, 'value' | 'first' | 'second'>;

const relu: Derivatives = {
  value: (u) => (u > 0 ? u : 0),
  first: (u) => (u > 0 ? 1 : 0),
  second: () => 0,
};

const tanh: Derivatives = {
  value: Math.tanh,
  first: (u) => {
    const value = Math.tanh(u);
    return 1 - value * value;
  },
  second: (u) => {
    const value = Math.tanh(u);
    return -2 * value * (1 - value * value);
  },
};

/** The exact GELU u·Φ(u), not its tanh approximation. */
const gelu: Derivatives = {
  value: (u) => u * normalCumulative(u),
  first: (u) => normalCumulative(u) + u * normalDensity(u),
  second: (u) => (2 - u * u) * normalDensity(u),
};

const derivatives: Record<ActivationName, Derivatives> = { relu, tanh, gelu };

const byName = new Map(
  activationNames.map((name) => [name, { name, ...derivatives[name], gated: activations[name].gated }]),
);

/**
 * σ, σ′, σ″ of a named activation; those of another are passed on as they are. ReLU's derivatives at its kink are taken
 * as 0; the kink has probability 0.
 */
export function activationFunctions(activation: ActivationName | ActivationFunctions): ActivationFunctions {
  return typeof activation === 'string' ? byName.get(activation)! : activation;
}
