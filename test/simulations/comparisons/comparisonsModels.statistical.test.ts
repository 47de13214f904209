/**
 * The comparisons on drawn models: coupling in every draw, exact nulls from the complement, weights against their law,
 * outliers set apart, rates of distances. Seeds are fixed; each p-value bound states its chance of false alarm over
 * seeds.
 */
import { beforeAll, describe, expect, test } from '@jest/globals';
import { traceMoments } from '../../../theory/fluctuations/index.js';
import { activationNames } from '../../../theory/names.js';
import { generalisedMarchenkoPastur } from '../../../theory/gmp/index.js';
import { discreteMeasure } from '../../../theory/measures/index.js';
import { outliersFromSamples } from '../../../theory/outliers/index.js';
import { hiddenWeightsGivenReadout, softmaxMoment } from '../../../theory/weights/index.js';
import {
  complementInputs,
  couplingCheck,
  exponentTest,
  fitExponent,
  kolmogorovDistance,
  nullSpectra,
  pooledChiSquare,
  separateOutliers,
  type SeparatedSpectrum,
  type StatisticsOfDraw,
} from '../../../simulations/comparisons/index.js';
import { initialisationTest } from '../../helpers/initialisationTest.js';
import { expectationTest, weightMomentsTest, type WeightsOfDraw } from '../../helpers/weightTests.js';
import type { ActivationName, Loss } from '../../../theory/contracts.js';
import type { Backend, DrawSettings } from '../../../simulations/contracts.js';
import {
  coordinates,
  hiddenBlockWeights,
  linearBlockWeights,
  projectionBasis,
  twinInputs,
} from '../../../simulations/blocks/index.js';
import { wasmBackend } from '../../../simulations/linalg/index.js';
import { drawReplicate, type Draw } from '../../../simulations/models/index.js';
import { randomStream } from '../../../simulations/random/index.js';
import { marchenkoPasturDouble } from '../../doubles/closedFormLaws.js';

const seed = 'comparisons models 1';
let backend: Backend;
beforeAll(async () => {
  backend = await wasmBackend();
});

const settings = (change: Partial<DrawSettings>): DrawSettings => ({
  model: 'hidden',
  loss: 'ce',
  activation: 'relu',
  initialisation: 'lecun',
  dimension: 120,
  samples: 240,
  classes: 10,
  width: 6,
  ...change,
});
const pairs: [number, number][] = [
  [0, 0],
  [0, 1],
];
const wanted = { hidden: pairs, output: pairs };
const weightsOf = (draw: Draw, i: number, j: number): Float64Array =>
  draw.settings.model === 'linear' ? linearBlockWeights(draw, i, j) : hiddenBlockWeights(draw, i, j);

describe(`exact coupling (seed ${seed})`, () => {
  const models: Partial<DrawSettings>[] = [
    { model: 'linear', loss: 'ce' },
    ...(['ce', 'mse'] as const).flatMap((loss) => activationNames.map((activation) => ({ loss, activation }))),
  ];

  test.each(models)('holds in each of 4 draws, both blocks: %j', (change) => {
    const given = settings(change);
    const workspace = backend.createWorkspace(given.dimension, given.samples);
    for (let replicate = 0; replicate < 4; replicate++) {
      const draw = drawReplicate(given, workspace, seed, replicate, {
        wanted: change.model === 'linear' ? { hidden: [], output: pairs } : { hidden: pairs, output: [] },
      });
      const basis = projectionBasis(draw);
      const weights = pairs.map(([i, j]) => weightsOf(draw, i, j));
      const observed = weights.map((a) => workspace.eigenvalues(a).slice());
      twinInputs(draw, workspace, randomStream(seed, 'twin', replicate), basis);
      weights.forEach((a, k) => {
        const found = couplingCheck({
          eigenvalues: observed[k]!,
          twinEigenvalues: workspace.eigenvalues(a),
          rank: basis.rank,
        });
        expect(found.holds).toBe(true);
        expect(found.informative).toBe(true);
        // The check can fail: the spectra do differ, so a claim of rank 0 is refuted.
        expect(found.distance).toBeGreaterThan(0);
      });
    }
  });
});

