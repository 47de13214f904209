import { beforeAll, describe, expect, test } from '@jest/globals';
import { UsageError } from '../../../theory/errors.js';
import {
  residualNormGivenResiduals,
  residualPartGivenResiduals,
  residualPartLaw,
} from '../../../theory/dynamics/index.js';
import { classSlopes } from '../../../theory/dynamics/classSlopes.js';
import { momentsFromFreeCumulants, semicircle } from '../../../theory/gmp/index.js';
import { measureMoment } from '../../../theory/measures/index.js';
import { unitExpectations } from '../../../theory/network/unitExpectations.js';
import { kolmogorovDistance, snapToAtoms } from '../../../simulations/comparisons/index.js';
import type { Backend } from '../../../simulations/contracts.js';
import { createBackend } from '../../../simulations/linalg/index.js';
import { randomStream } from '../../../simulations/random/index.js';

let backend: Backend;
beforeAll(async () => {
  backend = await createBackend('wasm');
});

describe('residualPartLaw', () => {
  test.each([
    [10, 1, 5],
    [1, 2, 0.5],
    [100, 0.3, 50],
  ])('gates, %d samples a class, d/C = %d: moments of k/(N/C), k ~ Poisson(%d)', (samplesPerClass, ratio, mean) => {
    const { gram, residual } = residualPartLaw({ samplesPerClass, dimensionsPerClass: ratio });
    // Raw moments of a Poisson number: κ, κ + κ², κ + 3κ² + κ³; free cumulants (d/C)^{k−1} E a^k.
    const raw = [mean, mean + mean ** 2, mean + 3 * mean ** 2 + mean ** 3];
    const cumulants = [0, ...raw.map((value, k) => (ratio ** k * value) / samplesPerClass ** (k + 1))];
    const moments = momentsFromFreeCumulants(cumulants);
    [1, 2, 3].forEach((k) => expect(gram.moment(k) / moments[k]!).toBeCloseTo(1, 9));
    const zeros = Math.max(0, 1 - (1 - Math.exp(-mean)) / ratio);
    const share = (2 * ratio) / (1 + ratio);
    expect(gram.atoms.reduce((sum, { mass }) => sum + mass, 0)).toBeCloseTo(zeros, 11);
    // 2 tr S Sᵀ spread over d + C eigenvalues.
    expect(residual.moment(2)).toBeCloseTo(share * gram.moment(1), 12);
    expect(residual.cdf(0) - residual.cdf(-1e-12)).toBeCloseTo(1 - share * (1 - zeros), 11);
  });

  test('many samples a class and d = C: the semicircle of radius 2√q, which 10 samples a class are not', () => {
    const circle = semicircle({ variance: 0.5 });
    const limit = residualPartLaw({ samplesPerClass: Infinity, dimensionsPerClass: 1 }).residual;
    const many = residualPartLaw({ samplesPerClass: 1e6, dimensionsPerClass: 1 }).residual;
    const few = residualPartLaw({ samplesPerClass: 10, dimensionsPerClass: 1 }).residual;
    for (const x of [-1.3, -0.5, 0, 0.2, 1]) {
      expect(Math.abs(limit.cdf(x) - circle.cdf(x))).toBeLessThan(1e-13);
      expect(Math.abs(many.cdf(x) - circle.cdf(x))).toBeLessThan(1e-5);
    }
    expect(Math.abs(few.cdf(0.5) - circle.cdf(0.5))).toBeGreaterThan(0.01);
  });

  test.each(['tanh', 'gelu', 'softplus'] as const)('%s: a compound Poisson law of weights', (activation) => {
    const samplesPerClass = 6;
    const { single } = unitExpectations(activation, 1 / 3);
    const [first, second, third] = [2, 4, 6].map((power) => single(({ slope }) => slope ** power)) as [
      number,
      number,
      number,
    ];
    const weights = classSlopes(samplesPerClass, activation, 1 / 3);
    // Cumulants of the sum are (N/C) E σ′^{2k}; the lattice adds at most a quarter of its squared step, (1/256)²/4 of max σ′⁴.
    const largest = activation === 'gelu' ? 1.13 ** 4 : 1;
    expect(measureMoment(weights, 1) / first).toBeCloseTo(1, 9);
    const square = first ** 2 + second / samplesPerClass;
    const lattice = largest / 4 / 256 ** 2 / samplesPerClass;
    const excess = measureMoment(weights, 2) - square;
    expect(excess).toBeGreaterThan(-1e-10);
    expect(excess).toBeLessThan(lattice);
    const cube = first ** 3 + (3 * first * second) / samplesPerClass + third / samplesPerClass ** 2;
    expect(Math.abs(measureMoment(weights, 3) - cube)).toBeLessThan(6 * lattice);
    const { gram } = residualPartLaw({
      samplesPerClass,
      dimensionsPerClass: 0.5,
      activation,
      preactivationVariance: 1 / 3,
    });
    expect(gram.support.length).toBe(1);
    expect(gram.moment(2)).toBeCloseTo(first ** 2 + 0.5 * square, 5);
    const limit = residualPartLaw({
      samplesPerClass: Infinity,
      dimensionsPerClass: 0.5,
      activation,
      preactivationVariance: 1 / 3,
    });
    expect(limit.gram.moment(1)).toBeCloseTo(first, 12);
  });

  test.each([
    [{ samplesPerClass: 0, dimensionsPerClass: 1 }, 'samplesPerClass must lie above 0'],
    [
      { samplesPerClass: 2e4, dimensionsPerClass: 1, activation: 'tanh' as const },
      'beyond, the law is that of Infinity',
    ],
    [{ samplesPerClass: 1, dimensionsPerClass: -1 }, 'dimensionsPerClass'],
    [{ samplesPerClass: 1, dimensionsPerClass: 1, activation: 'sine' as 'relu' }, 'activation must be one of'],
  ])('refuses %j', (options, message) => {
    expect(() => residualPartLaw(options)).toThrow(UsageError);
    expect(() => residualPartLaw(options)).toThrow(message);
  });
});

