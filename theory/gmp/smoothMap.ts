import type { Complex } from '../contracts.js';
import type { WeightTransform } from './weightTransform.js';

/** Steps this short, relative to |p|, that no longer shrink are rounding. */
const roundingStep = 1e-12;

/** p with z(p) = z. */
export interface Preimage extends Complex {
  /** Estimated relative error, from the length of the last Newton step. */
  readonly residual: number;
}

/** The map z(p) of a law of smooth weights, p = −1/(γ g) with g its resolvent in the population, and its solution by Newton's method. */
export interface SmoothMap {
  readonly aspectRatio: number;
  /** From a guess; undefined where Newton's method does not settle in the upper half-plane. */
  preimage(x: number, y: number, start: Complex): Preimage | undefined;
  /** dp/dx for the p that x has. */
  slope(x: number, p: Complex): Complex;
  /** P(λ > x) for the p that x has. */
  massAbove(x: number, p: Complex): number;
  /** m(z) for the p that z has; on the axis m(x + i0). */
  stieltjes(z: Complex, p: Complex): Complex;
}

/** The map z(p) = p (γ + E[a/(p − a)]) without a population, where g = m. */
export function smoothMap(transform: WeightTransform, aspectRatio: number): SmoothMap {
  /** [z, z′] at p; real and imaginary parts. */
  const z = new Float64Array(4);

  function preimage(x: number, y: number, start: Complex): Preimage | undefined {
    return settled(start, (re, im, step) => {
      inverseMap(transform, aspectRatio, re, im, z);
      const rightRe = z[0] - x;
      const rightIm = z[1] - y;
      const norm = z[2] * z[2] + z[3] * z[3];
      step[0] = -(rightRe * z[2] + rightIm * z[3]) / norm;
      step[1] = -(rightIm * z[2] - rightRe * z[3]) / norm;
      // A small aspect ratio has z′ small, as every edge has: the rounding of z then moves p for ever.
      step[2] = Math.max(1, aspectRatio / Math.sqrt(norm));
    });
  }

  return {
    aspectRatio,
    preimage,
    slope(_, { re, im }) {
      inverseMap(transform, aspectRatio, re, im, z);
      const norm = z[2] * z[2] + z[3] * z[3];
      return { re: z[2] / norm, im: -z[3] / norm };
    },
    // π P(λ > x) = arg p + (1/γ) (Im E log((p − a)/p) − x Im p/|p|²).
    massAbove(x, { re, im }) {
      const tail = transform.logArgument(re, im) - (x * im) / (re * re + im * im);
      return (Math.atan2(im, re) + tail / aspectRatio) / Math.PI;
    },
    stieltjes(_, { re, im }) {
      const modulus = aspectRatio * (re * re + im * im);
      return { re: -re / modulus, im: im / modulus };
    },
  };
}

/**
 * Newton's method in p, kept to the upper half-plane; undefined where it does not settle.
 *
 * @param stepAt writes the step from p and by how much it magnifies rounding, as [re, im, factor]
 */
export function settled(
  start: Complex,
  stepAt: (re: number, im: number, step: Float64Array) => void,
): Preimage | undefined {
  let { re, im } = start;
  let before = Infinity;
  const next = new Float64Array(3);
  for (let iteration = 0; iteration < 30; iteration++) {
    stepAt(re, im, next);
    re += next[0];
    im += next[1];
    const size = Math.hypot(re, im);
    // In the thinnest tail Im p is below the rounding of the sums, and its sign with it.
    if (!(im > -1e-9 * size)) return undefined;
    const step = Math.hypot(next[0], next[1]);
    if (step <= 1e-8 * Math.max(im, 1e-7 * size)) return { re, im: Math.max(im, 0), residual: (step / size) ** 2 };
    if (step <= roundingStep * size * next[2] && step > 0.5 * before)
      return { re, im: Math.max(im, 0), residual: step / size };
    before = step;
  }
  return undefined;
}

/** z = p (γ + E[a/(p − a)]) and z′ = γ − E[a²/(p − a)²], as [re, im, re, im]. */
function inverseMap(transform: WeightTransform, aspectRatio: number, re: number, im: number, out: Float64Array): void {
  // What is added to γ, without the cancellation that p near 0 would bring.
  const offset = aspectRatio - transform.evaluate(re, im, out);
  const sumRe = offset + out[0];
  const sumIm = out[1];
  out[0] = re * sumRe - im * sumIm;
  out[1] = re * sumIm + im * sumRe;
  out[2] = offset - out[2];
  out[3] = -out[3];
}