describe(`the complement of the projection directions (seed ${seed})`, () => {
  test.each([
    { model: 'linear', loss: 'ce' } as const,
    { model: 'hidden', loss: 'ce' } as const,
    { model: 'hidden', loss: 'mse', activation: 'tanh' } as const,
  ])('is an exact draw of the null given the weights, and interlaces with the block: %j', (change) => {
    const given = settings(change);
    const { dimension, samples } = given;
    const workspace = backend.createWorkspace(dimension, samples);
    const statistics: StatisticsOfDraw[] = [];
    for (let replicate = 0; replicate < 24; replicate++) {
      const draw = drawReplicate(given, workspace, `${seed} complement`, replicate, {
        wanted: change.model === 'linear' ? { hidden: [], output: pairs } : { hidden: pairs, output: [] },
      });
      const basis = projectionBasis(draw);
      const weights = weightsOf(draw, 0, 1);
      const kept = backend.createWorkspace(dimension - basis.rank, samples);
      complementInputs({ inputs: workspace.inputs, samples, dimension, basis, out: kept.inputs });
      const rest = kept.eigenvalues(weights);
      const moments = traceMoments({ weights, dimension: dimension - basis.rank });
      statistics.push({
        values: [1, 2, 3, 4].map((k) => rest.reduce((sum, value) => sum + value ** k, 0)),
        mean: moments.mean,
        covariance: moments.covariance,
      });
      if (replicate < 2) {
        // Cauchy: λ_i ≤ μ_i ≤ λ_{i+k} for the eigenvalues μ of the compression.
        const whole = workspace.eigenvalues(weights);
        const slack = 1e-12 * Math.max(Math.abs(whole[0]!), whole[dimension - 1]!);
        rest.forEach((value, i) => {
          expect(value).toBeGreaterThan(whole[i]! - slack);
          expect(value).toBeLessThan(whole[i + basis.rank]! + slack);
        });
      }
    }
    // False alarm 0.001 for each model.
    expect(pooledChiSquare(statistics).shift.pValue).toBeGreaterThan(0.001);
    // An aspect ratio 5 % off moves tr H² by 5 % of its d γ E a² part.
    const wrong = statistics.map(({ values, mean, covariance }) => ({
      values,
      covariance,
      mean: Array.from(mean, (value, k) => (k === 1 ? value + 0.05 * (value - mean[0]! ** 2 / dimension) : value)),
    }));
    expect(pooledChiSquare(wrong).shift.pValue).toBeLessThan(1e-6);
  });
});

