/**
 * The weights of one draw against their law given the initialisation, over many samples in few dimensions: given V and
 * W the law of a weight does not depend on d otherwise, so that the samples that a small error in the law needs cost
 * little.
 */
import type { StatisticsOfDraw } from '../../../simulations/comparisons/index.js';
import { drawReplicate } from '../../../simulations/models/index.js';
import { blockClaim, weightsGivenInitialisation } from '../lawsOfDraw.js';
import type { BlockRequest } from '../lawsOfDraw.js';
import type { ClaimedLaw, LawIdentity } from '../perturbation.js';
import type { TaskEnvironment } from '../environment.js';
import type { ExperimentTask } from './experimentTask.js';
import { blockWeights, wantedBlocks, weightSums } from './lawTask.js';

export interface WeightTask extends ExperimentTask {
  readonly kind: 'weights';
  readonly blocks: readonly BlockRequest[];
  readonly claimed: readonly ClaimedLaw[];
}

export interface WeightTaskResult {
  readonly kind: 'weights';
  /** For each block, Σ a and Σ a² against each claimed law. */
  readonly blocks: readonly {
    readonly block: BlockRequest;
    readonly claims: readonly WeightFinding[];
  }[];
}

/** The weights of one block against one claimed law; `undefined` where it says nothing of them. */
export interface WeightFinding extends LawIdentity {
  readonly sums: StatisticsOfDraw | undefined;
}

export async function performWeightTask(task: WeightTask, environment: TaskEnvironment): Promise<WeightTaskResult> {
  const { settings } = task;
  const workspace = environment.workspace(settings.dimension, settings.samples);
  const draw = drawReplicate(settings, workspace, `${task.seed}/${task.experiment}`, task.replicate, {
    wanted: wantedBlocks(settings, task.blocks),
  });
  return {
    kind: 'weights',
    blocks: task.blocks.map((block) => {
      const weights = blockWeights(draw, block);
      const claims = task.claimed.map(({ law, perturbation }): WeightFinding => {
        const own = weightsGivenInitialisation(blockClaim(settings, block, perturbation), draw);
        return { law, sums: own === undefined ? undefined : weightSums(weights, own.measure) };
      });
      return { block, claims };
    }),
  };
}
