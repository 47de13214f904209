/** How panels share rows: by hand. */
import { describe, expect, test } from '@jest/globals';
import { evenRows, rowsOfGroups } from '../../../figures/layout/panelRows.js';

describe('rows of panels', () => {
  test.each([
    [10, 3, [2, 2, 2, 2, 2]],
    [8, 4, [4, 4]],
    [4, 3, [2, 2]],
    [7, 3, [3, 2, 2]],
    [10, 4, [4, 3, 3]],
    [3, 4, [3]],
    [5, 1, [1, 1, 1, 1, 1]],
    [0, 3, []],
  ])('%i panels, %i at most side by side: %j', (count, most, rows) => expect(evenRows(count, most)).toEqual(rows));

  test('every row is full: lengths differ by one at most, hold every panel, and none is longer than asked', () => {
    for (let count = 1; count <= 40; count++)
      for (let most = 1; most <= 6; most++) {
        const rows = evenRows(count, most);
        expect(rows.reduce((sum, length) => sum + length, 0)).toBe(count);
        expect([count, most, Math.max(...rows) <= most, Math.max(...rows) - Math.min(...rows) <= 1]).toEqual([
          count,
          most,
          true,
          true,
        ]);
      }
  });

  test('pairs stay together; a group that is too large has a short row first', () => {
    expect(rowsOfGroups([2, 2, 2, 2], 4)).toEqual([4, 4]);
    expect(rowsOfGroups([2, 2, 2], 2)).toEqual([2, 2, 2]);
    expect(rowsOfGroups([3, 3], 2)).toEqual([1, 2, 1, 2]);
    expect(rowsOfGroups([3, 2, 3], 3)).toEqual([3, 2, 3]);
  });
});