describe(`weights against their law given the initialisation (seed ${seed})`, () => {
  const draws = (loss: Loss, drawn: ActivationName, claimed: ActivationName): WeightsOfDraw[] => {
    const given = settings({ loss, activation: drawn });
    const { dimension, samples, classes, width } = given;
    const workspace = backend.createWorkspace(dimension, samples);
    return Array.from({ length: 6 }, (_, replicate) => {
      const draw = drawReplicate(given, workspace, `${seed} weights`, replicate, { wanted });
      const layer = draw.hiddenLayer;
      const preactivationGram = Float64Array.from({ length: width * width }, (_, entry) => {
        const [i, j] = [Math.floor(entry / width), entry % width];
        let sum = 0;
        for (let t = 0; t < dimension; t++) sum += layer[i * dimension + t]! * layer[j * dimension + t]!;
        return sum;
      });
      const { measure } = hiddenWeightsGivenReadout({
        loss,
        activation: claimed,
        readout: draw.readout.matrix!,
        classes,
        width,
        i: 0,
        j: 1,
        preactivationGram,
        points: 2048,
      });
      const moments = [0, 1, 2, 3, 4].map((k) =>
        measure.nodes.reduce((sum, node, n) => sum + measure.masses[n]! * node ** k, 0),
      );
      return { weights: hiddenBlockWeights(draw, 0, 1), moments };
    });
  };

  test.each(['ce', 'mse'] as const)('%s: accepted as drawn, refused when ReLU is taken for tanh', (loss) => {
    const right = weightMomentsTest(draws(loss, 'relu', 'relu'));
    // Two p-values above 0.001 in each of two losses.
    expect(right.shift.pValue).toBeGreaterThan(0.001);
    expect(right.total.pValue).toBeGreaterThan(0.001);
    // The errors of different draws may have either sign: the total sees them all.
    expect(weightMomentsTest(draws(loss, 'relu', 'tanh')).total.pValue).toBeLessThan(1e-10);
    expect(weightMomentsTest(draws(loss, 'tanh', 'relu')).total.pValue).toBeLessThan(1e-10);
  });

  test('linear cross-entropy at level 1: C off by one and logit variance off by a tenth are refused, the truth is not', () => {
    const given = settings({ model: 'linear', classes: 10 });
    const { dimension, samples, classes } = given;
    const workspace = backend.createWorkspace(dimension, samples);
    const output = Array.from({ length: classes }, (_, c) => [c, c] as [number, number]);
    const entries: Float64Array[] = [];
    // Averaged over the classes the weight p(1 − p) loses most of its spread from draw to draw: Σ p = 1.
    const means = Array.from({ length: 30 }, (_, replicate) => {
      const draw = drawReplicate(given, workspace, `${seed} linear`, replicate, { wanted: { hidden: [], output } });
      entries.push(draw.readout.matrix!);
      let sum = 0;
      for (const [i] of output) for (const value of linearBlockWeights(draw, i, i)) sum += value;
      return sum / (samples * classes);
    });
    const limit = (c: number, logitVariance: number): number =>
      1 / c - softmaxMoment({ classes: c, logitVariance, exponents: [2] });
    // Given x the logits have variance s²|x|²/d, of variance 2 s⁴/d around s²: the expectation is φ(s²) + φ''(s²) s⁴/d
    // + O(1/d²).
    const predicted = (c: number, s2: number): number =>
      limit(c, s2) +
      ((limit(c, s2 + 0.05) - 2 * limit(c, s2) + limit(c, s2 - 0.05)) / 0.05 ** 2) * (s2 ** 2 / dimension);
    // False alarm 0.001.
    expect(expectationTest(means, predicted(10, 1)).pValue).toBeGreaterThan(0.001);
    for (const [c, s2] of [
      [9, 1],
      [11, 1],
      [10, 1.1],
      [10, 0.9],
    ] as const) {
      expect([c, s2, expectationTest(means, predicted(c, s2)).pValue < 1e-4]).toEqual([c, s2, true]);
    }
    // And the entries of V themselves, 36 000 of them.
    expect(initialisationTest({ entries, variance: 1 / dimension, distribution: 'normal' }).pValue).toBeGreaterThan(
      0.001,
    );
    expect(initialisationTest({ entries, variance: 1.05 / dimension, distribution: 'normal' }).pValue).toBeLessThan(
      1e-8,
    );
  });
});

