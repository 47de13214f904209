import { expect, test } from '@jest/globals';
import { nearest } from '../../../src/store/nearest.js';

const names = ['model', 'eigenvalues', 'noise-variance', 'null-table', 'null-replicates', 'row', 'json'];

test.each([
  ['modle', 'model'],
  ['omedl', undefined], // Two exchanges in five letters: a third is one.
  ['noise-varaince', 'noise-variance'],
  ['eigenvalue', 'eigenvalues'],
  ['eigen', 'eigenvalues'],
  ['null', undefined], // Two begin with it.
  ['null-tabel', 'null-table'],
  ['jsno', 'json'],
  ['ro', 'row'],
  ['colour', undefined],
  ['', undefined],
])('%j is meant for %j', (word, meant) => {
  expect(nearest(word, names)).toBe(meant);
});
