import { describe, expect, test } from '@jest/globals';
import { deepRatio } from '../../../../src/pipeline/ratio/deepRatio.js';
import { ratioCommand } from '../../../../src/pipeline/ratio/ratioCommand.js';
import type { RatioCommandOptions } from '../../../../src/pipeline/ratio/ratioReport.js';

const setting = { model: 'deep', loss: 'mse', classes: '10,1000,inf', width: '128', aspectRatio: '1' } as const;
const deep = (options: RatioCommandOptions) => deepRatio({ ...setting, depth: '3', ...options });

describe('ratio --model deep', () => {
  test('all layers, or one; a width for each layer, or one for all', () => {
    const { rows, widths } = deep({});
    expect(rows.map(({ layer, classes }) => [layer, classes])).toEqual(
      [1, 2, 3].flatMap((layer) => [10, 1000, 'inf'].map((classes) => [layer, classes])),
    );
    expect(widths).toEqual([128, 128, 128]);
    expect(deep({ layer: '2' }).rows).toEqual(rows.filter(({ layer }) => layer === 2));
    expect(deepRatio({ ...setting, width: '128,128,128' }).rows).toEqual(rows);
    // Wide layers, by hand: k₀(ρ₁)(2k₀(ρ₂))² and k₀(ρ₂) with ρ = 1/π, 0.49373.
    const wide = deep({ width: 'inf', classes: 'inf' }).rows.map(({ scaled }) => Number((scaled as number).toFixed(4)));
    expect(wide.slice(1)).toEqual([0.1331, 0.3322]);
  });

  test('says which layers have saturated, at the most classes that are asked', () => {
    expect(deep({}).note).toMatch(/^Saturated at C = 1000: of layer 1 \(97 %\), layer 2 \(9[56] %\) the widths above/);
    expect(deep({ layer: '3' }).note).not.toMatch(/Saturated/);
    expect(deep({ classes: '4' }).note).not.toMatch(/Saturated/);
    // By the rates 1/C and 2/n of what the layers can tell apart: 1000 against 64 and 32.
    const at = deep({ classes: '1000' }).rows.map(({ effectiveOutputs }) => 1 / (effectiveOutputs as number));
    [2 / 64, 1 / 64, 0].forEach((width, k) => expect(at[k]! / (width + 1 / 1000)).toBeCloseTo(1, 1));
  });

  test.each<[RatioCommandOptions, RegExp]>([
    [{ activation: 'gelu' }, /--activation says nothing of --model deep, which is ReLU/],
    [{ initialisation: 'he' }, /--initialisation says nothing of --model deep/],
    [{ loss: 'mse', logitVariance: '1' }, /--logit-variance says nothing under --loss mse/],
    [{ loss: 'ce', logitVariance: '5' }, /--logit-variance must be at most 4/],
    [{ loss: undefined }, /--loss must be one of ce, mse/],
    [{ width: undefined }, /--width must be given with --model deep/],
    [{ width: '1' }, /--width must be a whole number from 2/],
    [{ width: '8,9' }, /one for each of the --depth 3 layers, got 2/],
    [{ depth: undefined }, /--depth must be given with one --width/],
    [{ depth: '65' }, /--depth must be a whole number from 1 to 64/],
    [{ layer: '4' }, /--layer must be a whole number from 1 to 3, got '4'/],
    [{ layer: 'hidden' }, /--layer must be a whole number/],
    [{ classes: undefined }, /--classes must be given/],
    [{ classes: '20000000' }, /--classes must be at most 10000000/],
    [{ aspectRatio: undefined }, /--aspect-ratio must be given/],
    [{ dimension: '4', aspectRatio: '5' }, /aspectRatio must be d\/N with N of at least 1/],
  ])('refuses %j', (options, message) => {
    expect(() => deep(options)).toThrow(message);
  });

  test('a depth says nothing of other models', async () => {
    await expect(
      ratioCommand({ model: 'hidden', loss: 'mse', width: '8', depth: '2', classes: '10', aspectRatio: '1' }),
    ).rejects.toThrow(/--depth is for --model deep/);
  });
});
