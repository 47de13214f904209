import { describe, expect, test } from '@jest/globals';
import { randomStream } from '../../../simulations/random/index.js';
import { classPairMoments } from '../../../theory/head/classPairMoments.js';
import { initialisationLimit } from '../../../theory/head/initialisation.js';
import { initialisationSums, type InitialisationSums } from '../../../theory/head/initialisationSums.js';

const seed = 'head sums 1';
// A z beyond this has probability 6e-5 where the formula is right; sixteen of them are looked at.
const limitOfZ = 4;

const dimension = 5;
const samples = 6;

/** Lengths and overlaps of every kind: two equal rows, one opposite, one short, one zero. */
function someFeatures(): Float64Array {
  const { normal } = randomStream(seed, 'features', 0);
  const h = Float64Array.from({ length: samples * dimension }, normal);
  for (let k = 0; k < dimension; k++) {
    h[dimension + k] = h[k]!;
    h[2 * dimension + k] = -h[k]!;
    h[3 * dimension + k]! *= 0.2;
    h[5 * dimension + k] = 0;
  }
  return h;
}

function gramOf(h: Float64Array): Float64Array {
  const gram = new Float64Array(samples * samples);
  for (let n = 0; n < samples; n++)
    for (let m = 0; m < samples; m++)
      for (let k = 0; k < dimension; k++) gram[n * samples + m]! += h[n * dimension + k]! * h[m * dimension + k]!;
  return gram;
}

/** Σ_{i≠j} and Σ_i of squared norms by the blocks' entries themselves, H_ij = Σ_n p_i(δ_ij − p_j) h hᵀ/N. */
function squaredNorms(h: Float64Array, readout: Float64Array, classes: number) {
  const rows = Array.from({ length: samples }, (_, n) => h.subarray(n * dimension, (n + 1) * dimension));
  const p = rows.map((row) => {
    const w = Array.from({ length: classes }, (_, c) =>
      Math.exp(row.reduce((sum, x, k) => sum + x * readout[c * dimension + k]!, 0)),
    );
    const total = w.reduce((a, b) => a + b, 0);
    return w.map((x) => x / total);
  });
  const overlap = (n: number, m: number): number => rows[n]!.reduce((sum, x, k) => sum + x * rows[m]![k]!, 0) ** 2;
  let [off, on, offSame, onSame] = [0, 0, 0, 0];
  for (let n = 0; n < samples; n++)
    for (let m = 0; m < samples; m++) {
      for (let i = 0; i < classes; i++)
        for (let j = 0; j < classes; j++) {
          const weight = (k: number): number => p[k]![i]! * ((i === j ? 1 : 0) - p[k]![j]!);
          const term = overlap(n, m) * weight(n) * weight(m);
          if (i === j) on += term;
          else off += term;
          if (n === m && i === j) onSame += term;
          else if (n === m) offSame += term;
        }
    }
  return { off, on, offApart: off - offSame, onApart: on - onSame };
}

