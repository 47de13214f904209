import type { DoubleDouble } from '../numerics/doubleDouble.js';
import type { LiveWeights } from './liveWeights.js';
import type { Edge } from './supportEdges.js';

/**
 * Local coordinates q = p − origin around an edge of the support or around p = 0, in which
 *
 *   z(origin + q) − z(origin) = slope · q + q² S(q),   S(q) = Σ e/(D + q),   D = origin − a,   e = w a²/D²,
 *
 * with no subtraction of nearly equal numbers. The slope is 0 at an edge; at p = 0 it is γ − (live mass).
 */
export interface Frame {
  /** Preimage p at q = 0. */
  readonly origin: number;
  /** z(origin) as a pair of doubles. */
  readonly at: DoubleDouble;
  readonly slope: number;
  readonly offsets: Float64Array;
  readonly strengths: Float64Array;
}

/** The arrays are made when first asked for: a law of many intervals is seldom looked at in all of them. */
export function edgeFrame(weights: LiveWeights, edge: Edge): Frame {
  let offsets: Float64Array | undefined;
  let strengths: Float64Array | undefined;
  return {
    origin: edge.preimage,
    at: edge.at,
    slope: 0,
    get offsets() {
      return (offsets ??= edge.offsets());
    },
    get strengths() {
      return (strengths ??= this.offsets.map((offset, j) => weights.squares[j] / (offset * offset)));
    },
  };
}

export function zeroFrame(weights: LiveWeights, aspectRatio: number): Frame {
  return {
    origin: 0,
    at: [0, 0],
    slope: aspectRatio - weights.liveMass,
    offsets: weights.nodes.map((node) => -node),
    strengths: weights.masses,
  };
}

/** S(0), half the second derivative of z at the origin. */
export function halfCurvature(frame: Frame): number {
  let sum = 0;
  for (let j = 0; j < frame.offsets.length; j++) sum += frame.strengths[j] / frame.offsets[j];
  return sum;
}

/** Distance of x from the frame's z(origin), exact for x near it. */
export function distanceFrom(frame: Frame, x: number): number {
  return x - frame.at[0] - frame.at[1];
}

/** What one pass over the nodes yields; written into, so that tight loops allocate nothing. */
export interface Evaluation {
  /** Re(z − z(origin)). */
  value: number;
  /** Im(z) / Im(q), which keeps its digits however small Im(q) is. */
  rise: number;
  /** z'(p). */
  slopeRe: number;
  slopeIm: number;
}

export function newEvaluation(): Evaluation {
  return { value: 0, rise: 0, slopeRe: 0, slopeIm: 0 };
}

/** z and z' at q = re + i·im, im ≥ 0. */
export function evaluate(frame: Frame, re: number, im: number, out: Evaluation): void {
  const { offsets, strengths, slope } = frame;
  const square = im * im;
  let real = 0;
  let imaginary = 0;
  let quartic = 0;
  let cubic = 0;
  for (let j = 0; j < offsets.length; j++) {
    const distance = offsets[j] + re;
    const inverse = 1 / (distance * distance + square);
    const term = strengths[j] * inverse;
    const next = term * inverse;
    real += term * distance;
    imaginary += term;
    quartic += next;
    cubic += next * distance;
  }
  // S = real − i·im·imaginary,  S' = −(imaginary − 2 im² quartic) + 2i·im·cubic.
  const u = re * re - square;
  const v = 2 * re * im;
  const derivative = imaginary - 2 * square * quartic;
  out.value = slope * re + u * real + 2 * re * square * imaginary;
  out.rise = slope + 2 * re * real - u * imaginary;
  out.slopeRe = slope + 2 * (re * real + square * imaginary) - u * derivative - 2 * v * im * cubic;
  out.slopeIm = 2 * im * (real - re * imaginary) + 2 * u * im * cubic - v * derivative;
}
