import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { createBackend } from '../../../simulations/linalg/index.js';
import { randomStream } from '../../../simulations/random/index.js';
import { comparisonFacts } from '../../../src/cli/compareTable.js';
import { runCompare, type CompareOptions } from '../../../src/pipeline/compare/compare.js';
import { TableCache } from '../../../src/pipeline/compare/tableCache.js';
import { compareOptions } from '../../../src/pipeline/compare/optionsFromText.js';
import { writeNpy } from '../../../src/store/formats/index.js';
import { discreteMeasure } from '../../../theory/measures/index.js';
import { temporaryFiles } from '../../helpers/temporaryFiles.js';

const { folder, file } = temporaryFiles('causes');
const backend = await createBackend('wasm');
const [d, N] = [60, 120];

const saved = (name: string, values: Float64Array) => file(`${name}.npy`, writeNpy(values));
/** Of (1/N) Σ a_n x_n x_nᵀ. */
function spectrum(weights: Float64Array): Float64Array {
  const workspace = backend.createWorkspace(d, N);
  workspace.drawInputs(randomStream('compare causes', 'x', 0));
  return workspace.eigenvalues(weights).slice();
}
const constant = (value: number): Float64Array => new Float64Array(N).fill(value);
const defaults = { level: 0.01, seed: 'causes', backend: 'wasm', nullReplicates: 99, measuresPower: false } as const;
const compared = (name: string, values: Float64Array, options: Omit<CompareOptions, keyof typeof defaults>) =>
  runCompare({ ...defaults, eigenvalues: saved(name, values), ...options });

describe('what a disagreement says of itself', () => {
  const stated = { weights: discreteMeasure([1]), aspectRatio: d / N };
  test('agreement has no causes', async () => {
    expect(await compared('plain', spectrum(constant(1)), stated)).not.toHaveProperty('causes');
  });
  test('a sum over samples for the mean: a factor N, in the facts with its number and its refit', async () => {
    const result = await compared('sum', spectrum(constant(N)), stated);
    expect(result).toMatchObject({
      verdict: 'disagree',
      causes: [{ name: 'factor', named: [{ text: 'N', value: N }] }],
    });
    const facts = new Map(comparisonFacts(result, undefined));
    expect(facts.get('likely cause')).toMatch(/^A factor N = 120: a sum over samples where the law has the mean\./);
    expect(facts.get('refit')).toMatch(
      /^with 60 dimensions, N = 120 and a scale of 1\d\d\.?\d* the bulk has the shape/,
    );
  });
  test('a ratio the wrong way round', async () => {
    const result = await compared('swap', spectrum(constant(1)), { ...stated, aspectRatio: N / d });
    expect(result).toMatchObject({ verdict: 'disagree', causes: [{ name: 'swapped ratio', samples: N }] });
  });
  test("PyTorch's mean squared error over C = 10 outputs: 2/C times the law of the model", async () => {
    const path = saved('mse', spectrum(constant(0.2)));
    const text = { eigenvalues: path, model: 'linear', loss: 'mse', block: 'diagonal', classes: '10' };
    const options = await compareOptions({
      ...text,
      aspectRatio: '0.5',
      level: '0.01',
      seed: 'causes',
      backend: 'wasm',
    });
    const result = await runCompare({ ...options, nullReplicates: 99, measuresPower: false });
    expect(result).toMatchObject({ verdict: 'disagree', causes: [{ name: 'factor', named: [{ text: '2/C' }] }] });
  });
  test('of the bulk alone: a variance that is not so, and nothing when only N is stated', async () => {
    const doubled = spectrum(constant(2));
    const result = await compared('double', doubled, { samples: N, noiseVariance: 1 });
    expect(result).toMatchObject({ verdict: 'disagree', causes: [{ name: 'factor', named: [{ text: '2' }] }] });
    expect(await compared('free', doubled, { samples: N })).not.toHaveProperty('causes');
  });
  test('draws for causes are kept beside those of the comparison, and the answer is that of fresh ones', async () => {
    const options = { samples: N, noiseVariance: 1 };
    const fresh = await compared('fresh', spectrum(constant(2)), options);
    const kept = join(folder, 'cache');
    const keeping = () =>
      compared('fresh', spectrum(constant(2)), { ...options, cache: new TableCache(kept, 'this machine') });
    expect(await keeping()).toEqual(fresh);
    // Of known and of free variance.
    expect(readdirSync(kept)).toHaveLength(2);
    expect(await keeping()).toEqual(fresh);
  });
});

describe('laws of weights', () => {
  const weights = (): Float64Array => Float64Array.from({ length: N }, (_, n) => (n % 3 === 0 ? 3 : 0.5));
  const two = discreteMeasure([0.5, 3], [2 / 3, 1 / 3]);
  test('weights as drawn: agreement, and a factor 2', async () => {
    const weightsFile = saved('weights', weights());
    expect(await compared('weighted', spectrum(weights()), { weightsFile })).not.toHaveProperty('causes');
    const result = await compared('twice', spectrum(weights().map((weight) => 2 * weight)), { weightsFile });
    expect(result).toMatchObject({ verdict: 'disagree', causes: [{ name: 'factor', named: [{ text: '2' }] }] });
  });
  test('a law of weights at N/d for d/N', async () => {
    const result = await compared('turned', spectrum(weights()), { weights: two, aspectRatio: N / d });
    expect(result).toMatchObject({ verdict: 'disagree', causes: [{ name: 'swapped ratio', samples: N }] });
  });
  test('other weights than those stated: none of the known causes, and said so', async () => {
    const result = await compared('other', spectrum(constant(1)), { weights: two, aspectRatio: d / N });
    expect(result).toMatchObject({ verdict: 'disagree', causes: [] });
    expect(new Map(comparisonFacts(result, undefined)).get('likely cause')).toMatch(/^none of those known/);
  });
});
