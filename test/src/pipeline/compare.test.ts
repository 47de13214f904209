import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from '@jest/globals';
import { compareSpectrum, runCompare, type CompareOptions } from '../../../src/pipeline/compare/compare.js';
import { compareBulk, type BulkComparison } from '../../../src/pipeline/compare/compareBulk.js';
import type { StatedLaw } from '../../../src/pipeline/law/ensemble.js';
import { weightedLaw } from '../../../src/pipeline/law/weightedLaw.js';
import { readArrayFile, writeNpy } from '../../../src/store/formats/index.js';
import { writeCsv, writeMatrixMarket, writeNpz } from '../../helpers/writeFormats.js';
import { createBackend } from '../../../simulations/linalg/index.js';
import { randomStream } from '../../../simulations/random/index.js';
import { kolmogorovDistance, tableOf } from '../../../simulations/comparisons/index.js';
import { marchenkoPastur as marchenkoPasturLaw } from '../../../theory/gmp/index.js';
import { discreteMeasure } from '../../../theory/measures/index.js';
import { version } from '../../../src/version.js';
import { UsageError } from '../../../theory/errors.js';
import { temporaryFiles } from '../../helpers/temporaryFiles.js';

const { folder, file } = temporaryFiles('compare');
const pytorch = (name: string) => fileURLToPath(new URL(`../../fixtures/pytorch/${name}`, import.meta.url));
const defaults = { nullReplicates: 99, level: 0.025, seed: 'compare', backend: 'wasm' } as const;
/** For what is rejected or not: most of a comparison's time goes into the power of an agreement. */
const unpowered = { ...defaults, measuresPower: false } as const;
const backend = await createBackend('wasm');

/** Where the verdict is asked: `runCompare` looks for the causes of a disagreement too, for seconds. */
const oneDraw = (eigenvalues: Float64Array, rank = 0) => ({
  eigenvalues,
  spectra: [eigenvalues],
  roundoff: 2 ** -52,
  rank,
  description: '',
});
/** Where a law is stated. */
async function compareFile(options: CompareOptions) {
  const result = await runCompare(options);
  if (result.kind !== 'compare') throw new Error('a bulk was fitted');
  return result;
}
/** Where none is. */
async function bulkOf(options: CompareOptions): Promise<BulkComparison> {
  const result = await runCompare(options);
  if (result.kind !== 'bulk') throw new Error('a law was compared');
  return result;
}

const wishart = (d: number, samples: number, scale: number, replicate: number) => {
  const workspace = backend.createWorkspace(d, samples);
  workspace.drawInputs(randomStream('compare test', 'wishart', replicate));
  return workspace.eigenvalues(new Float64Array(samples).fill(scale)).slice();
};

/**
 * The weights of the block (w_i, w_j) under cross-entropy, from the exported parameters: Cov_p(v_i, v_j) 1(u_i > 0)
 * 1(u_j > 0).
 */
function exportedWeights(i: number, j: number): Float64Array {
  const [x, w, v] = ['x.npy', 'w.npy', 'v.npy'].map((name) => readArrayFile(pytorch(name))) as [
    ReturnType<typeof readArrayFile>,
    ReturnType<typeof readArrayFile>,
    ReturnType<typeof readArrayFile>,
  ];
  const [N, d] = x.shape as [number, number];
  const [C, m] = v.shape as [number, number];
  return Float64Array.from({ length: N }, (_, n) => {
    const u = Array.from({ length: m }, (_, a) =>
      w.data.subarray(a * d, (a + 1) * d).reduce((sum, value, t) => sum + value * x.data[n * d + t]!, 0),
    );
    if (!(u[i]! > 0 && u[j]! > 0)) return 0;
    const exponentials = Array.from({ length: C }, (_, c) =>
      Math.exp(u.reduce((sum, value, a) => sum + v.data[c * m + a]! * Math.max(value, 0), 0)),
    );
    const total = exponentials.reduce((a, b) => a + b);
    const mean = (f: (c: number) => number) => exponentials.reduce((sum, e, c) => sum + (e / total) * f(c), 0);
    return (
      mean((c) => v.data[c * m + i]! * v.data[c * m + j]!) -
      mean((c) => v.data[c * m + i]!) * mean((c) => v.data[c * m + j]!)
    );
  });
}

