import { describe, expect, test } from '@jest/globals';
import { readFileSync } from 'node:fs';
import type { ActivationName, DiscreteMeasure, Loss } from '../../../theory/contracts.js';
import { UsageError } from '../../../theory/errors.js';
import {
  gateMeasure,
  gateProbability,
  hiddenWeightsGivenReadout,
  initialisationScheme,
} from '../../../theory/weights/index.js';
import { outputBlockMean } from '../../../theory/norms/index.js';
import { activationFunctions } from '../../../theory/network/activationFunctions.js';
import { normalCumulative, normalQuantile } from '../../../theory/numerics/normalDistribution.js';
import { smoothActivations } from '../../helpers/smoothActivations.js';

interface Given {
  loss: Loss;
  activation: ActivationName;
  i: number;
  j: number;
  mean: number;
  meanError: number;
  square: number;
  squareError: number;
  zero: number;
}

// test/fixtures/numpy/weightsRatios.py: 400 000 draws of x at one V (5×3) and one Gram matrix.
const fixture = JSON.parse(
  readFileSync(new URL('../../fixtures/numpy/weightsRatios.json', import.meta.url), 'utf8'),
) as {
  readout: number[];
  gram: number[];
  given: Given[];
  outputMean: { loss: Loss; activation: ActivationName; i: number; j: number; matrix: number[]; error: number[] }[];
};
const sizes = { readout: fixture.readout, classes: 5, width: 3, preactivationGram: fixture.gram };

const moment = ({ nodes, masses }: DiscreteMeasure, order: number): number =>
  nodes.reduce((sum, a, k) => sum + masses[k] * a ** order, 0);

describe('gates', () => {
  test('½ with itself, ¼ when orthogonal, 0 when opposite', () => {
    expect([0, Math.PI / 2, Math.PI].map(gateProbability)).toEqual([0.5, 0.25, 0]);
  });

  test('gateMeasure has an atom at zero with the rest of the mass', () => {
    expect(Array.from(gateMeasure(0.25).nodes)).toEqual([0, 1]);
    expect(Array.from(gateMeasure(0.25).masses)).toEqual([0.75, 0.25]);
  });

  test.each([-0.1, 1.1, Number.NaN])('refuses a live fraction of %d', (q) => {
    expect(() => gateMeasure(q)).toThrow(UsageError);
  });

  test('refuses an angle outside [0, π]', () => expect(() => gateProbability(4)).toThrow(/\[0, π\] radians, got 4/));
});

describe('normal distribution', () => {
  // Abramowitz & Stegun tables 26.1 and 26.5, and Φ(−37.5) from mpmath 1.3.0 (ncdf, 30 digits).
  test.each([
    [0, 0.5],
    [1, 0.8413447460685429],
    [-2, 0.02275013194817921],
    [-5, 2.866515718791939e-7],
    [-37.5, 4.605353009581955e-308],
  ])('Φ(%d)', (x, expected) => expect(Math.abs(normalCumulative(x) / expected - 1)).toBeLessThan(5e-14));

  test('the quantile inverts Φ in both tails', () => {
    for (const p of [1e-300, 1e-20, 1e-6, 0.1, 0.5, 0.975, 1 - 1e-10]) {
      expect(Math.abs(normalCumulative(normalQuantile(p)) / p - 1)).toBeLessThan(1e-12);
    }
  });
});

test.each(smoothActivations)('%s: the derivatives are those of the value, by central differences', (name) => {
  const { value, first, second } = activationFunctions(name);
  const step = 1e-4;
  for (const u of [-3, -0.7, 0, 0.4, 2]) {
    expect(first(u)).toBeCloseTo((value(u + step) - value(u - step)) / (2 * step), 7);
    expect(second(u)).toBeCloseTo((first(u + step) - first(u - step)) / (2 * step), 7);
  }
});

