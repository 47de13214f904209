import { signsOf } from '../../../../simulations/comparisons/index.js';
import type { DrawnWeightsEnsemble } from '../../law/ensemble.js';
import { alternativesTo } from '../alternatives.js';
import { resampled, spectrumSampler } from '../spectrumSampler.js';
import type { EnsembleDraws } from './contract.js';
import { populationWords, withinPopulation } from './weightedDraws.js';

/** The same weights in every matrix. */
export function drawnWeightsDraws({ weights, population }: DrawnWeightsEnsemble): EnsembleDraws {
  const first = weights[0]![0];
  const constant = weights.every((list) => list.every((weight) => weight === first)) ? first : undefined;
  return {
    describe: (samples) =>
      `(1/N) Σ a_n x_n x_nᵀ with the ${samples} weights ${weights.length > 1 ? 'of each draw ' : ''}given, ${populationWords(population)}N = ${samples}`,
    sampler: ({ order, ...sizes }) =>
      spectrumSampler({
        ...sizes,
        dimension: order,
        population,
        constant,
        weights: (_stream, draw, count) => resampled(weights[draw] ?? weights[0]!, count),
      }),
    signs: (draw) => withinPopulation(signsOf(weights[draw] ?? weights[0]!), population),
    hasExactTraces: constant !== undefined,
    alternatives: alternativesTo,
  };
}
