import type { ActivationName, BlockKind, Outlier } from '../contracts.js';
import { outliersOfBranches } from './findOutliers.js';
import { hiddenSquaredErrorOutliers, type BulkLaw } from './index.js';
import { activationFunctions } from '../network/activationFunctions.js';
import { hiddenMseLimitNodes } from '../weights/hiddenLimitWeights.js';

export interface HiddenMseLimitOutliersOptions {
  /** The limit law of the block's eigenvalues in units of v_i·v_j, as `blockLaw` makes it. */
  readonly law: BulkLaw;
  readonly activation: ActivationName;
  /** Variance of a pre-activation. */
  readonly hiddenFactor: number;
  readonly block: BlockKind;
}

/**
 * Outliers of the limit law of a hidden squared-error block, in its units of v_i·v_j: closed form for ReLU, else the
 * determinant equation (paper-notes.md, outliers) by the law's own quadrature. On the diagonal, where the limit is C →
 * ∞, it is the scalar E[a x²/(1 + γ a t)] of the block's own unit; off it the two units may be exchanged, so that the
 * branches are E[a (x ± y)²/(1 + γ a t)]/2. No error beyond the quadrature's.
 */
export function hiddenMseLimitOutliers({
  law,
  activation,
  hiddenFactor,
  block,
}: HiddenMseLimitOutliersOptions): Outlier[] {
  const diagonal = block === 'diagonal';
  if (activationFunctions(activation).gated) return diagonal ? [] : hiddenSquaredErrorOutliers({ law, scale: 1 });
  const nodes = hiddenMseLimitNodes(activation, hiddenFactor, block);
  const branches = (t: number): number[] => {
    let [along, across] = [0, 0];
    for (const { weight, mass, x, y } of nodes) {
      const share = (mass * weight) / (1 + law.aspectRatio * weight * t);
      along += share * (x * x + y * y);
      across += share * 2 * x * y;
    }
    return diagonal ? [along] : [(along + across) / 2, (along - across) / 2];
  };
  return outliersOfBranches({ law, branches, multiplicities: diagonal ? [1] : [1, 1], gaps: false });
}
