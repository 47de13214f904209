import { NumericalError } from '../errors.js';
import { measureMoment } from '../measures/measureMoment.js';
import type { ContourMeasure } from './contourMeasure.js';
import { boundaryPoint } from './followCurve.js';
import { SmoothBranch } from './smoothBranch.js';
import type { SmoothMap } from './smoothMap.js';
import { mirrored, type WeightTransform } from './weightTransform.js';

/** The map of one side of 0, made of its weights. */
export type MapOf = (transform: WeightTransform) => SmoothMap;

/** A side of 0 on which Im p stays below this share of |p| has a mass of that order: it is left out. */
const thinnest = 1e-8;
/** Where a thin side is looked for, in standard deviations of the law: it is densest next to 0. */
const places = [0.3, 0.03, 3e-3, 3e-4, 3e-5];

/**
 * The stretches of the law of weights with two thin tails and a mean that is not negative, on either side of 0. Neither has
 * an edge: each is cut where it fades. The negative one may be empty to rounding; then the positive one fades towards 0 too.
 */
export function fadingSides(
  { real, liveMass = 1 }: ContourMeasure,
  transform: WeightTransform,
  { aspectRatio, atom, mapOf }: { readonly aspectRatio: number; readonly atom: number; readonly mapOf: MapOf },
): { readonly positive: SmoothBranch; readonly negative: SmoothBranch | undefined } {
  const [mean, square] = [measureMoment(real, 1), measureMoment(real, 2)];
  const deviation = Math.sqrt(aspectRatio * square + mean * mean);
  const [right, left] = [mapOf(transform), mapOf(mirrored(transform))];
  const thinSide = places.map((share) => share * deviation).find((x) => isInside(left, x));
  const branch = (map: SmoothMap, centre: number): SmoothBranch =>
    new SmoothBranch({
      map,
      lower: 0,
      lowerEnd: thinSide === undefined ? 'fades' : 'origin',
      upper: Infinity,
      upperEdge: false,
      centre,
      massBelow: thinSide === undefined ? atom : 0,
    });
  return {
    // The mean of the continuous part, unless the law is so wide that a point nearer to 0 is as good.
    positive: branch(right, Math.max(mean * Math.max(1, aspectRatio / liveMass), places[0] * deviation)),
    negative: thinSide === undefined ? undefined : branch(left, thinSide),
  };
}

function isInside(map: SmoothMap, x: number): boolean {
  try {
    const { re, im } = boundaryPoint(map, x);
    return im > thinnest * Math.hypot(re, im);
  } catch (error) {
    // Where there is no density the curve is not in the upper half-plane.
    if (error instanceof NumericalError) return false;
    throw error;
  }
}
