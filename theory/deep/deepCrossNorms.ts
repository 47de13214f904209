import { carryDown } from './backwardPass.js';
import { requireNetwork, type DeepNetwork } from './deepNetwork.js';
import { cosineOf, forwardPath, type LayerState } from './forwardPath.js';
import { outputCurvature } from './outputCurvature.js';

/**
 * Squared norms of a block of the Hessian between two layers, rows w^ℓ_i and w^k_j, k > ℓ: of the part with the residual
 * r = ∂loss/∂f and of the Gauss–Newton part.
 */
export interface DeepCrossNorms {
  /** ℓ, from 1. */
  readonly layer: number;
  /** k, up to L + 1: the readout, a row of which belongs to a class. */
  readonly above: number;
  /** E‖R‖². With k = ℓ + 1 all of it lies in column i. */
  readonly residual: number;
  /** E‖K‖². */
  readonly curvature: number;
}

/**
 * Blocks between layers of a deep ReLU network at initialisation with labels that are uniform and independent of all else. With
 * δ_j = g_j b_jᵀr, b_j = ∂f/∂h_{k,j}, and a = b_iᵀΠb_j g_i g_j,
 *
 *   H = R + K,  R = (1/N) Σ δ_j g_i h_{ℓ−1} (∂h_{k−1}/∂h_{ℓ,i})ᵀ,  K = (1/N) Σ a h_{ℓ−1} h_{k−1}ᵀ.
 *
 * Between neighbours ∂h_ℓ/∂h_{ℓ,i} = e_i; between others R fills all columns. For a pair of inputs, with τ = s²/n_L, q_k = k₀(ρ_{k−1})
 * and S = Π_{m=k+1}^{L} 2(n_m/n_{m−1})q_m,
 *
 *   E δδ′ = τ²[C² A + C q_k S n_L ρ_L] + τ q_k S/C (MSE; τ q_k S for equal inputs),
 *           τ² A E tr Π tr Π′ + τ q_k S (e^{s²ρ_L} − 1)/C (CE; for equal ones 1 + (e^{s²} − 2)/C in the place of the fraction),
 *   A ← (n_m/n_{m−1})² A + 2(n_m/n_{m−1}) q_k S_{m−1} ρ_m,  from ρ_k at layer k: f depends on the very unit,
 *   E aa′ = (2/n_{k−1}) q_k [Z + 2Y + (n_k − 1) q_k Y] q_ℓ Π_{m=ℓ+1}^{k−1} 2(n_m/n_{m−1})q_m,
 *
 * Y and Z those of `deepRatios` at layer k. To leading order in the widths, under cross-entropy in C too; what is left out is of
 * relative order Σ 1/n_k, and e^{2s²}/C under cross-entropy. The inputs of the first layer enter once, not squared: there E x·x′ G(ρ) = G′(0), by two points
 * at ρ = ±d^{−1/2}. With L = 1 the block with the readout is the leading order in m of `crossLayerNorms` (paper-notes.md, deep networks).
 *
 * @param network of finite sizes
 * @returns from the first layer, neighbours first
 * @throws UsageError for numbers out of range
 */
export function deepCrossNorms(network: DeepNetwork): DeepCrossNorms[] {
  requireNetwork('deepCrossNorms', network, 'finite');
  const depth = network.widths.length;
  return Array.from({ length: depth }, (_, index) => index + 1).flatMap((layer) =>
    Array.from({ length: depth + 1 - layer }, (_, step) => {
      const above = layer + 1 + step;
      return {
        layer,
        above,
        ...overPairs(network, layer, (states, isSame) => pair(network, { layer, above }, states, isSame)),
      };
    }),
  );
}

interface Parts {
  readonly residual: number;
  readonly curvature: number;
}

type PairOf = (states: readonly LayerState[], isSame: boolean) => Parts;

