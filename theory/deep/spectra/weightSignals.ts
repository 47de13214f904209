import { UsageError } from '../../errors.js';
import { carryDown, type Signals } from '../backwardPass.js';
import { requireFluctuations, requireNetwork, type DeepNetwork } from '../deepNetwork.js';
import { forwardPath, type LayerState } from '../forwardPath.js';
import { outputCurvature } from '../outputCurvature.js';
import { readoutLean } from '../readoutLean.js';
import { widthAverage } from '../widthAverage.js';

/** Second moments over units of b_iᵀΠb_j, i ≠ j, and b_iᵀΠb_i, b_i = ∂f/∂h_{ℓ,i}, before the gates of their own layer. */
export interface SignalMoments {
  /** Y(1) = E (b_iᵀΠb_j)² of one input. */
  readonly overlap: number;
  /** Y(ρ) = E (b_iᵀΠb_j)(b′_iᵀΠ′b′_j) of two. */
  readonly sharedOverlap: number;
  /** Z(1) = E b_iᵀΠb_i b_jᵀΠb_j of one input; a weight on the diagonal has second moment Z + 2Y. */
  readonly traces: number;
  /** Z(ρ), of two. */
  readonly sharedTraces: number;
}

/**
 * Y and Z of a layer in the units of the Hessian: the recursion of `deepRatios`, times the square of s²/n_L ·
 * Π_{k>ℓ} 2n_k/n_{k−1} = s² 2^{L−ℓ}/n_ℓ, and of C under squared error, which that measures in units of C².
 *
 * @param layer ℓ, from 1
 * @param order next: with what is of relative order 1/width, of which Z(1) − Z(ρ) consists: how many gates are open varies from input
 * to input
 * @throws UsageError as `deepRatios`; for a layer that the network does not have; for infinitely many units or classes, where
 * weights vanish or have no bound
 */
export function signalMoments(
  network: DeepNetwork,
  layer: number,
  { order = 'next', caller = 'signalMoments' }: { readonly order?: 'leading' | 'next'; readonly caller?: string } = {},
): SignalMoments {
  requireNetwork(caller, network);
  if (order === 'next') requireFluctuations(caller, network);
  const { loss, classes, widths, logitVariance } = network;
  if (!(Number.isSafeInteger(layer) && layer >= 1 && layer <= widths.length))
    throw new UsageError(`${caller}: layer must be a hidden layer, from 1 to ${widths.length}, got ${layer}`);
  const width = widths[layer - 1]!;
  if (width === Infinity || classes === Infinity)
    throw new UsageError(
      `${caller}: the weights of a layer of ${width} units under ${classes} classes have no scale; give finite numbers`,
    );
  const unit = ((logitVariance * 2 ** (widths.length - layer)) / width) * (loss === 'mse' ? classes : 1);
  const along = (states: readonly LayerState[]): Signals =>
    carryDown(states, outputSignals(network, states, order), widths, layer, order);
  const at = (cosine: 0 | 1): Signals => {
    if (order === 'leading') return along(forwardPath(widths.length, cosine));
    const [overlap, traces] = widthAverage(
      (states) => {
        const found = along(states);
        return [found.overlap, found.traces];
      },
      { widths, cosine, dimension: network.dimension, cosineVariance: cosine === 1 ? 2 : 1 },
    );
    return { overlap: overlap!, traces: traces! };
  };
  const [same, other] = [at(1), at(0)];
  return {
    overlap: unit * unit * same.overlap,
    sharedOverlap: unit * unit * other.overlap,
    traces: unit * unit * same.traces,
    sharedTraces: unit * unit * other.traces,
  };
}

function outputSignals(network: DeepNetwork, states: readonly LayerState[], order: 'leading' | 'next'): Signals {
  const { loss, classes, logitVariance } = network;
  const { own, other, product } = states.at(-1)!;
  const { overlap, traces } = outputCurvature({
    ...{ loss, classes },
    own: logitVariance * own,
    other: logitVariance * other,
    shared: logitVariance * product,
  });
  const lean = order === 'leading' || loss === 'mse' ? 0 : readoutLean(network, states).lean;
  return { overlap: (1 + lean) ** 2 * overlap, traces };
}
