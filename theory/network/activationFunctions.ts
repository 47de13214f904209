import type { Complex } from '../contracts.js';
import { UsageError } from '../errors.js';
import { activationNames, activations, type ActivationName } from '../names.js';
import { add, multiply, subtract } from '../numerics/complexArithmetic.js';
import { complexNormalCumulative, complexNormalDensity, hyperbolicTangent } from '../numerics/complexFunctions.js';
import { requireWord } from '../requirements.js';
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

/**
 * σ, σ′ and σ″ of a smooth activation off the real axis, where the path of its limit weights runs: analytic for |Im u| ≤
 * 1, which is twice what that path takes at pre-activation variance 2.
 */
export interface ComplexActivation {
  value(u: Complex): Complex;
  first(u: Complex): Complex;
  second(u: Complex): Complex;
}

type Derivatives = Pick<ActivationFunctions, 'value' | 'first' | 'second'>;

/** What an activation without kinks has besides. */
interface SmoothDerivatives extends Derivatives {
  readonly continued: ComplexActivation;
}

type DerivativesOf<Name extends ActivationName> = (typeof activations)[Name]['kinks'] extends readonly []
  ? SmoothDerivatives
  : Derivatives;

/** Without branches, which a processor guesses wrong half of the time where u is symmetric. */
const relu: Derivatives = {
  value: (u) => (u + Math.abs(u)) / 2,
  first: (u) => Number(u > 0),
  second: () => 0,
};

const one: Complex = { re: 1, im: 0 };

/** Poles at u = ±iπ/2, ±3iπ/2, … */
const tanh: SmoothDerivatives = {
  value: Math.tanh,
  first: (u) => {
    const value = Math.tanh(u);
    return 1 - value * value;
  },
  second: (u) => {
    const value = Math.tanh(u);
    return -2 * value * (1 - value * value);
  },
  continued: {
    value: hyperbolicTangent,
    first: (u) => {
      const t = hyperbolicTangent(u);
      return subtract(one, multiply(t, t));
    },
    second: (u) => {
      const t = hyperbolicTangent(u);
      return multiply({ re: -2 * t.re, im: -2 * t.im }, subtract(one, multiply(t, t)));
    },
  },
};

/** The exact GELU u·Φ(u), not its tanh approximation: u·Φ, Φ + uφ and (2 − u²)φ, entire. */
const gelu: SmoothDerivatives = {
  value: (u) => u * normalCumulative(u),
  first: (u) => normalCumulative(u) + u * normalDensity(u),
  second: (u) => (2 - u * u) * normalDensity(u),
  continued: {
    value: (u) => multiply(u, complexNormalCumulative(u)),
    first: (u) => add(complexNormalCumulative(u), multiply(u, complexNormalDensity(u))),
    second: (u) => multiply(subtract({ re: 2, im: 0 }, multiply(u, u)), complexNormalDensity(u)),
  },
};

/** σ = log(1 + e^u), σ′ = 1/(1 + e^{−u}), σ″ = σ′(u)σ′(−u); branch points at u = ±iπ, ±3iπ, … */
const softplus: SmoothDerivatives = {
  value: (u) => Math.max(u, 0) + Math.log1p(Math.exp(-Math.abs(u))),
  first: (u) => 1 / (1 + Math.exp(-u)),
  second: (u) => 1 / (1 + Math.exp(-u)) / (1 + Math.exp(u)),
  continued: {
    value: (u) => {
      // log(1 + e^u) = u + log(1 + e^{−u}): the exponential that does not overflow.
      const tail = decay(u);
      const logarithm = {
        re: 0.5 * Math.log1p(2 * tail.re + tail.re * tail.re + tail.im * tail.im),
        im: Math.atan2(tail.im, 1 + tail.re),
      };
      return u.re > 0 ? add(u, logarithm) : logarithm;
    },
    first: logistic,
    second: (u) => multiply(logistic(u), logistic({ re: -u.re, im: -u.im })),
  },
};

/** e^{−u} right of the imaginary axis and e^u left of it. */
function decay({ re, im }: Complex): Complex {
  const size = Math.exp(-Math.abs(re));
  return { re: size * Math.cos(im), im: (re > 0 ? -1 : 1) * size * Math.sin(im) };
}

/** 1/(1 + e^{−u}), with its digits in the tail. */
function logistic(u: Complex): Complex {
  const tail = decay(u);
  const size = (1 + tail.re) ** 2 + tail.im ** 2;
  const inverse = { re: (1 + tail.re) / size, im: -tail.im / size };
  return u.re > 0 ? inverse : multiply(tail, inverse);
}

const derivatives: { readonly [Name in ActivationName]: DerivativesOf<Name> } = { relu, tanh, gelu, softplus };

const byName = new Map(
  activationNames.map((name) => {
    const { value, first, second } = derivatives[name];
    return [name, { name, value, first, second, gated: activations[name].gated }];
  }),
);

/**
 * σ, σ′, σ″ of a named activation; those of another are passed on as they are. ReLU's derivatives at its kink are taken
 * as 0; the kink has probability 0.
 */
export function activationFunctions(activation: ActivationName | ActivationFunctions): ActivationFunctions {
  if (typeof activation !== 'string') return activation;
  requireWord('activationFunctions', 'activation', activation, activationNames);
  return byName.get(activation)!;
}

/** @throws UsageError for an activation with a kink, which has no continuation */
export function complexActivation(name: ActivationName): ComplexActivation {
  const found: Derivatives | SmoothDerivatives = derivatives[name];
  if (!('continued' in found))
    throw new UsageError(`complexActivation: name must be that of a smooth activation, got '${name}'`);
  return found.continued;
}
