import { describe, expect, test } from '@jest/globals';
import {
  hotellingTest,
  momentsOfRows,
  inertiaFailures,
  nullReference,
  powerOfMeanTest,
  scatterOf,
  sequentialPower,
  signsOf,
  supportExcess,
  whiteSpectrum,
} from '../../../simulations/comparisons/index.js';
import { normalSurvival } from '../../../simulations/comparisons/distributions/normal.js';
import { randomStream } from '../../../simulations/random/index.js';
import { softEdgeScaling, traceMoments, tracyWidom1Mean } from '../../../theory/fluctuations/index.js';
import { generalisedMarchenkoPastur } from '../../../theory/gmp/index.js';
import { discreteMeasure } from '../../../theory/measures/index.js';

const stream = (label: string) => randomStream('measured power', label, 0);
const meanOf = (values: readonly number[]) => values.reduce((a, b) => a + b) / values.length;
const deviationOf = (values: readonly number[]) =>
  Math.sqrt(values.reduce((sum, value) => sum + (value - meanOf(values)) ** 2, 0) / (values.length - 1));

describe('whiteSpectrum', () => {
  test.each([
    [12, 20],
    [20, 12],
    [15, 15],
  ])('d = %d, N = %d: mean and spread of tr H … tr H⁴ are the exact ones of the matrix', (dimension, samples) => {
    const source = stream(`traces ${dimension}`);
    const draws = Array.from({ length: 4000 }, () => whiteSpectrum(source, dimension, samples));
    const momentsAt = (count: number) => traceMoments({ weights: new Float64Array(count).fill(1), dimension });
    const { mean, covariance } = momentsAt(samples);
    for (let k = 1; k <= 4; k++) {
      const traces = draws.map((values) => values.reduce((sum, value) => sum + value ** k, 0));
      const error = Math.sqrt(covariance[k - 1]![k - 1]! / draws.length);
      // Twelve means, each outside 4 standard errors with probability 6e-5.
      expect(Math.abs(meanOf(traces) - mean[k - 1]!) / error).toBeLessThan(4);
      expect(deviationOf(traces) ** 2 / covariance[k - 1]![k - 1]!).toBeCloseTo(1, k < 3 ? 0.7 : 0.3);
      // One sample more is seen in the second moment.
      if (k === 2) expect(Math.abs(meanOf(traces) - momentsAt(samples + 1).mean[1]!) / error).toBeGreaterThan(4);
    }
    for (const values of draws.slice(0, 20)) {
      expect(values.filter((value) => value === 0)).toHaveLength(Math.max(0, dimension - samples));
      expect([...values].sort((a, b) => a - b)).toEqual([...values]);
    }
  });
  test('its largest eigenvalue follows Tracy and Widom at the edge, and not at that of d 10 % larger', () => {
    const [dimension, samples] = [100, 200];
    const source = stream('edge');
    const largest = Array.from({ length: 400 }, () => whiteSpectrum(source, dimension, samples).at(-1)!);
    const unitsAt = (ratio: number) => {
      const law = generalisedMarchenkoPastur(discreteMeasure([1]), ratio);
      const { standardise } = softEdgeScaling(law, law.support[0]![1], dimension);
      return meanOf(largest.map(standardise));
    };
    // Standard error 1.27/20 = 0.063, and a finite-size shift of order d^(−1/3).
    expect(Math.abs(unitsAt(0.5) - tracyWidom1Mean)).toBeLessThan(0.35);
    expect(Math.abs(unitsAt(0.55) - tracyWidom1Mean)).toBeGreaterThan(1);
  });
});

describe('nullReference', () => {
  const values = Array.from({ length: 199 }, (_, k) => k);
  test('is the Monte Carlo p-value as long as a null value reaches the observed one', () => {
    const { pValue } = nullReference(values);
    expect(pValue(0)).toBe(1);
    expect(pValue(190)).toBe(10 / 200);
    expect(pValue(198)).toBe(2 / 200);
  });
  test('beyond them it is the tail of the fitted law: of 199 normal values, within a factor of 3 at 3.5 deviations', () => {
    const source = stream('tail');
    const { pValue } = nullReference(Array.from({ length: 199 }, () => source.normal()));
    expect(pValue(3.5) / normalSurvival(3.5)).toBeGreaterThan(1 / 3);
    expect(pValue(3.5) / normalSurvival(3.5)).toBeLessThan(3);
    expect(pValue(1e6)).toBe(1e-12);
  });
  test('never exceeds 1/(1 + M) beyond the largest, and equal null values give no tail', () => {
    expect(nullReference(values).pValue(198.5)).toBe(1 / 200);
    expect(nullReference(new Float64Array(19)).pValue(1)).toBe(1 / 20);
    expect(nullReference(new Float64Array(19)).pValue(0)).toBe(1);
    expect(() => nullReference([1, 2])).toThrow(/at least 19/);
  });
});

