import { expect, test } from '@jest/globals';
import { activationFunctions } from '../../../theory/network/activationFunctions.js';
import { activationRow } from '../../../theory/network/activationRow.js';
import { activationNames } from '../../../theory/names.js';

/** The functions that a row is written out for. */
test.each(activationNames)('a row has the values and slopes of %s, and leaves what lies beside it alone', (name) => {
  const activation = activationFunctions(name);
  const u = Float64Array.from({ length: 12 }, (_, k) => (k - 5) / 3);
  const values = new Float64Array(12).fill(7);
  const slopes = new Float64Array(12).fill(7);
  activationRow(activation, 8, u, 2, values, 3, slopes);
  const within = (k: number, from: number): boolean => k >= from && k < from + 8;
  expect([...values]).toEqual([...values.keys()].map((k) => (within(k, 3) ? activation.value(u[k - 1]!) : 7)));
  expect([...slopes]).toEqual([...slopes.keys()].map((k) => (within(k, 2) ? activation.first(u[k]!) : 7)));
  const without = new Float64Array(12).fill(7);
  activationRow(activation, 8, u, 2, without, 3);
  expect(without).toEqual(values);
});
