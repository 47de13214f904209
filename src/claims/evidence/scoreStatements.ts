/**
 * Scores of fresh data: statistics with mean exactly 0 whatever the network, as long as it has not seen the data. On
 * data that it was trained on they move: what they were built to see.
 */
import type { SeenBlock, SeenMark, SeenUnit, TrainingTask } from '../../draws/check/index.js';
import type { Perturbation } from '../../draws/perturbation.js';
import { mean } from './trainingEvidence.js';

/** By what a wrong prediction multiplies an expectation: ‖S_i‖² off the directions, or ‖y_n‖². */
export type ExpectationFactor = number;

/** Of the claimed law: its aspect ratio is the only number that enters. */
export const claimedFactor = ({ aspectRatio }: Perturbation): ExpectationFactor => aspectRatio;

/** d in the place of d − k, k the rows of the first layer. */
export function wholeDimension({ settings: { dimension, width } }: TrainingTask): ExpectationFactor {
  return dimension / (dimension - width);
}

/** Mean over the live units of the score of ‖S_i‖² under an expectation multiplied by a factor; NaN without a unit. */
export function residualScore(mark: SeenMark, factor: ExpectationFactor): number {
  return mean(mark.units.flatMap((unit) => scoreOfUnit(unit, factor) ?? []));
}

function scoreOfUnit({ residualRatio, residualScore: score }: SeenUnit, factor: number): number | undefined {
  if (residualRatio === null || score === null || score === 0) return score ?? undefined;
  const deviation = (residualRatio - 1) / score;
  return (residualRatio / factor - 1) / deviation;
}

/** Score of the weighted trace of one block; NaN where there is none. */
export function traceScore(
  { traceScore: score, mean: average, power }: SeenBlock,
  { settings: { dimension, samples, width } }: TrainingTask,
  factor: ExpectationFactor,
): number {
  if (score === null) return NaN;
  const shift = ((factor - 1) * Math.sqrt((samples * (dimension - width)) / 2) * average) / Math.sqrt(power);
  return score - shift;
}
