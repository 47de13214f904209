/** The heads of a small language model at five steps (fixtures/languageModel), as the exporter wrote them. */
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from '@jest/globals';
import { headSums, jackknife, rowsInMemory } from '../../../simulations/head/index.js';
import { createBackend } from '../../../simulations/linalg/index.js';
import { readNpy } from '../../../src/store/formats/index.js';

const folder = fileURLToPath(new URL('../../fixtures/languageModel', import.meta.url));
const load = (step: string, name: string): Float64Array =>
  Float64Array.from(readNpy(readFileSync(`${folder}/${step}/${name}.npy`)).data as ArrayLike<number>, Number);

interface Norms {
  readonly diagonal: number;
  readonly offDiagonal: number;
  readonly t: number;
  readonly rows: readonly number[];
}
/** By fixtures/languageModel/headNumbers.py: every one of the C² blocks, in NumPy. */
const expected = JSON.parse(readFileSync(`${folder}/headNumbers.json`, 'utf8')) as Record<
  string,
  { readonly plain: Norms; readonly population: Norms; readonly collision: number }
>;
const backend = await createBackend('wasm');
const [samples, dimension, classes] = [256, 32, 512];

function sumsOf(step: string, given: boolean) {
  return headSums({
    ...{ features: load(step, 'h'), samples, dimension, backend, perRow: true },
    rows: rowsInMemory(load(step, 'V'), classes, dimension),
    groups: load(step, 'groups'),
    logNormaliser: given ? load(step, 'lse') : undefined,
  });
}

const relative = (a: number, b: number): number => Math.abs(a / b - 1);

describe.each(Object.entries(expected))('the head at %s', (step, { plain, population, collision }) => {
  const sums = sumsOf(step, false);

  test('has the norms that NumPy finds block by block, in all and in rows, to 1e-11', () => {
    // Sums of 2.6e5 blocks with 6.6e4 pairs each, in another order: 1e-13 is met, and a pair too many is 1e-5.
    for (const [found, norms, row] of [
      [sums.all, plain, [sums.perRow!.offDiagonal, sums.perRow!.diagonal]],
      [sums.between, population, [sums.perRow!.offDiagonalBetween, sums.perRow!.diagonalBetween]],
    ] as const) {
      expect(relative(found.diagonal / found.pairs, norms.diagonal)).toBeLessThan(1e-11);
      expect(relative(found.offDiagonal / found.pairs, norms.offDiagonal)).toBeLessThan(1e-11);
      [0, 10, 100, 500].forEach((i, k) =>
        expect(relative(row[0]![i]! / row[1]![i]!, norms.rows[k]!)).toBeLessThan(1e-10),
      );
    }
    expect(sums.groups).toBe(64);
  });

  test('has the collision probability of NumPy', () => {
    expect(
      relative(
        sums.meanPrediction.reduce((sum, q) => sum + q * q, 0),
        collision,
      ),
    ).toBeLessThan(1e-12);
  });

  test('has the log-sum-exp that was exported with it', () => {
    const given = load(step, 'lse');
    given.forEach((value, n) => expect(Math.abs(value - sums.logNormaliser[n]!)).toBeLessThan(1e-13 * Math.abs(value)));
    const byGiven = sumsOf(step, true);
    expect(relative(byGiven.between.offDiagonal, sums.between.offDiagonal)).toBeLessThan(1e-12);
    expect(byGiven.massDefect).toBeLessThan(1e-13);
  });
});

test('the ratio t of all text rises fourteenfold in 300 steps, and its error sees that', () => {
  const [start, late] = ['step-0', 'step-300'].map((step) => {
    const { between, withoutGroup } = sumsOf(step, true);
    return jackknife(between, withoutGroup, ({ offDiagonal, diagonal }) => offDiagonal / diagonal);
  });
  // 0.0032 and 0.0450, from headNumbers.json; the errors are those of 64 sequences, 2 and 5 per cent.
  expect(late!.value / start!.value).toBeGreaterThan(12);
  expect(start!.error / start!.value).toBeLessThan(0.03);
  expect(late!.error / late!.value).toBeGreaterThan(0.02);
  expect(late!.error / late!.value).toBeLessThan(0.08);
});
