import { carryDown, type Signals } from './backwardPass.js';
import { requireFluctuations, requireNetwork, type DeepNetwork } from './deepNetwork.js';
import { forwardPath, type LayerState } from './forwardPath.js';
import { readoutLean } from './readoutLean.js';
import { outputCurvature, type OutputCurvature } from './outputCurvature.js';
import { widthAverage } from './widthAverage.js';

/** What is known of the blocks of one hidden layer. */
export interface DeepRatio {
  /** ℓ, from 1. */
  readonly layer: number;
  /** r = E‖H_ij‖² / E‖H_ii‖², i ≠ j. */
  readonly ratio: number;
  /** Size of what r leaves out, not a bound: see `deepRatios`. */
  readonly error: number;
  /** The same without what is of relative order 1/width. */
  readonly leading: number;
  /** lim r as C → ∞ with the widths as they are; 0 where nothing but C bounds r. */
  readonly floor: number;
  /** C·r, and its limit as C → ∞: Infinity where there is a floor. */
  readonly scaled: number;
  readonly limit: number;
  /**
   * C_eff = E[(b_iᵀΠb_i)(b_jᵀΠb_j)] / E[(b_iᵀΠb_j)²] for one input, b_i = ∂f/∂h_{ℓ,i}: how many outputs the layer can
   * tell apart. 1/C_eff ≈ 1/C + Σ_{k>ℓ} 2/n_k under squared error, wide layers.
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
 * That is `leading`, exact at infinite width. `ratio` adds what is of relative order 1/n: fluctuations of |h|², of cosines and of
 * open gates (`widthAverage`), what gates and, under cross-entropy, predictions owe to the very unit (`carryDown`,
 * `readoutLean`); fluctuations of different layers multiply. Left out are the rest of the order 1/n², of size Σ(5/n_k)² as Var |h_k|² =
 * (5/n_k)|h_{k−1}|⁴ and ln²(ratio/leading)/2(L + 1), and the part of the last that falls with C; they make `error`, a size and no bound,
 * held against draws at widths from 32 on (docs/tables/deep.md; paper-notes.md, deep networks).
 *
 * @returns one entry a hidden layer, the first first
 * @throws UsageError for numbers out of range, widths below 6 or d below 3: there is no order 1/width there
 *
 * @example
 * ```ts
 * import { deepRatios } from 'limitlaw/theory';
 *
 * const [first, last] = deepRatios({
 *   loss: 'mse', dimension: 128, aspectRatio: 1, widths: [128, 128], classes: 100, logitVariance: 1,
 * });
 * first.ratio; // → 0.009356
 * last.ratio; // → 0.003236
 * last.floor; // → 0
 * ```
 */
export function deepRatios(network: DeepNetwork): DeepRatio[] {
  requireNetwork('deepRatios', network);
  requireFluctuations('deepRatios', network);
  const { classes, widths } = network;
  const curvature: Start = (states) => curvatureOf(network, states);
  return widths.map((_, index) => {
    const layer = index + 1;
    const at = (start: Start, order: Order = 'next') => layerNorms(network, layer, start, order);
    const { off, diagonal, effectiveOutputs } = at(curvature);
    const leading = at(curvature, 'leading');
    const unbounded = at(() => ({ overlap: 0, traces: 1 }));
    const floor = unbounded.off / unbounded.diagonal;
    // What is left of C·r where there is no floor: the overlap alone reaches the layer, of order 1/C. Predictions of so many classes.
    const many = { ...network, classes: Infinity };
    const rate = layerNorms(
      many,
      layer,
      (states) => ({ overlap: curvatureOf(network, states).limit, traces: 0 }),
      'next',
    );
    const limit = floor > 0 ? Infinity : rate.off / unbounded.diagonal;
    const ratio = off / diagonal;
    const first = leading.off / leading.diagonal;
    const scaled = classes === Infinity ? limit : classes * ratio;
    return {
      layer,
      ratio,
      error: ratio * leftOut(network, first > 0 ? Math.log(ratio / first) : 0),
      leading: first,
      floor,
      scaled,
      limit,
      effectiveOutputs,
    };
  });
}

type Order = 'leading' | 'next';

/** Y and Z at the outputs, by what reaches them. */
type Start = (states: readonly LayerState[]) => Signals;

/** What the loss makes of the last layer. */
function curvatureOf({ loss, classes, logitVariance }: DeepNetwork, states: readonly LayerState[]): OutputCurvature {
  const { own, other, product } = states.at(-1)!;
  const variances = { own: logitVariance * own, other: logitVariance * other, shared: logitVariance * product };
  return outputCurvature({ loss, classes, ...variances });
}

interface LayerNorms {
  readonly off: number;
  readonly diagonal: number;
  readonly effectiveOutputs: number;
}

/** Over all pairs of samples, equal ones among them. In the first layer times d, which both sums share. */
function layerNorms(network: DeepNetwork, layer: number, start: Start, order: Order): LayerNorms {
  const { dimension, aspectRatio } = network;
  const equal = aspectRatio / dimension;
  const same = pairNorms(network, { layer, cosine: 1 }, start, order);
  const other = pairNorms(network, { layer, cosine: 0 }, start, order);
  const weight = layer === 1 ? aspectRatio : equal;
  return {
    off: weight * same.off + (1 - equal) * other.off,
    diagonal: weight * same.diagonal + (1 - equal) * other.diagonal,
    effectiveOutputs: same.products / same.squares,
  };
}

interface Place {
  readonly layer: number;
  /** Of the inputs: 1, or 0. */
  readonly cosine: 0 | 1;
}

interface PairNorms {
  readonly off: number;
  readonly diagonal: number;
  /** E a_ii a_jj and E a_ij². */
  readonly products: number;
  readonly squares: number;
}

function pairNorms(network: DeepNetwork, place: Place, start: Start, order: Order): PairNorms {
  const { widths, dimension } = network;
  const { layer, cosine } = place;
  if (order === 'leading') {
    const norms = normsAlong(network, place, start, order, forwardPath(widths.length, cosine));
    const lengths = layer === 1 && cosine === 1 ? 1 + 2 / dimension : 1;
    return { ...norms, off: lengths * norms.off, diagonal: lengths * norms.diagonal };
  }
  // In the first layer a pair of inputs counts by its squared cosine, which triples the variance of the cosine.
  const cosineVariance = cosine === 1 ? 2 : layer === 1 ? 3 : 1;
  const [off, diagonal, products, squares] = widthAverage(
    (states) => {
      const norms = normsAlong(network, place, start, order, states);
      return [norms.off, norms.diagonal, norms.products, norms.squares];
    },
    { widths, cosine, dimension, cosineVariance },
  ) as [number, number, number, number];
  return { off, diagonal, products, squares };
}

function normsAlong(
  network: DeepNetwork,
  { layer, cosine }: Place,
  start: Start,
  order: Order,
  states: readonly LayerState[],
): PairNorms {
  const { widths } = network;
  const width = widths[layer - 1]!;
  const below = states[layer - 1]!;
  const { openBoth } = states[layer]!;
  const outputs = start(states);
  const lean = order === 'leading' || network.loss === 'mse' ? 0 : readoutLean(network, states).lean;
  const { overlap, traces } = carryDown(
    states,
    { overlap: (1 + lean) ** 2 * outputs.overlap, traces: outputs.traces },
    widths,
    layer,
    order,
  );
  const features = layer === 1 && cosine === 0 ? below.own * below.other : below.product ** 2;
  // Two different units of n; none is left out in the leading order.
  const pairOpen =
    order === 'leading' || width === Infinity ? openBoth ** 2 : (openBoth * (width * openBoth - 1)) / (width - 1);
  return {
    off: features * pairOpen * overlap,
    diagonal: features * openBoth * (traces + 2 * overlap),
    products: pairOpen * traces,
    squares: pairOpen * overlap,
  };
}

/**
 * Relative size of the orders that are left out.
 *
 * @param shift log of r over its leading order: each of L + 1 levels has its share of it, whose square halved is what the cubature
 * leaves out of an exponential
 */
function leftOut(network: DeepNetwork, shift: number): number {
  const { widths, loss } = network;
  const squares =
    widths.reduce((sum, width) => sum + (5 / width) ** 2, 0) + (shift * shift) / (2 * (widths.length + 1));
  if (loss === 'mse') return squares;
  const { lean, fewClasses } = readoutLean(network, forwardPath(widths.length, 0));
  return squares + 2 * lean * (lean + fewClasses / (1 + fewClasses));
}
