/**
 * One draw of one grid point of a sweep: spectra of its blocks, their distances to the laws that the spec and the
 * theory name, and fresh draws of each null. Pure: the same task gives the same numbers on any worker and in any shard.
 */
import type { LayerInitialisation } from '../../theory/contracts.js';
import {
  hiddenBlockWeights,
  linearBlockWeights,
  outputBlock,
  projectionBasis,
  twinInputs,
} from '../../simulations/blocks/index.js';
import { couplingCheck } from '../../simulations/comparisons/index.js';
import type { Backend, DrawSettings, Workspace } from '../../simulations/contracts.js';
import { drawReplicate, type Draw } from '../../simulations/models/index.js';
import { randomStream } from '../../simulations/random/index.js';
import { layerOfBlock, type BlockName, type ComparisonName, type InputSpec } from '../spec/spec.js';
import { expressionOf } from './sweepActivations.js';
import { applicableDistances, distanceGivenWeights, limitDistance, type LawDistances } from './sweepDistances.js';
import { distributionOf, samplerFor, squaredRadii } from './sweepInputs.js';
import { applicableLaw, type ApplicableLaw } from './sweepLaws.js';

export interface SweepTask {
  readonly point: number;
  readonly replicate: number;
  readonly settings: DrawSettings;
  readonly expression: { readonly text: string; readonly kinks: readonly number[] } | undefined;
  readonly layers: { readonly hidden: LayerInitialisation; readonly output: LayerInitialisation } | undefined;
  /** With numbers in place of rules and an absolute file name. */
  readonly inputs: InputSpec & {
    readonly correlation?: number;
    readonly components?: number;
    readonly separation?: number;
    readonly degrees?: number;
  };
  /** C of the claimed limit law. */
  readonly claimedClasses: number;
  readonly blocks: readonly BlockName[];
  readonly compare: readonly ComparisonName[];
  /** Fresh draws of each null. */
  readonly nulls: number;
  readonly seed: string;
}

export interface SweepBlockResult {
  readonly block: BlockName;
  readonly order: number;
  readonly applies: ApplicableLaw;
  /** Every weight is zero, or the block vanishes identically. */
  readonly vanishes: boolean;
  readonly squaredNorm: number;
  /** Kolmogorov distance to the limit law (given V for a hidden block). */
  readonly law: number | undefined;
  /** To the paper's law given the drawn weights, with fresh Gaussian draws of it. */
  readonly weights: LawDistances | undefined;
  /** To the law that applies, where it is another one. */
  readonly applicable: LawDistances | undefined;
  readonly coupling: { readonly distance: number; readonly bound: number; readonly holds: boolean } | undefined;
  /** Quantiles of the spectrum in units of its root mean square, for draws against draws. */
  readonly shape: readonly number[];
}

export interface SweepTaskResult {
  readonly point: number;
  readonly replicate: number;
  readonly blocks: readonly SweepBlockResult[];
}

export interface SweepEnvironment {
  readonly backend: Backend;
  workspace(dimension: number, samples: number): Workspace;
}

const SHAPE_POINTS = 33;

