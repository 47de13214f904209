/**
 * A law by its name on the command line: what `law` prints and what `compare` draws and tests come from here. What
 * computes is imported on demand, so that a closed form does not wait for the softmax.
 */
import { UsageError } from '../../../theory/errors.js';
import { refuseModelOptions, type ModelOptions } from '../options/modelOptions.js';
import type { Ensemble } from './ensemble.js';
import type { NamedLaw } from './namedLaw.js';

/** The options that name a law, as text; files by their paths. */
export interface LawText extends ModelOptions {
  /** "value:mass,…". */
  readonly weights?: string | undefined;
  /** Drawn weights: a path, or the numbers themselves. */
  readonly weightsFile?: string | undefined;
  readonly weightValues?: ArrayLike<number> | undefined;
  /** A file of Σ or of its eigenvalues: x ~ N(0, Σ). */
  readonly population?: string | undefined;
  /** The variance; empty for 1. */
  readonly semicircle?: string | undefined;
}

export interface StatedLaw {
  /** False for a law that has no aspect ratio. */
  readonly takesAspectRatio: boolean;
  /** The law at d/N with what is known beside it, or why there is none. */
  at(aspectRatio: number): NamedLaw;
  /**
   * The matrices it is the limit of, of this order.
   * @throws UsageError where there are none to draw, or none of this order
   */
  ensemble(order: number): Ensemble;
}

/** The options of which one, at most, names the law, as they are written. */
export const lawSources = {
  model: '--model',
  weights: '--weights',
  weightsFile: '--weights-file',
  weightValues: '--weights-file',
  semicircle: '--semicircle',
} as const satisfies Partial<Record<keyof LawText, string>>;

/** The sources that are given. */
export function statedSources(text: LawText): (keyof typeof lawSources)[] {
  return (Object.keys(lawSources) as (keyof typeof lawSources)[]).filter((source) => text[source] !== undefined);
}

/**
 * The law that the options name; undefined when they name none. Drawn weights come as numbers.
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
  return text.weightValues === undefined
    ? weightedLaw(weightsOf(text.weights ?? '1'), spread)
    : drawnWeightsLaw([Float64Array.from(text.weightValues)], spread);
}
