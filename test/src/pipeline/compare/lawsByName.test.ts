import { fileURLToPath } from 'node:url';
import { describe, expect, test } from '@jest/globals';
import { fullHessian } from '../../../../simulations/blocks/index.js';
import { wignerMatrix } from '../../../../simulations/comparisons/index.js';
import type { RandomStream } from '../../../../simulations/contracts.js';
import { createBackend } from '../../../../simulations/linalg/index.js';
import { drawReplicate } from '../../../../simulations/models/index.js';
import { randomStream } from '../../../../simulations/random/index.js';
import { runCompare } from '../../../../src/pipeline/compare/compare.js';
import { compareOptions, type CompareText } from '../../../../src/pipeline/compare/optionsFromText.js';
import { readArrayFile, writeNpy } from '../../../../src/store/formats/index.js';
import { temporaryFiles } from '../../../helpers/temporaryFiles.js';

const { file: saved } = temporaryFiles('named');
const file = (name: string, data: ArrayLike<number>, shape?: number[]) => saved(name, writeNpy(data, shape));
const backend = await createBackend('wasm');

/** As typed; one false alarm in a hundred of the true ones, seeds fixed. */
const settings = { level: '0.01', seed: 'laws by name', backend: 'wasm', nullReplicates: '99' } as const;

async function compared(text: Partial<CompareText>, measuresPower = false) {
  const options = await compareOptions({ ...settings, ...text });
  const result = await runCompare({ ...options, measuresPower });
  if (result.kind !== 'compare') throw new Error('a bulk was fitted');
  return result;
}
const verdictOf = async (text: Partial<CompareText>) => (await compared(text)).verdict;
const refused = (text: Partial<CompareText>) => expect(compared({ eigenvalues: 'none.npy', ...text })).rejects;

/** Eigenvalues of (1/N) Σ a_n x_n x_nᵀ, x ~ N(0, diag(t)). */
function weighted(stream: RandomStream, weights: Float64Array, population: ArrayLike<number>): Float64Array {
  const workspace = backend.createWorkspace(population.length, weights.length);
  workspace.drawInputs(stream);
  for (let k = 0; k < workspace.inputs.length; k++)
    workspace.inputs[k]! *= Math.sqrt(population[k % population.length]!);
  return workspace.eigenvalues(weights).slice();
}

describe('--semicircle: a symmetric matrix of independent normal entries', () => {
  const order = 200;
  const goe = (scale = 1) =>
    file(
      `goe${scale}.npy`,
      wignerMatrix(randomStream('named', 'goe', 0), new Float64Array(order).fill(Math.sqrt(scale))),
      [order, order],
    );
  test('agrees, against a radius 5 % off, a shift, and uneven rows', async () => {
    const result = await compared({ matrix: goe(), semicircle: '' }, true);
    expect(result).toMatchObject({ verdict: 'agree', support: [[-2, 2]], fitted: {} });
    expect(result.powers.map(({ id }) => id)).toEqual(['scale', 'shift', 'scatter']);
    expect(result).not.toHaveProperty('aspectRatio');
  });
  test('a radius 5 % off is rejected, stated or drawn; with the scale fitted it is found', async () => {
    expect(await verdictOf({ matrix: goe(), semicircle: String(1.05 ** 2) })).toBe('disagree');
    expect(await verdictOf({ matrix: goe(1.05), semicircle: '' })).toBe('disagree');
    const fitted = await compared({ matrix: goe(1.05), semicircle: '', fit: 'scale' });
    expect(fitted.verdict).not.toBe('disagree');
    // The root mean square eigenvalue has a relative deviation of 1/d.
    expect(Math.abs(fitted.fitted.scale! / 1.05 - 1)).toBeLessThan(4 / order);
  });
  test('without a law, both signs bring its name, and never an aspect ratio that was not given', async () => {
    await expect(compared({ matrix: goe() })).rejects.toThrow(/eigenvalues are negative.*--semicircle/);
    await expect(compared({ matrix: goe(), weights: '1' })).rejects.toThrow(/^(?!.*not N\/d).*--semicircle/);
    await expect(compared({ matrix: goe(), semicircle: '', fit: 'aspect-ratio' })).rejects.toThrow(/only scale/);
    await expect(compared({ matrix: goe(), semicircle: '', aspectRatio: '1' })).rejects.toThrow(/has none/);
  });
});

