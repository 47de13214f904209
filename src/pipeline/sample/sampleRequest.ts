import { blockKinds, layersOf, type BlockName, type Layer } from '../../../theory/names.js';
import { drawSettings, type DrawWords } from '../options/drawSettings.js';
import { choice } from '../options/textOptions.js';
import { wholeNumber } from '../options/wholeNumber.js';
import type { SampleRequest } from './sampleJob.js';

/** As on the command line. */
export interface SampleWords extends Omit<DrawWords, 'logitVariance' | 'logitPrecision'> {
  readonly block?: string | undefined;
  readonly 'logit-variance'?: string | undefined;
  readonly 'logit-precision'?: string | undefined;
  readonly replicates: string;
  readonly 'save-weights': boolean;
  readonly 'save-blocks': boolean;
  readonly seed: string;
}

/** Throws UsageError for words that do not parse, contradict each other or would be ignored. */
export function sampleRequest(words: SampleWords): SampleRequest {
  const { model, loss, layer, curvature, activation, initialisation, dimension, samples, classes, width, depth } =
    words;
  const named = {
    model,
    loss,
    layer,
    curvature,
    activation,
    initialisation,
    dimension,
    samples,
    classes,
    width,
    depth,
  };
  const { settings, chosen } = drawSettings({
    ...named,
    logitVariance: words['logit-variance'],
    logitPrecision: words['logit-precision'],
  });
  const layers = layer === undefined ? layersOf(settings.model, settings.widths?.length) : [chosen.layer];
  return {
    settings,
    ...(layer === undefined && words.block === undefined ? {} : { blocks: blocksOf(words, layers) }),
    logitVariance: chosen.logitVariance,
    replicates: wholeNumber('--replicates', words.replicates, 1, 1e9),
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
