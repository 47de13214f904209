import { describe, expect, test } from '@jest/globals';
import { readCsv } from '../../../src/store/formats/index.js';
import { UsageError } from '../../../theory/errors.js';

const read = (text: string) => readCsv(Buffer.from(text), 'a.csv');

describe('names of rows and columns of a table', () => {
  // As pandas 2.2 and R 4.3 write a table of 2.5, 1.5 and 1.5, 3.5.
  test.each([
    ['DataFrame.to_csv, with names', ',AAPL,"A, B"\nAAPL,2.5,1.5\n"A, B",1.5,3.5\n'],
    ['the same, separated by semicolons', ';AAPL;B\nAAPL;2.5;1.5\nB;1.5;3.5\n'],
    ['the same, by tabs', '\tAAPL\tB\nAAPL\t2.5\t1.5\nB\t1.5\t3.5\n'],
    ['names that look like numbers', ',nan,B\nnan,2.5,1.5\n123,1.5,3.5\n'],
    ['an index named', 'name,AAPL,B\nAAPL,2.5,1.5\nB,1.5,3.5\n'],
    ['without names: positions', ',0,1\n0,2.5,1.5\n1,1.5,3.5\n'],
    ['positions, by tabs', '\t0\t1\n0\t2.5\t1.5\n1\t1.5\t3.5\n'],
    ['names of rows alone', 'AAPL,2.5,1.5\nB,1.5,3.5\n'],
    ['R: write.table', '"AAPL" "B"\n"AAPL" 2.5 1.5\n"B" 1.5 3.5\n'],
    ['R: write.csv', '"","AAPL","B"\n"AAPL",2.5,1.5\n"B",1.5,3.5\n'],
  ])('%s', (_name, text) => {
    const { shape, data, remark } = read(text);
    expect(shape).toEqual([2, 2]);
    expect(Array.from(data)).toEqual([2.5, 1.5, 1.5, 3.5]);
    expect(remark).toBe('Skipped is the first column, of names.');
  });
  test('names of columns alone, and none', () => {
    for (const text of ['AAPL,B\n2.5,1.5\n1.5,3.5\n', '2.5,1.5\n1.5,3.5\n']) {
      expect(Array.from(read(text).data)).toEqual([2.5, 1.5, 1.5, 3.5]);
      expect(read(text)).not.toHaveProperty('remark');
    }
  });
  test('a row or a column that only counts, among numbers that are not whole', () => {
    const numbered = read('index,eigenvalue\n0,0.5\n1,0.75\n2,1.5\n3,2.5\n');
    expect([numbered.shape, Array.from(numbered.data)]).toEqual([[4], [0.5, 0.75, 1.5, 2.5]]);
    expect(numbered.remark).toBe('Skipped is the first column, which counts from 0.');
    const headed = read('0,1,2,3\n0.5,0.25,1.5,2.5\n0.5,1.5,2.5,3.5\n');
    expect(headed.shape).toEqual([2, 4]);
    expect(headed.remark).toBe('Skipped is the first row, which counts from 0.');
    // Whole numbers everywhere are numbers, and so is a column that counts by itself.
    expect(read('0,1,2,3\n4,5,6,8\n').shape).toEqual([2, 4]);
    expect(read('1\n2\n3\n4\n').shape).toEqual([4]);
  });
  test('a lone 0 before numbers that are not whole is kept and remarked', () => {
    const { shape, remark } = read('0\n0.5\n1.5\n2.5\n3.5\n');
    expect(shape).toEqual([5]);
    expect(remark).toMatch(/first number is 0 .*name that pandas gives a column/);
    expect(read('0\n1\n1.5\n2.5\n3.5\n')).not.toHaveProperty('remark');
  });
  test.each([
    [',A,B\nA,2.5,x\nB,1.5,3.5\n', /line 2, column 3: a number is needed, found "x"/],
    ['A,2.5,1.5\n7,1.5,3.5\n', /line 2, column 1: a name is needed, as in the first row, found "7"/],
    ['2.5,1.5\nB,3.5\n', /line 2, column 1: a number is needed, found "B"/],
    ['A,B,7\n2.5,1.5,3\n', /line 1, column 1: a number is needed, found "A"/],
    [',2001,2005\n2001,2.5,1.5\n', /line 1, column 1: a number is needed, found ""/],
  ])('refused with its place: %j', (text, message) => {
    expect(() => read(text)).toThrow(UsageError);
    expect(() => read(text)).toThrow(message);
  });
});