export async function performSweepTask(task: SweepTask, environment: SweepEnvironment): Promise<SweepTaskResult> {
  const { settings, replicate } = task;
  const { dimension, samples } = settings;
  const seed = `${task.seed}/point ${task.point}`;
  const workspace = environment.workspace(dimension, samples);
  const distribution = distributionOf(task);
  const sampler = distribution.kind === 'gaussian' ? undefined : samplerFor(distribution, dimension, task);
  const pairs = (layer: string) =>
    task.blocks
      .filter((block) => layerOfBlock(block).layer === layer)
      .map((block): [number, number] => [0, layerOfBlock(block).kind === 'diagonal' ? 0 : 1]);
  const draw = drawReplicate(settings, workspace, seed, replicate, {
    ...(sampler === undefined ? {} : { inputs: sampler }),
    ...(task.expression === undefined ? {} : { activation: expressionOf(task.expression) }),
    ...(task.layers === undefined ? {} : { layers: task.layers }),
    wanted: { hidden: settings.model === 'hidden' ? pairs('hidden') : [], output: pairs('output') },
  });

  // Everything that needs the drawn inputs comes first: nulls and twins overwrite them.
  const radii = distribution.kind === 'student' ? squaredRadii(workspace) : undefined;
  const observed = task.blocks.map((block) => observe(draw, block, workspace, environment.backend));
  const needsTwin =
    task.compare.includes('coupling') && draw.hasStandardNormalInputs && observed.some((o) => o.weights !== undefined);
  let twins: (Float64Array | undefined)[] = [];
  let rank = 0;
  if (needsTwin) {
    const basis = projectionBasis(draw);
    rank = basis.rank;
    // With 2k ≥ d the bound says nothing, and the twin is a fresh draw.
    if (2 * rank < dimension) {
      twinInputs(draw, workspace, randomStream(seed, 'twin', replicate), basis);
      twins = observed.map((o) => (o.weights === undefined ? undefined : workspace.eigenvalues(o.weights).slice()));
    }
  }
  const blocks = task.blocks.map((block, index): SweepBlockResult => {
    const o = observed[index]!;
    const { layer, kind } = layerOfBlock(block);
    const applies = applicableLaw(task, layer, kind);
    const squaredNorm = o.eigenvalues.reduce((sum, value) => sum + value * value, 0);
    const base = { block, order: o.eigenvalues.length, applies, squaredNorm, shape: shapeOf(o.eigenvalues) };
    if (squaredNorm === 0)
      return {
        ...base,
        vanishes: true,
        law: undefined,
        weights: undefined,
        applicable: undefined,
        coupling: undefined,
      };
    const twin = twins[index];
    const stream = (label: string) => (r: number) => randomStream(seed, `${label} ${block} ${r}`, replicate);
    return {
      ...base,
      vanishes: false,
      law: task.compare.includes('law') ? limitDistance(task, draw, block, o.eigenvalues) : undefined,
      weights:
        task.compare.includes('weights') && o.weights !== undefined
          ? distanceGivenWeights(task, o.weights, o.eigenvalues, workspace, stream('null'))
          : undefined,
      applicable:
        applies.name === 'given weights' || applies.name === 'none' || !task.compare.includes('weights')
          ? undefined
          : applicableDistances(task, applies, {
              draw,
              block,
              observed: o,
              radii,
              workspace,
              environment,
              distribution,
              stream: stream('applicable'),
            }),
      coupling: twin === undefined ? undefined : couplingOf(o.eigenvalues, twin, rank),
    };
  });
  return { point: task.point, replicate, blocks };
}

export interface Observed {
  readonly eigenvalues: Float64Array;
  /** Of blocks (1/N) Σ a_n x_n x_nᵀ. */
  readonly weights: Float64Array | undefined;
}

function observe(draw: Draw, block: BlockName, workspace: Workspace, backend: Backend): Observed {
  const { layer, kind } = layerOfBlock(block);
  const j = kind === 'diagonal' ? 0 : 1;
  if (draw.settings.model === 'hidden' && layer === 'output') {
    return {
      eigenvalues: backend.symmetricEigenvalues(outputBlock(draw, 0, j), draw.settings.width),
      weights: undefined,
    };
  }
  const weights = (
    draw.settings.model === 'linear' ? linearBlockWeights(draw, 0, j) : hiddenBlockWeights(draw, 0, j)
  ).slice();
  return { eigenvalues: workspace.eigenvalues(weights).slice(), weights };
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
    { length: SHAPE_POINTS },
    (_, k) => eigenvalues[Math.min(order - 1, Math.floor(((k + 0.5) / SHAPE_POINTS) * order))]! / size,
  );
}
