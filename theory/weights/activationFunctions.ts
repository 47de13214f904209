import type { ActivationName } from '../contracts.js';
import { normalCumulative, normalDensity } from './normalDistribution.js';

/** An activation with the two derivatives that second derivatives of the loss need. */
export interface ActivationFunctions {
  /** A name, or the formula of an activation of one's own. */
  readonly name: string;
  value(u: number): number;
  first(u: number): number;
  second(u: number): number;
  /** True for ReLU: zero on the negative half line, linear on the positive one, so its gate is 0 or 1. */
  readonly gated: boolean;
}

const relu: ActivationFunctions = {
  name: 'relu',
  value: (u) => (u > 0 ? u : 0),
  first: (u) => (u > 0 ? 1 : 0),
  second: () => 0,
  gated: true,
};

const tanh: ActivationFunctions = {
  name: 'tanh',
  value: Math.tanh,
  first: (u) => {
    const value = Math.tanh(u);
    return 1 - value * value;
  },
  second: (u) => {
    const value = Math.tanh(u);
    return -2 * value * (1 - value * value);
  },
  gated: false,
};

/** The exact GELU u·Φ(u), not its tanh approximation. */
const gelu: ActivationFunctions = {
  name: 'gelu',
  value: (u) => u * normalCumulative(u),
  first: (u) => normalCumulative(u) + u * normalDensity(u),
  second: (u) => (2 - u * u) * normalDensity(u),
  gated: false,
};

const byName: Record<ActivationName, ActivationFunctions> = { relu, tanh, gelu };

/**
 * σ, σ′, σ″ of a named activation; those of another are passed on as they are. ReLU's derivatives at its kink are taken
 * as 0; the kink has probability 0.
 */
export function activationFunctions(activation: ActivationName | ActivationFunctions): ActivationFunctions {
  return typeof activation === 'string' ? byName[activation] : activation;
}
