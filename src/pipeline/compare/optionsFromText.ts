/** The options of `limitlaw compare` from text. */
import type { DiscreteMeasure, Outlier } from '../../../theory/contracts.js';
import { UsageError } from '../../../theory/errors.js';
import type { WeightLaw } from '../../../theory/gmp/index.js';
import { discreteMeasure } from '../../../theory/measures/index.js';
import { blockLaw } from '../../../theory/models/blockLaw.js';
import type { BackendName } from '../../../simulations/contracts.js';
import type { CompareOptions } from './compare.js';
import type { FittedParameter } from './fittedParameter.js';
import { blockChoice, refuseModelOptions, type ModelOptions } from '../options/modelOptions.js';
import { modelOutliers } from '../law/modelOutliers.js';
import { aspectRatioOf, choice, positiveNumber } from '../options/textOptions.js';
import { parseWeights } from '../options/weightsText.js';
import { wholeNumber } from '../options/wholeNumber.js';

export interface CompareText extends Omit<ModelOptions, 'initialisation' | 'scaling'> {
  readonly eigenvalues?: string | undefined;
  readonly matrix?: string | undefined;
  readonly directions?: string | undefined;
  readonly row?: string | undefined;
  readonly weightsFile?: string | undefined;
  readonly weights?: string | undefined;
  readonly aspectRatio?: string | undefined;
  readonly fit?: string | undefined;
  readonly samples?: string | undefined;
  readonly noiseVariance?: string | undefined;
  readonly centred?: boolean | undefined;
  readonly nullReplicates?: string | undefined;
  readonly nullTable?: string | undefined;
  readonly level: string;
  readonly seed: string;
  readonly backend: BackendName | 'auto';
}

/** @throws UsageError for options that are missing, contradict each other or do not parse. */
export function compareOptions(text: CompareText): CompareOptions {
  const stated = [text.model, text.weights, text.weightsFile].filter((source) => source !== undefined).length;
  if (stated > 1)
    throw new UsageError(
      'compare: state the law in one way, by --model, --weights or --weights-file, got several. Keep one.',
    );
  if (text.model === undefined) refuseModelOptions(text);
  const aspectRatio = text.aspectRatio === undefined ? undefined : aspectRatioOf(text.aspectRatio);
  const fit = text.fit
    ?.split(',')
    .map((name) => choice<FittedParameter>('--fit', name.trim(), ['scale', 'aspect-ratio']));
  return {
    eigenvalues: text.eigenvalues,
    matrix: text.matrix,
    directions: text.directions,
    row: text.row === undefined ? undefined : wholeNumber('--row', text.row, 0, 1e9),
    weightsFile: text.weightsFile,
    ...(text.model === undefined ? { weights: statedWeights(text.weights) } : modelLaw(text, aspectRatio)),
    aspectRatio,
    fit,
    samples: text.samples === undefined ? undefined : wholeNumber('--samples', text.samples, 1, 1e9),
    noiseVariance:
      text.noiseVariance === undefined ? undefined : positiveNumber('--noise-variance', text.noiseVariance),
    centred: text.centred,
    nullReplicates:
      text.nullReplicates === undefined
        ? undefined
        : wholeNumber('--null-replicates', text.nullReplicates, 19, 1_000_000),
    nullTable: text.nullTable,
    level: positiveNumber('--level', text.level),
    seed: text.seed,
    backend: text.backend,
  };
}

function statedWeights(text: string | undefined): DiscreteMeasure | undefined {
  if (text === undefined) return undefined;
  const { nodes, masses } = parseWeights(text);
  return discreteMeasure(nodes, masses);
}

interface ModelLaw {
  readonly weights: WeightLaw;
  readonly classes: number;
  /** With N samples, in units of the law; none without an aspect ratio, on which their places depend. */
  readonly outliers: CompareOptions['outliers'];
}

function modelLaw(text: CompareText, aspectRatio: number | undefined): ModelLaw {
  const block = blockChoice(text);
  const found = blockLaw({ ...block, aspectRatio: aspectRatio ?? 1 });
  if (found.weights === undefined)
    throw new UsageError(
      `compare: this block has no law of its weights to draw from${found.note === undefined ? '' : ` (${found.note.replace(/\.$/, '')})`}. Give the drawn weights with --weights-file.`,
    );
  if (found.scale !== undefined && !(text.fit ?? '').includes('scale'))
    throw new UsageError(`compare: this law is in units of ${found.scale}, not of the eigenvalues. Add --fit scale.`);
  return {
    weights: found.weights,
    classes: block.classes,
    outliers:
      aspectRatio === undefined
        ? undefined
        : async (samples: number): Promise<readonly Outlier[]> => modelOutliers(found, block.classes, 1 / samples),
  };
}
