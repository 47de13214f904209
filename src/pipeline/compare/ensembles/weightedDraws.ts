import type { DiscreteMeasure } from '../../../../theory/contracts.js';
import { expectationNodes } from '../../../../theory/gmp/index.js';
import type { WeightSigns } from '../../../../simulations/comparisons/index.js';
import type { WeightedEnsemble } from '../../law/ensemble.js';
import { alternativesTo } from '../alternatives.js';
import { spectrumSampler } from '../spectrumSampler.js';
import type { EnsembleDraws } from './contract.js';

/** Weights drawn anew with every matrix. */
export function weightedDraws({ weights: law, population }: WeightedEnsemble): EnsembleDraws {
  const weights = expectationNodes(law);
  const constant = weights.nodes.length === 1 ? weights.nodes[0]! : undefined;
  return {
    describe: (samples) =>
      `(1/N) Σ a_n x_n x_nᵀ with a_n independent, of a law on ${weights.nodes.length} ${weights.nodes.length === 1 ? 'node' : 'nodes'}, ${populationWords(population)}N = ${samples}`,
    sampler: ({ scale, order, ...sizes }) =>
      spectrumSampler({
        ...sizes,
        dimension: order,
        population,
        constant: constant === undefined ? undefined : scale * constant,
        weights: (stream, _draw, count) =>
          Float64Array.from({ length: count }, () => scale * sampleOf(weights, stream.uniform())),
      }),
    signs: (_draw, _order, scale, samples) => withinPopulation(signsOfLaw(weights, scale, samples), population),
    hasExactTraces: constant !== undefined,
    alternatives: alternativesTo,
  };
}

export function populationWords(population: Float64Array | undefined): string {
  return population === undefined ? '' : 'x_n ~ N(0, Σ) of the population given, ';
}

/** Where Σ is singular the rank is that of Σ at most. */
export function withinPopulation(signs: WeightSigns, population: Float64Array | undefined): WeightSigns {
  const rank = population?.reduce((count, value) => count + (value > 0 ? 1 : 0), 0);
  if (rank === undefined || rank === population!.length) return signs;
  const limited = ([, most]: readonly [number, number]): readonly [number, number] => [0, Math.min(most, rank)];
  return { positive: limited(signs.positive), negative: limited(signs.negative) };
}

function signsOfLaw({ nodes }: DiscreteMeasure, scale: number, samples: number | undefined): WeightSigns {
  const most = samples ?? Infinity;
  const countOf = (sign: number): readonly [number, number] => {
    const share = nodes.filter((node) => node * scale * sign > 0).length;
    return [share === nodes.length ? (samples ?? 0) : 0, share > 0 ? most : 0];
  };
  return { positive: countOf(1), negative: countOf(-1) };
}

function sampleOf({ nodes, masses }: DiscreteMeasure, uniform: number): number {
  let cumulative = 0;
  for (let k = 0; k < nodes.length; k++) {
    cumulative += masses[k]!;
    if (uniform < cumulative) return nodes[k]!;
  }
  return nodes[nodes.length - 1]!;
}
