import { optimisers } from '../../theory/names.js';
import type { Parameters } from '../contracts.js';
import { modelOf, type Activation } from '../models/index.js';
import { isGated } from '../network/activation.js';
import type { TrainingPlan } from './contract.js';

/** Units of which `balanceDrift` is kept: those behind gates, under updates that are multiples of the gradient. */
export function balancedUnits({ settings, optimiser }: TrainingPlan, activation: Activation): number {
  return optimisers[optimiser].plain && isGated(activation) ? modelOf(settings).units(settings) : 0;
}

/**
 * Adds η²(‖∂w_i‖² − ‖∂v_i‖²) of one update for each unit i. Gates make w_i·∂w_i = v_i·∂v_i, so that ‖w_i‖² − ‖v_i‖²
 * changes by this and nothing else.
 */
export function addBalanceDrift({ hiddenLayer, readout }: Parameters, rate: number, drift: Float64Array): void {
  const units = drift.length;
  if (units === 0) return;
  const dimension = hiddenLayer.length / units;
  for (let i = 0; i < units; i += 1) {
    let difference = 0;
    for (let a = i * dimension; a < (i + 1) * dimension; a += 1) difference += hiddenLayer[a]! ** 2;
    for (let v = i; v < readout.length; v += units) difference -= readout[v]! ** 2;
    drift[i]! += rate * rate * difference;
  }
}
