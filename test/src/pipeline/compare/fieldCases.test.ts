/** Situations that people met with spectra of their own, each with what is right about it. Inputs are drawn here. */
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { runCompare, type CompareOptions } from '../../../../src/pipeline/compare/compare.js';
import { writeNpy } from '../../../../src/store/formats/index.js';
import { discreteMeasure } from '../../../../theory/measures/index.js';
import { createBackend } from '../../../../simulations/linalg/index.js';
import { randomStream } from '../../../../simulations/random/index.js';
import { UsageError } from '../../../../theory/errors.js';
import { temporaryFiles } from '../../../helpers/temporaryFiles.js';

const { folder, file } = temporaryFiles('cases');
const backend = await createBackend('wasm');
/** 99 draws and no power: the estimates are those of more, the tests coarser. */
const fast = { nullReplicates: 99, measuresPower: false, level: 0.01, seed: 'cases', backend: 'wasm' } as const;

interface Drawn {
  readonly samples: number;
  readonly dimension: number;
  readonly label?: string;
  /** Standard deviation of column i. */
  readonly deviation?: (column: number) => number;
  readonly mean?: (column: number) => number;
  /** Of a uniform number on (−1, 1), of variance ⅓, in place of a normal one. */
  readonly entry?: (uniform: number) => number;
}

/** N×d, a sample a row. */
function draw({ samples, dimension, label = 'data', deviation = () => 1, mean = () => 0, entry }: Drawn) {
  const out = new Float64Array(samples * dimension);
  const stream = randomStream('field cases', label, 0);
  if (entry === undefined) stream.fillNormals(out);
  else stream.fillUniforms(out);
  const values = entry === undefined ? out : out.map((value) => entry(2 * value - 1));
  return values.map((value, k) => mean(k % dimension) + deviation(k % dimension) * value);
}

const dataFile = (name: string, drawn: Drawn) => file(name, writeNpy(draw(drawn), [drawn.samples, drawn.dimension]));

/** (1/N) Σ x xᵀ, or about the mean with N − 1. */
function covariance(data: Float64Array, dimension: number, centre = false): Float64Array {
  const samples = data.length / dimension;
  const mean = new Float64Array(dimension);
  if (centre) data.forEach((value, k) => (mean[k % dimension]! += value / samples));
  const out = new Float64Array(dimension * dimension);
  const row = new Float64Array(dimension);
  for (let n = 0; n < samples; n++) {
    for (let i = 0; i < dimension; i++) row[i] = data[n * dimension + i]! - mean[i]!;
    for (let i = 0; i < dimension; i++)
      for (let j = 0; j < dimension; j++)
        out[i * dimension + j]! += (row[i]! * row[j]!) / (centre ? samples - 1 : samples);
  }
  return out;
}

async function bulkOf(options: Partial<CompareOptions>) {
  const result = await runCompare({ ...fast, ...options });
  if (result.kind !== 'bulk') throw new Error(result.kind);
  return result;
}

async function fitOf(options: Partial<CompareOptions>) {
  const { fit, notes } = await bulkOf(options);
  if (fit.status !== 'bulk') throw new Error(fit.reason);
  return { ...fit, notes };
}

describe('centred data of fewer samples than dimensions: one zero more than d − N', () => {
  const centred = () =>
    file('centred.npy', writeNpy(covariance(draw({ samples: 50, dimension: 100 }), 100, true), [100, 100]));
  test('N − 1 is found from the zeros and said; the same from --centred and from the data', async () => {
    const found = await fitOf({ matrix: centred(), samples: 50 });
    // Rank of a centred matrix: N − 1.
    expect(found).toMatchObject({ degrees: 49, zeros: 51 });
    expect(found.notes.join(' ')).toMatch(/51 eigenvalues are zero where N = 50 leaves 50: the mean was subtracted/);
    const said = await fitOf({ matrix: centred(), samples: 50, centred: true });
    expect(said.variance).toBe(found.variance);
    const data = await fitOf({ data: dataFile('d.npy', { samples: 50, dimension: 100 }), centre: true });
    expect(data.variance).toBeCloseTo(found.variance, 10);
    expect(data).toMatchObject({ degrees: 49, zeros: 51 });
  });
  test('a wrong N is refused by the count of zeros', async () => {
    const { verdict, reason } = await bulkOf({ matrix: centred(), samples: 40 });
    expect(verdict).toBe('disagree');
    expect(reason).toMatch(/49 eigenvalues are not zero, and a matrix of 40 degrees of freedom has no more than 40/);
  });
});

