import { describe, expect, test } from '@jest/globals';
import { writeNpy } from '../../../src/store/formats/index.js';
import { UsageError } from '../../../theory/errors.js';
import { lawCommand } from '../../../src/pipeline/law/lawCommand.js';
import { ratioCommand } from '../../../src/pipeline/ratio/ratioCommand.js';
import { parseWeights } from '../../../src/pipeline/options/weightsText.js';
import { temporaryFiles } from '../../helpers/temporaryFiles.js';

const { file } = temporaryFiles('law');

describe('lawCommand', () => {
  test('Marčenko–Pastur at γ = ½: edges, density at 1, median round trip, moments 1, 1 + γ, 1 + 3γ + γ²', async () => {
    const report = await lawCommand({
      model: 'linear',
      loss: 'mse',
      block: 'diagonal',
      aspectRatio: '0.5',
      at: '1, 2',
      quantiles: '0.5',
      moments: '3',
    });
    expect(report.kind).toBe('law');
    const [lower, upper] = report.support[0];
    expect(lower).toBeCloseTo((1 - Math.SQRT1_2) ** 2, 13);
    expect(report.points[0].density).toBeCloseTo(Math.sqrt((upper - 1) * (1 - lower)) / (2 * Math.PI * 0.5), 12);
    expect(report.points[1].cdf + report.points[1].survival).toBeCloseTo(1, 14);
    expect(report.moments).toHaveLength(3);
    [1, 1.5, 2.75].forEach((moment, k) => expect(report.moments[k]).toBeCloseTo(moment, 13));
    expect(report.note).toBeUndefined();
    // The whole report survives JSON.
    expect(JSON.parse(JSON.stringify(report))).toEqual(report);
  });

  test('weights in words and as drawn values name the same law', async () => {
    const words = await lawCommand({ weights: '-1:0.25,2:0.75', aspectRatio: '2', quantiles: '0.3,0.9' });
    const values = await lawCommand({
      weightsFile: file('a.npy', writeNpy([2, -1, 2, 2])),
      aspectRatio: '2',
      quantiles: '0.3,0.9',
    });
    expect(values.support).toEqual(words.support);
    expect(values.quantiles).toEqual(words.quantiles);
    // γ = 2: rank at most N = d/2, hence an atom of ½ at 0.
    expect(words.atoms).toEqual([{ at: 0, mass: 0.5 }]);
  });

  test('linear cross-entropy, C = 10, off-diagonal: the outlier near −0.077 outside the bulk of drawn spectra (published) is listed', async () => {
    const report = await lawCommand({
      model: 'linear',
      loss: 'ce',
      block: 'off-diagonal',
      classes: '10',
      aspectRatio: '0.5',
    });
    expect(Array.isArray(report.outliers)).toBe(true);
    expect(report.support).toHaveLength(1);
    expect(report.support[0][1]).toBeLessThan(0);
  });

  describe('outliers of hidden squared-error blocks, in units of v_i·v_j, aspect ratio 1/20', () => {
    const outliersOf = async (activation: string, block: string) =>
      (
        await lawCommand({
          model: 'hidden',
          loss: 'mse',
          layer: 'hidden',
          block,
          width: '8',
          activation,
          aspectRatio: '0.05',
        })
      ).outliers;

    test('ReLU: (γ ± σ)(1 ± q/σ) with σ = 1/2π and q = ¼ off the diagonal, none on it', async () => {
      const [sigma, gamma] = [1 / (2 * Math.PI), 0.05];
      const found = await outliersOf('relu', 'off-diagonal');
      expect(found.map(({ side }) => side)).toEqual(['below', 'above']);
      expect(found[0]!.at).toBeCloseTo((gamma - sigma) * (1 - 0.25 / sigma), 12);
      expect(found[1]!.at).toBeCloseTo((gamma + sigma) * (1 + 0.25 / sigma), 12);
      expect(await outliersOf('relu', 'diagonal')).toEqual([]);
    });

    // Means of the outermost eigenvalues of 30 draws at d = 200, N = 4000 (fixture edgesLimitOutliers.py), with four
    // standard errors; both eigenvalues of a double outlier are averaged.
    test.each([
      ['tanh', 'off-diagonal', [{ at: 0.1346, within: 0.0013, side: 'below', multiplicity: 2 }]],
      ['tanh', 'diagonal', [{ at: -0.1699, within: 0.0032, side: 'below', multiplicity: 1 }]],
      [
        'gelu',
        'off-diagonal',
        [
          { at: 0.0494, within: 0.004, side: 'below', multiplicity: 1 },
          { at: 0.546, within: 0.0132, side: 'above', multiplicity: 1 },
        ],
      ],
      ['gelu', 'diagonal', []],
    ])('%s, %s: where drawn blocks have them', async (activation, block, drawn) => {
      const found = await outliersOf(activation, block);
      expect(found.map(({ side, multiplicity }) => ({ side, multiplicity }))).toEqual(
        drawn.map(({ side, multiplicity }) => ({ side, multiplicity })),
      );
      found.forEach(({ at }, k) => expect(Math.abs(at - drawn[k]!.at)).toBeLessThan(drawn[k]!.within));
    });
  });

  test('no law, but a note: hidden cross-entropy off the diagonal at C = ∞', async () => {
    const report = await lawCommand({
      model: 'hidden',
      loss: 'ce',
      block: 'off-diagonal',
      classes: 'inf',
      width: '8',
      aspectRatio: '0.5',
      at: '0',
    });
    expect(report).toMatchObject({ support: [], atoms: [], points: [], quantiles: [] });
    expect(report.note).toMatch(/no deterministic limit law/);
  });

  test.each([
    [{ aspectRatio: '0' }, /--aspect-ratio must be a finite number above 0, got '0'/],
    [{ aspectRatio: 'x' }, /got 'x'/],
    [{ model: undefined }, /exactly one way.*got none/],
    [{ weights: '1' }, /exactly one way.*got several/],
    [{ model: 'wide' }, /--model must be one of linear, hidden, deep, got 'wide'/],
    [{ classes: '1' }, /--classes must be a whole number of at least 2, or inf, got '1'/],
    [{ classes: undefined }, /--classes must be given/],
    [{ block: undefined }, /--block must be one of/],
    [{ at: '1,,2' }, /--at, entry 2 must be a finite number, got ''/],
    [{ quantiles: '1.2' }, /probability from 0 to 1/],
    [{ moments: '1.5' }, /--moments/],
    [{ logitVariance: '9' }, /--logit-variance must be at most 4, .*got '9'/],
    [{ aspectRatio: '' }, /--aspect-ratio must be given/],
    [{ aspectRatio: '1e300' }, /--aspect-ratio must lie between 0\.000001 and 1000000, got '1e300'/],
    [{ aspectRatio: '1e-300' }, /--aspect-ratio must lie between/],
    [{ width: '3' }, /--width is for --model hidden or --model deep: leave it out/],
    [{ activation: 'tanh' }, /--activation is for --model hidden or --model deep: leave it out/],
    [{ layer: 'hidden' }, /--layer must be output with --model linear/],
    [{ model: 'hidden' }, /--width must be given with --model hidden/],
    [{ logitVariance: '1', initialisation: 'he' }, /both state a variance: give one of them/],
    [
      { model: undefined, weights: '1:1', loss: undefined, block: undefined },
      /--classes describes a model, but no --model is given/,
    ],
  ])('refuses %j', async (change, message) => {
    const run = lawCommand({
      model: 'linear',
      loss: 'ce',
      block: 'diagonal',
      classes: '10',
      aspectRatio: '0.5',
      ...change,
    });
    await expect(run).rejects.toThrow(UsageError);
    await expect(run).rejects.toThrow(message);
  });
});

