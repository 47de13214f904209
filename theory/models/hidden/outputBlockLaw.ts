import { unitMoments } from '../../network/unitMoments.js';
import type { BlockLaw, BlockLawSpec } from '../model.js';
import { uncoupledLaw } from '../uncoupledOutputs.js';
import { limitLayers } from './limitLayers.js';

const sizes = 'Output blocks are m×m with m fixed: as N grows the block tends to a matrix, not its spectrum to a law.';

export function outputBlockLaw(spec: BlockLawSpec): BlockLaw {
  if (spec.loss === 'ce') return { note: `${sizes} Given V it is E[p_i(δ_ij − p_j)hhᵀ] (outputBlockMean).` };
  if (spec.block === 'off-diagonal') return uncoupledLaw();
  const { width, activation, hiddenFactor } = limitLayers('blockLaw', spec);
  const unit = unitMoments(activation, hiddenFactor);
  const spread = unit.valueSquare - unit.valueMean ** 2;
  // E[hhᵀ] is the same on every pair of units: one direction along (1, …, 1), the rest alike.
  const eigenvalues = Array.from({ length: width }, (_, k) =>
    k === width - 1 ? spread + width * unit.valueMean ** 2 : spread,
  );
  return { eigenvalues, note: `${sizes} Here it is E[hhᵀ], whose eigenvalues are given.` };
}