describe('a Hessian exported from PyTorch (fixtures/pytorch), given its drawn weights', () => {
  test.each([
    [0, 0, false],
    [0, 1, true],
    [1, 1, false],
  ])('block (w_%d, w_%d) agrees once the directions of W are taken out', async (i, j, measuresPower) => {
    const weights = exportedWeights(i, j);
    const result = await compareFile({
      ...defaults,
      measuresPower,
      matrix: pytorch(`h_w${i}_w${j}.npy`),
      directions: pytorch('w.npy'),
      weightsFile: file('a.npy', writeNpy(weights)),
    });
    expect(result.dimension).toBe(152);
    expect(result.tests.map((t) => t.id)).toEqual(expect.arrayContaining(['kolmogorov', 'traces', 'below', 'above']));
    // An exact null at level 0.025 a block: a false alarm in at most 7.5 % of exports; this one is fixed.
    expect(result.verdict).not.toBe('disagree');
    for (const t of result.tests) expect(t.pValue).toBeGreaterThan(0.01);
    const powers = result.powers.filter(({ required }) => required).map(({ probability }) => probability);
    expect(result.verdict === 'agree').toBe(Math.min(...powers) >= 0.95);
    expect(result.voidIidPValue).toBeGreaterThan(0.99);
  });
  test.each([
    ['weights 5 % too large', 1.05],
    ['weights 5 % too small', 0.95],
  ])('%s are rejected', async (_name, factor) => {
    const weights = exportedWeights(0, 0).map((a) => a * factor);
    const result = await compareFile({
      ...defaults,
      matrix: pytorch('h_w0_w0.npy'),
      directions: pytorch('w.npy'),
      weightsFile: file('b.npy', writeNpy(weights)),
    });
    expect(result.verdict).toBe('disagree');
  });
  test('without the directions the traces are not tested, and the note says why', async () => {
    const result = await compareFile({
      ...unpowered,
      matrix: pytorch('h_w0_w1.npy'),
      weightsFile: file('c.npy', writeNpy(exportedWeights(0, 1))),
    });
    expect(result.tests.map((t) => t.id)).not.toContain('traces');
    expect(result.notes.join(' ')).toMatch(/up to 2k\/d/);
    expect(result.distances.kolmogorov).toBeLessThan((2 * 8) / 160 + 0.05);
  });
});

describe('a spectrum alone', () => {
  test('a scaled Wishart spectrum: its variance and ratio are found, whatever stands above it', async () => {
    const values = wishart(120, 300, 2.5, 0);
    for (const spikes of [0, 3]) {
      const spiked = values.map((value, i) => (i >= 120 - spikes ? 40 + i : value));
      const result = await bulkOf({ ...defaults, level: 0.01, eigenvalues: file('w.npy', writeNpy(spiked)) });
      expect(result.verdict).not.toBe('disagree');
      const { fit } = result;
      if (fit.status !== 'bulk') throw new Error(fit.reason);
      // The best standard deviations are √(2/(dN)) = 0.0075 of σ², and 2 % of d/N at this size (docs/tables/fit.md).
      expect(Math.abs(fit.variance / 2.5 - 1)).toBeLessThan(0.04);
      expect(Math.abs(fit.aspectRatio / 0.4 - 1)).toBeLessThan(0.08);
      expect(fit.above).toHaveLength(spikes);
      expect(result.notes.join(' ')).toMatch(/Spikes of strength below 2\.\d+ may be uncounted/);
    }
  });
  test('N, the variance, or both may be known, by --samples or --aspect-ratio and --fit', async () => {
    const path = file('known.npy', writeNpy(wishart(60, 150, 1, 0)));
    const fast = { ...defaults, eigenvalues: path };
    const known = await bulkOf({ ...fast, samples: 150 });
    expect((await bulkOf({ ...fast, aspectRatio: 0.4 })).fit).toEqual(known.fit);
    expect((await bulkOf({ ...fast, aspectRatio: 0.4, fit: ['scale'] })).fit).toEqual(known.fit);
    expect(known.fit).toMatchObject({ degrees: 150, aspectRatioInterval: undefined });
    const unit = await bulkOf({ ...fast, fit: ['aspect-ratio'] });
    expect(unit.fit).toMatchObject({ variance: 1, varianceInterval: undefined });
    expect((await bulkOf({ ...fast, noiseVariance: 1 })).fit).toEqual(unit.fit);
    expect((await bulkOf({ ...fast, samples: 150, noiseVariance: 1.2 })).verdict).toBe('disagree');
    expect((await bulkOf({ ...fast, samples: 151, centred: true })).fit).toMatchObject({ degrees: 150 });
  });
  test('null draws of a bulk are kept in a file too', async () => {
    const options = {
      ...defaults,
      samples: 150,
      eigenvalues: file('known.npy', writeNpy(wishart(60, 150, 1, 0))),
      nullTable: join(folder, 'bulk.json'),
    };
    const first = await bulkOf(options);
    const second = await bulkOf(options);
    expect([first, second].map(({ fit }) => 'nullFromTable' in fit && fit.nullFromTable)).toEqual([false, true]);
    expect({ ...second.fit, nullFromTable: false }).toEqual(first.fit);
  });
  test('neither is a semicircle, nor a matrix with negative eigenvalues, which is refused', async () => {
    const order = 120;
    const shifted = (shift: number) => {
      const stream = randomStream('compare test', 'wigner', 0);
      const matrix = new Float64Array(order * order);
      for (let i = 0; i < order; i++)
        for (let j = 0; j <= i; j++)
          matrix[i * order + j] = matrix[j * order + i] = stream.normal() / 20 + (i === j ? shift : 0);
      return { ...defaults, matrix: file(`h${shift}.npy`, writeNpy(matrix, [order, order])) };
    };
    const result = await bulkOf(shifted(2));
    expect(result.verdict).toBe('disagree');
    expect(result.reason).toMatch(/has not the shape of the law/);
    expect(result.histogram).toEqual([]);
    await expect(runCompare(shifted(0))).rejects.toThrow(/59 of 120 eigenvalues are negative/);
  });
  test('a stated law: the right one is kept, an aspect ratio off by 10 % is rejected', async () => {
    const values = wishart(200, 400, 1, 1);
    const stated = { ...unpowered, weights: discreteMeasure([1]) };
    const ofFile = await compareFile({ ...stated, aspectRatio: 0.5, eigenvalues: file('v.csv', writeCsv(values)) });
    expect(ofFile.verdict).not.toBe('disagree');
    for (const aspectRatio of [0.55, 0.45])
      expect(compareSpectrum(oneDraw(values), { ...stated, aspectRatio }, backend).verdict).toBe('disagree');
  });
  test('a small spectrum is undecided, for lack of power', async () => {
    const result = await compareFile({
      ...defaults,
      eigenvalues: file('s.npy', writeNpy(wishart(6, 12, 1, 2))),
      weights: discreteMeasure([1]),
      aspectRatio: 0.5,
    });
    expect(result.verdict).toBe('undecided');
    expect(result.reason).toMatch(/power against ".*" is 0\.\d\d, below 0\.95; .*(draws|dimension)/);
  });
  test('fitted p-values are calibrated: of 80 true spectra, as many below 1/5 as a fifth allows (seed compare test)', () => {
    let low = 0;
    for (let r = 0; r < 80; r++) {
      const result = compareSpectrum(
        oneDraw(wishart(24, 60, 3, 100 + r)),
        { nullReplicates: 19, level: 0.2, seed: `calibration ${r}`, measuresPower: false },
        backend,
      );
      if (result.pValue <= 0.2) low++;
    }
    // Binomial(80, 1/5): mean 16, standard deviation 3.6; outside 4..30 with probability below 3e-4.
    expect(low).toBeGreaterThanOrEqual(4);
    expect(low).toBeLessThanOrEqual(30);
  });
  test('float32: zeros blurred by its rounding sit on the atom', async () => {
    const values = wishart(90, 45, 1, 4).map((value) => Math.fround(value + 3e-8 * Math.sin(1e9 * value + 1)));
    const options = { ...unpowered, weights: discreteMeasure([1]), aspectRatio: 2 };
    const result = await compareFile({ ...options, eigenvalues: file('f32.npy', writeNpy(values)) });
    expect(result.notes.join(' ')).toMatch(/float32/);
    expect(result.distances.kolmogorov).toBeLessThan(0.06);
    expect(result.verdict).not.toBe('disagree');
  });
});