/** Over all pairs of samples: of what stands beside h_{ℓ−1}·h′_{ℓ−1}. */
function overPairs({ dimension, aspectRatio, widths }: DeepNetwork, layer: number, of: PairOf): Parts {
  const depth = widths.length;
  const equal = aspectRatio / dimension;
  const same = of(forwardPath(depth, 1), true);
  const units = layer === 1 ? dimension : widths[layer - 2]!;
  const other = (): Parts => {
    if (layer > 1) {
      const states = forwardPath(depth, 0);
      return scaled(of(states, false), cosineOf(states[layer - 1]!) * units);
    }
    const step = 1 / Math.sqrt(dimension);
    const ahead = of(forwardPath(depth, step), false);
    const behind = of(forwardPath(depth, -step), false);
    return scaled(added(ahead, scaled(behind, -1)), 1 / (2 * step));
  };
  return added(scaled(same, equal * units), scaled(other(), 1 - equal));
}

const scaled = ({ residual, curvature }: Parts, by: number): Parts => ({
  residual: by * residual,
  curvature: by * curvature,
});
const added = (one: Parts, other: Parts): Parts => ({
  residual: one.residual + other.residual,
  curvature: one.curvature + other.curvature,
});

interface Place {
  readonly layer: number;
  readonly above: number;
}

function pair(network: DeepNetwork, { layer, above }: Place, states: readonly LayerState[], isSame: boolean): Parts {
  const { widths, classes, loss, logitVariance } = network;
  const depth = widths.length;
  const last = widths[depth - 1]!;
  const variance = logitVariance / last;
  const features = widths[above - 2]! * states[above - 1]!.product;
  const open = states[layer]!.openBoth;
  const reach = carried(network, states, layer, above - 1);
  const scale = loss === 'mse' ? classes ** 2 : 1;
  const curvature = outputCurvature({
    loss,
    classes,
    own: logitVariance,
    other: logitVariance,
    shared: logitVariance * states[depth]!.product,
  });
  if (above > depth)
    return {
      residual: open * reach * residualOf(network, states, isSame),
      curvature: ((open * reach * variance) / classes) * scale * curvature.overlap * features,
    };
  const signals = carryDown(
    states,
    { overlap: variance ** 2 * scale * curvature.overlap, traces: variance ** 2 * scale * curvature.traces },
    widths,
    above,
    'leading',
  );
  const { openBoth } = states[above]!;
  const width = widths[above - 1]!;
  // What `carryDown` leaves out, as all its sums share it.
  const shared = 4 ** (depth - above) * (last / width) ** 2;
  const { overlap, traces } = signals;
  const coupling = shared * openBoth * (traces + 2 * overlap + (width - 1) * openBoth * overlap);
  return {
    residual: open * reach * errorSignal(network, states, above, isSame, scale * curvature.traces),
    curvature: open * reach * (2 / widths[above - 2]!) * coupling * features,
  };
}

/** E s·s′, s = ∂h_to/∂h_{from,i}. */
function carried({ widths }: DeepNetwork, states: readonly LayerState[], from: number, to: number): number {
  let product = 1;
  for (let m = from + 1; m <= to; m++) product *= 2 * (widths[m - 1]! / widths[m - 2]!) * states[m]!.openBoth;
  return product;
}

/** E r_c r′_c, averaged over the classes. */
function residualOf(
  { loss, classes, logitVariance }: DeepNetwork,
  states: readonly LayerState[],
  isSame: boolean,
): number {
  const shared = logitVariance * states.at(-1)!.product;
  if (loss === 'mse') return shared + (isSame ? 1 / classes : 1 / classes ** 2);
  return isSame ? (1 + (Math.exp(shared) - 2) / classes) / classes : (Math.exp(shared) - 1) / classes ** 2;
}

/** E δδ′ of a unit of layer `above`. */
function errorSignal(
  network: DeepNetwork,
  states: readonly LayerState[],
  above: number,
  isSame: boolean,
  traces: number,
): number {
  const { widths, classes, logitVariance } = network;
  const depth = widths.length;
  const open = states[above]!.openBoth;
  const variance = logitVariance / widths[depth - 1]!;
  // (s·h_L)(s′·h′_L), gates of the unit among it.
  let own = states[above]!.product;
  let reach = open;
  for (let m = above + 1; m <= depth; m++) {
    const growth = widths[m - 1]! / widths[m - 2]!;
    own = growth ** 2 * own + 2 * growth * reach * states[m]!.product;
    reach *= 2 * growth * states[m]!.openBoth;
  }
  // Σ_c r_c r′_c: of independent columns.
  return variance ** 2 * traces * own + variance * reach * classes * residualOf(network, states, isSame);
}
