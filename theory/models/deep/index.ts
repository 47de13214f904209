import { UsageError } from '../../errors.js';
import type { ModelTheory } from '../model.js';
import { uncoupledLaw } from '../uncoupledOutputs.js';
import { deepFrobeniusRatio } from './deepFrobeniusRatio.js';

/** What of the layers as drawn the laws of a deep network can be given: nothing yet. */
export interface DeepLayers {
  /** The block. */
  readonly i: number;
  readonly j: number;
}

const noLaw = 'No limit law is known here for the blocks of a network with several hidden layers';

function refuseLayers(what: string): never {
  throw new UsageError(`${what}: ${noLaw[0]!.toLowerCase()}${noLaw.slice(1)}; draw them`);
}

/** f = V h_L, h_k = σ(W_k h_{k−1}): ratios of norms are known (`deepRatios`), laws of spectra are not. */
export const deep: ModelTheory<DeepLayers> = {
  blockLaw: ({ loss, layer, block }) =>
    loss === 'mse' && layer === 'output' && block === 'off-diagonal'
      ? uncoupledLaw()
      : { note: `${noLaw}: draw them with limitlaw sample, or ask limitlaw ratio for their norms.` },
  wholeLaw: () => ({ note: `${noLaw}, nor for all of them together. Ask limitlaw ratio for ratios of norms.` }),
  frobeniusRatio: deepFrobeniusRatio,
  weightsGivenLayers: () => refuseLayers('weightsGivenLayers'),
  outliersGivenLayers: () => refuseLayers('outliersOfModel'),
};
