import type { DiscreteMeasure } from '../contracts.js';
import { measureMoment } from '../measures/measureMoment.js';

/** What the separable law needs of τ, the law of the eigenvalues of the population covariance; none is negative. */
export interface Population {
  /** No eigenvalue is larger. */
  readonly largest: number;
  /** Mass of the eigenvalue 0. */
  readonly zeroMass: number;
  /**
   * Writes ∫ t/(t − w) dτ, ∫ t²/(t − w)² dτ and ∫ 1/(t − w) dτ as [re, im, re, im, re, im], w in either
   * half-plane or, as the limit from above, on the axis.
   */
  evaluate(re: number, im: number, out: Float64Array): void;
  /** ∫ arg(w − t) dτ, from 0 to π; Im w ≥ 0. */
  argument(re: number, im: number): number;
  /** Raw moments of orders 0 to `order`. */
  moments(order: number): Float64Array;
}

/** The population of a discrete law of eigenvalues. */
export function discretePopulation(measure: DiscreteMeasure): Population {
  const { nodes, masses } = measure;
  return {
    largest: nodes[nodes.length - 1]!,
    zeroMass: nodes[0] === 0 ? masses[0]! : 0,
    evaluate(re, im, out) {
      out.fill(0);
      for (let i = 0; i < nodes.length; i++) {
        const t = nodes[i]!;
        const distance = t - re;
        const size = distance * distance + im * im;
        // 1/(t − w) and its share of the mass.
        const inverseRe = distance / size;
        const inverseIm = im / size;
        const mass = masses[i]!;
        out[0]! += mass * t * inverseRe;
        out[1]! += mass * t * inverseIm;
        const square = mass * t * t;
        out[2]! += square * (inverseRe * inverseRe - inverseIm * inverseIm);
        out[3]! += square * 2 * inverseRe * inverseIm;
        out[4]! += mass * inverseRe;
        out[5]! += mass * inverseIm;
      }
    },
    argument(re, im) {
      let sum = 0;
      for (let i = 0; i < nodes.length; i++) sum += masses[i]! * Math.atan2(im, re - nodes[i]!);
      return sum;
    },
    moments: (order) => Float64Array.from({ length: order + 1 }, (_, k) => measureMoment(measure, k)),
  };
}