interface Size {
  readonly dimension: number;
  readonly classes: number;
  readonly samples: number;
}

const units = {
  relu: { value: (u: number) => Math.max(0, u), slope: (u: number) => (u > 0 ? 1 : 0) },
  tanh: { value: Math.tanh, slope: (u: number) => 1 - Math.tanh(u) ** 2 },
};

/** Eigenvalues of N S Sᵀ for one unit of a drawn network with random labels, by the definitions of the Hessian. */
function drawnResidualPart(
  { dimension, classes, samples }: Size,
  loss: 'ce' | 'mse',
  activation: 'relu' | 'tanh',
  seed: string,
) {
  const width = 8;
  const { value, slope } = units[activation];
  const stream = randomStream(seed, 'residual part', 0);
  const [inputs, hidden, readout] = [samples * dimension, width * dimension, classes * width].map((size) => {
    const entries = new Float64Array(size);
    stream.fillNormals(entries);
    return entries;
  }) as [Float64Array, Float64Array, Float64Array];
  const part = new Float64Array(dimension * classes);
  const values = new Float64Array(width);
  const residual = new Float64Array(classes);
  for (let n = 0; n < samples; n++) {
    const x = inputs.subarray(n * dimension, (n + 1) * dimension);
    let first = 0;
    for (let i = 0; i < width; i++) {
      let u = 0;
      for (let k = 0; k < dimension; k++) u += (hidden[i * dimension + k]! * x[k]!) / Math.sqrt(dimension);
      values[i] = value(u);
      if (i === 0) first = slope(u);
    }
    const label = stream.integer(classes);
    if (first === 0) continue;
    let total = 0;
    for (let c = 0; c < classes; c++) {
      let logit = 0;
      for (let i = 0; i < width; i++) logit += (readout[c * width + i]! * values[i]!) / Math.sqrt(width);
      residual[c] = loss === 'ce' ? Math.exp(logit) : logit;
      total += residual[c]!;
    }
    if (loss === 'ce') for (let c = 0; c < classes; c++) residual[c]! /= total;
    residual[label]! -= 1;
    for (let k = 0; k < dimension; k++) {
      const weight = (first * x[k]!) / Math.sqrt(samples);
      for (let c = 0; c < classes; c++) part[k * classes + c]! += weight * residual[c]!;
    }
  }
  const gram = new Float64Array(dimension * dimension);
  for (let a = 0; a < dimension; a++)
    for (let b = 0; b <= a; b++) {
      let sum = 0;
      for (let c = 0; c < classes; c++) sum += part[a * classes + c]! * part[b * classes + c]!;
      gram[a * dimension + b] = gram[b * dimension + a] = sum;
    }
  return backend.symmetricEigenvalues(gram, dimension);
}

