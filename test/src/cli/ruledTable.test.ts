import { expect, test } from '@jest/globals';
import { ruledTable } from '../../../src/cli/ruledTable.js';

const rows = [
  { cells: ['first', 'agree', '1.25'], below: 'a quantity whose name is long' },
  { cells: ['second', 'undecided', ''], below: '' },
];

test('rows stand under their heads, and a sentence has lines of its own', () => {
  expect(ruledTable(['claim', 'verdict', 'value'], rows, 80)).toBe(`claim   verdict    value
────────────────────────
first   agree      1.25
  a quantity whose name is long
second  undecided
`);
});

test('where rows have no room each cell has a line', () => {
  const narrow = ruledTable(['claim', 'verdict', 'value'], rows, 20);
  expect(narrow).toBe(`first
  a quantity whose
  name is long
  verdict agree
  value 1.25
second
  verdict undecided
`);
});