/** Spectra of independent draws, one a row. */
const rowsOf = (name: string, spectra: readonly Float64Array[]) =>
  file(
    name,
    writeNpy(
      spectra.flatMap((values) => Array.from(values)),
      [spectra.length, spectra[0]!.length],
    ),
  );

describe('several independent draws, one a row', () => {
  const count = 24;
  const spectra = () => Array.from({ length: count }, (_, r) => wishart(40, 80, 1, 200 + r));
  const marchenkoPastur = { ...defaults, weights: discreteMeasure([1]), aspectRatio: 0.5 };

  test('their mean spectrum is compared: its distance is that of all eigenvalues in one list, and is smaller than that of a typical draw', async () => {
    const result = await compareFile({
      ...marchenkoPastur,
      measuresPower: false,
      eigenvalues: rowsOf('rows.npy', spectra()),
    });
    expect(result).toMatchObject({ draws: count, dimension: 40, samples: 80 });
    expect(result.source).toBe('24 draws of 40 eigenvalues from rows.npy');
    const law = marchenkoPasturLaw(0.5);
    const list = Float64Array.from(spectra().flatMap((values) => Array.from(values))).sort();
    expect(result.distances.kolmogorov).toBe(kolmogorovDistance(list, tableOf(law)));
    const single = spectra().map((values) => kolmogorovDistance(values, law));
    expect(result.distances.kolmogorov).toBeLessThan(single.reduce((a, b) => a + b) / count);
  });

  test('together they decide, which one of them is too few for', async () => {
    const eigenvalues = rowsOf('rows.npy', spectra());
    expect((await compareFile({ ...marchenkoPastur, eigenvalues })).verdict).toBe('agree');
    expect((await compareFile({ ...marchenkoPastur, eigenvalues, aspectRatio: 0.525 })).verdict).toBe('disagree');
    expect((await compareFile({ ...marchenkoPastur, eigenvalues, row: 3 })).verdict).toBe('undecided');
  });

  test('--row is the comparison of that row alone', async () => {
    const { source: _source, ...row } = await compareFile({
      ...marchenkoPastur,
      eigenvalues: rowsOf('rows.npy', spectra()),
      row: 5,
    });
    const { source: _other, ...alone } = await compareFile({
      ...marchenkoPastur,
      eigenvalues: file('row5.npy', writeNpy(spectra()[5]!)),
    });
    expect(row).toEqual(alone);
  });

  test('each draw has its own weights: right ones are not rejected, their mean for all draws is', async () => {
    const scales = Array.from({ length: count }, (_, r) => 0.5 + r / count);
    const eigenvalues = rowsOf(
      'scaled.npy',
      spectra().map((values, r) => values.map((value) => scales[r]! * value)),
    );
    const weights = rowsOf(
      'weights.npy',
      scales.map((scale) => new Float64Array(80).fill(scale)),
    );
    const right = await compareFile({ ...unpowered, eigenvalues, weightsFile: weights });
    expect(right).toMatchObject({ draws: count, samples: 80, aspectRatio: 0.5 });
    expect(right.verdict).not.toBe('disagree');
    expect(
      (
        await compareFile({
          ...defaults,
          eigenvalues,
          weightsFile: file('mean.npy', writeNpy(new Float64Array(80).fill(1))),
        })
      ).verdict,
    ).toBe('disagree');
    expect((await compareFile({ ...unpowered, eigenvalues, weightsFile: weights, row: 2 })).verdict).not.toBe(
      'disagree',
    );
  });

  test('p-values of three draws together, fitted, are calibrated: of 80 true sets, as many below 1/5 as a fifth allows (seed compare test)', () => {
    let low = 0;
    for (let r = 0; r < 80; r++) {
      const set = [0, 1, 2].map((k) => wishart(16, 40, 3, 300 + 3 * r + k));
      const together = Float64Array.from(set.flatMap((values) => Array.from(values))).sort();
      const result = compareSpectrum(
        { eigenvalues: together, spectra: set, roundoff: 2 ** -52, rank: 0, description: '' },
        { nullReplicates: 19, level: 0.2, seed: `calibration of three ${r}`, measuresPower: false },
        backend,
      );
      if (result.pValue <= 0.2) low++;
    }
    // Binomial(80, 1/5), as above.
    expect(low).toBeGreaterThanOrEqual(4);
    expect(low).toBeLessThanOrEqual(30);
  });

  test('null draws of several together are another table than those of one', async () => {
    const options = {
      ...marchenkoPastur,
      measuresPower: false,
      nullReplicates: 19,
      eigenvalues: rowsOf('rows.npy', spectra()),
      nullTable: join(folder, 'sets.json'),
    };
    await compareFile(options);
    expect((await compareFile({ ...options, row: 0 })).nullFromTable).toBe(false);
    expect((await compareFile(options)).nullFromTable).toBe(true);
  });
});

