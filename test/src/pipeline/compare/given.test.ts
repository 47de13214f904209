import { describe, expect, test } from '@jest/globals';
import { readGiven } from '../../../../src/pipeline/compare/given/readGiven.js';
import type { GivenOptions } from '../../../../src/pipeline/compare/given/givenOptions.js';
import { withData } from '../../../../src/pipeline/compare/given/withData.js';
import { writeNpy } from '../../../../src/store/formats/index.js';
import { createBackend } from '../../../../simulations/linalg/index.js';
import { randomStream } from '../../../../simulations/random/index.js';
import { UsageError } from '../../../../theory/errors.js';
import { temporaryFiles } from '../../../helpers/temporaryFiles.js';

const { file } = temporaryFiles('given');
const backend = await createBackend('wasm');
const normals = (label: string, count: number) => {
  const out = new Float64Array(count);
  randomStream('given test', label, 0).fillNormals(out);
  return out;
};
const spectrumOf = (options: GivenOptions) => {
  const given = readGiven(options, backend);
  if (given.part !== 'all') throw new Error(given.part);
  return given.spectrum;
};
const notesOf = (options: GivenOptions) => spectrumOf(options).notes!.join(' ');
const expectClose = (found: ArrayLike<number>, expected: ArrayLike<number>, digits = 12) => {
  expect(found).toHaveLength(expected.length);
  for (let k = 0; k < expected.length; k++) expect(found[k]!).toBeCloseTo(expected[k]!, digits);
};
/** Eigenvalues of (1/degrees) XᵀX formed entry by entry: the definition. */
function gramSpectrum(rows: readonly (readonly number[])[], degrees: number): Float64Array {
  const order = rows[0]!.length;
  const gram = new Float64Array(order * order);
  for (const row of rows)
    for (let i = 0; i < order; i++)
      for (let j = 0; j < order; j++) gram[i * order + j]! += (row[i]! * row[j]!) / degrees;
  return backend.symmetricEigenvalues(gram, order);
}

describe('--data', () => {
  const [samples, dimension] = [12, 5];
  const data = () => normals('data', samples * dimension).map((value, k) => value + (k % dimension));
  const rows = () =>
    Array.from({ length: samples }, (_, n) => Array.from(data().slice(n * dimension, (n + 1) * dimension)));
  const path = () => file('x.npy', writeNpy(data(), [samples, dimension]));
  const columns = () => Array.from({ length: dimension }, (_, i) => rows().map((row) => row[i]!));
  const mean = (values: readonly number[]) => values.reduce((a, b) => a + b) / values.length;
  const centred = () => rows().map((row) => row.map((value, i) => value - mean(columns()[i]!)));

  test('the eigenvalues are those of (1/N) XᵀX, centred those of 1/(N − 1), scaled of a unit diagonal', () => {
    expectClose(spectrumOf({ data: path() }).eigenvalues, gramSpectrum(rows(), samples));
    const covariance = spectrumOf({ data: path(), centre: true });
    expectClose(covariance.eigenvalues, gramSpectrum(centred(), samples - 1));
    expect(covariance).toMatchObject({ samples, centred: true, correlation: false });
    const deviations = columns().map((values) =>
      Math.sqrt(values.reduce((sum, value) => sum + (value - mean(values)) ** 2, 0) / (samples - 1)),
    );
    const correlation = spectrumOf({ data: path(), centre: true, scale: true });
    expectClose(
      correlation.eigenvalues,
      gramSpectrum(
        centred().map((row) => row.map((value, i) => value / deviations[i]!)),
        samples - 1,
      ),
    );
    expect(correlation.correlation).toBe(true);
    expect(correlation.eigenvalues.reduce((a, b) => a + b)).toBeCloseTo(dimension, 12);
  });
  test('it says which way the samples lie, and that means show; d > N works and has its zeros', () => {
    expect(notesOf({ data: path() })).toMatch(
      /Each row of x\.npy is taken for a sample: d = 5 columns, N = 12 rows\. .*transpose.* --centre takes them off/,
    );
    expect(notesOf({ data: path(), centre: true })).not.toMatch(/takes them off/);
    const wide = spectrumOf({ data: file('wide.npy', writeNpy(normals('wide', 24), [3, 8])), centre: true });
    // Rank N − 1 = 2.
    expect(wide.eigenvalues.filter((value) => Math.abs(value) < 1e-12)).toHaveLength(6);
  });
  test('N is that of the data: --samples and --aspect-ratio that say otherwise are refused', () => {
    const spectrum = spectrumOf({ data: path(), centre: true });
    expect(withData({ samples: undefined }, spectrum)).toMatchObject({ samples, centred: true });
    expect(() => withData({ samples: 11 }, spectrum)).toThrow(/--samples 11 contradicts --data, which has 12 rows/);
    expect(() => withData({ aspectRatio: 0.5 }, spectrum)).toThrow(/contradicts --data, whose 5 columns and 12 rows/);
    expect(withData({ aspectRatio: 5 / 11 }, spectrum).aspectRatio).toBeUndefined();
  });
  const constant = () => data().map((value, k) => (k % dimension === 2 ? 0.1 : value));
  test.each([
    [
      'a constant column to be scaled',
      { scale: true, centre: true },
      constant,
      /column 2 \(counting from 0\) is constant/,
    ],
    ['NaN', {}, () => data().map((value, k) => (k === 7 ? NaN : value)), /entry \(1, 2\) is NaN/],
  ])('refused: %s', (_name, options, values, message) => {
    const given = { ...options, data: file('bad.npy', writeNpy(values(), [samples, dimension])) };
    expect(() => spectrumOf(given)).toThrow(message);
    expect(() => spectrumOf(given)).toThrow(UsageError);
  });
  test('more than the memory is refused before anything is computed', () => {
    const before = process.env['SLURM_MEM_PER_NODE'];
    process.env['SLURM_MEM_PER_NODE'] = '1';
    try {
      const large = file('large.npy', writeNpy(new Float64Array(300 * 300), [300, 300]));
      expect(() => spectrumOf({ data: large })).toThrow(
        /the Gram matrix of .* needs .* GiB and SLURM_MEM_PER_NODE allows/,
      );
    } finally {
      if (before === undefined) delete process.env['SLURM_MEM_PER_NODE'];
      else process.env['SLURM_MEM_PER_NODE'] = before;
    }
  });
  test('a weight matrix given as --matrix is sent to --data, square or not', () => {
    for (const shape of [
      [12, 5],
      [6, 10],
    ])
      expect(() => spectrumOf({ matrix: file('w.npy', writeNpy(data(), shape)) })).toThrow(/--data/);
    expect(() => spectrumOf({ matrix: file('w.npy', writeNpy(normals('square', 36), [6, 6])) })).toThrow(/--data/);
  });
});

