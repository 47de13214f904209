import { largestWholeClasses, linearCrossEntropyHessianLaw } from '../../matrixLaw/index.js';
import { discreteMeasure } from '../../measures/index.js';
import { lawOfWeights } from '../lawOfWeights.js';
import type { BlockLaw, ModelSetting } from '../model.js';
import { logitVarianceOf } from './logitVarianceOf.js';

/** Of H = (1/N) Σ A_n ⊗ x_n x_nᵀ: A_n = I under squared error, diag(p_n) − p_n p_nᵀ under cross-entropy. */
export function linearWholeLaw(setting: ModelSetting): BlockLaw {
  const { loss, classes, aspectRatio } = setting;
  if (loss === 'mse') {
    const { law } = lawOfWeights(discreteMeasure([1]), aspectRatio);
    return { law: law!, note: 'C equal blocks on the diagonal and nothing off it: every eigenvalue C times.' };
  }
  if (classes > largestWholeClasses)
    return {
      note: `The law of the whole Hessian is computed for 2 to ${largestWholeClasses} classes. Blocks have a law at every number of classes.`,
    };
  const logitVariance = logitVarianceOf(setting, classes);
  const law = linearCrossEntropyHessianLaw({ classes, logitVariance, aspectRatio });
  const note = `An eigenvalue 0 for each coordinate of x belongs to it: equal changes of all logits change nothing. The distribution function is good to about ${law.error.toExponential(0)}.`;
  return { law, logitVariance, note };
}
