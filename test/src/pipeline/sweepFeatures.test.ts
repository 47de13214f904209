import { beforeAll, describe, expect, test } from '@jest/globals';
import { featurePopulation } from '../../../src/draws/sweep/gaussianEquivalent.js';
import { outputWeights } from '../../../simulations/blocks/outputWeights.js';
import { kolmogorovDistance, laneTest } from '../../../simulations/comparisons/index.js';
import type { Backend } from '../../../simulations/contracts.js';
import { createBackend } from '../../../simulations/linalg/index.js';
import { drawReplicate } from '../../../simulations/models/index.js';
import { randomStream } from '../../../simulations/random/index.js';
import { discreteMeasure } from '../../../theory/measures/index.js';
import { separableLaw } from '../../../theory/separable/index.js';

const SEED = 'sweep features test';
const [DIMENSION, WIDTH, SAMPLES, DRAWS] = [60, 30, 180, 20];
let backend: Backend;
beforeAll(async () => {
  backend = await createBackend('wasm');
});

/** Distances in eigenvalues of one output block to three laws, and of two fresh draws of the first. */
function distancesOf(replicate: number) {
  const settings = {
    model: 'hidden',
    loss: 'ce',
    activation: 'relu',
    initialisation: 'lecun',
    dimension: DIMENSION,
    samples: SAMPLES,
    classes: 5,
    width: WIDTH,
  } as const;
  const draw = drawReplicate(settings, backend.createWorkspace(DIMENSION, SAMPLES), SEED, replicate, {
    wanted: { hidden: [], output: [[0, 0]] },
  });
  const { population, factor, weights } = featurePopulation(draw, 'output-diagonal', backend);
  const plain = outputWeights(draw, 0, 0);
  const features = backend.createWorkspace(WIDTH, SAMPLES);
  const spectrum = (values: (n: number, i: number) => number, a: Float64Array) => {
    for (let n = 0; n < SAMPLES; n++) for (let i = 0; i < WIDTH; i++) features.inputs[n * WIDTH + i] = values(n, i);
    return features.eigenvalues(a).slice();
  };
  const law = (a: Float64Array, t: Float64Array) =>
    separableLaw({ weights: discreteMeasure(a), population: discreteMeasure(t), aspectRatio: WIDTH / SAMPLES });
  const claimed = law(weights, population);
  const observed = spectrum((n, i) => draw.features[i * SAMPLES + n]!, plain);
  const nulls = [0, 1].map((r) => {
    const stream = randomStream(SEED, `null ${r}`, replicate);
    const z = Float64Array.from({ length: SAMPLES * WIDTH }, () => stream.normal());
    return spectrum(
      (n, i) =>
        Array.from({ length: i + 1 }, (_, k) => factor[i * WIDTH + k]! * z[n * WIDTH + k]!).reduce((a, b) => a + b),
      weights,
    );
  });
  const inEigenvalues = (eigenvalues: Float64Array, other: ReturnType<typeof law>) =>
    WIDTH * kolmogorovDistance(eigenvalues, other);
  return {
    lengths: weights.map((value, n) => value / plain[n]!),
    observed: inEigenvalues(observed, claimed),
    nulls: nulls.map((eigenvalues) => inEigenvalues(eigenvalues, claimed)),
    withoutLengths: inEigenvalues(observed, law(plain, population)),
    // Features taken for uncorrelated: the same trace, no covariance between units.
    uncorrelated: inEigenvalues(
      observed,
      law(weights, new Float64Array(WIDTH).fill(population.reduce((a, b) => a + b) / WIDTH)),
    ),
  };
}

describe(`output blocks with m = d/2 against the Gaussian equivalent of their features (seed ${SEED})`, () => {
  const mean = (values: readonly number[]) => values.reduce((a, b) => a + b, 0) / values.length;
  let draws: ReturnType<typeof distancesOf>[];
  beforeAll(() => {
    draws = Array.from({ length: DRAWS }, (_, r) => distancesOf(r));
  });
  const lane = (pick: (draw: ReturnType<typeof distancesOf>) => number) =>
    laneTest({ observed: draws.map(pick), nulls: draws.map(({ nulls }) => nulls) }).fittedPValue;

  test('lengths of features are 1 on average: their mean is exact', () => {
    // Each draw's mean length has standard deviation below √(2 tr Σ²)/tr Σ/√N·2 < 0.03; over 20 draws 0.007. Four of
    // them: false alarm below 1e-4.
    expect(Math.abs(mean(draws.map(({ lengths }) => mean(Array.from(lengths)))) - 1)).toBeLessThan(0.03);
  });
  test('calibrated: the block is not told from fresh draws of the law; uncorrelated features are', () => {
    // At 0.001 a false alarm for one seed in a thousand.
    expect(lane(({ observed }) => observed)).toBeGreaterThan(0.001);
    expect(lane(({ uncorrelated }) => uncorrelated)).toBeLessThan(1e-6);
  });
  test('without the lengths the distance is larger, and the test sees it', () => {
    const gains = draws.map(({ observed, withoutLengths }) => withoutLengths - observed);
    const error = Math.sqrt(mean(gains.map((gain) => (gain - mean(gains)) ** 2)) / (DRAWS - 1));
    expect(mean(gains)).toBeGreaterThan(3 * error);
    expect(lane(({ withoutLengths }) => withoutLengths)).toBeLessThan(0.001);
  });
});
