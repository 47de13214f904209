import { expect, test } from '@jest/globals';
import { costFigure } from '../../figures/index.js';
// @ts-expect-error: a script without types
import { exponentOf as exponent } from '../../scripts/benchCurves.mjs';

type Point = { readonly at: number; readonly seconds: { readonly wasm?: number; readonly numpy?: number } };
const exponentOf = exponent as (points: readonly Point[], from: number, program: string) => number | undefined;

/** Seconds 2·10⁻⁹ d³ from 100 on, and more below, where other costs are in it. */
const points: Point[] = [10, 100, 1000, 2000].map((at) => ({
  at,
  seconds: { wasm: at < 100 ? 1 : 2e-9 * at ** 3, ...(at === 1000 ? { numpy: 3 } : {}) },
}));

test('the exponent is the slope from the named size on, and none through one point', () => {
  expect(exponentOf(points, 100, 'wasm')).toBe(3);
  expect(exponentOf(points, 10, 'wasm')).toBeLessThan(2);
  expect(exponentOf(points, 100, 'numpy')).toBeUndefined();
});

test('a panel for each size with a line for each program that was timed, and the fitted powers noted', () => {
  const figure = costFigure(
    [
      { name: 'dimension', from: 100, points, exponents: { wasm: 3 } },
      { name: 'classes', from: 100, points, exponents: { wasm: 0.5 } },
    ],
    'A processor.',
  );
  expect(figure.panels.map(({ name }) => name)).toEqual(['dimension', 'classes']);
  const [embedded, numpy] = figure.data;
  expect([embedded!['name'], numpy!['name']]).toEqual(['embedded kernels', 'NumPy']);
  expect(embedded!['y']).toEqual(points.map(({ seconds }) => seconds.wasm));
  expect(numpy!['x']).toEqual([1000]);
  const notes = JSON.stringify(figure.layout['annotations']);
  expect(notes).toContain('3.00');
  expect(notes).toContain('powers from 100 on');
  expect(figure.source).toBe('A processor.');
});
