/**
 * Many draws of tr H and tr H² with the weights of one draw of a model, at a size so small that thousands cost little:
 * what a wrong covariance of the traces takes to be seen, which no handful of large spectra shows.
 */
import { dispersionSums, jointChiSquare } from '../../../simulations/comparisons/index.js';
import type { DispersionSums } from '../../../simulations/comparisons/index.js';
import { drawReplicate } from '../../../simulations/models/index.js';
import { randomStream } from '../../../simulations/random/index.js';
import type { BlockRequest } from '../lawsOfDraw.js';
import type { Perturbation } from '../perturbation.js';
import { claimedTraces, weightMoments } from './claimedSpectrum.js';
import type { TaskEnvironment } from '../environment.js';
import type { ExperimentTask } from './experimentTask.js';
import { blockWeights, wantedBlocks } from './lawTask.js';

export interface TraceTask extends ExperimentTask {
  readonly kind: 'traces';
  readonly blocks: readonly BlockRequest[];
  /** Fresh inputs for each drawn set of weights. */
  readonly draws: number;
  readonly claimed: Perturbation;
}

export interface TraceTaskResult {
  readonly kind: 'traces';
  /**
   * For each block, χ² of (tr H, tr H²) about their claimed mean and covariance, summed over draws; `undefined` for a
   * block that vanishes and a law without exact traces.
   */
  readonly blocks: readonly { readonly block: BlockRequest; readonly sums: DispersionSums | undefined }[];
}

/**
 * Two: the χ² of more traces has so heavy a tail at such sizes (a standard deviation of 5 to 14 instead of 2.8) that
 * its mean tells less.
 */
export const dispersionPowers = 2;

export async function performTraceTask(task: TraceTask, environment: TaskEnvironment): Promise<TraceTaskResult> {
  const { settings, replicate } = task;
  const { dimension, samples } = settings;
  const seed = `${task.seed}/${task.experiment}`;
  const workspace = environment.workspace(dimension, samples);
  const draw = drawReplicate(settings, workspace, seed, replicate, { wanted: wantedBlocks(settings, task.blocks) });
  const sets = task.blocks.map((block) => {
    const weights = blockWeights(draw, block);
    const exact =
      weightMoments(weights).meanSquare === 0
        ? undefined
        : claimedTraces(weights, dimension, task.claimed, dispersionPowers);
    return { block, weights, exact, values: [] as number[] };
  });
  for (let n = 0; n < task.draws; n++) {
    workspace.drawInputs(randomStream(seed, `traces ${replicate}`, n));
    const norms = workspace.squaredFrobeniusNorms(sets.map(({ weights }) => weights));
    sets.forEach(({ weights, exact, values }, k) => {
      if (exact === undefined) return;
      values.push(jointChiSquare({ values: [workspace.trace(weights), norms[k]!], ...exact }).statistic);
    });
  }
  return {
    kind: 'traces',
    blocks: sets.map(({ block, values }) => ({
      block,
      sums: values.length === 0 ? undefined : dispersionSums(values),
    })),
  };
}
