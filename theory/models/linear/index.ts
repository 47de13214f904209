import type { ModelTheory } from '../model.js';
import { linearBlockLaw } from './linearBlockLaw.js';
import { linearFrobeniusRatio } from './linearFrobeniusRatio.js';
import { linearWholeLaw } from './linearWholeLaw.js';
import { linearOutliers, linearWeights, type LinearLayers } from './linearLayers.js';

export type { LinearLayers } from './linearLayers.js';

/** f = Vx, a C×d layer of outputs: p = softmax(Vx) is all that its weights depend on. */
export const linear: ModelTheory<LinearLayers> = {
  blockLaw: linearBlockLaw,
  wholeLaw: linearWholeLaw,
  frobeniusRatio: linearFrobeniusRatio,
  weightsGivenLayers: linearWeights,
  outliersGivenLayers: linearOutliers,
};
