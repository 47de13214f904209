/**
 * Deep networks at initialisation: squared norms of the blocks of every hidden layer over many draws, beside the ratios that
 * are claimed of them and those of laws that are wrong in one respect.
 */
import { deepRatios, type DeepNetwork, type DeepRatio } from '../../../theory/deep/index.js';
import { momentsOfRows, type RowMoments } from '../../../simulations/comparisons/index.js';
import { deepSampler, type DeepNetworkSettings } from '../../../simulations/deep/index.js';
import { randomStream } from '../../../simulations/random/index.js';
import type { TaskEnvironment } from '../environment.js';
import type { Perturbation } from '../perturbation.js';

export interface DeepTask {
  readonly kind: 'deep';
  readonly experiment: string;
  readonly network: DeepNetworkSettings;
  /** Of each layer whose blocks are averaged. */
  readonly units: number;
  readonly draws: number;
  /** Work out what wrong laws would say. */
  readonly alternatives: boolean;
  readonly seed: string;
  /** Number of the batch. */
  readonly replicate: number;
  readonly perturbation: Perturbation;
}

/** A law that is wrong in one respect. */
export const wrongDeepLaws = ['C alone', 'first width', 'last width', 'He factor', 'leading'] as const;
export type WrongDeepLaw = (typeof wrongDeepLaws)[number];

export interface DeepLayerResult {
  /** Of ‖H_ij‖², i ≠ j, and of ‖H_ii‖², both averaged over the units of a draw. */
  readonly moments: RowMoments;
  readonly stated: Pick<DeepRatio, 'ratio' | 'error' | 'floor' | 'effectiveOutputs'>;
  /** r by wrong laws, those that say something else of this layer. */
  readonly wrong: readonly { readonly law: WrongDeepLaw; readonly ratio: number }[];
}

export interface DeepTaskResult {
  readonly kind: 'deep';
  /** The first hidden layer first. */
  readonly layers: readonly DeepLayerResult[];
}

export function performDeepTask(task: DeepTask, { backend }: TaskEnvironment): Promise<DeepTaskResult> {
  const sample = deepSampler(task.network, task.units, backend);
  const drawn = Array.from({ length: task.draws }, (_, r) =>
    sample(randomStream(`${task.seed}/${task.experiment}`, 'deep-network', task.replicate * task.draws + r)),
  );
  const claimed = claimedNetwork(task);
  const stated = deepRatios(claimed);
  const wrong = task.alternatives ? wrongRatios(claimed, stated) : [];
  return Promise.resolve({
    kind: 'deep',
    layers: stated.map(({ ratio, error, floor, effectiveOutputs }, k) => ({
      moments: momentsOfRows(drawn.map((layers) => [layers[k]!.off, layers[k]!.diagonal])),
      stated: { ratio, error, floor, effectiveOutputs },
      wrong: wrong.flatMap(({ law, ratios }) => (ratios[k] === undefined ? [] : [{ law, ratio: ratios[k] }])),
    })),
  });
}

/** The network of the claim. */
export function claimedNetwork({ network, perturbation }: Pick<DeepTask, 'network' | 'perturbation'>): DeepNetwork {
  const { loss, dimension, samples, widths, classes, logitVariance } = network;
  return {
    loss,
    dimension,
    aspectRatio: (dimension / samples) * perturbation.aspectRatio,
    widths,
    classes: classes + perturbation.classes,
    logitVariance: logitVariance * perturbation.logitVariance,
  };
}

/** By layer; none for a layer of which a law says what the stated one does. */
function wrongRatios(
  network: DeepNetwork,
  stated: readonly DeepRatio[],
): { readonly law: WrongDeepLaw; readonly ratios: (number | undefined)[] }[] {
  const { widths, loss, logitVariance } = network;
  const depth = widths.length;
  const ratios = (change: Partial<DeepNetwork>): number[] =>
    deepRatios({ ...network, ...change }).map(({ ratio }) => ratio);
  // A layer does not know its own width to leading order: only widths above it are left out.
  const without = (omitted: number): (number | undefined)[] =>
    ratios({ widths: widths.map((width, k) => (k === omitted ? Infinity : width)) }).map((ratio, k) =>
      k < omitted ? ratio : undefined,
    );
  return [
    {
      law: 'C alone',
      ratios: ratios({ widths: widths.map(() => Infinity) }).map((r, k) => (k < depth - 1 ? r : undefined)),
    },
    ...(depth > 2 ? [{ law: 'first width' as const, ratios: without(1) }] : []),
    ...(depth > 1 ? [{ law: 'last width' as const, ratios: without(depth - 1) }] : []),
    // Weights of variance 1/fan-in: every layer halves the variance of the logits. No ratio under squared error knows it.
    ...(loss === 'ce'
      ? [{ law: 'He factor' as const, ratios: ratios({ logitVariance: logitVariance / 2 ** depth }) }]
      : []),
    { law: 'leading', ratios: stated.map(({ leading }) => leading) },
  ];
}