describe('the noise of a weight matrix', () => {
  // Entries uniform on (−1, 1): variance 1/3.
  const weights = { samples: 256, dimension: 128, entry: (x: number) => x };
  const within = ([low, high]: readonly [number, number]) => low <= 1 / 3 && 1 / 3 <= high;
  test('at its start: 1/3, no spikes', async () => {
    const found = await fitOf({ data: dataFile('w.npy', { ...weights, label: 'at its start' }), nullReplicates: 499 });
    // Of 400 seeds 3 have a spike above at 0.01; that of the trained matrix below is one of these.
    expect(found.above).toEqual([]);
    // An interval of 95 %, seed fixed; uniform entries fluctuate less than normal ones, for which it is.
    expect(within(found.varianceInterval!)).toBe(true);
  });
  test('trained, with ten spikes of fifty times the noise: ten, and still 1/3', async () => {
    const deviation = (column: number) => (column < 10 ? Math.sqrt(50) : 1);
    const found = await fitOf({ data: dataFile('trained.npy', { ...weights, deviation }) });
    // Counted exactly with chance 0.98 (docs/tables/fit.md); by moments the variance would be about 1.6.
    expect(found.above).toHaveLength(10);
    expect(Math.abs(3 * found.variance - 1)).toBeLessThan(0.05);
  });
  test('square, where the lower edge is hard', async () => {
    const found = await fitOf({ data: dataFile('square.npy', { ...weights, samples: 128 }), samples: 128 });
    expect([found.above, found.below]).toEqual([[], []]);
    // Standard deviation about 1.2 √2/128 = 1.3 %.
    expect(Math.abs(3 * found.variance - 1)).toBeLessThan(0.05);
  });
});

describe('components above noise of a known variance', () => {
  test('p = 100, n = 500 about the mean, σ² = 1.69: edge 3.541773, five beyond', async () => {
    const deviation = (column: number) => 1.3 * Math.sqrt(column < 5 ? 3 + column / 2 : 1);
    const data = dataFile('components.npy', { samples: 500, dimension: 100, deviation, mean: () => 3 });
    const found = await fitOf({ data, centre: true, noiseVariance: 1.69 });
    // σ² (1 + √(p/(n − 1)))²
    expect(found.edges[1]).toBeCloseTo(3.541773, 6);
    expect(found.above).toHaveLength(5);
  });
  test('a patch of 64 pixels of variance 1225 in 100 acquisitions: edge 3986.8 and none; without centring, the mean', async () => {
    const data = dataFile('patch.npy', { samples: 100, dimension: 64, deviation: () => 35, mean: (i) => 100 + i });
    const centred = await fitOf({ data, centre: true, noiseVariance: 1225 });
    // 1225 (1 + √(64/99))²
    expect(centred.edges[1]).toBeCloseTo(3986.8, 1);
    expect(centred.above).toEqual([]);
    const plain = await fitOf({ data, noiseVariance: 1225 });
    expect(plain.above).toHaveLength(1);
    expect(plain.notes.join(' ')).toMatch(/--centre takes them off/);
  });
});

describe('null data are seen as null', () => {
  test('24 white spectra, d/N fitted: p-values over the whole range, at most one below 0.01', async () => {
    const nullTable = join(folder, 'nulls.json');
    const pValues: number[] = [];
    for (let r = 0; r < 24; r++) {
      const data = covariance(draw({ samples: 160, dimension: 40, label: `white ${r}` }), 40);
      const { tests } = (await bulkOf({ matrix: file('white.npy', writeNpy(data, [40, 40])), nullTable })).fit;
      pValues.push(tests!.shape);
    }
    // Uniform: two or more of 24 below 0.01 with chance 0.024, none below 0.3 or none above 0.7 with chance 2e-4 each.
    expect(pValues.filter((p) => p <= 0.01).length).toBeLessThan(2);
    expect(Math.min(...pValues)).toBeLessThan(0.3);
    expect(Math.max(...pValues)).toBeGreaterThan(0.7);
  });
  test('and correlation matrices, whose trace does not fluctuate: no alarm in 40 at 0.01 more than chance allows', async () => {
    const nullTable = join(folder, 'correlations.json');
    let alarms = 0;
    for (let r = 0; r < 40; r++) {
      const data = dataFile('corr.npy', {
        samples: 60,
        dimension: 30,
        label: `correlation ${r}`,
        deviation: (i) => 1 + i,
      });
      const { fit } = await bulkOf({ data, centre: true, scale: true, nullTable, nullReplicates: 499 });
      const { largest, smallest, shape } = fit.tests!;
      if (Math.min(largest, smallest, shape) <= 0.01) alarms++;
    }
    // Three tests: binomial(40, 0.03), 6 or more with chance 0.0015. Unscaled, columns of such variances never pass.
    expect(alarms).toBeLessThan(6);
    const data = dataFile('corr.npy', { samples: 60, dimension: 30, deviation: (i) => 1 + i });
    expect((await bulkOf({ data, centre: true })).verdict).toBe('disagree');
  });
});

