import {
  blockKinds,
  layersOf,
  paperActivation,
  paperInitialisation,
  type BlockName,
  type Layer,
} from '../../../theory/names.js';
import { modelChoice } from '../options/modelOptions.js';
import { choice } from '../options/textOptions.js';
import { wholeNumber } from '../options/wholeNumber.js';
import type { SampleRequest } from './sampleJob.js';

/** As on the command line. */
export interface SampleWords {
  readonly model?: string | undefined;
  readonly loss?: string | undefined;
  readonly curvature?: string | undefined;
  readonly activation?: string | undefined;
  readonly initialisation?: string | undefined;
  readonly dimension?: string | undefined;
  readonly samples?: string | undefined;
  readonly classes?: string | undefined;
  readonly width?: string | undefined;
  readonly depth?: string | undefined;
  readonly layer?: string | undefined;
  readonly block?: string | undefined;
  readonly 'logit-variance'?: string | undefined;
  readonly replicates: string;
  readonly 'save-weights': boolean;
  readonly 'save-blocks': boolean;
  readonly seed: string;
}

/** Throws UsageError for words that do not parse, contradict each other or would be ignored. */
export function sampleRequest(words: SampleWords): SampleRequest {
  const { model, loss, layer, curvature, activation, initialisation, width, widths, logitVariance } = modelChoice({
    model: words.model,
    loss: words.loss,
    curvature: words.curvature,
    activation: words.activation,
    initialisation: words.initialisation,
    width: words.width,
    depth: words.depth,
    layer: words.layer,
    logitVariance: words['logit-variance'],
  });
  const size = (name: string, value: string | undefined, smallest: number) =>
    wholeNumber(name, value ?? '', smallest, 1e9);
  return {
    settings: {
      model,
      loss,
      ...(curvature === undefined ? {} : { curvature }),
      activation: activation ?? paperActivation,
      initialisation: initialisation ?? paperInitialisation,
      dimension: size('--dimension', words.dimension, 1),
      samples: size('--samples', words.samples, 1),
      classes: size('--classes', words.classes, 2),
      width: width ?? 0,
      ...(widths === undefined ? {} : { widths }),
    },
    ...(words.layer === undefined && words.block === undefined
      ? {}
      : { blocks: blocksOf(words, words.layer === undefined ? layersOf(model, widths?.length) : [layer]) }),
    logitVariance,
    replicates: size('--replicates', words.replicates, 1),
    saveWeights: words['save-weights'],
    saveBlocks: words['save-blocks'],
    seed: words.seed,
  };
}

/** Those of --layer and --block; one that is left out means all. */
function blocksOf({ block }: SampleWords, layers: readonly Layer[]): BlockName[] {
  const kinds = block === undefined ? blockKinds : [choice('--block', block, blockKinds)];
  return layers.flatMap((layer) => kinds.map((kind): BlockName => `${layer}-${kind}`));
}
