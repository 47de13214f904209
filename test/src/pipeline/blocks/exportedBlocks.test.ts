/** From an exporter's files to ratios and verdicts: a small GPT at five numbers of classes (fixtures/smallGpt). */
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from '@jest/globals';
import { runBlocks } from '../../../../src/pipeline/blocks/runBlocks.js';

const fixture = fileURLToPath(new URL('../../../fixtures/smallGpt', import.meta.url));
const filesOf = (series: 'c' | 'n'): string[] =>
  readdirSync(fixture)
    .filter((name) => name.endsWith('.npz') && name.startsWith(series))
    .map((name) => join(fixture, name));
const byClasses = runBlocks({ files: filesOf('c') });
const tensorOf = (name: string) => byClasses.tensors.find((each) => each.name === name)!;

test('r of the head is what all its blocks give, within 4 standard errors of the probes at each C', () => {
  // By fixtures/smallGpt/headNumbers.py: every one of the C² blocks, from h and V, in PyTorch. Errors of 2 probes in each of 24 blocks: one of
  // five beyond 4 of them has a probability near 1e-3. A ratio 10 % off is rejected at every C.
  const exact = JSON.parse(readFileSync(join(fixture, 'headNumbers.json'), 'utf8')) as Record<string, number>;
  const { points } = tensorOf('head.weight');
  expect(points.map(({ classes }) => classes)).toEqual([64, 256, 1024, 4096, 16384]);
  for (const { classes, gaussNewton } of points) {
    const mean = [0, 1, 2].reduce((sum, draw) => sum + exact[`c${classes}-${draw}`]! / 3, 0);
    const { value, errors } = gaussNewton.ratio!;
    const error = Math.hypot(errors.probes!, errors.blocks!);
    expect(Math.abs(value - mean)).toBeLessThan(4 * error);
    expect(Math.abs(value - 1.1 * mean)).toBeGreaterThan(4 * error);
  }
});

test('the head falls like 1/C², and layers below it stop at what the width allows', () => {
  const trendOf = (name: string) => tensorOf(name).trends.find(({ hessian }) => hessian === 'gauss-newton')!;
  expect(trendOf('head.weight').verdict).toBe('falls');
  expect(trendOf('head.weight').large!.interval![0]).toBeLessThan(-2);
  expect(trendOf('head.weight').large!.interval![1]).toBeGreaterThan(-2);
  for (const name of ['layers.1.v.weight', 'layers.1.o.weight', 'layers.1.up.weight'])
    expect(trendOf(name).verdict).toBe('saturated');
});

test('full over Gauss–Newton below the final norm falls with the number of positions', () => {
  const found = runBlocks({ files: filesOf('n') });
  for (const { points } of found.tensors) {
    const shares = points.map(({ fullOverGaussNewton }) => fullOverGaussNewton!.value);
    expect(points.map(({ samples }) => samples)).toEqual([64, 256, 1024]);
    expect(shares[0]!).toBeLessThan(0.4);
    expect(shares[1]!).toBeLessThan(shares[0]! / 2);
    expect(shares[2]!).toBeLessThan(shares[1]! / 2);
  }
});