describe('--population: x ~ N(0, Σ)', () => {
  const population = Float64Array.from({ length: 100 }, (_, k) => 0.2 + (2.8 * k) / 99);
  const spectrum = () =>
    file('p.npy', weighted(randomStream('named', 'population', 0), new Float64Array(300).fill(1), population));
  const ratio = { aspectRatio: String(1 / 3) };
  test('is kept, by its eigenvalues or by a matrix; the identity, half of it, and Σ of another scale are rejected', async () => {
    const sigma = new Float64Array(100 * 100);
    population.forEach((value, k) => (sigma[101 * k] = value));
    for (const given of [file('t.npy', population), file('S.npy', sigma, [100, 100])]) {
      const result = await compared({ eigenvalues: spectrum(), population: given, ...ratio });
      expect(result.verdict).not.toBe('disagree');
      expect(result.tests.map(({ id }) => id)).toEqual(['kolmogorov', 'traces', 'below', 'above']);
    }
    for (const wrong of [[1], population.subarray(0, 50), population.map((value) => 1.05 * value)])
      expect(
        await verdictOf({
          eigenvalues: spectrum(),
          population: file(`w${wrong.length}${wrong[0]}.npy`, wrong),
          ...ratio,
        }),
      ).toBe('disagree');
  });
  test('with drawn weights, a singular Σ, and the scale fitted: its zeros are exact', async () => {
    const weights = Float64Array.from({ length: 300 }, (_, n) => (n % 3 === 0 ? -1 : 2));
    const singular = population.map((value, k) => (k < 20 ? 0 : value));
    const values = weighted(randomStream('named', 'singular', 0), weights, singular);
    const given = { eigenvalues: file('s.npy', values), population: file('t0.npy', singular) };
    const result = await compared({ ...given, weightsFile: file('a.npy', weights) });
    expect(result.verdict).not.toBe('disagree');
    expect(result.atoms[0]!.mass).toBeCloseTo(0.2, 12);
    expect(
      await verdictOf({ ...given, weightsFile: file('a.npy', weights), population: file('t.npy', population) }),
    ).toBe('disagree');
    const fitted = await compared({ ...given, weights: '-1:0.3333333333,2:0.6666666667', ...ratio, fit: 'scale' });
    expect(Math.abs(fitted.fitted.scale! - 1)).toBeLessThan(0.1);
  });
  test('sizes that do not fit and options that it contradicts are refused', async () => {
    const t = file('t7.npy', [1, 2, 3, 4, 5, 6, 7]);
    await expect(compared({ eigenvalues: spectrum(), population: t, ...ratio })).rejects.toThrow(
      /whose length divides 100/,
    );
    const matrix = file('S2.npy', [2, 1, 1, 2], [2, 2]);
    await expect(compared({ eigenvalues: spectrum(), population: matrix, ...ratio })).rejects.toThrow(
      /Σ must be 100×100/,
    );
    await refused({ population: t, directions: 'w.npy' }).toThrow(/--directions are taken out of x ~ N\(0, I\)/);
    await refused({ population: t, semicircle: '' }).toThrow(/with --semicircle it says nothing/);
  });
});

describe('--block whole: the Hessian of the linear model under cross-entropy', () => {
  const [classes, dimension, samples] = [3, 30, 60];
  const hessian = (scale = 1) => {
    const setting = { model: 'linear', loss: 'ce', activation: 'relu', initialisation: 'lecun', width: 0 } as const;
    const workspace = backend.createWorkspace(dimension, samples);
    const draw = drawReplicate({ ...setting, classes, dimension, samples }, workspace, 'named', 3);
    return file(
      `H${scale}.npy`,
      fullHessian(draw).map((value) => scale * value),
      [classes * dimension, classes * dimension],
    );
  };
  const whole = { model: 'linear', loss: 'ce', block: 'whole', classes: '3', aspectRatio: '0.5' };
  test('as drawn it is kept, at its scale or with the scale fitted; of another scale, loss or logit variance it is rejected', async () => {
    const result = await compared({ ...whole, matrix: hessian() });
    expect(result.verdict).not.toBe('disagree');
    expect(result).toMatchObject({ dimension: 90, samples: 60, aspectRatio: 0.5 });
    expect(result.atoms[0]!.mass).toBeCloseTo(1 / 3, 12);
    expect((await compared({ ...whole, matrix: hessian(), fit: 'scale' })).verdict).not.toBe('disagree');
    for (const wrong of [{ matrix: hessian(1.5) }, { loss: 'mse' }, { logitVariance: '4' }])
      expect(await verdictOf({ ...whole, matrix: hessian(), ...wrong })).toBe('disagree');
  });
  test('negative eigenvalues, as training makes them in deeper models, break an exact statement', async () => {
    const values = readArrayFile(hessian()).data.slice();
    values[0] = -1;
    const trained = file('trained.npy', values, [90, 90]);
    const { verdict, reason } = await compared({ ...whole, matrix: trained });
    expect(verdict).toBe('disagree');
    expect(reason).toMatch(/1 eigenvalue is negative/);
  });
  test('an order that is no multiple of C, and a ratio to be fitted, are refused', async () => {
    await expect(compared({ ...whole, matrix: hessian(), classes: '7' })).rejects.toThrow(/90 is no multiple of 7/);
    await expect(compared({ ...whole, matrix: hessian(), aspectRatio: undefined })).rejects.toThrow(
      /--aspect-ratio d\/N is needed/,
    );
  });
});

