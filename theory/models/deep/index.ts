import { UsageError } from '../../errors.js';
import { layerNumber } from '../../names.js';
import type { ModelTheory } from '../model.js';
import { uncoupledLaw } from '../uncoupledOutputs.js';
import { deepFrobeniusRatio } from './deepFrobeniusRatio.js';
import { deepHiddenLaw } from './deepHiddenLaw.js';

/** What of the layers as drawn the laws of a deep network can be given: nothing yet. */
export interface DeepLayers {
  /** The block. */
  readonly i: number;
  readonly j: number;
}

const noLaw = 'No limit law is known here for these blocks of a network with several hidden layers';

function refuseLayers(what: string): never {
  throw new UsageError(`${what}: ${noLaw[0]!.toLowerCase()}${noLaw.slice(1)}; draw them`);
}

/**
 * f = V h_L, h_k = σ(W_k h_{k−1}): ratios of norms (`deepRatios`), and laws of blocks of its hidden layers, which are
 * random from pair to pair of units and so take what is known of the pair (`deepOpenWeights`).
 */
export const deep: ModelTheory<DeepLayers> = {
  blockLaw(spec) {
    const { loss, layer, block } = spec;
    if (layerNumber(layer) !== undefined) return deepHiddenLaw(spec);
    return loss === 'mse' && block === 'off-diagonal'
      ? uncoupledLaw()
      : { note: `${noLaw}: draw them with limitlaw sample, or ask limitlaw ratio for their norms.` };
  },
  wholeLaw: () => ({ note: `${noLaw}, nor for all of them together. Ask limitlaw ratio for ratios of norms.` }),
  frobeniusRatio: deepFrobeniusRatio,
  weightsGivenLayers: () => refuseLayers('weightsGivenLayers'),
  outliersGivenLayers: () => refuseLayers('outliersOfModel'),
};