describe('a covariance matrix as pandas writes it', () => {
  const order = 30;
  const names = Array.from({ length: order }, (_, i) => (i === 3 ? 'NAN' : `Stock, no. ${i}`));
  const values = () => covariance(draw({ samples: 120, dimension: order, label: 'stocks' }), order);
  const line = (i: number, cell: (j: number) => string) =>
    Array.from({ length: order }, (_, j) => cell(j))
      .join(',')
      .replace(/^/, i < 0 ? '' : `"${names[i]}",`);
  const table = () => {
    const matrix = values();
    return [
      `,${line(-1, (j) => `"${names[j]}"`)}`,
      ...names.map((_, i) => line(i, (j) => String(matrix[i * order + j]))),
    ].join('\n');
  };
  test('names are skipped and said; the numbers are those of the matrix', async () => {
    const named = await bulkOf({ matrix: file('cov.csv', table()), samples: 120 });
    const plain = await bulkOf({ matrix: file('cov.npy', writeNpy(values(), [order, order])), samples: 120 });
    expect(named.fit).toEqual(plain.fit);
    expect(named.notes.join(' ')).toContain('cov.csv: Skipped is the first column, of names.');
  });
  test('a name among the numbers is refused with its place', async () => {
    const broken = table().replace(/(\n"Stock, no\. 4",[^,]*,)[^,]*/, '$1AAPL');
    const compared = runCompare({ ...fast, matrix: file('broken.csv', broken) });
    await expect(compared).rejects.toThrow(/broken\.csv, line 6, column 3: a number is needed, found "AAPL"/);
  });
});

describe('a singular covariance matrix', () => {
  test('three inputs that are always 0 and 30 centred samples of 80: 51 zeros', async () => {
    const deviation = (column: number) => (column % 30 === 7 ? 0 : 1);
    const data = draw({ samples: 30, dimension: 80, deviation });
    const matrix = file('singular.npy', writeNpy(covariance(data, 80, true), [80, 80]));
    const found = await fitOf({ matrix });
    // 3 dead and 77 − 29 more; 0.94, what 80 dimensions would give, is 2.7 % of the variance off.
    expect(found).toMatchObject({ zeros: 48, dimension: 77, degrees: 29 });
    expect(found.notes.join(' ')).toMatch(/3 of 80 coordinates are always 0/);
    const law = await runCompare({ ...fast, matrix, weights: discreteMeasure([1]), aspectRatio: 80 / 29 });
    if (law.kind !== 'compare') throw new Error(law.kind);
    // 51/80
    expect(law.atoms[0]!.mass).toBeCloseTo(0.6375, 10);
  });
});

