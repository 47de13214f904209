import type { Loss } from '../contracts.js';
import { UsageError } from '../errors.js';
import { losses } from '../names.js';
import {
  requireClasses,
  requireLogitVariance,
  requirePositive,
  requirePositiveInteger,
  requireWord,
} from '../requirements.js';
import { bothOpen, layerCosines } from './layerCosines.js';
import { outputCurvature, type OutputCurvature } from './outputCurvature.js';

/**
 * f = V h_L, h_k = ReLU(W_k h_{k−1}), h_0 = x ~ N(0, I_d): W_k with entries N(0, 2/fan-in), V with N(0, s²/n_L). All
 * independent. Blocks are those of two units of one layer, ∂²/∂w_i∂w_j of the mean loss over N samples.
 */
export interface DeepNetwork {
  readonly loss: Loss;
  /** d, or Infinity: the limit d, N → ∞ at this aspect ratio. */
  readonly dimension: number;
  /** d/N, at most d. */
  readonly aspectRatio: number;
  /** n_1 … n_L; Infinity for a layer that is wider than all else. */
  readonly widths: readonly number[];
  /** C from 2 to 1e7, or Infinity. */
  readonly classes: number;
  /** s², of a logit; up to 4. Says nothing under squared error. */
  readonly logitVariance: number;
}

/** What is known of the blocks of one hidden layer. */
export interface DeepRatio {
  /** ℓ, from 1. */
  readonly layer: number;
  /** r = E‖H_ij‖² / E‖H_ii‖², i ≠ j. */
  readonly ratio: number;
  /** lim r as C → ∞ with the widths as they are; 0 where nothing but C bounds r. */
  readonly floor: number;
  /** C·r, and its limit as C → ∞: Infinity where there is a floor. */
  readonly scaled: number;
  readonly limit: number;
  /**
   * C_eff = E[(b_iᵀΠb_i)(b_jᵀΠb_j)] / E[(b_iᵀΠb_j)²] for one input, b_i = ∂f/∂h_{ℓ,i}: how many outputs the layer can
   * tell apart. 1/C_eff → 1/C + Σ_{k>ℓ} 2/n_k under squared error.
   */
  readonly effectiveOutputs: number;
}

/**
 * Ratios of squared Frobenius norms of the hidden layers' blocks at initialisation, from the last layer's to the first's
 * by a recursion that keeps widths finite. For ReLU the Hessian within a layer is its Gauss–Newton part almost everywhere:
 * H_ij = (1/N) Σ a_n h hᵀ, a = b_iᵀΠb_j g_i g_j with gates g. For two inputs (equal ones have ρ_k = 1), from Y = E tr ΠΠ′
 * and Z = E tr Π tr Π′,
 *
 *   Y ← k(k + 1/n) Y + (k/n) Z,  Z ← Z/4 + (2k/n) Y,  n = n_k, k = k₀(ρ_{k−1}), for k = L … ℓ + 1,
 *   off ∝ κ k² Y,  diagonal ∝ κ k (Z + 2Y),  k = k₀(ρ_{ℓ−1}),
 *
 * κ ∝ E(h·h′)², here 1/d and 1 + 2/d in the first layer, ρ²_{ℓ−1} and 1 above. Both are averaged over pairs of
 * samples, of which 1/N are equal. k₀ is `bothOpen`. With L = 1 and d = ∞ that is `hiddenMseRatio` of a ReLU.
 *
 * Left out are terms of relative order 1/n: fluctuations of |h|², of cosines and of the number of open gates, and under
 * cross-entropy in layer L that p depends on the unit itself. Measured in docs/tables/deep.md; source: paper-notes.md,
 * deep networks.
 *
 * @returns one entry a hidden layer, the first first
 * @throws UsageError for numbers out of range
 *
 * @example
 * ```ts
 * import { deepRatios } from 'limitlaw/theory';
 *
 * const [first, last] = deepRatios({
 *   loss: 'mse', dimension: 128, aspectRatio: 1, widths: [128, 128], classes: 100, logitVariance: 1,
 * });
 * first.ratio; // → 0.009333
 * last.ratio; // → 0.003179
 * last.floor; // → 0
 * ```
 */
