import { hiddenWeightsGivenReadout } from '../../weights/hiddenWeightsGivenReadout.js';
import type { ModelTheory } from '../model.js';
import { hiddenBlockLaw } from './hiddenBlockLaw.js';
import { hiddenFrobeniusRatio } from './hiddenFrobeniusRatio.js';
import { hiddenOutliers, type HiddenLayers } from './hiddenOutliers.js';
import { outputBlockLaw } from './outputBlockLaw.js';
import { outputFrobeniusRatio } from './outputFrobeniusRatio.js';

export type { HiddenLayers } from './hiddenOutliers.js';

/** f = V σ(Wx): blocks of W are d×d, and random given V at fixed C and m; blocks of V have fixed size m. */
export const hidden: ModelTheory<HiddenLayers> = {
  blockLaw: (spec) => (spec.layer === 'output' ? outputBlockLaw : hiddenBlockLaw)(spec),
  wholeLaw: () => ({
    note: 'No limit law of the whole Hessian is known: blocks between the layers and within them depend on each other. Ask for a block.',
  }),
  frobeniusRatio: (spec) => (spec.layer === 'output' ? outputFrobeniusRatio : hiddenFrobeniusRatio)(spec),
  weightsGivenLayers: (layers, points = 8192) => hiddenWeightsGivenReadout({ ...layers, points }),
  outliersGivenLayers: hiddenOutliers,
};
