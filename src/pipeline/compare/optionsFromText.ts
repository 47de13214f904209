/** The options of `limitlaw compare` from text. */
import { UsageError } from '../../../theory/errors.js';
import type { BackendName } from '../../../simulations/contracts.js';
import type { CompareOptions } from './compare.js';
import type { FittedParameter } from './fittedParameter.js';
import { refuseModelOptions, wholeBlock } from '../options/modelOptions.js';
import { readPopulation } from '../law/population.js';
import { lawSources, statedLaw, statedSources, type LawText } from '../law/statedLaw.js';
import { aspectRatioOf, choice, positiveNumber } from '../options/textOptions.js';
import { wholeNumber } from '../options/wholeNumber.js';

export interface CompareText extends Omit<LawText, 'scaling'> {
  readonly eigenvalues?: string | undefined;
  readonly matrix?: string | undefined;
  readonly data?: string | undefined;
  readonly ritzValues?: string | undefined;
  readonly ritzWeights?: string | undefined;
  readonly correlation?: boolean | undefined;
  readonly top?: boolean | undefined;
  readonly dimension?: string | undefined;
  readonly centre?: boolean | undefined;
  readonly scale?: boolean | undefined;
  readonly directions?: string | undefined;
  readonly row?: string | undefined;
  readonly independentWeights?: boolean | undefined;
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
export async function compareOptions(text: CompareText): Promise<CompareOptions> {
  const stated = statedSources(text);
  if (stated.length > 1)
    throw new UsageError(
      `compare: state the law in one way, by ${Object.values(lawSources).join(', ')}, got ${stated.map((source) => lawSources[source]).join(' and ')}. Keep one.`,
    );
  requireMeaning(text);
  const aspectRatio = text.aspectRatio === undefined ? undefined : aspectRatioOf(text.aspectRatio);
  const fit = text.fit
    ?.split(',')
    .map((name) => choice<FittedParameter>('--fit', name.trim(), ['scale', 'aspect-ratio']));
  return {
    eigenvalues: text.eigenvalues,
    matrix: text.matrix,
    data: text.data,
    ritzValues: text.ritzValues,
    ritzWeights: text.ritzWeights,
    correlation: text.correlation,
    top: text.top,
    dimension: text.dimension === undefined ? undefined : wholeNumber('--dimension', text.dimension, 1, 1e15),
    centre: text.centre,
    scale: text.scale,
    directions: text.directions,
    row: text.row === undefined ? undefined : wholeNumber('--row', text.row, 0, 1e9),
    weightsFile: text.weightsFile,
    ...(text.weightsFile === undefined
      ? { law: await statedLaw(text) }
      : { population: text.population === undefined ? undefined : readPopulation(text.population) }),
    independentWeights: text.independentWeights,
    // A factor of C can be missing where there are classes; whether they are a number the law says.
    classes: text.classes === undefined ? undefined : Number(text.classes),
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

/** @throws UsageError for what would be ignored */
function requireMeaning(text: CompareText): void {
  if (text.weightsFile !== undefined) refuseModelOptions(text);
  if (text.population !== undefined && text.directions !== undefined)
    throw new UsageError(
      '--directions are taken out of x ~ N(0, I), and --population states another x. Leave one of them out.',
    );
  if (text.directions !== undefined && (text.semicircle !== undefined || text.block === wholeBlock))
    throw new UsageError(
      '--directions are those that the weights of (1/N) Σ a_n x_n x_nᵀ depend on, which this law is not of. Leave them out.',
    );
  if (text.independentWeights !== true) return;
  if (text.model !== undefined)
    throw new UsageError(
      '--independent-weights: the weights of a model depend on x through its layers. Leave it out, or give the matrix and --directions.',
    );
  if (text.weights === undefined && text.weightsFile === undefined)
    throw new UsageError(
      '--independent-weights says something of weights that are given, by --weights or --weights-file. Leave it out, or give them.',
    );
  if (text.directions !== undefined)
    throw new UsageError(
      '--independent-weights and --directions contradict each other: weights that are independent of x depend on none of its directions. Leave one of them out.',
    );
}
