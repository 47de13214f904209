import { UsageError } from '../../theory/errors.js';
import { activationNames, type ActivationName } from '../../theory/names.js';
import { activationFrom, type Activation } from '../network/activation.js';
import { complementaryErrorFunction } from '../expressions/errorFunction.js';

/**
 * max(u, 0), with derivative 1(u > 0) as in the paper: 0 at the kink. Loops of its own, without branches: a processor
 * guesses them wrong half of the time where u is symmetric, which takes eight times as long.
 */
const relu: Activation = {
  name: 'relu',
  isCurved: false,
  value(input, out) {
    for (let n = 0; n < input.length; n++) {
      const u = input[n]!;
      out[n] = (u + Math.abs(u)) / 2;
    }
  },
  derivative(input, out) {
    for (let n = 0; n < input.length; n++) out[n] = Number(input[n]! > 0);
  },
  secondDerivative: (input, out) => void out.fill(0, 0, input.length),
};

const hyperbolicTangent = activationFrom(
  'tanh',
  Math.tanh,
  (u) => {
    // 1 − tanh² would lose every digit in the tails.
    const reciprocal = 1 / Math.cosh(u);
    return reciprocal * reciprocal;
  },
  (u) => {
    const reciprocal = 1 / Math.cosh(u);
    return -2 * Math.tanh(u) * reciprocal * reciprocal;
  },
);

const normalCumulative = (u: number) => complementaryErrorFunction(-u * Math.SQRT1_2) / 2;
const normalDensity = (u: number) => Math.exp((-u * u) / 2) / Math.sqrt(2 * Math.PI);

/**
 * u Φ(u), Φ the standard normal distribution function: the exact form, not the tanh approximation (Hendrycks, Gimpel
 * 2016).
 */
const gelu = activationFrom(
  'gelu',
  (u) => u * normalCumulative(u),
  (u) => normalCumulative(u) + u * normalDensity(u),
  (u) => (2 - u * u) * normalDensity(u),
);

/** log(1 + e^u), with logistic derivative; no exponential overflows but to 0, and the tails keep their digits. */
const softplus = activationFrom(
  'softplus',
  (u) => (u > 0 ? u + Math.log1p(Math.exp(-u)) : Math.log1p(Math.exp(u))),
  (u) => 1 / (1 + Math.exp(-u)),
  (u) => {
    const reciprocal = 1 / Math.cosh(u / 2);
    return (reciprocal * reciprocal) / 4;
  },
);

const byName: Readonly<Record<ActivationName, Activation>> = { relu, tanh: hyperbolicTangent, gelu, softplus };

/**
 * σ, σ′ and σ″ of an activation by its name.
 * @throws UsageError for another name
 */
export function activationNamed(name: ActivationName): Activation {
  const found = Object.hasOwn(byName, name) ? byName[name] : undefined;
  if (found === undefined) {
    throw new UsageError(`activation must be one of ${activationNames.join(', ')}, got ${String(name)}`);
  }
  return found;
}
