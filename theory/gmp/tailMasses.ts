import type { CurvePoint } from './boundaryCurve.js';
import type { LiveWeights } from './liveWeights.js';

/*
 * F(x) = −(1/π) Im W with W = (1/γ) Σ w log(1 + γ a m) − log m − z m, at z = z(p), Im z = 0. With θ = arg(p − a), φ =
 * arg p and Σ w a²/|p − a|² = γ it becomes a sum over the weights of terms that vanish to third order in Im p at either
 * end of the law, so neither tail is a difference of large numbers (paper-notes.md, distribution function in closed
 * form).
 */

/** P(λ > x) at a point of the curve. */
export function upperMass(weights: LiveWeights, aspectRatio: number, point: CurvePoint): number {
  return massBeyond(weights, aspectRatio, point, 1);
}

/** P(λ ≤ x) at a point of the curve, the atom at 0 included: the upper mass of the mirror image. */
export function lowerMass(weights: LiveWeights, aspectRatio: number, point: CurvePoint): number {
  return massBeyond(weights, aspectRatio, point, -1);
}

/** Below this an angle and its tangent differ by less than they are worth: the series of their difference serves. */
const smallAngle = 0.1;

function massBeyond({ nodes, masses }: LiveWeights, aspectRatio: number, point: CurvePoint, side: 1 | -1): number {
  const { offsets, origin } = point.frame;
  const { re, im } = point;
  const real = side * (origin + re);
  const square = im * im;
  const modulus = real * real + square;
  const phase = Math.atan2(im, real);
  const slope = im / real;
  // p is near the axis, as it is over a narrow interval that a light weight makes.
  const flat = real > 0 && slope < smallAngle;
  const phaseExcess = flat ? arctanExcess(slope) : 0;
  let sum = 0;
  for (let j = 0; j < nodes.length; j++) {
    const node = side * nodes[j];
    const distance = side * (offsets[j] + re);
    const inverse = 1 / (distance * distance + square);
    const nodeSquare = node * node;
    let term: number;
    if (nodeSquare < 0.25 * modulus) {
      // θ − φ as one angle where the weight is small beside p, so that a small aspect ratio does not magnify its
      // rounding.
      term = Math.atan2(node * im, modulus - node * real) - (node * im - phase * nodeSquare) * inverse;
    } else if (flat) {
      // φ = slope + excess takes out by hand what a/|p − a|, large next to a light weight, would magnify the rounding
      // of.
      const tangent = im / distance;
      const angle =
        Math.abs(tangent) < smallAngle
          ? (distance < 0 ? Math.PI : 0) +
            arctanExcess(tangent) -
            phaseExcess +
            (slope * node * square * inverse) / distance
          : Math.atan2(im, distance) - phase - slope * node * distance * inverse;
      term = angle + phaseExcess * nodeSquare * inverse;
    } else {
      term = Math.atan2(im, distance) - (phase * (modulus - 2 * node * real) + node * im) * inverse;
    }
    sum += masses[j] * term;
  }
  return sum / (Math.PI * aspectRatio);
}

/** arctan t − t for |t| < 0.1, to rounding. */
function arctanExcess(t: number): number {
  const square = t * t;
  let sum = 0;
  for (let k = 17; k >= 3; k -= 2) sum = (k % 4 === 3 ? -1 : 1) / k + square * sum;
  return t * square * sum;
}
