import { expect, test } from '@jest/globals';
import { lawFigure } from '../../figures/lawFigure.js';

const picture = {
  x: [-1, 0, 1, 2],
  density: [0, 0, Infinity, 0.25],
  cdf: [0, 0.5, 0.5, 1],
  support: [[1, 2]] as [number, number][],
  atoms: [{ at: 0, mass: 0.5 }],
  outliers: [3],
};

test('a law as density and distribution function: upright at an atom, outliers in sight, an infinite density cut', () => {
  const { data, layout } = lawFigure(picture);
  const steps = data.at(-1)!;
  expect([steps['x'], steps['y']]).toEqual([
    [-1, 0, 0, 1, 2],
    [0, 0, 0.5, 0.5, 1],
  ]);
  const { range } = layout['xaxis'] as { range: [number, number] };
  expect(range[1]).toBeGreaterThan(3);
  expect((layout['yaxis'] as { range: number[] }).range.every(Number.isFinite)).toBe(true);
  expect(JSON.stringify(layout['annotations'])).toMatch(/atom at 0: 0\.5<br>outlier at 3/);
  expect(JSON.stringify(lawFigure({ ...picture, units: 'C times the eigenvalues' }).layout)).toMatch(/C times/);
});
