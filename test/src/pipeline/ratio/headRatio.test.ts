import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { UsageError } from '../../../../theory/errors.js';
import { headModel } from '../../../../theory/names.js';
import { modelChoice } from '../../../../src/pipeline/options/modelOptions.js';
import { ratioCommand } from '../../../../src/pipeline/ratio/ratioCommand.js';
import type { RatioCommandOptions } from '../../../../src/pipeline/ratio/ratioReport.js';
import { unigramReport } from '../../../../src/pipeline/ratio/unigramReport.js';
import { writeNpy } from '../../../../src/store/formats/index.js';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'head-ratio-'));
  writeFileSync(join(folder, 'h.npy'), writeNpy([1, 1, 1, 0, 0, 2], [3, 2]));
  writeFileSync(join(folder, 'bad.npy'), writeNpy([1, NaN], [1, 2]));
  writeFileSync(join(folder, 'flat.npy'), writeNpy([3, 2, 1, 0], [4]));
  writeFileSync(join(folder, 'negative.npy'), writeNpy([3, -2], [2]));
  writeFileSync(join(folder, 'sigma.npy'), writeNpy([3, 1, 1], [3]));
});
afterAll(() => rmSync(folder, { recursive: true }));
const file = (name: string) => join(folder, name);
const head = (options: RatioCommandOptions) => ratioCommand({ model: headModel, classes: '10', ...options });

describe('ratio --model head', () => {
  test('features from a file: the limit by hand, with and without samples with themselves', async () => {
    const { rows, aspectRatio } = await head({ features: file('h.npy'), classes: '2,inf' });
    // Gram matrix 2, 1, 2; 1, 1, 0; 2, 0, 4 and τ = 1/2.
    const e = (x: number) => Math.exp(x / 2);
    const sum = (k: number) => 4 * e(2 * k) + e(k) + 16 * e(4 * k) + 2 * (e(k) + 4 * e(2 * k));
    const apart = (k: number) => e(k) + 4 * e(2 * k);
    expect(rows[1]!.scaled).toBeCloseTo(sum(2) / sum(1), 12);
    expect(rows[1]!.population).toBeCloseTo(apart(2) / apart(1), 12);
    expect(rows[0]).toMatchObject({ classes: 2, limit: rows[1]!.limit });
    expect(rows[0]!.scaled).toBeCloseTo(4, 10);
    expect(aspectRatio).toBeCloseTo(2 / 3, 15);
  });

  test('normal features are the linear model’s inputs', async () => {
    const own = await head({ features: 'gaussian', aspectRatio: '0.5', classes: '10,inf' });
    const linear = await ratioCommand({ model: 'linear', loss: 'ce', aspectRatio: '0.5', classes: '10,inf' });
    // C² r is the same number; r is that over C² here and the other way round there, one rounding apart.
    expect(own.rows.map(({ ratio: _, ...row }) => row)).toEqual(linear.rows.map(({ ratio: _, ...row }) => row));
    own.rows.forEach(({ ratio }, k) => expect(Math.abs(ratio - linear.rows[k]!.ratio)).toBeLessThan(1e-17));
  });

  test('a covariance by its exponent or from a file, an estimate with its error', async () => {
    const [power] = (
      await head({ features: 'rms', aspectRatio: '0.5', dimension: '3', covariance: '0', initialisation: 'pytorch' })
    ).rows;
    expect(power!.ratioError).toBeLessThan(1e-5 * power!.ratio);
    const { rows, note } = await head({ features: 'rms', aspectRatio: '0.5', covariance: file('sigma.npy') });
    expect(rows[0]!.ratioError).toBeGreaterThan(0);
    expect(note).toMatch(/an estimate/);
  });

  test('an infinite limit has its reason', async () => {
    const { rows, note } = await head({ features: 'gaussian', aspectRatio: '1', dimension: '4', classes: 'inf' });
    expect(rows[0]!.limit).toBe('inf');
    expect(note).toMatch(/diverge/);
  });

  test.each<[RatioCommandOptions, RegExp]>([
    [{}, /--features must be given with --model head: gaussian, rms, relu, or a file/],
    [{ features: 'rms' }, /--aspect-ratio must be given/],
    [{ features: 'rms', loss: 'mse' }, /vanish for any features/],
    [{ features: 'rms', width: '3' }, /--width says nothing of --model head/],
    [{ features: 'rms', aspectRatio: '1', classes: '100000000' }, /at most 10000000, or inf/],
    [{ features: 'rms', aspectRatio: '1', logitVariance: '5' }, /at most 4/],
    [{ features: 'rms', aspectRatio: '1', logitVariance: '1', initialisation: 'he' }, /give one of them/],
    [{ features: 'relu', aspectRatio: '1', covariance: '1' }, /take no covariance/],
  ])('refuses %j', async (options, message) => {
    await expect(head(options)).rejects.toThrow(UsageError);
    await expect(head(options)).rejects.toThrow(message);
  });

  test('refuses files that hold no features, and what a file says by itself', async () => {
    await expect(head({ features: file('flat.npy') })).rejects.toThrow(/N×D, are needed, .* shape \(4\)/);
    await expect(head({ features: file('bad.npy') })).rejects.toThrow(/row 0 \(from 0\) holds NaN/);
    await expect(head({ features: file('h.npy'), aspectRatio: '1' })).rejects.toThrow(/--aspect-ratio is what/);
    await expect(
      head({ features: 'rms', aspectRatio: '1', dimension: '4', covariance: file('sigma.npy') }),
    ).rejects.toThrow(/--dimension must be that of --covariance, 3, got '4'/);
  });

  test('other models take none of its options, and other commands no head', async () => {
    await expect(
      ratioCommand({ model: 'linear', loss: 'ce', classes: '10', aspectRatio: '1', features: 'rms' }),
    ).rejects.toThrow(/--features is for --model head/);
    expect(() => modelChoice({ model: headModel })).toThrow(/no law of a block .* limitlaw ratio --model head/);
  });
});

