// Covariance of the features of drawn ReLU networks against its law: n·D, D the largest distance of the mean of F_n over draws from the law at 39
// probabilities, is of order 1 where the law is right and grows like n where it is not.
import { describe, expect, test } from '@jest/globals';
import { derivativesOf } from '../../../../simulations/blocks/deepDerivatives.js';
import { createBackend } from '../../../../simulations/linalg/index.js';
import { drawReplicate } from '../../../../simulations/models/index.js';
import type { Backend } from '../../../../simulations/contracts.js';
import type { SpectralLaw } from '../../../../theory/contracts.js';
import { featureCovariance } from '../../../../theory/deep/spectra/featureCovariance.js';
import { scaledLaw } from '../../../../theory/gmp/index.js';
import { separableLaw, type Population } from '../../../../theory/separable/index.js';
import { gatedNormalWeights } from '../../../../theory/weights/index.js';

const seed = 'features';
const places = Array.from({ length: 39 }, (_, k) => (k + 1) / 40);

/** Eigenvalues of the covariance of the features of layer k over 4n samples, of each draw. */
function spectraOf(size: number, layer: number, draws: number, backend: Backend): Float64Array[] {
  const samples = 4 * size;
  const workspace = backend.createWorkspace(size, samples);
  return Array.from({ length: draws }, (_, replicate) => {
    const draw = drawReplicate(
      {
        ...{ model: 'deep', loss: 'mse', activation: 'relu', initialisation: 'he', classes: 2, width: 0 },
        ...{ dimension: size, samples, widths: Array.from({ length: layer }, () => size) },
      },
      workspace,
      seed,
      replicate,
    );
    const features = derivativesOf(draw).features(layer).slice();
    for (let i = 0; i < size; i++) {
      const row = features.subarray(i * samples, (i + 1) * samples);
      const mean = row.reduce((sum, value) => sum + value, 0) / samples;
      row.forEach((value, n) => (row[n] = value - mean));
    }
    const covariance = new Float64Array(size * size);
    for (let i = 0; i < size; i++)
      for (let j = 0; j <= i; j++) {
        let sum = 0;
        for (let n = 0; n < samples; n++) sum += features[i * samples + n]! * features[j * samples + n]!;
        covariance[i * size + j] = sum / samples;
      }
    return backend.symmetricEigenvalues(covariance, size);
  });
}

function scaledDistance(spectra: readonly Float64Array[], law: SpectralLaw): number {
  const order = spectra[0]!.length;
  const ends = places.map((p) => law.quantile(p));
  const excess = ends.map((end, k) => {
    const below = spectra.reduce((sum, values) => sum + values.filter((value) => value <= end).length, 0);
    return Math.abs(below / spectra.length - order * places[k]!);
  });
  return Math.max(...excess);
}

/** Of 4n samples: weights that are 1 at n/N = 1/4, but for a deviation that moves the law by 1e-4 and makes it smooth. */
const sampled = (population: Population): SpectralLaw =>
  separableLaw({
    weights: gatedNormalWeights({ openShare: 1, mean: 1, deviation: 0.02 }),
    population,
    aspectRatio: 1 / 4,
  });

describe.each([1, 2])(`layer %d (seed "${seed}")`, (layer) => {
  test('n·D stays, and grows for wrong laws', async () => {
    const backend = await createBackend('wasm');
    const ratios = Array.from({ length: layer }, () => 1);
    const population = featureCovariance(ratios);
    // Wrong, of the same mean: features of much fewer units than inputs, whose covariance has next to no spread; those of the other layer.
    const others = [[1e-3], layer === 1 ? [1, 1] : [1]].map(featureCovariance);
    const mean = (of: Population): number => of.moments(1)[1]!;
    const laws = [
      sampled(population),
      ...others.map((other) => scaledLaw(sampled(other), mean(population) / mean(other))),
    ];
    const [small, large] = [40, 120].map((size, k) => {
      const spectra = spectraOf(size, layer, [10, 5][k]!, backend);
      return laws.map((law) => scaledDistance(spectra, law));
    }) as [number[], number[]];
    // A few eigenvalues leave the bulk: 1.4 of n in the first layer and 3 in the second, at n = 50 and 200 (60 and 12 draws). n(F_n − F) at a point varies by
    // some 0.6 from draw to draw, so by 0.27 in the mean of five: allowed are five of that.
    for (const [own] of [small, large]) expect(own).toBeLessThan([2.8, 4.4][layer - 1]!);
    for (const wrong of [1, 2]) {
      expect(large[wrong]).toBeGreaterThan(6);
      expect(large[wrong]! / small[wrong]!).toBeGreaterThan(1.6);
    }
  });
});