describe(`outliers (seed ${seed})`, () => {
  test('of the off-diagonal linear block are matched, and without them the bulk keeps to its law', () => {
    const given = settings({ model: 'linear', dimension: 160, samples: 1600 });
    const { dimension, samples } = given;
    const workspace = backend.createWorkspace(dimension, samples);
    const count = { matched: 0, missing: 0, merged: 0, unexplained: 0, far: 0, near: 0, twinNear: 0 };
    const near = ({ matched }: SeparatedSpectrum): number =>
      matched.filter(({ gap, predicted }) => Math.abs(gap) < 2 * predicted.deviation!).length;
    for (let replicate = 0; replicate < 8; replicate++) {
      const draw = drawReplicate(given, workspace, `${seed} outliers`, replicate, {
        wanted: { hidden: [], output: pairs },
      });
      const weights = linearBlockWeights(draw, 0, 1);
      const law = generalisedMarchenkoPastur(discreteMeasure(weights), dimension / samples);
      const basis = projectionBasis(draw);
      const field = coordinates(draw, basis);
      const predicted = outliersFromSamples({
        weights,
        coordinates: field,
        rank: basis.rank,
        aspectRatio: dimension / samples,
        law,
      });
      const eigenvalues = workspace.eigenvalues(weights).slice();
      const found = separateOutliers(eigenvalues, law, predicted);
      expect(found.bulk.length + found.matched.length + found.unexplained.length).toBe(dimension);
      expect(found.matched.length + found.missing.length + found.merged.length).toBe(
        predicted.reduce((sum, { multiplicity }) => sum + multiplicity, 0),
      );
      count.matched += found.matched.length;
      count.missing += found.missing.length;
      count.merged += found.merged.length;
      count.unexplained += found.unexplained.length;
      // Not told of any prediction, the rule calls what lies far out unexplained.
      count.far += separateOutliers(eigenvalues, law, []).unexplained.length;
      // n·D of the bulk: about 2.5 ± 0.4 for a null spectrum, and at most k more for the k directions.
      expect(found.bulk.length * kolmogorovDistance(found.bulk, law)).toBeLessThan(4.5 + basis.rank);
      twinInputs(draw, workspace, randomStream(seed, 'outlier twin', replicate), basis);
      const twin = separateOutliers(workspace.eigenvalues(weights).slice(), law, predicted);
      count.near += near(found);
      count.twinNear += near(twin);
    }
    expect(count.missing).toBe(0);
    expect(count.unexplained).toBe(0);
    expect(count.far).toBeGreaterThan(0);
    expect(count.matched).toBeGreaterThanOrEqual(4);
    // The twin has the same weights and no outliers: what is near a prediction there is the edge.
    expect(count.near).toBeGreaterThan(2 * count.twinNear);
  });
});

describe(`rates (seed ${seed})`, () => {
  test('the distance of a Wishart spectrum falls like log d / d, that of independent draws like d^{−1/2}', () => {
    const sizes = [32, 64, 128, 256];
    const law = marchenkoPasturDouble(0.5);
    const values = sizes.map((d) =>
      nullSpectra({
        workspace: backend.createWorkspace(d, 2 * d),
        weights: new Float64Array(2 * d).fill(1),
        replicates: 24,
        stream: (r) => randomStream(seed, `rate ${d}`, r),
      }).map((e) => kolmogorovDistance(e, law)),
    );
    const fit = fitExponent({ sizes, values, logCorrection: true });
    // d·D = (√2/π) log d + 0.3 or so: with log d divided out the local exponent at these sizes is −1.05 to −1.0, inside
    // ±0.1 of −1.
    expect(Math.abs(fit.exponent + 1)).toBeLessThan(0.1);
    expect(exponentTest(fit, -0.5).pValue).toBeLessThan(1e-10);
    const independent = sizes.map((d) =>
      Array.from({ length: 24 }, (_, r) => {
        const stream = randomStream(seed, `independent ${d}`, r);
        const points = Float64Array.from({ length: d }, () => law.quantile(stream.uniform())).sort();
        return kolmogorovDistance(points, law);
      }),
    );
    const slow = fitExponent({ sizes, values: independent });
    // Two-sided p above 0.001: false alarm 0.001, plus what the 1/√n correction of E D adds.
    expect(exponentTest(slow, -0.5).pValue).toBeGreaterThan(0.001);
    expect(exponentTest(slow, -1).pValue).toBeLessThan(1e-10);
  });
});