describe('ratio --zipf, --unigram-file', () => {
  test('a vocabulary of GPT-2 under Zipf’s law: t = 0.00866, 79.0 classes', () => {
    const { rows, zipf } = unigramReport({ zipf: '1', classes: '50257,inf' });
    expect(zipf).toBe(1);
    expect(rows[0]!.t).toBeCloseTo(0.00866, 5);
    expect(rows[0]!.effectiveClasses).toBeCloseTo(79.0, 1);
    // C²·r = 435 and not of order 1.
    expect(rows[0]!.scaled).toBeCloseTo(435.09, 2);
    expect(rows[0]!.exponent).toBeCloseTo(-0.18719, 4);
    expect(rows[1]).toEqual({ classes: 'inf', t: 0, ratio: 0, scaled: 'inf', effectiveClasses: 'inf', exponent: -0 });
  });

  test('counts from a file', () => {
    const { rows, file: name } = unigramReport({ unigramFile: file('flat.npy') });
    // q = ½, ⅓, ⅙, 0.
    const squares = 1 / 4 + 1 / 9 + 1 / 36;
    const off = squares ** 2 - (1 / 16 + 1 / 81 + 1 / 1296);
    const on = 1 / 16 + 4 / 81 + 25 / 1296;
    expect(name).toBe('flat.npy');
    expect(rows[0]!.t).toBeCloseTo(off / on, 14);
    expect(rows[0]!.effectiveClasses).toBeCloseTo(1 / squares, 13);
    expect(rows[0]!.classes).toBe(4);
  });

  test.each<[RatioCommandOptions, RegExp]>([
    [{ zipf: '1' }, /--classes must be given/],
    [{ zipf: '-1', classes: '10' }, /--zipf must be an exponent from 0 to 100, got '-1'/],
    [{ zipf: 'x', classes: '10' }, /--zipf must be a finite number/],
    [{ zipf: '1', classes: '10', logitVariance: '1' }, /--logit-variance says nothing of --zipf/],
    [{ zipf: '1', unigramFile: 'c.npy', classes: '10' }, /give one of them/],
    [{ unigramFile: 'c.npy', classes: '10' }, /--classes is the length of --unigram-file/],
  ])('refuses %j', (options, message) => {
    expect(() => unigramReport(options)).toThrow(message);
  });

  test('refuses a file that holds no counts', () => {
    expect(() => unigramReport({ unigramFile: file('negative.npy') })).toThrow(/number 1 \(from 0\) is -2/);
    expect(() => unigramReport({ unigramFile: file('h.npy') })).toThrow(/shape \(3, 2\)/);
  });
});
