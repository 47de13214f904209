import { describe, expect, test } from '@jest/globals';
import { NumericalError, UsageError } from '../../theory/errors.js';

describe('errors', () => {
  test('carry their class name, by which the command line picks the exit code', () => {
    expect(new UsageError('d must be positive').name).toBe('UsageError');
    expect(new NumericalError('no convergence at z = 1').name).toBe('NumericalError');
  });
});