describe('draws in columns', () => {
  const sorted = (draw: number) => normals(`draw ${draw}`, 12).sort();
  const draws = () => Array.from({ length: 5 }, (_, draw) => sorted(draw));
  const inColumns = () => Float64Array.from({ length: 60 }, (_, k) => draws()[k % 5]![Math.floor(k / 5)]!);
  test('columns that ascend beside rows that do not are the draws, and it is said', () => {
    const given = spectrumOf({ eigenvalues: file('columns.npy', writeNpy(inColumns(), [12, 5])) });
    expect(given.spectra).toEqual(draws());
    expect(given.description).toBe('5 draws of 12 eigenvalues from columns.npy, one a column');
    expect(given.notes!.join(' ')).toMatch(/each column is taken for a draw/);
  });
  test('rows that ascend are, and rows where neither does; where both do it is said', () => {
    const rows = Float64Array.from(draws().flatMap((values) => Array.from(values)));
    expect(spectrumOf({ eigenvalues: file('rows.npy', writeNpy(rows, [5, 12])) }).spectra).toEqual(draws());
    const unsorted = rows.map((value, k) => (k % 12 === 3 ? value + 9 : value));
    expect(spectrumOf({ eigenvalues: file('unsorted.npy', writeNpy(unsorted, [5, 12])) }).spectra).toHaveLength(5);
    const both = Float64Array.from({ length: 60 }, (_, k) => k);
    const given = spectrumOf({ eigenvalues: file('both.npy', writeNpy(both, [5, 12])) });
    expect(given.spectra).toHaveLength(5);
    expect(given.notes!.join(' ')).toMatch(/each row is taken for a draw\. If the columns are the draws/);
  });
});

describe('correlation matrices', () => {
  const matrix = (diagonal: number) => [1, 0.5, 0.25, 0.5, diagonal, 0.5, 0.25, 0.5, 1];
  test('a diagonal of ones is noticed, another one refused with --correlation', () => {
    const path = file('r.npy', writeNpy(matrix(1), [3, 3]));
    expect(spectrumOf({ matrix: path })).toMatchObject({
      correlation: true,
      description: '3×3 correlation matrix from r.npy',
    });
    const other = file('c.npy', writeNpy(matrix(1.5), [3, 3]));
    expect(spectrumOf({ matrix: other }).correlation).toBe(false);
    expect(() => spectrumOf({ matrix: other, correlation: true })).toThrow(/is 1\.50000 at \(1, 1\)/);
  });
  test('of eigenvalues the sum must be their number; a sum that is d by no chance is remarked', () => {
    const path = file('sum.csv', '0.5\n1.25\n0.25\n2.0\n');
    expect(spectrumOf({ eigenvalues: path, correlation: true }).correlation).toBe(true);
    expect(notesOf({ eigenvalues: path })).toMatch(/sum to their number, 4: if they are of a correlation matrix/);
    expect(() =>
      spectrumOf({ eigenvalues: file('other.csv', '0.5\n1.5\n'.repeat(2) + '7.5\n'), correlation: true }),
    ).toThrow(/sum to their number, 5, these to 11\.5/);
  });
});

