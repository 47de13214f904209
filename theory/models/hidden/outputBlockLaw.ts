import { unitMoments } from '../../network/unitMoments.js';
import { outputBlockMean } from '../../norms/outputBlockMean.js';
import { symmetricEigenvalues } from '../../numerics/symmetricEigenvalues.js';
import type { BlockLaw, BlockLawSpec } from '../model.js';
import { requirePair } from '../requirePair.js';
import { uncoupledLaw } from '../uncoupledOutputs.js';
import { limitLayers } from './limitLayers.js';

const sizes = 'Output blocks are m×m with m fixed: as N grows the block tends to a matrix, not its spectrum to a law.';

export function outputBlockLaw(spec: BlockLawSpec): BlockLaw {
  if (spec.loss === 'mse' && spec.block === 'off-diagonal') return uncoupledLaw();
  const { width, activation, hiddenFactor } = limitLayers('blockLaw', spec);
  if (spec.loss === 'ce') {
    if (spec.readout === undefined)
      return { note: `${sizes} Given V it is E[p_i(δ_ij − p_j)hhᵀ]: give V for its eigenvalues.` };
    const { loss, classes, readout } = spec;
    const layers = { loss, classes, readout, width, activation, varianceFactor: hiddenFactor, ...requirePair(spec) };
    const { matrix, error } = outputBlockMean(layers);
    return {
      eigenvalues: Array.from(symmetricEigenvalues(matrix, width)),
      note: `${sizes} Here it is E[p_i(δ_ij − p_j)hhᵀ] given V, by a cubature of relative error ${error.toExponential(0)}.`,
    };
  }
  const unit = unitMoments(activation, hiddenFactor);
  const spread = unit.valueSquare - unit.valueMean ** 2;
  // E[hhᵀ] is the same on every pair of units: one direction along (1, …, 1), the rest alike.
  const eigenvalues = Array.from({ length: width }, (_, k) =>
    k === width - 1 ? spread + width * unit.valueMean ** 2 : spread,
  );
  return { eigenvalues, note: `${sizes} Here it is E[hhᵀ], whose eigenvalues are given.` };
}
