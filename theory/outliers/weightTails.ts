import { NumericalError, UsageError } from '../errors.js';
import { generalisedMarchenkoPastur } from '../gmp/generalisedMarchenkoPastur.js';
import { discreteMeasure } from '../measures/discreteMeasure.js';
import type { BulkLaw } from '../gmp/bulkLaw.js';

/**
 * The bulk law whose weights beyond the quantiles `negligibleMass` and 1 − `negligibleMass` are moved to those
 * quantiles.
 *
 * A weight law with thin tails has an edge far out that no sample of N weights ever shows: −p_1 p_2 at C = 10 reaches
 * −1/4, but of 2000 drawn weights the extreme one is near −0.1. With `negligibleMass` = 1/N the edge, and what lies
 * outside it, are those of a sample.
 */
export function withoutFarTails(law: BulkLaw, negligibleMass: number): BulkLaw {
  if (negligibleMass === 0) return law;
  if (!(negligibleMass > 0 && negligibleMass < 0.1)) {
    throw new UsageError(
      `outliers: negligibleMass must lie in [0, 0.1), got ${negligibleMass}; 1/N is the natural choice`,
    );
  }
  const { nodes, masses } = law.weights;
  let [first, last] = [0, nodes.length - 1];
  for (let mass = masses[first]!; mass < negligibleMass; mass += masses[first]!) first += 1;
  for (let mass = masses[last]!; mass < negligibleMass; mass += masses[last]!) last -= 1;
  const clamped = nodes.map((node) => Math.min(Math.max(node, nodes[first]!), nodes[last]!));
  return generalisedMarchenkoPastur(discreteMeasure(clamped, masses), law.aspectRatio);
}

/**
 * Moves weights of cubature points to the hull of the law's weights, in place: a quadrature stops short of the end of a
 * law. Each point has one weight for every label, next to one another, with the probabilities `labelMasses`.
 *
 * @throws NumericalError when their second moment is not the law's within 5 %: the law is of other weights
 */
export function clampToHull(
  weights: readonly Float64Array[],
  law: BulkLaw,
  labelMasses: ArrayLike<number> = [1],
): void {
  const { nodes, masses } = law.weights;
  const [lower, upper] = [nodes[0]!, nodes.at(-1)!];
  let [total, squares] = [0, 0];
  for (const set of weights) {
    total += set.length / labelMasses.length;
    for (let n = 0; n < set.length; n++) {
      set[n] = Math.min(Math.max(set[n]!, lower), upper);
      squares += labelMasses[n % labelMasses.length]! * set[n]! ** 2;
    }
  }
  const expected = nodes.reduce((sum, node, k) => sum + masses[k]! * node * node, 0);
  if (!(Math.abs(squares / total - expected) <= 0.05 * expected)) {
    throw new NumericalError(
      `outlier equation: the weights have second moment ${squares / total} by cubature and ${expected} in the bulk law; build the law from the same weights, or take more points`,
    );
  }
}
