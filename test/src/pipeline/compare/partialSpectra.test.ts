/** The largest eigenvalues alone, and quadratures by Lanczos: what can be told from them, and what cannot. */
import { describe, expect, test } from '@jest/globals';
import { runCompare, type CompareOptions } from '../../../../src/pipeline/compare/compare.js';
import { compareLargest } from '../../../../src/pipeline/compare/compareLargest.js';
import { writeNpy } from '../../../../src/store/formats/index.js';
import { lanczosQuadrature, whiteQuadrature, whiteSpectrum } from '../../../../simulations/comparisons/index.js';
import { createBackend } from '../../../../simulations/linalg/index.js';
import { randomStream } from '../../../../simulations/random/index.js';
import { tracyWidom1 } from '../../../../theory/fluctuations/index.js';
import { discreteMeasure } from '../../../../theory/measures/index.js';
import { temporaryFiles } from '../../../helpers/temporaryFiles.js';

const { file } = temporaryFiles('partial');
const backend = await createBackend('wasm');
const defaults = { level: 0.01, seed: 'partial', backend: 'wasm', nullReplicates: 199 } as const;
/** d = 200, N = 400: upper edge (1 + √½)² = 2.914. */
const spectrum = () => whiteSpectrum(randomStream('partial spectra', 'whole', 0), 200, 400);
/** In place of the largest ones. */
const spiked = () => spectrum().map((value, k) => (k >= 197 ? 6 + k / 100 : value));

describe('the largest eigenvalues alone', () => {
  const largest = async (values: Float64Array, options: Partial<CompareOptions> = {}) => {
    const eigenvalues = file('top.npy', writeNpy(values.slice(-15)));
    const given = { ...defaults, samples: 400, noiseVariance: 1, eigenvalues, top: true, dimension: 200, ...options };
    const result = await runCompare(given);
    if (result.kind !== 'largest') throw new Error(result.kind);
    return result;
  };
  test('of noise: none beyond the edge, and no agreement from so few', async () => {
    const result = await largest(spectrum(), { nullReplicates: undefined });
    expect(result).toMatchObject({ verdict: 'undecided', beyond: [] });
    expect(result.edge).toBeCloseTo((1 + Math.SQRT1_2) ** 2, 10);
    // (a + b)²/N and (a + b)(1/a + 1/b)^⅓/N with a² = 399.5, b² = 199.5 (Johnstone 2001; Ma 2012): 2.9087 and 0.0422. The
    // 0.995 point of 999 draws has a standard deviation of about a quarter of a unit.
    expect(Math.abs(result.reach - (2.9087 + 0.0422 * tracyWidom1.quantile(0.995)))).toBeLessThan(0.044);
    expect(result.notes.join(' ')).toMatch(
      /neither the bulk, its variance and its shape, nor spikes below can be told/,
    );
  });
  test('three spikes are counted, and all beyond the edge is remarked', async () => {
    const result = await largest(spiked());
    expect(result).toMatchObject({ verdict: 'disagree', beyond: [7.99, 7.98, 7.97] });
    const few = await largest(spiked(), { eigenvalues: file('three.npy', writeNpy(spiked().slice(-3))) });
    expect(few.notes.join(' ')).toMatch(/All that are given lie beyond the edge: there may be more/);
  });
  test('too small is wrong as well: a variance of 1.3 for 1', async () => {
    const result = await largest(spectrum(), { noiseVariance: 1.3 });
    expect(result.verdict).toBe('disagree');
    expect(result.reason).toMatch(/smaller than that of the law/);
  });
  test('against a stated law, of equal weights, it is the same edge', async () => {
    const law = { noiseVariance: undefined, samples: undefined, aspectRatio: 0.5, weights: discreteMeasure([1]) };
    const result = await largest(spiked(), law);
    expect(result.edge).toBeCloseTo((1 + Math.SQRT1_2) ** 2, 8);
    expect(result.beyond).toHaveLength(3);
    expect((await largest(spectrum(), law)).beyond).toEqual([]);
  });
  test('where no matrix could be drawn the Tracy–Widom law stands for draws', () => {
    const given = { values: Float64Array.of(3), dimension: 1e6, description: '', notes: [] };
    const result = compareLargest(given, { ...defaults, samples: 2e6, noiseVariance: 1 }, backend);
    expect(result.null).toMatch(/Tracy–Widom/);
    expect(result.beyond).toEqual([3]);
  });
  test.each<[string, Partial<CompareOptions>, RegExp]>([
    ['no scale', { noiseVariance: undefined }, /tell no variance of the noise\. Give --noise-variance/],
    ['no N', { samples: undefined }, /--samples N or --aspect-ratio d\/N is needed/],
    ['something to fit', { fit: ['scale'] }, /nothing can be fitted to the largest eigenvalues alone/],
    ['two scales', { weights: discreteMeasure([1]) }, /a law is stated beside it/],
    ['a table', { nullTable: 'nulls.json' }, /--null-table is for whole spectra/],
  ])('refused: %s', async (_name, options, message) => {
    await expect(largest(spectrum(), options)).rejects.toThrow(message);
  });
  test('a list that does not say so is remarked where it is no bulk; whole bulks are not', async () => {
    const top = await runCompare({ ...defaults, eigenvalues: file('list.npy', writeNpy(spectrum().slice(-60))) });
    expect(top.verdict).toBe('disagree');
    expect(top.notes.join(' ')).toMatch(/only the largest of a larger matrix, say --top and --dimension d/);
    const whole = await runCompare({
      ...defaults,
      measuresPower: false,
      eigenvalues: file('w.npy', writeNpy(spectrum())),
    });
    expect(whole.notes.join(' ')).not.toMatch(/--top/);
  });
});

