/** Laws of (1/N) Σ a_n x_n x_nᵀ by the law of the weights, or the weights as drawn, and the population of x. */
import type { DiscreteMeasure, SpectralLaw } from '../../../theory/contracts.js';
import { UsageError } from '../../../theory/errors.js';
import { expectationNodes, generalisedMarchenkoPastur, isSmooth, type WeightLaw } from '../../../theory/gmp/index.js';
import { discreteMeasure } from '../../../theory/measures/index.js';
import { separableLaw } from '../../../theory/separable/index.js';
import { separableMoments } from '../../../theory/separable/separableMoments.js';
import { parseWeights } from '../options/weightsText.js';
import type { StatedLaw } from './ensemble.js';

/** Eigenvalues of the covariance Σ of x, ascending; and whether they are all of a matrix. */
export interface Population {
  readonly eigenvalues: Float64Array;
  readonly isMatrix: boolean;
  readonly source: string;
}

/** "value:mass,…" as a measure. */
export function weightsOf(text: string): DiscreteMeasure {
  const { nodes, masses } = parseWeights(text);
  return discreteMeasure(nodes, masses);
}

/** Independent weights of a law. */
export function weightedLaw(weights: WeightLaw, population?: Population): StatedLaw {
  const law = lawWith(weights, population);
  const nodes = expectationNodes(weights);
  return {
    takesAspectRatio: true,
    copies: 1,
    at: (aspectRatio) => ({ law: law(aspectRatio) }),
    ensemble: (order) => ({
      kind: 'weighted',
      free: ['scale', 'aspect-ratio'],
      takesAspectRatio: true,
      weights,
      ...spreadOver(population, order),
      law,
      ...separableMoments(nodes, measureOf(population)),
      gapsAreReal: !isSmooth(weights),
      fingerprint: [nodes.nodes, nodes.masses, ...(population === undefined ? [] : [population.eigenvalues])],
    }),
  };
}

/** Weights as drawn: a list for each draw, or one for all. */
export function drawnWeightsLaw(drawn: readonly Float64Array[], population?: Population): StatedLaw {
  const all = drawn.length === 1 ? drawn[0]! : Float64Array.from(drawn.flatMap((part) => Array.from(part)));
  const measure = discreteMeasure(all);
  const law = lawWith(measure, population);
  return {
    takesAspectRatio: true,
    copies: 1,
    at: (aspectRatio) => ({ law: law(aspectRatio) }),
    ensemble: (order) => ({
      kind: 'drawn',
      free: [],
      takesAspectRatio: true,
      weights: drawn,
      ...spreadOver(population, order),
      law,
      ...separableMoments(measure, measureOf(population)),
      gapsAreReal: true,
      fingerprint: [all, ...(population === undefined ? [] : [population.eigenvalues])],
    }),
  };
}

const measureOf = (population: Population | undefined): DiscreteMeasure | undefined =>
  population && discreteMeasure(population.eigenvalues);

/** The law of these weights at an aspect ratio, kept for the last one asked for. */
function lawWith(weights: WeightLaw, population: Population | undefined): (aspectRatio: number) => SpectralLaw {
  const spread = measureOf(population);
  return lastOne((aspectRatio) =>
    spread === undefined
      ? generalisedMarchenkoPastur(weights, aspectRatio)
      : separableLaw({ weights, population: spread, aspectRatio }),
  );
}

/** A function of one number that remembers its last value. */
export function lastOne<Value>(make: (argument: number) => Value): (argument: number) => Value {
  let last: { readonly argument: number; readonly value: Value } | undefined;
  return (argument) => {
    if (last?.argument !== argument) last = { argument, value: make(argument) };
    return last.value;
  };
}

/** Each eigenvalue of a list stands for as many coordinates of x as the others. */
function spreadOver(population: Population | undefined, order: number): { readonly population?: Float64Array } {
  if (population === undefined) return {};
  const { eigenvalues, isMatrix, source } = population;
  const copies = order / eigenvalues.length;
  if (isMatrix ? copies !== 1 : !Number.isInteger(copies))
    throw new UsageError(
      `--population ${source}: ${isMatrix ? `Σ must be ${order}×${order} for a spectrum of ${order} eigenvalues, it is ${eigenvalues.length}×${eigenvalues.length}` : `a list whose length divides ${order} is needed for a spectrum of ${order} eigenvalues, it has ${eigenvalues.length}`}. Give the eigenvalues of the covariance of x, one for each of its coordinates.`,
    );
  return { population: Float64Array.from({ length: order }, (_, k) => eigenvalues[Math.floor(k / copies)]!) };
}
