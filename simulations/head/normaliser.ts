import { NumericalError } from '../../theory/errors.js';
import type { HeadWorkspace } from '../contracts.js';
import { visitLogits, type Readout } from './visitLogits.js';

/** What turns logits into probabilities: p_c = e^(f_c − shift)·scale for each sample. */
export interface Normaliser {
  readonly shift: Float64Array;
  readonly scale: Float64Array;
  /**
   * The class of largest probability, and 1 − p of it as the sum of the others: no digits are lost where p is near 1. Absent
   * where log Σ e^f was given, which does not tell it.
   */
  readonly winner?: Float64Array;
  readonly rest?: Float64Array;
  /** log Σ_c e^(f_c). */
  readonly logNormaliser: Float64Array;
}

/**
 * One pass over V: the normaliser of each sample.
 * @throws NumericalError when a logit is not finite.
 */
export function findNormaliser(workspace: HeadWorkspace, readout: Readout): Normaliser {
  visitLogits(workspace, readout, (first, count) => {
    if (!Number.isFinite(workspace.takeLogits(first, count))) throw overflow(workspace, first, count);
  });
  const others = workspace.others.slice();
  const shift = workspace.largest.slice();
  return {
    shift,
    scale: others.map((sum) => 1 / (1 + sum)),
    winner: workspace.winner.slice(),
    rest: others.map((sum) => sum / (1 + sum)),
    logNormaliser: shift.map((largest, n) => largest + Math.log1p(others[n]!)),
  };
}

/** From log Σ e^f as given. */
export function givenNormaliser(logNormaliser: Float64Array): Normaliser {
  return { shift: logNormaliser, scale: new Float64Array(logNormaliser.length).fill(1), logNormaliser };
}

function overflow({ samples, fieldRow, fields }: HeadWorkspace, first: number, count: number): NumericalError {
  for (let c = 0; c < count; c += 1)
    for (let n = 0; n < samples; n += 1) {
      const logit = fields.probabilities[c * fieldRow + n]!;
      if (!Number.isFinite(logit))
        return new NumericalError(
          `the logit of class ${first + c} at position ${n} is ${logit}, beyond doubles: features, output or bias are too large; scale them as the model does`,
        );
    }
  return new NumericalError(`a logit of the classes ${first} to ${first + count - 1} is not finite`);
}
