import type { Complex } from '../contracts.js';
import { NumericalError } from '../errors.js';
import type { LiveWeights } from './liveWeights.js';

/**
 * The p with z(p) = z, Im p > 0, for Im z > 0. There is exactly one such root, so any root found in the upper
 * half-plane is the right one: Newton straight at z, and if it fails from a point found higher up on the vertical line
 * through z.
 *
 * @param start a guess for the root
 * @param far a |z| beyond which p ≈ (z − E a)/γ
 * @throws NumericalError when the descent does not reach z
 */
export function complexPreimage(
  weights: LiveWeights,
  aspectRatio: number,
  z: Complex,
  far: number,
  start?: Complex,
): Complex {
  const direct = start && newton(weights, aspectRatio, z.re, z.im, start);
  if (direct) return direct;
  let mean = 0;
  for (let j = 0; j < weights.nodes.length; j++) mean += weights.masses[j] * weights.nodes[j];
  let height = Math.max(z.im, far);
  let p: Complex | undefined;
  for (let attempt = 0; attempt < 60 && p === undefined; attempt++) {
    p = newton(weights, aspectRatio, z.re, height, { re: (z.re - mean) / aspectRatio, im: height / aspectRatio });
    if (p === undefined) height *= 4;
  }
  let factor = 0.25;
  for (let attempt = 0; attempt < 2000 && p !== undefined; attempt++) {
    if (height === z.im) return p;
    const target = newton(weights, aspectRatio, z.re, z.im, p);
    if (target) return target;
    const lower = Math.max(z.im, height * factor);
    const next = newton(weights, aspectRatio, z.re, lower, p);
    if (next) {
      p = next;
      height = lower;
      factor = Math.max(0.25, factor * factor);
    } else {
      factor = Math.sqrt(factor);
    }
  }
  const point = `${z.re * weights.scale} + ${z.im * weights.scale}i`;
  throw new NumericalError(
    `the Stieltjes transform could not be computed at z = ${point}: Newton's method did not converge`,
  );
}

function newton(weights: LiveWeights, aspectRatio: number, x: number, y: number, start: Complex): Complex | undefined {
  const { nodes, masses } = weights;
  let { re, im } = start;
  for (let iteration = 0; iteration < 40; iteration++) {
    // z = p (γ + Σ w a/(p − a)), z' = γ − Σ w a²/(p − a)².
    let sumRe = aspectRatio;
    let sumIm = 0;
    let slopeRe = aspectRatio;
    let slopeIm = 0;
    const square = im * im;
    for (let j = 0; j < nodes.length; j++) {
      const distance = re - nodes[j];
      const inverse = 1 / (distance * distance + square);
      const weight = masses[j] * nodes[j] * inverse;
      sumRe += weight * distance;
      sumIm -= weight * im;
      const next = weight * nodes[j] * inverse;
      slopeRe -= next * (distance * distance - square);
      slopeIm += 2 * next * distance * im;
    }
    const residualRe = re * sumRe - im * sumIm - x;
    const residualIm = re * sumIm + im * sumRe - y;
    const norm = slopeRe * slopeRe + slopeIm * slopeIm;
    const stepRe = -(residualRe * slopeRe + residualIm * slopeIm) / norm;
    const stepIm = -(residualIm * slopeRe - residualRe * slopeIm) / norm;
    re += stepRe;
    im += stepIm;
    if (!(im > 0) || !Number.isFinite(re)) return undefined;
    if (
      Math.hypot(stepRe, stepIm) <= 1e-14 * Math.hypot(re, im) ||
      (Math.abs(stepRe) <= 1e-9 * im && Math.abs(stepIm) <= 1e-9 * im)
    ) {
      return { re, im };
    }
  }
  return undefined;
}
