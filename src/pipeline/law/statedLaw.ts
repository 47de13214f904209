/**
 * A law by its name on the command line: what `law` prints and what `compare` draws and tests come from here. What
 * computes is imported on demand, so that a closed form does not wait for the softmax.
 */
import { UsageError } from '../../../theory/errors.js';
import { refuseModelOptions, type ModelOptions } from '../options/modelOptions.js';
import type { StatedLaw } from './ensemble.js';

/** The options that name a law, as text; files by their paths. */
export interface LawText extends ModelOptions {
  /** "value:mass,…". */
  readonly weights?: string | undefined;
  /** A file of weights as drawn. */
  readonly weightsFile?: string | undefined;
  /** A file of Σ or of its eigenvalues: x ~ N(0, Σ). */
  readonly population?: string | undefined;
  /** The variance; empty for 1. */
  readonly semicircle?: string | undefined;
}

/** The options of which one, at most, names the law, as they are written. */
export const lawSources = {
  model: '--model',
  weights: '--weights',
  weightsFile: '--weights-file',
  semicircle: '--semicircle',
} as const satisfies Partial<Record<keyof LawText, string>>;

/** The sources that are given. */
export function statedSources(text: LawText): (keyof typeof lawSources)[] {
  return (Object.keys(lawSources) as (keyof typeof lawSources)[]).filter((source) => text[source] !== undefined);
}

/**
 * The law that the options name; undefined when they name none.
 * @throws UsageError for options that do not parse, contradict each other or would be ignored, and files that cannot be
 * read
 */
export async function statedLaw(text: LawText): Promise<StatedLaw | undefined> {
  const { population, semicircle } = text;
  const [source] = statedSources(text);
  if (text.model === undefined) refuseModelOptions(text);
  if (population !== undefined && (source === 'model' || source === 'semicircle'))
    throw new UsageError(
      `--population says how the x of (1/N) Σ a_n x_n x_nᵀ are distributed, for weights of a law of their own: with ${lawSources[source]} it says nothing. Leave it out, or state the weights with --weights.`,
    );
  if (source === 'model') return (await import('./modelLaw.js')).modelLaw(text);
  if (source === 'semicircle') return (await import('./semicircleLaw.js')).semicircleLaw(semicircle!);
  if (source === undefined && population === undefined) return undefined;
  const { drawnWeightsLaw, weightedLaw, weightsOf } = await import('./weightedLaw.js');
  const spread = population === undefined ? undefined : (await import('./population.js')).readPopulation(population);
  return text.weightsFile === undefined
    ? weightedLaw(weightsOf(text.weights ?? '1'), spread)
    : drawnWeightsLaw([(await import('../../store/formats/index.js')).readArrayFile(text.weightsFile).data], spread);
}
