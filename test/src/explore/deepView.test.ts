/** What the explorer says of a deep network, without a browser. */
import { describe, expect, test } from '@jest/globals';
import {
  deepLimits,
  deepNumber,
  deepOfHash,
  firstDeep,
  hashOfDeep,
  networkOf,
  type DeepChoice,
} from '../../../src/explore/browser/deepChoice.js';
import { curveClasses, curveOf, ratioBetween } from '../../../src/explore/browser/deepCurves.js';
import { commandOfDeep, csvOfDeep, snippetOfDeep } from '../../../src/explore/browser/deepExports.js';
import { wholeOrInfinite } from '../../../src/explore/browser/scales.js';
import { deepRatios } from '../../../theory/deep/index.js';

const pointsOf = (choice: DeepChoice, counts: readonly number[]) =>
  counts.map((classes) => ({ classes, layers: deepRatios(networkOf({ ...choice, classes })) }));

describe('a deep network of the page', () => {
  test('stands in its address, of which only what differs from the first', () => {
    const other: DeepChoice = { loss: 'ce', depth: 5, width: 9, classes: Infinity, dimension: 30, aspectRatio: 0.25 };
    expect(deepOfHash(hashOfDeep(other))).toEqual(other);
    expect(hashOfDeep(firstDeep)).toBe('');
    expect(hashOfDeep({ ...firstDeep, classes: Infinity })).toBe('deepClasses=inf');
    // The names of the laws above are not its own.
    expect(deepOfHash('loss=ce&classes=7&dimension=50')).toEqual(firstDeep);
    expect(deepOfHash('deepDepth=900&deepWidth=1&deepAspectRatio=x&deepLoss=huber')).toEqual({
      ...firstDeep,
      depth: deepLimits.depth[1],
      width: deepLimits.width[0],
    });
  });

  test('every choice within the limits is a network that has ratios', () => {
    for (const end of [0, 1])
      for (const loss of ['ce', 'mse'] as const) {
        const [width, classes, dimension, aspectRatio] = (
          ['width', 'classes', 'dimension', 'aspectRatio'] as const
        ).map((name) => deepLimits[name][end]!) as [number, number, number, number];
        // The largest d/N at the smallest d, of all the least samples.
        const choice = { loss, depth: 2, width, classes, dimension: end === 1 ? deepLimits.dimension[0] : dimension };
        for (const { ratio } of deepRatios(networkOf({ ...choice, aspectRatio })))
          expect(ratio > 0 && Number.isFinite(ratio)).toBe(true);
      }
  });

  test.each([
    ['classes', '∞', Infinity],
    ['classes', '1e9', 1e6],
    ['width', '20.4', 20],
    ['width', 'inf', undefined],
    ['aspectRatio', '0.35', 0.35],
    ['depth', ' ', undefined],
  ] as const)('%s typed as "%s" is %p', (name, text, value) => {
    expect(deepNumber(name, text)).toBe(value);
  });

  test('the slider of C goes to infinity and back', () => {
    const { value, position } = wholeOrInfinite([2, 1e6]);
    expect([0, 985, 986, 1000].map(value)).toEqual([2, 1e6, Infinity, Infinity]);
    for (const classes of [2, 37, 1e6, Infinity]) expect(value(position(classes))).toBe(classes);
  });

  // Against `deepRatios` itself where curves are not made from it. Under squared error the form holds to first order in 1/width.
  test.each([
    ['mse', 3, 64, 64, 1, 3e-5],
    ['mse', 8, 8, 8, 1, 3e-4],
    ['ce', 3, 8, 8, 8, 0.05],
    ['ce', 2, 1024, 64, 1, 0.04],
    ['ce', 4, 64, 1024, 0.02, 0.04],
  ] as const)(
    '%s, L = %i, n = %i, d = %i, d/N = %d: curves are right between their points',
    (loss, depth, width, dimension, aspectRatio, tolerance) => {
      const choice = { ...firstDeep, loss, depth, width, dimension, aspectRatio };
      const points = pointsOf(choice, curveClasses);
      pointsOf(choice, [3, 6, 13, 35, 134, 900, 5e4]).forEach(({ classes, layers }, k) => {
        const [start, end] = [points[k]!, points[k + 1]!];
        for (const { layer, ratio } of layers) {
          expect(Math.abs(ratioBetween(start, end, layer, classes) / ratio - 1)).toBeLessThan(tolerance);
          // A straight line in logarithms misses the bend.
          const share = Math.log(classes / start.classes) / Math.log(end.classes / start.classes);
          const [low, high] = [start, end].map((point) => point.layers[layer - 1]!.ratio) as [number, number];
          if (classes === 134 && loss === 'mse' && width === 64 && layer < depth)
            expect(Math.abs((low * (high / low) ** share) / ratio - 1)).toBeGreaterThan(1e-3);
        }
      });
      for (const { layer } of points[0]!.layers) {
        const curve = curveOf(points, layer);
        for (const { classes, layers } of points)
          expect(curve.find(([x]) => Math.abs(x / classes - 1) < 1e-9)![1] / layers[layer - 1]!.ratio).toBeCloseTo(
            1,
            8,
          );
      }
    },
  );

  test('CSV has all layers at all C in full, under the heads of `limitlaw ratio --csv`', () => {
    const points = pointsOf(firstDeep, [10, Infinity]);
    const [heads, ...rows] = csvOfDeep(points)
      .trim()
      .split('\n')
      .map((row) => row.split(','));
    expect(heads).toEqual('layer classes ratio ratio_error scaled limit floor effective_outputs'.split(' '));
    expect(rows.map(([layer, classes]) => [layer, classes])).toEqual(
      ['1', '2', '3'].flatMap((layer) => ['10', 'Infinity'].map((classes) => [layer, classes])),
    );
    expect(Number(rows[2]![2])).toBe(points[0]!.layers[1]!.ratio);
    expect(Number(rows[2]![6])).toBe(points[0]!.layers[1]!.floor);
  });

  test('command line and snippet: s² under cross-entropy alone, infinity as each names it', () => {
    expect(commandOfDeep({ ...firstDeep, classes: Infinity })).toBe(
      'limitlaw ratio --model deep --loss mse --depth 3 --width 64 --classes inf --dimension 64 --aspect-ratio 1',
    );
    expect(commandOfDeep({ ...firstDeep, loss: 'ce' })).toMatch(/ --logit-variance 1$/);
    expect(snippetOfDeep({ ...firstDeep, classes: Infinity })).toContain('  classes: Infinity,\n');
  });
});
