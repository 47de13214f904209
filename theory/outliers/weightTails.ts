import { NumericalError, UsageError } from '../errors.js';
import { generalisedMarchenkoPastur } from '../gmp/generalisedMarchenkoPastur.js';
import { discreteMeasure } from '../measures/discreteMeasure.js';
import type { BulkLaw } from './bulkLaw.js';

/**
 * The bulk law whose weights beyond the quantiles `negligibleMass` and 1 − `negligibleMass` are moved to those quantiles.
 *
 * A weight law with thin tails has an edge far out that no sample of N weights ever shows: −p_1 p_2 at C = 10 reaches −1/4, but of
 * 2000 drawn weights the extreme one is near −0.1. With `negligibleMass` = 1/N the edge, and what lies outside it, are those of a sample.
 */
export function withoutFarTails(law: BulkLaw, negligibleMass: number): BulkLaw {
  if (negligibleMass === 0) return law;
  if (!(negligibleMass > 0 && negligibleMass < 0.1)) {
    throw new UsageError(`outliers: negligibleMass must lie in [0, 0.1), got ${negligibleMass}; 1/N is the natural choice`);
  }
  const { nodes, masses } = law.weights;
  let [first, last] = [0, nodes.length - 1];
  for (let mass = masses[first]!; mass < negligibleMass; mass += masses[first]!) first += 1;
  for (let mass = masses[last]!; mass < negligibleMass; mass += masses[last]!) last -= 1;
  const clamped = nodes.map((node) => Math.min(Math.max(node, nodes[first]!), nodes[last]!));
  return generalisedMarchenkoPastur(discreteMeasure(clamped, masses), law.aspectRatio);
}

/**
 * Moves weights of cubature points to the hull of the law's weights, in place: a quadrature stops short of the end of a law.
 *
 * @throws NumericalError when more than a thousandth (or twice the negligible mass) would move: the law is of other weights
 */
export function clampToHull(weights: readonly Float64Array[], law: BulkLaw, negligibleMass: number): void {
  const [lower, upper] = [law.weights.nodes[0]!, law.weights.nodes.at(-1)!];
  let total = 0;
  let moved = 0;
  for (const set of weights) {
    total += set.length;
    for (let n = 0; n < set.length; n++) {
      const weight = set[n]!;
      if (weight >= lower && weight <= upper) continue;
      moved += 1;
      set[n] = weight < lower ? lower : upper;
    }
  }
  if (moved > total * (1e-3 + 4 * negligibleMass)) {
    throw new NumericalError(
      `outlier equation: ${moved} of ${total} weights lie outside [${lower}, ${upper}], the range of the bulk law's; build the law from the same weights`,
    );
  }
}
