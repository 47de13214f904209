/**
 * The 256 layers of equal area V that cover the half-normal density f(x) = exp(−x²/2).
 *
 * Layer i ≥ 1 is the rectangle [0, x_i] × [f(x_i), f(x_{i+1})]; layer 0 is the base strip, the tail beyond r = x_1
 * included, drawn as if it were [0, V/f(r)]. Source: G. Marsaglia and W. W. Tsang, "The ziggurat method for generating
 * random variables", J. Stat. Softw. 5 (2000); with one 53-bit integer per try and layer and sign from other bits, as
 * J. A. Doornik, "An improved ziggurat method to generate normal random samples" (2005) asks.
 */
import { decayingExponential, logarithm } from './elementary.js';

export const layers = 256;
/** r: solves r f(r) + ∫_r^∞ f = V, with the 256 layers closing at x = 0. */
export const startOfTail = 3.6541528853610088;
/** V, the common area; both computed to 40 digits by test/fixtures/xoshiro/runner.py. */
const layerArea = 0.0049286732339746554;

/**
 * `widths[i]` = x_i / 2^53, `limits[i]` = largest integer j, exclusive, that is accepted at once, `heights[i]` =
 * f(x_i).
 */
export interface ZigguratTables {
  readonly widths: Float64Array;
  readonly limits: Float64Array;
  readonly heights: Float64Array;
}

export function zigguratTables(): ZigguratTables {
  const edges = new Float64Array(layers + 1);
  const heights = new Float64Array(layers + 1);
  const density = (x: number): number => decayingExponential(0.5 * x * x);
  edges[1] = startOfTail;
  heights[1] = density(startOfTail);
  edges[0] = layerArea / heights[1];
  heights[0] = 0;
  for (let i = 1; i < layers - 1; i += 1) {
    heights[i + 1] = heights[i]! + layerArea / edges[i]!;
    edges[i + 1] = Math.sqrt(-2 * logarithm(heights[i + 1]!));
  }
  edges[layers] = 0;
  heights[layers] = 1;
  const widths = edges.map((edge) => edge / 2 ** 53);
  const limits = new Float64Array(layers);
  for (let i = 0; i < layers; i += 1) limits[i] = Math.floor((edges[i + 1]! / edges[i]!) * 2 ** 53);
  return { widths, limits, heights };
}
