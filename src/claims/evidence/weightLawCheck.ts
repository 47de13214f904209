import { blockKinds } from '../../../theory/names.js';
import { expectationNodes } from '../../../theory/gmp/index.js';
import { measureMoment } from '../../../theory/measures/index.js';
import { softmaxWeightMoment, softmaxWeights } from '../../../theory/weights/index.js';

/** Two routes to the same moment agree to 3e-12 where both are verified (paper-notes.md, softmax weights). */
const tolerance = 1e-9;

/**
 * The law of the weights that a limit law of linear cross-entropy is made from, against the exact moments E a and E a²
 * of the same weights, which are an integral over t and share no code with it. No draw is needed: a difference is a
 * failure of an exact statement.
 */
export function weightLawFailures(classes: number, logitVariance: number, name: string): string[] {
  return blockKinds.flatMap((block) => {
    const law = expectationNodes(softmaxWeights({ classes, logitVariance, block }));
    return [1, 2].flatMap((order) => {
      const exact = softmaxWeightMoment({ classes, logitVariance, block, order });
      const gap = Math.abs(measureMoment(law, order) / exact - 1);
      return gap <= tolerance
        ? []
        : [
            `${name}: at C = ${classes} the law of the weights of the ${block} block has a moment of order ${order} that differs from the exact one, ${exact}, by ${gap.toPrecision(2)} of it`,
          ];
    });
  });
}