describe('small covariance matrices of binary data, together', () => {
  const spectra = (entry: (x: number) => number) =>
    Array.from({ length: 40 }, (_, r) =>
      Array.from(
        backend.symmetricEigenvalues(
          covariance(draw({ samples: 75, dimension: 30, label: `binary ${r}`, entry }), 30),
          30,
        ),
      ),
    );
  const rows = (name: string, entry: (x: number) => number) => file(name, writeNpy(spectra(entry).flat(), [40, 30]));
  test('±1 follows: variance 1 and N found; as correlation matrices, which entries ±1 make, to a thousandth', async () => {
    const eigenvalues = rows('signs.npy', Math.sign);
    const plain = await fitOf({ eigenvalues });
    expect(plain.notes.join(' ')).toMatch(/of each draw sum to their number, 30: .*entries ±1.*--correlation/);
    const found = await fitOf({ eigenvalues, correlation: true, nullReplicates: 399 });
    // Standard deviations over 40 draws: about 0.001 of σ², 0.7 of N.
    expect(Math.abs(found.variance - 1)).toBeLessThan(0.006);
    expect(Math.abs(found.degrees - 75)).toBeLessThan(4);
  });
  test('0 and 1 have variance 1/4 and a mean, which is a spike of each draw', async () => {
    const eigenvalues = rows('bits.npy', (x) => (x > 0 ? 1 : 0));
    const found = await fitOf({ eigenvalues, row: 0, samples: 75 });
    // Mean ½ in each of 30 coordinates: about 30/4 + 1/4.
    expect(found.above).toHaveLength(1);
    expect(Math.abs(found.above[0]!.eigenvalue - 7.75)).toBeLessThan(0.8);
    // Best standard deviation √(2/(d N)) = 3 %.
    expect(Math.abs(4 * found.variance - 1)).toBeLessThan(0.12);
  });
});

describe('matrices in low precision', () => {
  const matrix = () => covariance(draw({ samples: 40, dimension: 80, label: 'rounded' }), 80);
  const half = (value: number) => {
    const unit = 2 ** (Math.max(Math.floor(Math.log2(Math.abs(value))), -14) - 10);
    return Math.round(value / unit) * unit;
  };
  test.each([
    ['float16', half],
    ['float32', Math.fround],
  ])('%s: zeros blurred by it are zeros, the law is kept, and the note calls it so', async (name, round) => {
    const path = file('low.npy', writeNpy(matrix().map(round), [80, 80]));
    const found = await fitOf({ matrix: path, samples: 40 });
    expect(found).toMatchObject({ zeros: 40, degrees: 40 });
    const law = await runCompare({ ...fast, matrix: path, weights: discreteMeasure([1]), aspectRatio: 2 });
    expect(law.verdict).not.toBe('disagree');
    expect(law.notes.join(' ')).toContain(`Every number is a ${name}:`);
  });
});

describe('what is no covariance matrix is refused, not fitted', () => {
  test('a whole Hessian: both signs', async () => {
    const values = covariance(draw({ samples: 100, dimension: 40, label: 'Hessian' }), 40);
    for (let i = 0; i < 40; i++) values[i * 40 + i]! -= 0.3;
    const compared = runCompare({ ...fast, matrix: file('hessian.npy', writeNpy(values, [40, 40])) });
    await expect(compared).rejects.toThrow(UsageError);
    await expect(compared).rejects.toThrow(
      /eigenvalues are negative .*no covariance matrix.*--block whole.*--semicircle/,
    );
  });
  test('matrices in Matrix Market form: rectangular, unsymmetric, without banner, each with its place', async () => {
    const banner = '%%MatrixMarket matrix array real general\n';
    for (const [content, message] of [
      [`${banner}3 2\n1\n2\n3\n4\n5\n6\n`, /square matrix is needed, .* shape \(3, 2\)\. Use --data/],
      [`${banner}2 2\n1\n2\n3\n4\n`, /entries \(1, 0\) and \(0, 1\) are 2 and 3/],
      ['2 2\n1\n2\n3\n4\n', /line 1/],
    ] as const)
      await expect(runCompare({ ...fast, matrix: file('m.mtx', content) })).rejects.toThrow(message);
  });
  test('a complex matrix: its eigenvalues are real, and what that means for p-values', async () => {
    const bytes = Buffer.from(writeNpy(new Float64Array(8), [8])).toString('latin1');
    const complex = Buffer.from(bytes.replace("'<f8'", "'<c16'").replace(', }', ',}'), 'latin1');
    const compared = runCompare({ ...fast, matrix: file('complex.npy', complex) });
    await expect(compared).rejects.toThrow(/numpy\.linalg\.eigvalsh\(H\).*p-values do not/);
    await expect(compared).rejects.not.toThrow(/astype/);
  });
  test('a correlation matrix against a law of weights', async () => {
    const data = dataFile('law.npy', { samples: 60, dimension: 30 });
    const compared = runCompare({ ...fast, data, scale: true, weights: discreteMeasure([1, 2]) });
    await expect(compared).rejects.toThrow(/compared with that of independent variables alone/);
  });
});