describe('quadratures', () => {
  const quadrature = async (eigenvalues: Float64Array, probes: number, options: Partial<CompareOptions> = {}) => {
    const stream = randomStream('partial spectra', 'probes', probes);
    const found = Array.from({ length: probes }, () => lanczosQuadrature(stream, eigenvalues, 16));
    const table = (part: 'nodes' | 'masses') =>
      writeNpy(
        found.flatMap((measure) => Array.from(measure[part])),
        [probes, 16],
      );
    const result = await runCompare({
      ...defaults,
      measuresPower: false,
      ritzValues: file('nodes.npy', table('nodes')),
      ritzWeights: file('masses.npy', table('masses')),
      dimension: eigenvalues.length,
      samples: 400,
      ...options,
    });
    if (result.kind !== 'quadrature') throw new Error(result.kind);
    return result;
  };
  test('of the law, from one probe and from six: not rejected, the scale to the error of the probes', async () => {
    for (const probes of [1, 6]) {
      const result = await quadrature(spectrum(), probes);
      // Four tests at family level 0.01.
      expect(result.verdict).not.toBe('disagree');
      // 1/√(2 d P)
      expect(result.probeError).toBeCloseTo(1 / Math.sqrt(400 * probes), 12);
      // Var Σ ω λ = 2 γ/(d + 2): standard deviation 7 % of one probe. Four of them: chance 6e-5.
      expect(Math.abs(result.fitted.scale! - 1)).toBeLessThan((4 * 0.071) / Math.sqrt(probes));
      expect(result.notes.join(' ')).toMatch(/16 nodes stand for 200 eigenvalues and are not taken for some of them/);
    }
  });
  test('another law is rejected: a spike of the matrix, 30 % more scale, weights of two sizes', async () => {
    expect((await quadrature(spiked(), 6)).tests.find(({ id }) => id === 'above')!.rejected).toBe(true);
    const scaled = await quadrature(
      spectrum().map((value) => 1.3 * value),
      6,
      { noiseVariance: 1 },
    );
    expect(scaled.verdict).toBe('disagree');
    expect(
      (
        await quadrature(
          spectrum().map((value) => 1.3 * value),
          6,
        )
      ).verdict,
    ).not.toBe('disagree');
    const two = { weights: discreteMeasure([0.2, 1.8]), samples: undefined, aspectRatio: 0.5, fit: ['scale'] as const };
    expect((await quadrature(spectrum(), 6, { ...two, nullReplicates: 59 })).verdict).toBe('disagree');
  });
  test('agreement needs power: one probe has none, and says more probes are needed', async () => {
    const result = await quadrature(spectrum().slice(0, 60), 1, {
      samples: 120,
      measuresPower: true,
      nullReplicates: 99,
    });
    expect(result.verdict).not.toBe('agree');
    const fresh = whiteSpectrum(randomStream('partial spectra', 'small', 1), 60, 120);
    const small = await quadrature(fresh, 1, { samples: 120, measuresPower: true, nullReplicates: 99 });
    expect(small.verdict).toBe('undecided');
    expect(small.reason).toMatch(/below 0\.95; more probes are needed/);
  });
  test('of a matrix that cannot be drawn: the null is exact whatever d, and the power is said to be unknown', async () => {
    const compared = (nodes: ArrayLike<number>, masses: ArrayLike<number>) =>
      runCompare({
        ...defaults,
        ritzValues: file('n.npy', writeNpy(nodes)),
        ritzWeights: file('m.npy', writeNpy(masses)),
        ...{ dimension: 1e7, samples: 2e7, noiseVariance: 1 },
      });
    const { nodes, masses } = whiteQuadrature(randomStream('partial spectra', 'large', 0), 1e7, 2e7, 12);
    const own = await compared(nodes, masses);
    expect(own.verdict).toBe('undecided');
    expect(own.reason).toMatch(/what wrong laws a quadrature of this size would show is not measured/);
    // At d = 10⁷ moments are known to 10⁻³: a scale 1 % off is another law.
    expect(
      (
        await compared(
          nodes.map((node) => 1.01 * node),
          masses,
        )
      ).verdict,
    ).toBe('disagree');
  });
  test.each<[string, Partial<CompareOptions>, RegExp]>([
    ['no N', { samples: undefined }, /which the nodes of a quadrature do not tell/],
    ['a ratio to be fitted', { fit: ['aspect-ratio'] }, /d\/N is not fitted to a quadrature/],
  ])('refused: %s', async (_name, options, message) => {
    await expect(quadrature(spectrum(), 1, options)).rejects.toThrow(message);
  });
});