describe('scatterOf', () => {
  const source = stream('scatter');
  const rows = Array.from({ length: 30 }, () => {
    const [a, b, c] = [source.normal(), source.normal(), source.normal()];
    return [a, a + 0.1 * b, 1e3 * c];
  });
  test('each distance is that from the other rows, computed without it', () => {
    const { distances, degrees } = scatterOf(rows);
    expect(degrees).toBe(3);
    rows.forEach((row, i) => {
      const others = rows.filter((_, j) => j !== i);
      expect(distances[i]! / scatterOf(others).distanceOf(row)).toBeCloseTo(1, 9);
    });
  });
  test("Hotelling's T² of the rows is n times the distance of the predicted mean", () => {
    expect(30 * scatterOf(rows).distanceOf([0.1, 0, 3])).toBeCloseTo(
      hotellingTest(momentsOfRows(rows), [0.1, 0, 3]).statistic,
      8,
    );
  });
  test('too few rows are refused', () => {
    expect(() => scatterOf(rows.slice(0, 5))).toThrow(/at least 6 rows/);
  });
});

describe('supportExcess and inertiaFailures', () => {
  const law = { support: [[1, 2], [4, 5]] as [number, number][], atoms: [{ at: 0, mass: 0.2 }] }; // prettier-ignore
  test('the excess on each side and in the gap; eigenvalues on an atom are in no gap', () => {
    expect(supportExcess(Float64Array.from([0, 0.5, 1.5, 2.25, 3.5, 7]), law)).toEqual({
      below: 0.5,
      above: 2,
      within: 0.5,
    });
    expect(supportExcess(Float64Array.from([0, 1.5, 4.5]), law)).toEqual({ below: -0.5, above: -0.5, within: 0 });
  });
  test('signs: what Sylvester allows passes, one eigenvalue too many of a sign does not', () => {
    const signs = signsOf([2, 1, 0, -1]);
    expect(inertiaFailures(Float64Array.from([-1, 0, 1e-14, 1, 2]), signs, 1e-12)).toEqual([]);
    expect(inertiaFailures(Float64Array.from([-1, 0, 0.1, 1, 2]), signs, 1e-12)).toHaveLength(1);
    expect(inertiaFailures(Float64Array.from([-2, -1, 0, 1, 2]), signs, 1e-12)).toHaveLength(1);
    expect(inertiaFailures(Float64Array.from([-1, 0, 0, 0, 2]), signs, 1e-12)).toHaveLength(1);
    // With d below the number of weights one positive eigenvalue is all that is certain.
    expect(inertiaFailures(Float64Array.from([-1, 1]), signs, 1e-12)).toEqual([]);
    expect(inertiaFailures(Float64Array.from([-2, -1]), signs, 1e-12)).not.toEqual([]);
  });
});

describe('sequentialPower: a one-sided test of a normal shift', () => {
  const level = 0.01;
  const measured = (effect: number) => {
    const source = stream(`power ${effect}`);
    return sequentialPower({ level, pValue: () => normalSurvival(source.normal() + effect) });
  };
  test.each([[1], [3.3], [3.97]])('effect %d: the closed form lies in the interval', (effect) => {
    const { probability, draws, interval } = measured(effect);
    const exact = powerOfMeanTest({ effect, replicates: 1, level });
    // A 95 % interval, stopped early: three fixed seeds.
    expect(interval[0]).toBeLessThanOrEqual(exact);
    expect(interval[1]).toBeGreaterThanOrEqual(exact);
    expect(Math.round(probability * draws)).toBe(probability * draws);
  });
  test('few draws where the answer is clear, many where it is near 0.95', () => {
    expect(measured(12)).toMatchObject({ probability: 1, draws: 8 });
    expect(measured(0).draws).toBe(24);
    expect(measured(3.97).draws).toBeGreaterThan(60);
  });
});
