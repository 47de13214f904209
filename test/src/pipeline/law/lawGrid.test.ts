import { describe, expect, test } from '@jest/globals';
import { lawGrid } from '../../../../src/pipeline/law/lawGrid.js';
import { generalisedMarchenkoPastur, pointMass, semicircle } from '../../../../theory/gmp/index.js';
import { discreteMeasure } from '../../../../theory/measures/index.js';
import { softmaxWeights } from '../../../../theory/weights/index.js';
import type { SpectralLaw } from '../../../../theory/contracts.js';

const weighted = (nodes: number[], masses: number[], ratio: number) =>
  generalisedMarchenkoPastur(discreteMeasure(nodes, masses), ratio);
const laws: [name: string, law: SpectralLaw][] = [
  ['semicircle', semicircle()],
  ['Marčenko–Pastur at ½', weighted([1], [1], 0.5)],
  ['Marčenko–Pastur at 1, infinite at 0', weighted([1], [1], 1)],
  ['two intervals and an atom between', weighted([-1, 1, 2], [0.3, 0.5, 0.2], 1.5)],
  ['two intervals, one light', weighted([1, 40], [0.995, 0.005], 0.05)],
  [
    'a smooth law',
    generalisedMarchenkoPastur(softmaxWeights({ classes: 10, logitVariance: 1, block: 'diagonal' }), 0.1),
  ],
];

describe.each(laws)('a grid over the %s', (_name, law) => {
  test.each([60, 200, 1000])('of %d points is ascending, of that length, finite, and reaches beyond', (count) => {
    const grid = lawGrid(law, count);
    expect(grid).toHaveLength(count);
    expect(grid.every((x, k) => k === 0 || x >= grid[k - 1]!)).toBe(true);
    expect(law.densities(grid).every(Number.isFinite)).toBe(true);
    expect(law.cdf(grid[0]!)).toBe(0);
    expect(law.survival(grid.at(-1)!)).toBe(0);
    for (const edge of law.support.flat()) if (Number.isFinite(law.density(edge))) expect([...grid]).toContain(edge);
  });
  test('of 400 points: straight lines between them hold the mass of the continuous part to 1e-3, and the curve to 2 % of its height', () => {
    const grid = lawGrid(law, 400);
    const density = law.densities(grid);
    const hard = density.length === 0 || law.support.flat().some((edge) => !Number.isFinite(law.density(edge)));
    let mass = 0;
    const [first, last] = [law.support[0]![0], law.support.at(-1)![1]];
    for (let k = 1; k < grid.length; k++)
      if (grid[k - 1]! >= first && grid[k]! <= last)
        mass += ((density[k]! + density[k - 1]!) / 2) * (grid[k]! - grid[k - 1]!);
    const continuous = 1 - law.atoms.reduce((sum, atom) => sum + atom.mass, 0);
    // A density infinite at 0 like 1/√x leaves out √(first point)·2/π of the mass.
    expect(Math.abs(mass - continuous)).toBeLessThan(hard ? 1e-2 : 1e-3);
    const top = Math.max(...density.filter((_, k) => !hard || grid[k]! > 0.1));
    for (let k = 1; k < grid.length; k++) {
      const middle = (grid[k]! + grid[k - 1]!) / 2;
      if (hard && middle < 0.1) continue;
      expect(Math.abs(law.density(middle) - (density[k]! + density[k - 1]!) / 2)).toBeLessThan(0.02 * top);
    }
  });
});

test('a point mass, and more intervals than points', () => {
  expect([...lawGrid(pointMass(2), 5)]).toHaveLength(5);
  const many = weighted(
    Array.from({ length: 30 }, (_, k) => 2 ** k),
    Array(30).fill(1 / 30),
    1000,
  );
  expect(many.support.length).toBeGreaterThan(20);
  const grid = lawGrid(many, 50);
  expect(grid).toHaveLength(50);
  expect(grid[0]).toBeLessThan(many.support[0]![0]);
});
