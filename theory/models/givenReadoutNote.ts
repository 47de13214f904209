import type { EstimatedMeasure } from '../weights/estimatedMeasure.js';

/** What to mind about a law whose weights a cubature gives; nothing where they are exact. */
export function givenReadoutNote({ error }: EstimatedMeasure): string | undefined {
  if (error === 0) return undefined;
  return (
    `Weights given V by cubature; standard error of their distribution function ${error.toExponential(1)}. ` +
    'That of the law is good to about as much (divided by the aspect ratio where that is below 1). The density is an estimate from ' +
    'the points: in thin tails, and everywhere at large aspect ratios, it is the mean between neighbouring points.'
  );
}
