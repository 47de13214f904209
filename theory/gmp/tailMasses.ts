import type { CurvePoint } from './boundaryCurve.js';
import type { LiveWeights } from './liveWeights.js';

/*
 * F(x) = −(1/π) Im W with W = (1/γ) Σ w log(1 + γ a m) − log m − z m, at z = z(p), Im z = 0. With θ = arg(p − a),
 * φ = arg p and Σ w a²/|p − a|² = γ it becomes a sum over the weights of terms that vanish to third order in Im p at either
 * end of the law, so neither tail is a difference of large numbers (paper-notes.md, distribution function in closed form).
 */

/** P(λ > x) at a point of the curve. */
export function upperMass(weights: LiveWeights, aspectRatio: number, point: CurvePoint): number {
  const { nodes, masses } = weights;
  const { offsets } = point.frame;
  const { re, im } = point;
  const real = point.frame.origin + re;
  const square = im * im;
  const modulus = real * real + square;
  const phase = Math.atan2(im, real);
  let sum = 0;
  for (let j = 0; j < nodes.length; j++) {
    const node = nodes[j];
    const distance = offsets[j] + re;
    const inverse = 1 / (distance * distance + square);
    const nodeSquare = node * node;
    // θ − φ as one angle where the weight is small beside p, so that a small aspect ratio does not magnify its rounding.
    sum +=
      masses[j] *
      (nodeSquare < 0.25 * modulus
        ? Math.atan2(node * im, modulus - node * real) - (node * im - phase * nodeSquare) * inverse
        : Math.atan2(im, distance) - (phase * (modulus - 2 * node * real) + node * im) * inverse);
  }
  return sum / (Math.PI * aspectRatio);
}

/** P(λ ≤ x) at a point of the curve, the atom at 0 included. */
export function lowerMass(weights: LiveWeights, aspectRatio: number, point: CurvePoint): number {
  const { nodes, masses } = weights;
  const { offsets } = point.frame;
  const { re, im } = point;
  const real = point.frame.origin + re;
  const square = im * im;
  const modulus = real * real + square;
  const phase = Math.atan2(im, -real);
  let sum = 0;
  for (let j = 0; j < nodes.length; j++) {
    const node = nodes[j];
    const distance = offsets[j] + re;
    const inverse = 1 / (distance * distance + square);
    const nodeSquare = node * node;
    sum +=
      masses[j] *
      (nodeSquare < 0.25 * modulus
        ? (node * im + phase * nodeSquare) * inverse - Math.atan2(node * im, modulus - node * real)
        : Math.atan2(im, -distance) - (phase * (modulus - 2 * node * real) - node * im) * inverse);
  }
  return sum / (Math.PI * aspectRatio);
}
