/** Analytic functions off the real axis, for the continuation of weights. */
import type { Complex } from '../contracts.js';
import { gaussLegendre } from './gaussLegendre.js';
import { normalCumulative } from './normalDistribution.js';

/** tanh(x + iy) = (sinh 2x + i sin 2y)/(cosh 2x + cos 2y). */
export function hyperbolicTangent({ re, im }: Complex): Complex {
  // Both halves over e^{2|x|}, which overflows nowhere.
  const decay = Math.exp(-2 * Math.abs(re));
  const scale = 0.5 * (1 + decay * decay) + decay * Math.cos(2 * im);
  return { re: (Math.sign(re) * 0.5 * (1 - decay * decay)) / scale, im: (decay * Math.sin(2 * im)) / scale };
}

/** φ(x + iy). */
export function complexNormalDensity({ re, im }: Complex): Complex {
  const size = Math.exp(0.5 * (im * im - re * re)) / Math.sqrt(2 * Math.PI);
  return { re: size * Math.cos(re * im), im: -size * Math.sin(re * im) };
}

const upright = gaussLegendre(16, 0, 1);
/** So near to the axis the first order is exact to rounding. */
const onAxis = 1e-9;

/** Φ(x + iy) = Φ(x) + ∫_0^y φ(x + is) i ds, for |y| ≤ 1 to rounding. */
export function complexNormalCumulative({ re, im }: Complex): Complex {
  if (Math.abs(im) < onAxis) return { re: normalCumulative(re), im: im * complexNormalDensity({ re, im: 0 }).re };
  const sum = { re: normalCumulative(re), im: 0 };
  for (let k = 0; k < upright.nodes.length; k++) {
    const value = complexNormalDensity({ re, im: im * upright.nodes[k] });
    sum.re -= im * upright.masses[k] * value.im;
    sum.im += im * upright.masses[k] * value.re;
  }
  return sum;
}
