/**
 * One draw of one grid point of a sweep: spectra of its blocks, their distances to the laws that the spec and the
 * theory name, and fresh draws of each null. Pure: the same task gives the same numbers on any worker and in any shard.
 */
import { observeBlock, projectionBasis, twinInputs, type ObservedBlock } from '../../../simulations/blocks/index.js';
import { couplingCheck } from '../../../simulations/comparisons/index.js';
import type { Workspace } from '../../../simulations/contracts.js';
import { drawReplicate, modelOf, type Draw } from '../../../simulations/models/index.js';
import { randomStream } from '../../../simulations/random/index.js';
import { layerOfBlock, type BlockName } from '../../../theory/names.js';
import { expressionOf } from './activationOfPoint.js';
import { distancesOf } from './distancesOfDraw.js';
import { distributionOf, samplerFor } from '../inputsOfTask.js';
import type { TaskEnvironment } from '../environment.js';
import { picturesOfBlock } from './pictureOfBlock.js';
import { squaredRadii } from './squaredRadii.js';
import { applicableLaw } from './applicableLaw.js';
import type { ApplicableLaw, SweepBlockResult, SweepTask, SweepTaskResult } from './contract.js';

const shapePoints = 33;

export async function performSweepTask(task: SweepTask, environment: TaskEnvironment): Promise<SweepTaskResult> {
  const { settings, replicate } = task;
  const { dimension, samples } = settings;
  const seed = `${task.seed}/point ${task.point}`;
  const workspace = environment.workspace(dimension, samples);
  const distribution = distributionOf(task);
  const sampler = distribution.kind === 'gaussian' ? undefined : samplerFor(distribution, dimension, task);
  const pairs = (layer: string) =>
    task.blocks
      .filter((block) => layerOfBlock(block).layer === layer)
      .map((block): [number, number] => [0, layerOfBlock(block).j]);
  const formula = task.expression === undefined ? undefined : await expressionOf(task.expression);
  const draw = drawReplicate(settings, workspace, seed, replicate, {
    ...(sampler === undefined ? {} : { inputs: sampler }),
    ...(formula === undefined ? {} : { activation: formula }),
    ...(task.layers === undefined ? {} : { layers: task.layers }),
    wanted: Object.fromEntries(modelOf(settings).layers.map(({ layer }) => [layer, pairs(layer)])),
  });

  const lawOf = (block: BlockName): ApplicableLaw => {
    const { layer, kind } = layerOfBlock(block);
    return applicableLaw(task, layer, kind);
  };

  // Everything that needs the drawn inputs comes first: nulls and twins overwrite them.
  const radii = task.blocks.some((block) => lawOf(block).name === 'given weights and radii')
    ? squaredRadii(workspace)
    : undefined;
  const observed = task.blocks.map((block) => {
    const { layer, j } = layerOfBlock(block);
    return observeBlock(draw, layer, 0, j, environment.backend);
  });
  const twins = twinSpectra(task, draw, observed, workspace, seed);
  const blocks = task.blocks.map((block, index): SweepBlockResult => {
    const { eigenvalues } = observed[index]!;
    const applies = lawOf(block);
    const squaredNorm = eigenvalues.reduce((sum, value) => sum + value * value, 0);
    const base = { block, order: eigenvalues.length, applies, squaredNorm, shape: shapeOf(eigenvalues) };
    if (squaredNorm === 0)
      return {
        ...base,
        vanishes: true,
        law: undefined,
        weights: undefined,
        applicable: undefined,
        estimate: undefined,
        coupling: undefined,
      };
    const stream = (label: string) => (r: number) => randomStream(seed, `${label} ${block} ${r}`, replicate);
    const inputs = { draw, block, observed: observed[index]!, formula, radii, workspace, environment, distribution };
    const twin = twins.spectra[index];
    return {
      ...base,
      vanishes: false,
      ...distancesOf(task, applies, inputs, stream),
      ...(task.picture === true ? { pictures: picturesOfBlock(task, applies, inputs) } : {}),
      coupling: twin === undefined ? undefined : couplingOf(eigenvalues, twin, twins.rank),
    };
  });
  return { point: task.point, replicate, blocks };
}

/**
 * Spectra of the twins that couple each block with inputs independent of its weights, and the rank of the projection;
 * none where the task does not ask or the inputs have no twin. Overwrites the drawn inputs.
 */
function twinSpectra(
  task: SweepTask,
  draw: Draw,
  observed: readonly ObservedBlock[],
  workspace: Workspace,
  seed: string,
): { readonly spectra: readonly (Float64Array | undefined)[]; readonly rank: number } {
  const needsTwin =
    task.compare.includes('coupling') && draw.hasStandardNormalInputs && observed.some((o) => o.weights !== undefined);
  if (!needsTwin) return { spectra: [], rank: 0 };
  const basis = projectionBasis(draw);
  const { rank } = basis;
  // With 2k ≥ d the bound says nothing, and the twin is a fresh draw.
  if (2 * rank >= task.settings.dimension) return { spectra: [], rank };
  twinInputs(draw, workspace, randomStream(seed, 'twin', task.replicate), basis);
  const spectra = observed.map((o) => (o.weights === undefined ? undefined : workspace.eigenvalues(o.weights).slice()));
  return { spectra, rank };
}

function couplingOf(
  eigenvalues: Float64Array,
  twinEigenvalues: Float64Array,
  rank: number,
): SweepBlockResult['coupling'] {
  const { distance, bound, holds } = couplingCheck({ eigenvalues, twinEigenvalues, rank });
  return { distance, bound, holds };
}

function shapeOf(eigenvalues: Float64Array): number[] {
  const order = eigenvalues.length;
  const size = Math.sqrt(eigenvalues.reduce((sum, value) => sum + value * value, 0) / order) || 1;
  return Array.from(
    { length: shapePoints },
    (_, k) => eigenvalues[Math.min(order - 1, Math.floor(((k + 0.5) / shapePoints) * order))]! / size,
  );
}