describe('hiddenWeightsGivenReadout', () => {
  test.each(fixture.given)('$loss $activation block ($i, $j): E a and E a² against NumPy', (expected) => {
    const { measure, momentErrors } = hiddenWeightsGivenReadout({ ...sizes, ...expected });
    // 4.5 joint standard errors: a false alarm in 7e-6 of cases, 24 comparisons.
    const scale = Math.sqrt(expected.square);
    expect(Math.abs(moment(measure, 1) - expected.mean)).toBeLessThan(
      4.5 * Math.hypot(expected.meanError, momentErrors[0] * scale),
    );
    expect(Math.abs(moment(measure, 2) - expected.square)).toBeLessThan(
      4.5 * Math.hypot(expected.squareError, momentErrors[1] * expected.square),
    );
    if (expected.activation === 'relu') {
      const zero = measure.masses[measure.nodes.indexOf(0)];
      // Binomial standard error at 400 000 draws is below 8e-4.
      expect(Math.abs(zero - expected.zero)).toBeLessThan(4.5 * 8e-4);
    }
  });

  test('it rejects: without its residual term the GELU diagonal law has another second moment', () => {
    const expected = fixture.given.find(
      ({ loss, activation, i, j }) => loss === 'ce' && activation === 'gelu' && i === j,
    )!;
    const { measure } = hiddenWeightsGivenReadout({ ...sizes, ...expected, residualTerm: false });
    expect(Math.abs(moment(measure, 2) - expected.square)).toBeGreaterThan(20 * expected.squareError);
  });

  test('it rejects: pre-activations with a fifth more variance', () => {
    const expected = fixture.given.find(
      ({ loss, activation, i, j }) => loss === 'ce' && activation === 'tanh' && i !== j,
    )!;
    const { measure } = hiddenWeightsGivenReadout({
      ...sizes,
      ...expected,
      preactivationGram: fixture.gram.map((g) => 1.2 * g),
    });
    expect(Math.abs(moment(measure, 2) - expected.square)).toBeGreaterThan(10 * expected.squareError);
  });

  test('ReLU and squared error: two exact atoms, v_i·v_j with probability (π − angle)/2π', () => {
    const [a, b, c] = [2, 1, 3];
    const gram = [a, b, b, c];
    const { measure, error } = hiddenWeightsGivenReadout({
      loss: 'mse',
      activation: 'relu',
      readout: [1, 2, -3, 0.5],
      classes: 2,
      width: 2,
      i: 0,
      j: 1,
      preactivationGram: gram,
    });
    const live = gateProbability(Math.acos(b / Math.sqrt(a * c)));
    expect(error).toBe(0);
    expect(Array.from(measure.nodes)).toEqual([0, 0.5]);
    expect(measure.masses[1]).toBeCloseTo(live, 14);
  });

  test('the error estimate falls as points are added, and the weight law does not move by more than it says', () => {
    const options = { ...sizes, loss: 'ce', activation: 'relu', i: 0, j: 1 } as const;
    const [few, many] = [512, 32768].map((points) => hiddenWeightsGivenReadout({ ...options, points }));
    expect(many.momentErrors[1]).toBeLessThan(few.momentErrors[1] / 4);
    expect(Math.abs(moment(few.measure, 2) / moment(many.measure, 2) - 1)).toBeLessThan(6 * few.momentErrors[1]);
  });

  test('logits of size 10^4 do not overflow', () => {
    const readout = fixture.readout.map((v) => 1e4 * v);
    const { measure } = hiddenWeightsGivenReadout({
      ...sizes,
      readout,
      loss: 'ce',
      activation: 'relu',
      i: 0,
      j: 0,
      points: 256,
    });
    expect(measure.nodes.every(Number.isFinite)).toBe(true);
  });

  test('refuses sizes that do not match and units out of range', () => {
    const options = { ...sizes, loss: 'ce', activation: 'relu', i: 0, j: 1 } as const;
    expect(() => hiddenWeightsGivenReadout({ ...options, classes: 4 })).toThrow(/4×3 = 12 entries, got 15/);
    expect(() => hiddenWeightsGivenReadout({ ...options, j: 3 })).toThrow(
      /j must be a whole number from 0 to 2, got 3/,
    );
    expect(() => hiddenWeightsGivenReadout({ ...options, preactivationGram: [1, 2, 0, 2, 1, 0, 0, 0, 1] })).toThrow(
      /covariance/,
    );
  });
});

describe('outputBlockMean', () => {
  test.each(fixture.outputMean)('$loss $activation block ($i, $j): every entry against NumPy', (expected) => {
    const { matrix, error } = outputBlockMean({ ...sizes, ...expected });
    const norm = Math.hypot(...matrix);
    // 4.5 joint standard errors (false alarm 7e-6 an entry, 108 entries); the second is of the whole matrix, hence
    // generous.
    for (let k = 0; k < matrix.length; k++) {
      expect(Math.abs(matrix[k] - expected.matrix[k])).toBeLessThanOrEqual(
        4.5 * Math.hypot(expected.error[k], error * norm),
      );
    }
  });

  test('squared error at the identity: E h² = ½, E h h′ = 1/2π (closed form)', () => {
    const { matrix, error } = outputBlockMean({
      loss: 'mse',
      activation: 'relu',
      readout: [],
      classes: 3,
      width: 2,
      i: 1,
      j: 1,
    });
    expect(error).toBe(0);
    expect(matrix[0]).toBeCloseTo(0.5, 15);
    expect(matrix[1]).toBeCloseTo(1 / (2 * Math.PI), 15);
  });

  test('two classes: the off-diagonal block is minus the diagonal one', () => {
    const options = {
      loss: 'ce',
      activation: 'relu',
      readout: [1, -1, 0.5, 2],
      classes: 2,
      width: 2,
      points: 256,
    } as const;
    const diagonal = outputBlockMean({ ...options, i: 0, j: 0 }).matrix;
    const off = outputBlockMean({ ...options, i: 0, j: 1 }).matrix;
    for (let k = 0; k < 4; k++) expect(off[k]).toBeCloseTo(-diagonal[k], 14);
  });
});

describe('initialisationScheme', () => {
  const sizes = { model: 'hidden', dimension: 300, width: 100, classes: 20 } as const;

  test('variance factors of the four schemes', () => {
    expect(initialisationScheme('lecun', sizes).output).toEqual({ varianceFactor: 1, distribution: 'normal' });
    expect(initialisationScheme('he', sizes).hidden).toEqual({ varianceFactor: 2, distribution: 'normal' });
    expect(initialisationScheme('pytorch', sizes).output).toEqual({ varianceFactor: 1 / 3, distribution: 'uniform' });
    // 2·fan_in/(fan_in + fan_out): 600/400 and 200/120.
    expect(initialisationScheme('xavier', sizes).hidden!.varianceFactor).toBeCloseTo(1.5, 15);
    expect(initialisationScheme('xavier', sizes).output.varianceFactor).toBeCloseTo(5 / 3, 15);
  });

  test('the linear model has an output layer of fan-in d', () => {
    const scheme = initialisationScheme('xavier', { ...sizes, model: 'linear' });
    expect(scheme.hidden).toBeUndefined();
    expect(scheme.output.varianceFactor).toBeCloseTo(600 / 320, 15);
  });

  test('refuses an unknown name', () => {
    expect(() => initialisationScheme('orthogonal' as never, sizes)).toThrow(
      /lecun, he, xavier, pytorch, got orthogonal/,
    );
  });
});