describe('--readout and --initialisation: laws of a model', () => {
  const pytorch = (name: string) => fileURLToPath(new URL(`../../../fixtures/pytorch/${name}`, import.meta.url));
  const block = { model: 'hidden', loss: 'ce', block: 'diagonal', matrix: pytorch('h_w0_w0.npy') };
  test('given V, a block exported from PyTorch is kept; the law given another V is not', async () => {
    const { shape } = readArrayFile(pytorch('x.npy'));
    const given = { ...block, aspectRatio: String(shape[1]! / shape[0]!), readout: pytorch('v.npy') };
    expect(await verdictOf({ ...given, pair: '0,0' })).not.toBe('disagree');
    const { data, shape: sizes } = readArrayFile(pytorch('v.npy'));
    const other = file(
      'v2.npy',
      data.map((value) => 1.3 * value),
      [...sizes],
    );
    expect(await verdictOf({ ...given, readout: other })).toBe('disagree');
    await expect(compared({ ...block, aspectRatio: '1', classes: '3', width: '2' })).rejects.toThrow(
      /Give V with --readout/,
    );
  });
  test('--initialisation stands for a logit variance', async () => {
    const linear = { model: 'linear', loss: 'ce', block: 'diagonal', classes: '10', aspectRatio: '0.5' };
    const eigenvalues = file(
      'e.npy',
      Float64Array.from({ length: 30 }, (_, k) => k / 30),
    );
    const [named, stated] = [
      await compared({ ...linear, eigenvalues, initialisation: 'he' }),
      await compared({ ...linear, eigenvalues, logitVariance: '2' }),
    ];
    expect(named.support).toEqual(stated.support);
    // Xavier's factor depends on d and C: 2d/(d + C) = 60/40 here.
    const [xavier, same] = [
      await compared({ ...linear, eigenvalues, initialisation: 'xavier' }),
      await compared({ ...linear, eigenvalues, logitVariance: '1.5' }),
    ];
    expect(xavier.support).toEqual(same.support);
  });
});

describe('--independent-weights', () => {
  const weights = (stream: RandomStream) => Float64Array.from({ length: 240 }, () => stream.normal() ** 2);
  test('tests the traces without directions, and keeps weights that are independent', async () => {
    const stream = randomStream('named', 'independent', 0);
    const a = weights(stream);
    const given = {
      eigenvalues: file('i.npy', weighted(stream, a, new Float64Array(60).fill(1))),
      weightsFile: file('a2.npy', a),
    };
    expect((await compared(given)).tests.map(({ id }) => id)).not.toContain('traces');
    const declared = await compared({ ...given, independentWeights: true });
    expect(declared.tests.map(({ id }) => id)).toContain('traces');
    expect(declared.verdict).not.toBe('disagree');
    expect(declared.notes).toEqual([]);
  });
  test('weights that depend on x, the mean square of ten of its coordinates, are caught by the traces', async () => {
    const workspace = backend.createWorkspace(60, 960);
    workspace.drawInputs(randomStream('named', 'dependent', 0));
    // E tr H is off by Cov(a, |x|²) = 2, more than five of its standard deviations √(2 E a² d/N).
    const a = Float64Array.from({ length: 960 }, (_, n) =>
      workspace.inputs.subarray(60 * n, 60 * n + 10).reduce((sum, x) => sum + x * x * 0.1, 0),
    );
    const given = { eigenvalues: file('d.npy', workspace.eigenvalues(a)), weightsFile: file('a3.npy', a) };
    const { tests } = await compared({ ...given, independentWeights: true });
    expect(tests.find(({ id }) => id === 'traces')!.rejected).toBe(true);
  });
  test('what it cannot be said of is refused', async () => {
    const independentWeights = true;
    await refused({ independentWeights }).toThrow(/weights that are given/);
    await refused({ independentWeights, weights: '1', directions: 'w.npy' }).toThrow(/contradict each other/);
    const model = { model: 'linear', loss: 'ce', block: 'diagonal', classes: '3' };
    await refused({ independentWeights, ...model }).toThrow(/weights of a model depend on x/);
  });
});

test('Σ kᵢ aᵢ aᵢᵀ of a field question: the generalised law agrees, equal weights of the same mean do not', async () => {
  const stream = randomStream('named', 'question', 0);
  const weights = Float64Array.from({ length: 240 }, (_, n) => 1 + (n % 3));
  const spectra = Array.from({ length: 3 }, () => weighted(stream, weights, new Float64Array(120).fill(1)));
  const eigenvalues = file(
    'q.npy',
    spectra.flatMap((values) => [...values]),
    [3, 120],
  );
  const declared = { eigenvalues, independentWeights: true };
  expect((await compared({ ...declared, weightsFile: file('k.npy', weights) }, true)).verdict).toBe('agree');
  // The same mean; E k² = 4 in place of 14/3.
  const equal = file('k2.npy', new Float64Array(weights.length).fill(2));
  expect(await verdictOf({ ...declared, weightsFile: equal })).toBe('disagree');
});

test('two ways to name a law are refused', async () => {
  await refused({ semicircle: '', weights: '1' }).toThrow(/in one way.*got --weights and --semicircle/);
  await refused({ weightsFile: 'a.npy', pair: '0,1' }).toThrow(/--pair describes a model/);
});