describe('a law known up to a factor', () => {
  // d = 60, N = 120, weights 3 and 1.
  const weights = Float64Array.from({ length: 120 }, (_, n) => (n < 48 ? 3 : 1));
  const spectrum = (factor: number, replicate: number) => {
    const workspace = backend.createWorkspace(60, 120);
    workspace.drawInputs(randomStream('compare test', 'factor', replicate));
    for (let n = 0; n < 120; n++) workspace.inputs[n * 60]! *= 5;
    return workspace.eigenvalues(weights.map((weight) => factor * weight)).slice();
  };
  const options = { ...unpowered, level: 0.01, fit: ['scale'] as const };

  test('weights given, or their law: the factor and a spike are found', async () => {
    const path = file('factor.npy', writeNpy(spectrum(7, 0)));
    const given = await bulkOf({ ...options, eigenvalues: path, weightsFile: file('two.npy', writeNpy(weights)) });
    const law = { weights: discreteMeasure([1, 3], [0.6, 0.4]) };
    const stated = await bulkOf({ ...options, eigenvalues: path, ...law, aspectRatio: 0.5 });
    expect(await bulkOf({ ...options, eigenvalues: path, ...law, samples: 120 })).toEqual(stated);
    for (const { fit, samples, histogram } of [given, stated]) {
      if (fit.status !== 'bulk') throw new Error(fit.reason);
      expect(samples).toBe(120);
      expect(fit.above).toHaveLength(1);
      expect(fit.varianceInterval![0]).toBeLessThan(7);
      expect(fit.varianceInterval![1]).toBeGreaterThan(7);
      expect(histogram.length).toBeGreaterThan(0);
    }
    const [exact, loose] = [given, stated].map(({ fit }) =>
      'varianceInterval' in fit ? fit.varianceInterval! : [0, 0],
    );
    // The chance of the weights adds to the error.
    expect(loose![1]! - loose![0]!).toBeGreaterThan(2 * (exact![1]! - exact![0]!));
    const wrong = file('nines.npy', writeNpy(weights.map((_, n) => (n < 12 ? 9 : 1))));
    expect((await bulkOf({ ...options, eigenvalues: path, weightsFile: wrong })).verdict).toBe('disagree');
  });
  test('several draws share the factor; the one with a spike is told', async () => {
    const eigenvalues = rowsOf(
      'factors.npy',
      [1, 2, 3].map((r) => spectrum(7, r)),
    );
    const { fit, draws } = await bulkOf({
      ...options,
      eigenvalues,
      weightsFile: file('two.npy', writeNpy(weights)),
    });
    if (fit.status !== 'bulk') throw new Error(fit.reason);
    expect(draws).toBe(3);
    expect(fit.above.map(({ draw }) => draw)).toEqual([0, 1, 2]);
    expect(Math.abs(fit.variance / 7 - 1)).toBeLessThan(0.04);
    const own = rowsOf('weights3.npy', [weights, weights, weights]);
    await expect(runCompare({ ...options, eigenvalues, weightsFile: own })).rejects.toThrow(
      /is for the scale of one list of weights/,
    );
  });
  test('equal weights are white noise, however they are stated', async () => {
    const eigenvalues = file('known.npy', writeNpy(wishart(60, 150, 1, 0)));
    const alone = await bulkOf({ ...unpowered, eigenvalues, samples: 150 });
    const stated = { ...unpowered, eigenvalues, weights: discreteMeasure([1]), samples: 150 };
    expect(await bulkOf({ ...stated, fit: ['scale'] })).toEqual(alone);
    expect((await compareFile(stated)).fitted).toEqual({});
  });
  test('where directions are taken out N stays, by --samples, --aspect-ratio, weights, and with nothing stated', async () => {
    // 60 dimensions, 4 of them taken out; N = 120.
    const workspace = backend.createWorkspace(60, 120);
    workspace.drawInputs(randomStream('compare test', 'directions', 0));
    const matrix = new Float64Array(3600);
    for (let n = 0; n < 120; n++)
      for (let i = 0; i < 60; i++)
        for (let j = 0; j < 60; j++)
          matrix[i * 60 + j]! += (weights[n]! * workspace.inputs[n * 60 + i]! * workspace.inputs[n * 60 + j]!) / 120;
    const directions = Float64Array.from({ length: 240 }, (_, k) => (k % 61 === 0 ? 1 : 0));
    const given = {
      ...unpowered,
      matrix: file('matrix60.npy', writeNpy(matrix, [60, 60])),
      directions: file('directions4.npy', writeNpy(directions, [4, 60])),
    };
    const law = { weights: discreteMeasure([1, 3], [0.6, 0.4]) };
    for (const known of [{ aspectRatio: 0.5 }, { samples: 120 }]) {
      expect(await compareFile({ ...given, ...law, ...known })).toMatchObject({ samples: 120, aspectRatio: 56 / 120 });
      expect(await bulkOf({ ...given, ...law, ...known, fit: ['scale'] })).toMatchObject({
        samples: 120,
        fit: { dimension: 56, degrees: 120 },
      });
      expect((await bulkOf({ ...given, ...known })).samples).toBe(120);
    }
    const drawn = await compareFile({ ...given, weightsFile: file('two.npy', writeNpy(weights)) });
    expect(drawn).toMatchObject({ samples: 120, aspectRatio: 56 / 120 });
  });
});

