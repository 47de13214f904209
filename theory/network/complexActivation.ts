import type { Complex } from '../contracts.js';
import { UsageError } from '../errors.js';
import { activations, type ActivationName } from '../names.js';
import { gaussLegendre } from '../numerics/gaussLegendre.js';
import { normalCumulative } from '../numerics/normalDistribution.js';

/** σ, σ′ and σ″ of a smooth activation near the real axis. */
export interface ComplexActivation {
  value(u: Complex): Complex;
  first(u: Complex): Complex;
  second(u: Complex): Complex;
}

const tanh: ComplexActivation = {
  value: hyperbolicTangent,
  first: (u) => {
    const t = hyperbolicTangent(u);
    return minus({ re: 1, im: 0 }, times(t, t));
  },
  second: (u) => {
    const t = hyperbolicTangent(u);
    return times({ re: -2 * t.re, im: -2 * t.im }, minus({ re: 1, im: 0 }, times(t, t)));
  },
};

/** u·Φ(u), (Φ + uφ) and (2 − u²)φ. */
const gelu: ComplexActivation = {
  value: (u) => times(u, cumulative(u)),
  first: (u) => plus(cumulative(u), times(u, density(u))),
  second: (u) => times(minus({ re: 2, im: 0 }, times(u, u)), density(u)),
};

type SmoothName = {
  [Name in ActivationName]: (typeof activations)[Name]['kinks'] extends readonly [] ? Name : never;
}[ActivationName];

const byName: Record<SmoothName, ComplexActivation> = { tanh, gelu };

function isSmooth(name: ActivationName): name is SmoothName {
  return activations[name].kinks.length === 0;
}

/** @throws UsageError for an activation with a kink, which has no continuation */
export function complexActivation(name: ActivationName): ComplexActivation {
  if (!isSmooth(name))
    throw new UsageError(`complexActivation: name must be that of a smooth activation, got '${name}'`);
  return byName[name];
}

/** tanh(x + iy) = (sinh 2x + i sin 2y)/(cosh 2x + cos 2y). */
function hyperbolicTangent({ re, im }: Complex): Complex {
  // Both halves over e^{2|x|}, which overflows nowhere.
  const decay = Math.exp(-2 * Math.abs(re));
  const scale = 0.5 * (1 + decay * decay) + decay * Math.cos(2 * im);
  return { re: (Math.sign(re) * 0.5 * (1 - decay * decay)) / scale, im: (decay * Math.sin(2 * im)) / scale };
}

/** φ(x + iy). */
export function density({ re, im }: Complex): Complex {
  const size = Math.exp(0.5 * (im * im - re * re)) / Math.sqrt(2 * Math.PI);
  return { re: size * Math.cos(re * im), im: -size * Math.sin(re * im) };
}

const upright = gaussLegendre(16, 0, 1);
/** So near to the axis the first order is exact to rounding. */
const onAxis = 1e-9;

/** Φ(x + iy) = Φ(x) + ∫_0^y φ(x + is) i ds, for |y| ≤ 1 to rounding. */
function cumulative({ re, im }: Complex): Complex {
  if (Math.abs(im) < onAxis) return { re: normalCumulative(re), im: im * density({ re, im: 0 }).re };
  const sum = { re: normalCumulative(re), im: 0 };
  for (let k = 0; k < upright.nodes.length; k++) {
    const value = density({ re, im: im * upright.nodes[k] });
    sum.re -= im * upright.masses[k] * value.im;
    sum.im += im * upright.masses[k] * value.re;
  }
  return sum;
}

export function times(a: Complex, b: Complex): Complex {
  return { re: a.re * b.re - a.im * b.im, im: a.re * b.im + a.im * b.re };
}

export function plus(a: Complex, b: Complex): Complex {
  return { re: a.re + b.re, im: a.im + b.im };
}

function minus(a: Complex, b: Complex): Complex {
  return { re: a.re - b.re, im: a.im - b.im };
}