describe('drawn networks, random labels (seeds "residual 0" to "residual 4")', () => {
  const size = { dimension: 200, classes: 200, samples: 2000 };
  const lawAt = (samplesPerClass: number, activation: 'relu' | 'tanh') =>
    residualPartLaw({ samplesPerClass, dimensionsPerClass: 1, activation }).gram;

  // Distances of one draw, measured over other draws. ReLU, 24 draws: 0.0180, sd 0.0034, and 0.0419, sd 0.0053; tanh, 6
  // draws: 0.0181, sd 0.0053, and 0.0388, sd 0.0040. The bounds are 4.7 or more standard errors of a mean of five draws
  // away from these: a false alarm has probability below 1e-5.
  test.each([
    ['relu', 0.0256, 0.03],
    ['tanh', 0.0295, 0.03],
  ] as const)(
    'cross-entropy, %s: the (compound) Poisson law is accepted, Marčenko–Pastur rejected',
    (activation, accepted, rejected) => {
      const spectra = Array.from({ length: 5 }, (_, k) => drawnResidualPart(size, 'ce', activation, `residual ${k}`));
      const distance = (samplesPerClass: number) => {
        const law = lawAt(samplesPerClass, activation);
        return spectra.reduce((sum, spectrum) => sum + kolmogorovDistance(spectrum, law) / spectra.length, 0);
      };
      expect(distance(10)).toBeLessThan(accepted);
      expect(distance(Infinity)).toBeGreaterThan(rejected);
    },
  );

  test('squared error: the same bulk, and at most m = 8 eigenvalues far beyond it', () => {
    const spectrum = drawnResidualPart(size, 'mse', 'relu', 'residual 0');
    // Rank m moves a distribution function by m/d at most; beyond it one draw at five standard deviations.
    expect(kolmogorovDistance(spectrum, lawAt(10, 'relu'))).toBeLessThan(8 / 200 + 0.035);
    expect(spectrum[200 - 9]!).toBeLessThan(4);
    expect(spectrum[200 - 1]!).toBeGreaterThan(1000);
  });
});

/**
 * N S Sᵀ of unit 0 over coordinates that nothing depends on, and the eigenvalues of Σ = rᵀ D² r/N, for a ReLU network
 * that reads 8 other coordinates, with logits of variance 16 and random labels under cross-entropy.
 */
function drawnComplement(seed: string) {
  const [dimension, classes, samples, width] = [150, 100, 400, 8];
  const stream = randomStream(seed, 'complement', 0);
  const readout = Array.from({ length: classes * width }, () => 4 * stream.normal());
  const part = new Float64Array(dimension * classes);
  const residuals = new Float64Array(classes * classes);
  for (let n = 0; n < samples; n++) {
    const values = Array.from({ length: width }, () => Math.max(0, stream.normal()));
    const label = stream.integer(classes);
    const inputs = Array.from({ length: dimension }, () => stream.normal());
    if (values[0] === 0) continue;
    const terms = Array.from({ length: classes }, (_, c) =>
      Math.exp(values.reduce((sum, value, i) => sum + (value * readout[c * width + i]!) / Math.sqrt(width), 0)),
    );
    const total = terms.reduce((sum, term) => sum + term, 0);
    const residual = terms.map((term, c) => term / total - (c === label ? 1 : 0));
    for (let c = 0; c < classes; c++) {
      for (let k = 0; k < dimension; k++) part[k * classes + c]! += (inputs[k]! * residual[c]!) / Math.sqrt(samples);
      for (let b = 0; b < classes; b++) residuals[c * classes + b]! += (residual[c]! * residual[b]!) / samples;
    }
  }
  const gram = new Float64Array(dimension * dimension);
  for (let a = 0; a < dimension; a++)
    for (let b = 0; b < dimension; b++)
      for (let c = 0; c < classes; c++) gram[a * dimension + b]! += part[a * classes + c]! * part[b * classes + c]!;
  return {
    eigenvalues: backend.symmetricEigenvalues(gram, dimension),
    residualSpectrum: backend.symmetricEigenvalues(residuals, classes),
    classes,
    dimension,
  };
}

