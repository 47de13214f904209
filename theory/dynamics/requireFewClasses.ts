import { UsageError } from '../errors.js';

/** Beyond, the cubature over all logits before and after a step, and all labels, is not quick. */
const mostClasses = 64;

export function requireFewClasses(caller: string, classes: number): void {
  if (!(Number.isInteger(classes) && classes >= 2 && classes <= mostClasses))
    throw new UsageError(
      `${caller}: classes must be a whole number from 2 to ${mostClasses}, where the cubature over the logits is quick, got ${classes}`,
    );
}