describe('the power of a fitted law is stated too', () => {
  test.each([
    [0.5, ['scatter', 'correlation', 'lengths', 'aspect-ratio']],
    [undefined, ['scatter', 'correlation', 'lengths']],
  ])('aspect ratio %p: a large spectrum has it, too small a one is not fitted', async (aspectRatio, alternatives) => {
    const large = await bulkOf({
      ...defaults,
      aspectRatio,
      eigenvalues: file('large.npy', writeNpy(wishart(300, 600, 3, 8))),
    });
    expect(large.verdict).toBe('agree');
    const required = large.powers.filter((power) => power.required);
    expect(required.map(({ id }) => id).sort()).toEqual(alternatives.sort());
    for (const { probability } of required) expect(probability).toBeGreaterThanOrEqual(0.95);
    const small = { ...defaults, eigenvalues: file('small.npy', writeNpy(wishart(8, 16, 3, 9))) };
    await expect(runCompare({ ...small, aspectRatio })).rejects.toThrow(
      /at least 20 eigenvalues that are not zero to be fitted, got 8\. What is known can be tested/,
    );
  });
  test('a spectrum whose weights differ in that way is rejected', () => {
    const workspace = backend.createWorkspace(200, 400);
    workspace.drawInputs(randomStream('compare test', 'spread', 0));
    const eigenvalues = workspace
      .eigenvalues(Float64Array.from({ length: 400 }, (_, n) => (n % 2 === 0 ? 0.5 : 1.5)))
      .slice();
    expect(compareBulk(oneDraw(eigenvalues), defaults, backend).verdict).toBe('disagree');
  });
});

const strict = { nullReplicates: 199, level: 0.01, seed: 'compare' };
const white = { ...strict, weights: discreteMeasure([1]), aspectRatio: 0.5 };

