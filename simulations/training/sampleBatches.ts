import { optimisers } from '../../theory/names.js';
import type { SampleSet } from '../contracts.js';
import { randomStream } from '../random/index.js';
import type { TrainingPlan } from './contract.js';

/** The samples of the update that follows `step` updates. */
export type BatchSource = (step: number) => SampleSet;

/**
 * Batches as the optimiser takes them: all samples; the next ones in order; or `batch` of them with replacement, from
 * a stream that is named by (seed, step, replicate) alone, so that a run that goes on from any step reads the same.
 */
export function sampleBatches(plan: TrainingPlan, seed: string, replicate: number): BatchSource {
  const { samples } = plan.settings;
  const { fullBatch, onePass } = optimisers[plan.optimiser];
  if (fullBatch) return () => ({ start: 0, count: samples });
  if (onePass) return (step) => ({ start: step * plan.batch, count: plan.batch });
  return (step) => {
    const stream = randomStream(seed, `batches ${step}`, replicate);
    return Int32Array.from({ length: plan.batch }, () => stream.integer(samples));
  };
}
