import { modelOf, type Activation } from '../models/index.js';
import { entriesOf, splitLayers } from '../network/layerSizes.js';
import { balancedUnits } from './balanceDrift.js';
import type { TrainingPlan } from './contract.js';
import { updateRules } from './updateRules.js';
import type { StateSizes } from './workingState.js';

export function stateSizes(plan: TrainingPlan, activation: Activation): StateSizes {
  const { below, readout } = splitLayers(modelOf(plan.settings), plan.settings);
  const sizes = { hiddenLayer: entriesOf(below), readout: entriesOf([readout]) };
  return {
    ...sizes,
    moments: updateRules[plan.optimiser].remembers ? sizes.hiddenLayer + sizes.readout : 0,
    balanceDrift: balancedUnits(plan, activation),
  };
}