describe('precision', () => {
  test.each([
    ['float16', (value: number) => Math.round(value * 2 ** 10) / 2 ** 10],
    ['float32', Math.fround],
    ['float64', (value: number) => value],
  ])('%s values are called so, whatever they are kept in', (name, round) => {
    const values = normals('precision', 40).map((value) => round(1 + Math.abs(value) / 8));
    expect(spectrumOf({ eigenvalues: file('p.npy', writeNpy(values)) }).precision).toBe(name);
  });
});

describe('quadratures', () => {
  const nodes = () => file('n.npy', writeNpy([3, 1, 2, 4, 1, 2], [2, 3]));
  const weights = (values: number[]) => file('w.npy', writeNpy(values, [2, 3]));
  const read = (values: number[], dimension: number | undefined = 50) =>
    readGiven({ ritzValues: nodes(), ritzWeights: weights(values), dimension }, backend);
  test('a probe a row, nodes in order with their weights', () => {
    expect(read([0.5, 0.25, 0.25, 0.125, 0.5, 0.375])).toMatchObject({
      part: 'quadrature',
      quadrature: {
        dimension: 50,
        notes: [],
        probes: [
          { nodes: Float64Array.of(1, 2, 3), masses: Float64Array.of(0.25, 0.25, 0.5) },
          { nodes: Float64Array.of(1, 2, 4), masses: Float64Array.of(0.5, 0.375, 0.125) },
        ],
      },
    });
  });
  test('weights of another sum are divided by it, nodes that coincide are one, and both are said', () => {
    const given = readGiven(
      {
        ritzValues: file('n1.npy', writeNpy([1, 2, 2 + 1e-12])),
        ritzWeights: file('w1.npy', writeNpy([0.5, 0.25, 0.5])),
        dimension: 50,
      },
      backend,
    );
    if (given.part !== 'quadrature') throw new Error(given.part);
    expectClose(given.quadrature.probes[0]!.masses, [0.4, 0.6]);
    expect(given.quadrature.notes.join(' ')).toMatch(/1 of 3 nodes .* coincide .*lost orthogonality.* sum to 1\.250/);
  });
  test.each([
    ['negative weights', [0.5, -0.25, 0.75, 0.125, 0.5, 0.375], 50, /number 1 of probe 0 is -0\.25/],
    ['components for their squares', [0.8, 0.6, 0, 0.8, 0.6, 0], 50, /their squares to 1\. Square them/],
    ['no dimension', [0.5, 0.25, 0.25, 0.125, 0.5, 0.375], undefined, /3 nodes are not 3 eigenvalues/],
    ['a dimension below the nodes', [0.5, 0.25, 0.25, 0.125, 0.5, 0.375], 2, /more than --dimension 2/],
  ])('refused: %s', (_name, values, dimension, message) => {
    const options = { ritzValues: nodes(), ritzWeights: weights(values), dimension };
    expect(() => readGiven(options, backend)).toThrow(message);
    expect(() => readGiven(options, backend)).toThrow(UsageError);
  });
  test('several probes in one list are noticed by their sum', () => {
    const four = Float64Array.of(0.5, 0.5, 0.25, 0.75);
    expect(() =>
      readGiven(
        {
          ritzValues: file('n4.npy', writeNpy([1, 2, 1, 2])),
          ritzWeights: file('w4.npy', writeNpy(four)),
          dimension: 9,
        },
        backend,
      ),
    ).toThrow(/sum to 2, as those of 2 probes in one list/);
  });
});

describe('what is said must apply to what is read', () => {
  test.each<[GivenOptions, RegExp]>([
    [{}, /give one of --eigenvalues, --matrix, --data and --ritz-values, got none/],
    [{ eigenvalues: 'a', data: 'b' }, /got --eigenvalues and --data/],
    [{ eigenvalues: 'a', centre: true }, /--centre needs --data\. .*say --centred/],
    [{ matrix: 'a', scale: true }, /--scale needs --data/],
    [{ data: 'a', top: true }, /--top needs --eigenvalues/],
    [{ matrix: 'a', dimension: 9 }, /--dimension needs --eigenvalues or --ritz-values/],
    [{ ritzValues: 'a', dimension: 9 }, /--ritz-values needs --ritz-weights/],
    [{ eigenvalues: 'a', ritzWeights: 'b' }, /--ritz-weights needs --ritz-values/],
    [{ data: 'a', correlation: true }, /--correlation needs --eigenvalues or --matrix\. .*--scale/],
  ])('%j', (options, message) => {
    expect(() => readGiven(options, backend)).toThrow(message);
    expect(() => readGiven(options, backend)).toThrow(UsageError);
  });
  test('a dimension that is not that of the file needs --top; --top needs a dimension above it', () => {
    const path = file('top.csv', '3.5\n2.5\n');
    expect(() => spectrumOf({ eigenvalues: path, dimension: 50 })).toThrow(/has 2 eigenvalues\. .*say --top/);
    expect(() => readGiven({ eigenvalues: path, top: true }, backend)).toThrow(/say with --dimension d/);
    expect(() => readGiven({ eigenvalues: path, top: true, dimension: 2 }, backend)).toThrow(/not fewer than/);
  });
});