describe('given the residuals', () => {
  const spectrum = [0.5, 0.25, 0.25];

  test('the norm is a mixture of chi squares: mean d′ tr Σ, relative deviation √(2 tr Σ²/d′)/tr Σ', () => {
    const { mean, deviation } = residualNormGivenResiduals({ residualSpectrum: spectrum, classes: 5, dimension: 40 });
    expect(mean).toBe(40);
    expect(deviation).toBeCloseTo(Math.sqrt((2 * 0.375) / 40), 15);
    // Against drawn Σ_c λ_c χ²_40, 4000 draws: mean within 5 standard errors, variance within 5 (each relative √(2/n),
    // kurtosis 12/d′ tr Σ⁴/(tr Σ²)² < 0.3 adding 10 %); a false alarm has probability below 1e-6.
    const stream = randomStream('mixture', 'chi squares', 0);
    const draws = Array.from({ length: 4000 }, () =>
      spectrum.reduce((sum, value) => {
        for (let k = 0; k < 40; k++) sum += value * stream.normal() ** 2;
        return sum;
      }, 0),
    );
    const drawnMean = draws.reduce((sum, value) => sum + value, 0) / 4000;
    const variance = draws.reduce((sum, value) => sum + (value - drawnMean) ** 2, 0) / 3999;
    expect(Math.abs(drawnMean / mean - 1)).toBeLessThan((5 * deviation) / Math.sqrt(4000));
    expect(Math.abs(variance / (mean * deviation) ** 2 - 1)).toBeLessThan(5 * 1.1 * Math.sqrt(2 / 4000));
  });

  test('the law has weights C λ_c, zeros for the classes left out, and mean tr Σ', () => {
    const { gram } = residualPartGivenResiduals({ residualSpectrum: spectrum, classes: 5, dimension: 40 });
    expect(gram.aspectRatio).toBe(8);
    expect(gram.moment(1)).toBeCloseTo(1, 13);
    // Free cumulants: second moment mean² + (d′/C) E a², E a² = C tr Σ².
    expect(gram.moment(2)).toBeCloseTo(1 + 8 * 5 * 0.375, 12);
    // Rank 3 of 40.
    expect(gram.atoms[0]!.mass).toBeCloseTo(1 - 3 / 40, 13);
  });

  test('drawn data and a network far from initialisation: accepted; one weight for all classes is rejected', () => {
    // Inputs beyond the first 8 coordinates are off every direction that residuals and gates depend on. Distances of one
    // draw, measured over 40 other draws: 0.0149, sd 0.0022, and 0.103, sd 0.011; the bounds are five standard errors of
    // a mean of four draws away: a false alarm has probability below 1e-6.
    const distances = [0, 1, 2, 3].map((replicate) => {
      const { eigenvalues, residualSpectrum, classes, dimension } = drawnComplement(`given ${replicate}`);
      const own = residualPartGivenResiduals({ residualSpectrum, classes, dimension }).gram;
      const mean = own.moment(1) / classes;
      const even = new Float64Array(classes).fill(mean);
      const plain = residualPartGivenResiduals({ residualSpectrum: even, classes, dimension }).gram;
      const place = (law: typeof own) => kolmogorovDistance(snapToAtoms(eigenvalues, law.atoms), law);
      return [place(own), place(plain)];
    });
    const mean = (k: number) => distances.reduce((sum, row) => sum + row[k]! / 4, 0);
    expect(mean(0)).toBeLessThan(0.0205);
    expect(mean(1)).toBeGreaterThan(0.075);
  });

  test('refuses negative eigenvalues and fewer classes than eigenvalues', () => {
    const given = { residualSpectrum: [1, -0.1], classes: 2, dimension: 10 };
    expect(() => residualPartGivenResiduals(given)).toThrow('negative beyond rounding');
    expect(() => residualNormGivenResiduals({ ...given, residualSpectrum: [1, -1e-14] })).not.toThrow();
    expect(() => residualPartGivenResiduals({ ...given, residualSpectrum: [1, 1, 1] })).toThrow('classes');
  });
});