describe('parseWeights', () => {
  test('values with masses, and values alone', () => {
    expect(parseWeights('-1:0.3, 1:0.5,2:0.2')).toEqual({ nodes: [-1, 1, 2], masses: [0.3, 0.5, 0.2] });
    expect(parseWeights('1,3')).toEqual({ nodes: [1, 3], masses: [0.5, 0.5] });
  });

  test.each([
    ['', /entry 1 must read value:mass, got ''/],
    ['1:0.5,', /entry 2 must read value:mass/],
    ['1:0.5:3', /entry 1/],
    ['1:0.5,2', /every value or to none/],
    ['a:1', /value 1 must be a finite number, got 'a'/],
    ['1:-1,2:2', /mass 1 must not be negative/],
    ['1:0.5,2:0.4', /sum to 1 within 1e-9, they sum to 0.9/],
  ])('refuses %j', (text, message) => {
    expect(() => parseWeights(text)).toThrow(UsageError);
    expect(() => parseWeights(text)).toThrow(message);
  });
});

describe('ratioCommand', () => {
  test('linear cross-entropy: rows in the order asked for, 4.0000, 1.6596, limit 1.98993 (published)', async () => {
    const report = await ratioCommand({ model: 'linear', loss: 'ce', classes: '2,10,inf', aspectRatio: '0.5' });
    expect(report.exponent).toBe(2);
    expect(report.rows.map(({ classes }) => classes)).toEqual([2, 10, 'inf']);
    [4, 1.6596, 1.98993].forEach((scaled, k) => expect(report.rows[k].scaled).toBeCloseTo(scaled, 4));
    expect(report.rows[1].ratio).toBeCloseTo(0.016596, 6);
  });

  test('an infinite limit is the word inf, with its reason as a note', async () => {
    const report = await ratioCommand({
      model: 'hidden',
      loss: 'ce',
      layer: 'output',
      classes: 'inf',
      width: '2',
      aspectRatio: '1',
    });
    expect(report.rows[0]).toMatchObject({ classes: 'inf', scaled: 'inf', limit: 'inf' });
    expect(report.note).toMatch(/m ≥ 3/);
    expect(JSON.stringify(report)).not.toMatch(/null/);
  });

  test.each([
    [{ classes: undefined }, /--classes must be given/],
    [{ classes: '2,x' }, /--classes, entry 2 must be a whole number/],
    [{ model: 'hidden' }, /--width must be given/],
    [{ layer: 'hidden' }, /output layer only/],
    [{ width: '8' }, /--width is for --model hidden/],
    [{ logitVariance: '100' }, /--logit-variance must be at most 4/],
  ])('refuses %j', async (change, message) => {
    const run = ratioCommand({ model: 'linear', loss: 'ce', classes: '10', aspectRatio: '0.5', ...change });
    await expect(run).rejects.toThrow(UsageError);
    await expect(run).rejects.toThrow(message);
  });
});