describe('eigenvalues outside the support are a test of their own', () => {
  // d = 300, N = 600: edges (1 ± √½)², 0.0858 and 2.914. One true spectrum, seed fixed: four tests at family level 0.01.
  const truth = () => wishart(300, 600, 1, 20);
  const replaced = (values: Float64Array, index: number, value: number) =>
    values.map((each, i) => (i === index ? value : each)).sort();
  const nullTables = new Map();
  const judged = (eigenvalues: Float64Array, options = {}) =>
    compareSpectrum(oneDraw(eigenvalues), { ...white, nullTables, measuresPower: false, ...options }, backend);

  test('a spike above the bulk is rejected for it, and the spectrum without it is not', () => {
    expect(judged(truth()).verdict).not.toBe('disagree');
    const spiked = judged(replaced(truth(), 299, 10));
    expect(spiked.verdict).toBe('disagree');
    expect(spiked.outside).toEqual([10]);
    expect(spiked.tests.find(({ id }) => id === 'above')!.adjusted).toBeLessThan(1e-6);
    expect(spiked.tests.find(({ id }) => id === 'below')!.rejected).toBe(false);
  });
  test('so is an eigenvalue below it, which the traces do not see', () => {
    const { verdict, tests } = judged(replaced(truth(), 0, 0.01));
    expect(verdict).toBe('disagree');
    expect(tests.filter(({ rejected }) => rejected).map(({ id }) => id)).toEqual(['below']);
  });
  test('a spike where an outlier is predicted is none, and elsewhere it is', () => {
    const white = weightedLaw(discreteMeasure([1]));
    const predicting = (at: number): StatedLaw => ({
      ...white,
      ensemble: (order) => ({ ...white.ensemble(order), outliers: () => [{ at, multiplicity: 1, side: 'above' }] }),
    });
    const spiked = replaced(truth(), 299, 10);
    const expected = judged(spiked, { law: predicting(10) });
    expect(expected.verdict).not.toBe('disagree');
    expect(expected.predictedOutside).toEqual([10]);
    expect(judged(spiked, { law: predicting(30) }).verdict).toBe('disagree');
  });
  test('the number of zeros and the signs are exact', () => {
    // d = 60, N = 30: 30 zeros.
    const options = { aspectRatio: 2 };
    const values = wishart(60, 30, 1, 21);
    expect(judged(values, options).verdict).not.toBe('disagree');
    for (const wrong of [replaced(values, 0, 1), replaced(values, 0, -1e-3), replaced(values, 40, 0)]) {
      const result = judged(wrong, options);
      expect(result.verdict).toBe('disagree');
      expect(result.reason).toMatch(/^An exact statement fails: \d+ eigenvalues? (is|are) (positive|negative) beyond/);
    }
  });
});

describe('agreement needs the power of the tests that decide', () => {
  test('H × 1.05 never agrees in 20 seeds at a size where it is rejected only now and then', () => {
    const nullTables = new Map();
    const results = Array.from({ length: 20 }, (_, seed) =>
      compareSpectrum(oneDraw(wishart(40, 80, 1.05, 400 + seed)), { ...white, nullTables }, backend),
    );
    expect(results.filter(({ verdict }) => verdict === 'agree')).toEqual([]);
    const undecided = results.filter(({ verdict }) => verdict === 'undecided');
    expect(undecided.length).toBeGreaterThan(10);
    for (const { powers } of undecided) expect(powers.find(({ id }) => id === 'scale')!.probability).toBeLessThan(0.95);
  });
  test('where it agrees with the truth it has the power, and H × 1.05 disagrees in 20 of 20 seeds', () => {
    // d = 300: the traces move by about 8 standard deviations.
    const nullTables = new Map();
    const truth = compareSpectrum(oneDraw(wishart(300, 600, 1, 30)), { ...white, nullTables }, backend);
    expect(truth.verdict).toBe('agree');
    expect(truth.powers.filter(({ required }) => required)).toHaveLength(5);
    for (const { required, probability } of truth.powers)
      if (required) expect(probability).toBeGreaterThanOrEqual(0.95);
    for (let seed = 0; seed < 20; seed++) {
      const wrong = wishart(300, 600, 1.05, 500 + seed);
      expect(compareSpectrum(oneDraw(wrong), { ...white, nullTables }, backend).verdict).toBe('disagree');
    }
  });
  test('given weights and directions, a small block is undecided for lack of power, though its traces are tested', () => {
    const workspace = backend.createWorkspace(40, 80);
    const stream = randomStream('compare test', 'small block', 0);
    workspace.drawInputs(stream);
    const weights = Float64Array.from({ length: 80 }, () => Math.exp(0.5 * stream.normal()));
    const result = compareSpectrum(
      oneDraw(workspace.eigenvalues(weights).slice(), 2),
      { ...strict, drawnWeights: [weights] },
      backend,
    );
    expect(result.tests.map(({ id }) => id)).toContain('traces');
    expect(result.verdict).toBe('undecided');
    expect(result.reason).toMatch(
      /(about|more than) \d+ such draws together would do, or one of dimension \d+ at this d\/N/,
    );
  });
});