export function deepRatios(network: DeepNetwork): DeepRatio[] {
  requireNetwork(network);
  const { widths, classes } = network;
  const depth = widths.length;
  const cosines = layerCosines(depth);
  const same: PairOfInputs = {
    cosines: cosines.map(() => 1),
    curvature: outputCurvature({ ...network, cosine: 1 }),
  };
  const other: PairOfInputs = { cosines, curvature: outputCurvature({ ...network, cosine: cosines[depth]! }) };
  return Array.from({ length: depth }, (_, index) => {
    const layer = index + 1;
    const normsFrom = (start: Start): Norms => normsOf(network, layer, [same, other], start);
    const { off, diagonal } = normsFrom(({ overlap, traces }) => ({ overlap, traces }));
    const unbounded = normsFrom(() => ({ overlap: 0, traces: 1 }));
    const floor = unbounded.off / unbounded.diagonal;
    // What is left of C·r where there is no floor: the overlap alone reaches the layer, of order 1/C.
    const limit =
      floor > 0 ? Infinity : normsFrom(({ limit }) => ({ overlap: limit, traces: 0 })).off / unbounded.diagonal;
    const ratio = off / diagonal;
    const { overlap, traces } = carried(same, same.curvature, widths, layer);
    return {
      layer,
      ratio,
      floor,
      scaled: classes === Infinity ? limit : classes * ratio,
      limit,
      effectiveOutputs: traces / overlap,
    };
  });
}

interface PairOfInputs {
  /** ρ_0 … ρ_L. */
  readonly cosines: Float64Array;
  readonly curvature: OutputCurvature;
}

/** Y and Z of a layer. */
interface Signals {
  readonly overlap: number;
  readonly traces: number;
}

type Start = (curvature: OutputCurvature) => Signals;

interface Norms {
  readonly off: number;
  readonly diagonal: number;
}

function normsOf(
  { dimension, aspectRatio, widths }: DeepNetwork,
  layer: number,
  [same, other]: readonly [PairOfInputs, PairOfInputs],
  start: Start,
): Norms {
  const equal = aspectRatio / dimension;
  const features = other.cosines[layer - 1]! ** 2;
  // In the first layer times d, which is the same for both sums.
  const [ofEqual, ofOthers] =
    layer === 1 ? [aspectRatio * (1 + 2 / dimension), 1 - equal] : [equal, (1 - equal) * features];
  const sums = { off: 0, diagonal: 0 };
  for (const [inputs, weight] of [
    [same, ofEqual],
    [other, ofOthers],
  ] as const) {
    const open = bothOpen(inputs.cosines[layer - 1]!);
    const { overlap, traces } = carried(inputs, start(inputs.curvature), widths, layer);
    sums.off += weight * open * open * overlap;
    sums.diagonal += weight * open * (traces + 2 * overlap);
  }
  return sums;
}

/** Y and Z below all layers above this one. */
function carried({ cosines }: PairOfInputs, start: Signals, widths: readonly number[], layer: number): Signals {
  let { overlap, traces } = start;
  for (let k = widths.length; k > layer; k--) {
    const width = widths[k - 1]!;
    const open = bothOpen(cosines[k - 1]!);
    [overlap, traces] = [
      open * (open + 1 / width) * overlap + (open / width) * traces,
      traces / 4 + ((2 * open) / width) * overlap,
    ];
  }
  return { overlap, traces };
}

function requireNetwork({ loss, dimension, aspectRatio, widths, classes, logitVariance }: DeepNetwork): void {
  const caller = 'deepRatios';
  requireWord(caller, 'loss', loss, losses);
  if (dimension !== Infinity) requirePositiveInteger(caller, 'dimension', dimension);
  requirePositive(caller, 'aspectRatio', aspectRatio);
  if (aspectRatio > dimension)
    throw new UsageError(
      `${caller}: aspectRatio must be d/N with N of at least 1, so at most dimension = ${dimension}, got ${aspectRatio}`,
    );
  if (widths.length < 1) throw new UsageError(`${caller}: widths must name at least one hidden layer, got none`);
  for (const width of widths) if (width !== Infinity) requirePositiveInteger(caller, 'widths', width);
  requireClasses(caller, classes);
  if (classes > 1e7 && classes !== Infinity)
    throw new UsageError(`${caller}: classes must be at most 1e7, or Infinity, got ${classes}`);
  requireLogitVariance(caller, logitVariance);
}
