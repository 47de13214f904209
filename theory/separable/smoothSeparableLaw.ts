import type { Complex, SpectralLaw } from '../contracts.js';
import { NumericalError } from '../errors.js';
import type { ContourMeasure } from '../gmp/contourMeasure.js';
import { boundaryPoint } from '../gmp/followCurve.js';
import { sidesLaw } from '../gmp/sidesLaw.js';
import type { SmoothMap } from '../gmp/smoothMap.js';
import { SmoothSides } from '../gmp/smoothSides.js';
import { mirrored, weightTransform, type WeightTransform } from '../gmp/weightTransform.js';
import { separableRawMoment } from './momentSeries.js';
import type { Population } from './population.js';
import { populationMap } from './populationMap.js';

/**
 * The separable law of weights with two thin tails, given on a path below the real axis as for
 * `continuousMarchenkoPastur`, and a population without zeros. Both sides of 0 are followed until they fade.
 */
export function smoothSeparableLaw(weights: ContourMeasure, population: Population, aspectRatio: number): SpectralLaw {
  const mapOf = (transform: WeightTransform): SmoothMap => populationMap(transform, population, aspectRatio);
  // A side of 0 without an edge is followed until it fades, one with an edge likewise.
  const unbounded = { ...weights, smallest: -Infinity };
  const atom = Math.max(0, 1 - (weights.liveMass ?? 1) / aspectRatio);
  return sidesLaw(new SmoothSides(unbounded, aspectRatio, atom, mapOf), {
    aspectRatio,
    nodes: weights.nodesRe.length,
    moment: (k) => separableRawMoment(k, weights.real, population, aspectRatio),
    stieltjes: (z) => transformAt(unbounded, mapOf, z),
  });
}

/** m(z) off the axis; the side of the imaginary axis that z is on says which weights p is sought for. */
function transformAt(
  weights: ContourMeasure,
  mapOf: (transform: WeightTransform) => SmoothMap,
  { re, im }: Complex,
): Complex {
  if (im === 0)
    throw new NumericalError(
      `stieltjes: the law has no end, so that z must lie off the axis, got ${re}. Give Im z > 0.`,
    );
  const transform = weightTransform(weights);
  const map = mapOf(re < 0 ? mirrored(transform) : transform);
  const z = { re: Math.abs(re), im: Math.abs(im) };
  const m = map.stieltjes(z, boundaryPoint(map, z.re, z.im));
  return { re: re < 0 ? -m.re : m.re, im: Math.sign(im) * m.im };
}