describe('the same matrix in every format gives the same numbers', () => {
  test.each(['m.npy', 'm.npz', 'm.csv', 'm.mtx'])('%s', async (name) => {
    const order = 8;
    const stream = randomStream('compare test', 'formats', 0);
    const matrix = new Float64Array(order * order);
    for (let i = 0; i < order; i++)
      for (let j = 0; j <= i; j++) matrix[i * order + j] = matrix[j * order + i] = stream.normal();
    for (let i = 0; i < order; i++) matrix[i * order + i]! += 8;
    const contents = {
      'm.npy': writeNpy(matrix, [order, order]),
      'm.npz': writeNpz({ h: { data: matrix, shape: [order, order] } }),
      'm.csv': writeCsv(matrix, order),
      'm.mtx': writeMatrixMarket(matrix, order, order, { symmetry: 'symmetric' }),
    };
    const result = await compareFile({
      ...defaults,
      nullReplicates: 19,
      matrix: file(name, contents[name as keyof typeof contents]),
      weights: discreteMeasure([1, 1.5], [0.5, 0.5]),
      fit: ['scale', 'aspect-ratio'],
    });
    // The fitted scale is tr H/(d E a).
    expect(1.25 * result.fitted.scale!).toBeCloseTo(
      Array.from({ length: order }, (_, i) => matrix[i * order + i]!).reduce((a, b) => a + b) / order,
      12,
    );
  });
});

