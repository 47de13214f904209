import { describe, expect, test } from '@jest/globals';
import { namedFactors } from '../../../../src/draws/causes/namedFactors.js';

const names = (ratio: number, settings: Parameters<typeof namedFactors>[2], tolerance = 0.04) =>
  namedFactors(ratio, tolerance, settings).map(({ text }) => text);

describe('factors by their conventions, each the product that it says', () => {
  test.each([
    [302, 'N'],
    [1 / 298, '1/N'],
    [0.2, '2/C'],
    [5.1, 'C/2'],
    [0.0998, '1/C'],
    [2, '2'],
    [0.49, '1/2'],
    [3000, 'N·C'],
    [601, '2·N'],
    [1 / 1500, '2/(N·C)'],
  ])('%d is %s of N = 300 and C = 10', (ratio, text) => {
    expect(names(ratio, { samples: 300, classes: 10 })).toEqual([text]);
  });
  test('none where none is near, and none of C without classes', () => {
    expect(names(1.3, { samples: 300, classes: 10 })).toEqual([]);
    expect(names(0.1, { samples: 300 })).toEqual([]);
    expect(names(0.1, { samples: 300, classes: Infinity })).toEqual([]);
  });
  test('with two classes 2 and C are the same, and 2/C is no factor', () => {
    expect(names(2, { samples: 300, classes: 2 }).sort()).toEqual(['2', 'C']);
    expect(names(1.01, { samples: 300, classes: 2 })).toEqual([]);
  });
  test('what is within the tolerance decides, not what is nearest to 1', () => {
    expect(names(2.2, { samples: 300 }, 0.05)).toEqual([]);
    expect(names(2.2, { samples: 300 }, 0.12)).toEqual(['2']);
  });
});