describe(`initialisationSums (seed '${seed}')`, () => {
  const h = someFeatures();
  const gram = gramOf(h);
  const variance = 0.25;

  test.each([
    [2, 1500],
    [3, 1500],
    [12, 700],
  ])('expectations over V of all four sums, C = %d, %d draws', (classes, draws) => {
    const { normal } = randomStream(seed, 'readout', classes);
    const drawn = Array.from({ length: draws }, () =>
      squaredNorms(
        h,
        Float64Array.from({ length: classes * dimension }, () => Math.sqrt(variance) * normal()),
        classes,
      ),
    );
    const scores = (claimed: InitialisationSums): number[] => {
      const pairs = samples * samples;
      const apart = samples * (samples - 1);
      const expected = {
        off: claimed.all.off * pairs,
        on: claimed.all.on * pairs,
        offApart: claimed.population.off * apart,
        onApart: claimed.population.on * apart,
      };
      return (Object.keys(expected) as (keyof typeof expected)[]).map((key) => {
        const values = drawn.map((sums) => sums[key]);
        const mean = values.reduce((a, b) => a + b, 0) / draws;
        const spread = values.reduce((a, b) => a + (b - mean) ** 2, 0) / (draws - 1);
        return (mean - expected[key]) / Math.sqrt(spread / draws);
      });
    };
    const claimed = initialisationSums(gram, samples, variance, classes);
    for (const z of scores(claimed)) expect(Math.abs(z)).toBeLessThan(limitOfZ);
    if (classes < 12) return;
    // τ a tenth too large, and one class more.
    const wrong = [
      initialisationSums(gram, samples, 1.1 * variance, classes),
      initialisationSums(gram, samples, variance, classes + 1),
    ];
    for (const claim of wrong) expect(Math.max(...scores(claim).map(Math.abs))).toBeGreaterThan(limitOfZ);
  });

  test('the ratio is that of means, and tends to the limit like 1/C', () => {
    const limit = initialisationLimit(gram, samples, variance);
    const at = (classes: number) => initialisationSums(gram, samples, variance, classes);
    const { all, population } = at(1e6);
    expect(all.scaled / ((all.off / all.on / (1e6 - 1)) * 1e12)).toBeCloseTo(1, 12);
    expect(Math.abs(all.scaled / limit.all - 1)).toBeLessThan(1e-4);
    expect(Math.abs(population.scaled / limit.population - 1)).toBeLessThan(1e-4);
    const gap = (classes: number) => at(classes).all.scaled / limit.all - 1;
    expect(gap(1e4) / gap(1e5)).toBeCloseTo(10, 0);
  });

  test('two classes: r = 1, for any features', () => {
    expect(initialisationSums(gram, samples, variance, 2).all.scaled).toBeCloseTo(4, 12);
  });

  test('many samples: interpolated between the moments themselves, within the stated error', () => {
    const [many, wide, classes] = [18, 24, 30];
    const { normal } = randomStream(seed, 'many features', 0);
    const rows = Array.from({ length: many }, () => Float64Array.from({ length: wide }, normal));
    const inner = rows.flatMap((a) => rows.map((b) => a.reduce((sum, x, k) => sum + x * b[k]!, 0)));
    const tau = 1 / wide;
    let [off, on] = [0, 0];
    for (let n = 0; n < many; n++)
      for (let m = 0; m < n; m++) {
        const [own, other, shared] = [inner[n * many + n]!, inner[m * many + m]!, inner[n * many + m]!];
        const { logBoth, logOne } = classPairMoments({
          classes,
          own: tau * own,
          other: tau * other,
          shared: tau * shared,
        });
        off += 2 * shared ** 2 * Math.exp(logBoth);
        on += 2 * shared ** 2 * (Math.exp(logBoth) + (classes - 2) * Math.exp(logOne));
      }
    const { population, error } = initialisationSums(inner, many, tau, classes);
    const factor = (classes - 1) / classes ** 3 / (many * (many - 1));
    expect(error).toBeLessThan(1e-5);
    expect(error).toBeGreaterThan(1e-10);
    expect(Math.abs(population.off / (off * factor) - 1)).toBeLessThan(error);
    expect(Math.abs(population.on / (on * factor) - 1)).toBeLessThan(error);
  });

  test.each<[() => unknown, RegExp]>([
    [() => initialisationSums(gram, samples, variance, Infinity), /classes must be at most 1e7, got Infinity/],
    [() => initialisationSums(gram, samples, 100, 10), /variance·\|h\|² must be at most 64/],
    [() => initialisationSums(new Float64Array(4), 2, 1, 10), /only zeros/],
    [() => initialisationSums(gram, 5, 1, 10), /5×5, got 36 entries/],
  ])('refuses what it cannot answer', (ask, message) => {
    expect(ask).toThrow(message);
  });
});
