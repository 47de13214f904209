/** What the claims about deep networks share: tasks by setting, draws of all batches together, and what is told of a layer. */
import type { Loss } from '../../../theory/contracts.js';
import type { DeepRatioPoint, DeepRatioSeries } from '../../../figures/results.js';
import { lossName } from '../../../figures/text.js';
import { joinMoments } from '../../../simulations/comparisons/index.js';
import type { DeepNetworkSettings } from '../../../simulations/deep/index.js';
import type { DeepLayerResult, DeepTask } from '../../draws/check/index.js';
import type { Finished, PlanContext } from '../claim.js';
import type { DeepSetting } from '../presets.js';
import { comparesAlternatives, finishedOf } from '../taskLists.js';
import { ratioOfMoments } from './ratioScore.js';

export const deepLosses: readonly Loss[] = ['mse', 'ce'];

const confidence = 0.95;

/** s² of every deep network that is drawn: V as LeCun has it. */
const logitVariance = 1;

/** All batches of one setting under one loss. */
export function deepTasks(context: PlanContext, part: string, loss: Loss, setting: DeepSetting): DeepTask[] {
  const { units, draws, batches, ...sizes } = setting;
  const network: DeepNetworkSettings = { ...sizes, loss, logitVariance };
  return Array.from({ length: batches }, (_, replicate): DeepTask => ({
    kind: 'deep',
    experiment: `${part}/${loss}/${sizesText(network)}`,
    network,
    units,
    draws,
    alternatives: comparesAlternatives(context) && replicate === 0,
    seed: context.seed,
    replicate,
    perturbation: context.perturbation,
  }));
}

/** "d = 96, N = 64, n = 48, 96, 64, C = 30". */
export function sizesText({
  dimension,
  samples,
  widths,
  classes,
}: Omit<DeepNetworkSettings, 'loss' | 'logitVariance'>): string {
  const same = widths.every((width) => width === widths[0]) && widths.length > 1;
  const width = same ? `${widths[0]} (${widths.length} layers)` : widths.join(', ');
  return `d = ${dimension}, N = ${samples}, n = ${width}, C = ${classes}`;
}

/** One hidden layer under one setting. */
export interface DeepLayer extends DeepLayerResult {
  readonly network: DeepNetworkSettings;
  /** ℓ, from 1. */
  readonly layer: number;
}

/** Every layer of every setting, its batches taken together, in the order planned. */
export function deepLayers(finished: readonly Finished[]): DeepLayer[] {
  const settings = new Map<string, { readonly task: DeepTask; readonly results: (readonly DeepLayerResult[])[] }>();
  for (const { task, result } of finishedOf(finished, 'deep')) {
    const known = settings.get(task.experiment);
    if (known === undefined) settings.set(task.experiment, { task, results: [result.layers] });
    else known.results.push(result.layers);
  }
  return [...settings.values()].flatMap(({ task: { network }, results }) =>
    results[0]!.map(({ stated }, k): DeepLayer => ({
      network,
      layer: k + 1,
      stated,
      moments: joinMoments(results.map((layers) => layers[k]!.moments)),
      wrong: results.flatMap((layers) => layers[k]!.wrong),
    })),
  );
}

const ordinals = ['first', 'second', 'third', 'fourth'];

/** "last layer", "second layer": the only one is the first. */
export function positionOf({ layer, network: { widths } }: DeepLayer): string {
  const isLast = layer === widths.length && layer > 1;
  return isLast ? 'last layer' : `${ordinals[layer - 1] ?? `${layer}th`} layer`;
}

/** "cross-entropy, last layer". */
export const deepRegime = (each: DeepLayer): string => `${lossName(each.network.loss)}, ${positionOf(each)}`;

/** Layers that share a key, in the order in which the first of each came. */
export function groupBy<Item>(items: readonly Item[], keyOf: (item: Item) => string): (readonly [string, Item[]])[] {
  const groups = new Map<string, Item[]>();
  for (const item of items) {
    const key = keyOf(item);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [item]);
    else group.push(item);
  }
  return [...groups];
}

/** Curves in C of layers of one position and shape. */
export function deepSeries(layers: readonly DeepLayer[]): DeepRatioSeries[] {
  const shape = ({ layer, network: { loss, dimension, samples, widths } }: DeepLayer): string =>
    [loss, layer, dimension, samples, ...widths].join(' ');
  return groupBy(layers, shape).map(([, own]): DeepRatioSeries => {
    const { network, layer } = own[0]!;
    const { loss, dimension, samples, widths } = network;
    const points = [...own].sort((a, b) => a.network.classes - b.network.classes).map(pointOf);
    return { loss, layer, dimension, samples, widths, points };
  });
}

function pointOf({ network: { classes }, moments, stated }: DeepLayer): DeepRatioPoint {
  const { ratio, error } = ratioOfMoments(moments);
  return {
    classes,
    draws: moments.count,
    measured: ratio,
    interval: { lower: ratio - 1.96 * error, upper: ratio + 1.96 * error, level: confidence },
    predicted: stated.ratio,
    error: stated.error,
    floor: stated.floor,
    effectiveOutputs: stated.effectiveOutputs,
  };
}
