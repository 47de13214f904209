import type { BlockLaw, BlockLawSpec } from './model.js';
import { modelTheories } from './modelTheories.js';
import { requireSetting } from './requireSetting.js';
import { curvatures, noEmpiricalFisher, takesEmpiricalFisher } from '../names.js';
import { requireWord } from '../requirements.js';

/**
 * The limit law of a block as d, N → ∞ at fixed aspect ratio (level 1 of paper-notes.md, levels of a prediction), where
 * one exists.
 *
 * Linear: squared error MP(γ), and exactly 0 off the diagonal; cross-entropy the generalised law of the softmax
 * weights. Hidden, squared error: gates times v_i·v_j, hence the law in units of that. Hidden, cross-entropy: random
 * given V at fixed C and m, so either V is given, or C = ∞, where the diagonal weight tends to κ″(h_i)σ′² + (κ′(h_i) −
 * v)σ″ (for ReLU and normal V a gate times Var v); off the diagonal √C·a tends to a Gaussian field that stays random.
 * Output blocks of the hidden model have fixed size m: a matrix, not a law. Of the empirical Fisher matrix of the linear model:
 * `empiricalFisherWeights`, `normalResidualWeights`.
 * @throws UsageError for contradictory or missing settings.
 *
 * @example
 * ```ts
 * import { blockLaw } from 'limitlaw/theory';
 *
 * const setting = { model: 'linear', layer: 'output', classes: 10, aspectRatio: 0.5 } as const;
 * const { law } = blockLaw({ ...setting, loss: 'ce', block: 'off-diagonal' });
 * law?.support; // → [[-0.1278, -0.0002903]]
 * blockLaw({ ...setting, loss: 'mse', block: 'off-diagonal' }).law?.atoms; // → [{ at: 0, mass: 1 }]
 * ```
 */
export function blockLaw(spec: BlockLawSpec): BlockLaw {
  requireSetting('blockLaw', spec);
  const { curvature = 'hessian', model } = spec;
  requireWord('blockLaw', 'curvature', curvature, curvatures);
  if (curvature === 'empirical-fisher' && !takesEmpiricalFisher(model))
    return { note: `No law: ${noEmpiricalFisher(model)}.` };
  return modelTheories[spec.model].blockLaw(spec);
}
