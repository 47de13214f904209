import { expect, test } from '@jest/globals';
import { counted } from '../../../src/pipeline/counted.js';
import { powerText, pValueIs, pValueText } from '../../../src/pipeline/probability.js';

test('p-values have two digits and are never 0', () => {
  expect([0.12345, 0.5, 1, 0.00123, 4.5678e-9, 0.998, 0].map(pValueText)).toEqual([
    '0.12',
    '0.5',
    '1',
    '0.0012',
    '4.6e-9',
    '0.998',
    '< 1e-99',
  ]);
  expect([0.03, 1e-200].map(pValueIs)).toEqual(['p = 0.03', 'p < 1e-99']);
});

test('a power is 1 or 0 only where it is', () => {
  expect([1, 0.9999, 0.99, 0.5, 0.004, 0].map(powerText)).toEqual([
    '1',
    'above 0.99',
    '0.99',
    '0.50',
    'below 0.01',
    '0',
  ]);
});

test('one of a thing is no plural', () => {
  expect([counted(0, 'claim'), counted(1, 'claim'), counted(2, 'claim')]).toEqual(['0 claims', '1 claim', '2 claims']);
  expect([counted(1, 'law holds', 'laws hold'), counted(3, 'law holds', 'laws hold')]).toEqual([
    '1 law holds',
    '3 laws hold',
  ]);
});