describe('null draws kept in a file', () => {
  const name = () => join(folder, 'nulls.json');
  test('a second comparison takes them from it and says the same; other settings are added, none is replaced', async () => {
    const options = {
      ...defaults,
      nullReplicates: 39,
      eigenvalues: file('kept.npy', writeNpy(wishart(40, 80, 1, 7))),
      weights: discreteMeasure([1]),
      aspectRatio: 0.5,
      nullTable: name(),
    };
    const fresh = await compareFile({ ...options, nullTable: undefined });
    const first = await compareFile(options);
    const second = await compareFile(options);
    expect([fresh.nullFromTable, first.nullFromTable, second.nullFromTable]).toEqual([false, false, true]);
    expect({ ...second, nullFromTable: false }).toEqual(fresh);
    const { tables } = JSON.parse(readFileSync(name(), 'utf8')) as {
      tables: { settings: { dimension: number; samples: number; replicates: number }; values: number[] }[];
    };
    expect(
      tables.map(({ settings, values }) => [settings.dimension, settings.samples, settings.replicates, values.length]),
    ).toEqual(Array(8).fill([40, 80, 39, 39]));
    // Another law is another table: 0.5 and 0.4 must not share one.
    const other = await compareFile({ ...options, aspectRatio: 0.4 });
    expect(other.nullFromTable).toBe(false);
    expect((JSON.parse(readFileSync(name(), 'utf8')) as { tables: unknown[] }).tables).toHaveLength(16);
    expect((await compareFile(options)).nullFromTable).toBe(true);
    // One digit of one draw, one letter of a seed: the checksum no longer fits.
    const kept = readFileSync(name(), 'utf8');
    const digit = (_: string, before: string, last: string) => `${before}${9 - Number(last)}`;
    for (const changed of [
      kept.replace(/("values":\[-?\d\.\d{4})(\d)/, digit),
      kept.replace('"seed":"compare"', '"seed":"another"'),
    ]) {
      expect(changed).not.toBe(kept);
      writeFileSync(name(), changed);
      await expect(runCompare(options)).rejects.toThrow(/table 0 is damaged or was changed/);
    }
  });
  test.each([
    ['something else', '{"a": 1}', /holds something else, and nothing is overwritten/],
    ['no JSON', 'abc', /cannot be read as JSON/],
    [
      'a damaged table',
      `{"kind":"limitlaw null tables","version":"${version}","tables":[{"settings":{"statistic":"s","weights":"w","seed":"1","stream":"t","dimension":2,"samples":2,"replicates":2},"values":[1]}]}`,
      /table 0 is damaged/,
    ],
    ['another version', '{"kind":"limitlaw null tables","version":"0.0.1","tables":[]}', /of version 0\.0\.1/],
    ['no version', '{"kind":"limitlaw null tables","tables":[]}', /of a version that is not named/],
  ])('refused: %s', async (_name, content, message) => {
    const options = {
      ...defaults,
      eigenvalues: file('kept2.csv', '1\n2\n'),
      weights: discreteMeasure([1]),
      aspectRatio: 0.5,
      nullTable: file('wrong.json', content),
    };
    await expect(runCompare(options)).rejects.toThrow(message);
    await expect(runCompare(options)).rejects.toThrow(UsageError);
    expect(readFileSync(options.nullTable, 'utf8')).toBe(content);
  });
});

describe('refused, naming what is wrong', () => {
  const good = new Float64Array(9).map((_, k) => (k % 4 === 0 ? 1 + k : 0.1));
  const cases: [string, () => Partial<CompareOptions>, RegExp][] = [
    ['no file', () => ({}), /give one of --eigenvalues, --matrix, --data and --ritz-values, got none/],
    ['both files', () => ({ eigenvalues: 'a', matrix: 'b' }), /got --eigenvalues and --matrix/],
    [
      'asymmetry',
      () => ({
        matrix: file(
          'x1.npy',
          writeNpy(
            good.map((v, k) => (k === 3 ? 0.4 : v)),
            [3, 3],
          ),
        ),
      }),
      /entries \(1, 0\) and \(0, 1\) are 0\.4 and 0\.1: they differ by 0\.300/,
    ],
    [
      'NaN in a matrix',
      () => ({
        matrix: file(
          'x2.npy',
          writeNpy(
            good.map((v, k) => (k === 5 ? NaN : v)),
            [3, 3],
          ),
        ),
      }),
      /entry \(1, 2\) is NaN/,
    ],
    ['NaN in eigenvalues', () => ({ eigenvalues: file('x3.csv', '1\nnan\n2\n') }), /entry 1 is NaN/],
    [
      'a matrix as eigenvalues',
      () => ({ eigenvalues: file('x4.npy', writeNpy(good, [3, 3])) }),
      /symmetric matrix of shape \(3, 3\), not eigenvalues\. Use --matrix/,
    ],
    [
      'eigenvalues with three axes',
      () => ({ eigenvalues: file('x12.npy', writeNpy(new Float64Array(8), [2, 2, 2])) }),
      /one draw a row, the file holds an array of shape \(2, 2, 2\)/,
    ],
    [
      'a row that is not there',
      () => ({ eigenvalues: file('x13.npy', writeNpy([1, 2, 3, 4, 5, 6], [2, 3])), row: 2 }),
      /--row must be below the number of rows, counting from 0, got 2 .* Choose one from 0 to 1/,
    ],
    ['a row of a matrix', () => ({ matrix: file('x14.npy', writeNpy(good, [3, 3])), row: 0 }), /--row picks a draw/],
    [
      'weights of more draws than the spectrum',
      () => ({ eigenvalues: file('x6.csv', '1\n2\n'), weightsFile: file('x7.npy', writeNpy(good, [3, 3])) }),
      /weights of 3 draws, one a row, and the spectrum is of one draw\. Say which with --row, from 0 to 2/,
    ],
    [
      'weights of fewer draws than the spectra',
      () => ({
        eigenvalues: file('x15.npy', writeNpy([1, 2, 3, 4, 5, 6], [3, 2])),
        weightsFile: file('x16.npy', writeNpy([1, 2, 3, 4], [2, 2])),
      }),
      /weights of 2 draws, one a row, and the spectrum is of 3 draws/,
    ],
    [
      'an aspect ratio given and fitted',
      () => ({ eigenvalues: file('x8.csv', '1\n2\n'), aspectRatio: 0.5, fit: ['aspect-ratio'] }),
      /contradict each other/,
    ],
    [
      'less than one sample',
      () => ({ eigenvalues: file('x8.csv', '1\n2\n'), aspectRatio: 1000 }),
      /leave less than one sample/,
    ],
    [
      'draws beyond memory',
      () => ({ eigenvalues: file('x8.csv', '1\n2\n'), weights: discreteMeasure([1]), aspectRatio: 1e-12 }),
      /needs \d+\.\d GiB and .* \d+\.\d: check --aspect-ratio/,
    ],
    [
      'a null table in no folder',
      () => ({
        eigenvalues: file('x8.csv', '1\n2\n'),
        aspectRatio: 0.5,
        nullTable: join(folder, 'nowhere', 'nulls.json'),
      }),
      /--null-table must name a file that can be written/,
    ],
    ['a rectangle', () => ({ matrix: file('x5.npy', writeNpy([1, 2], [1, 2])) }), /a square matrix is needed/],
    [
      'weights of another shape',
      () => ({
        eigenvalues: file('x6.csv', '1\n2\n'),
        weightsFile: file('x17.npy', writeNpy(new Float64Array(8), [2, 2, 2])),
      }),
      /a list of weights is needed/,
    ],
    [
      'a contradicting aspect ratio',
      () => ({ eigenvalues: file('x8.csv', '1\n2\n'), weightsFile: file('x9.csv', '1\n1\n1\n1\n'), aspectRatio: 2 }),
      /contradicts 2 dimensions and 4 weights, which make 0\.5/,
    ],
    [
      'fitting given weights',
      () => ({
        eigenvalues: file('x8.csv', '1\n2\n'),
        weightsFile: file('x9.csv', '1\n1\n1\n1\n'),
        fit: ['aspect-ratio'],
      }),
      /--fit with --weights-file is for the scale of one list of weights/,
    ],
    [
      'directions without a matrix',
      () => ({ eigenvalues: file('x8.csv', '1\n2\n'), directions: 'w.npy' }),
      /--directions needs --matrix/,
    ],
    [
      'directions of another length',
      () => ({ matrix: file('x10.npy', writeNpy(good, [3, 3])), directions: file('w.npy', writeNpy([1, 2], [1, 2])) }),
      /rows of length 3 are needed/,
    ],
    ['too few null draws', () => ({ eigenvalues: file('x8.csv', '1\n2\n'), nullReplicates: 5 }), /at least 19/],
    [
      'moments no such law has',
      () => ({
        eigenvalues: file('x11.csv', '2\n2\n2\n2\n2\n'),
        weights: discreteMeasure([1, 3], [0.5, 0.5]),
        fit: ['scale', 'aspect-ratio'],
      }),
      /give an aspect ratio of 0\.00/,
    ],
  ];
  test.each(cases)('%s', async (_name, options, message) => {
    await expect(runCompare({ ...defaults, ...options() })).rejects.toThrow(UsageError);
    await expect(runCompare({ ...defaults, ...options() })).rejects.toThrow(message);
  });
});
