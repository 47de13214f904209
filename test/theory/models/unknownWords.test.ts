/** Words that are in no list, from callers without types: refused with the list, never taken for another. */
import { describe, expect, test } from '@jest/globals';
import { UsageError } from '../../../theory/errors.js';
import { blockLaw, frobeniusRatio, softmaxWeights } from '../../../theory/index.js';

const setting = { model: 'hidden', loss: 'mse', layer: 'hidden', classes: 10, width: 4, aspectRatio: 0.5 } as const;

describe('a word that is in no list', () => {
  test.each([
    ['model', 'quadratic', 'linear, hidden, deep'],
    ['loss', 'hinge', 'ce, mse'],
    ['activation', 'swish', 'relu, tanh, gelu, softplus'],
  ])('%s %s is refused with what there is: %s', (name, word, list) => {
    for (const ask of [
      () => blockLaw({ ...setting, block: 'diagonal', [name]: word }),
      () => frobeniusRatio({ ...setting, [name]: word }),
    ]) {
      expect(ask).toThrow(UsageError);
      expect(ask).toThrow(`${name} must be one of ${list}, got '${word}'`);
    }
  });

  test('block', () => {
    const ask = () => softmaxWeights({ classes: 10, logitVariance: 1, block: 'offDiagonal' as 'diagonal' });
    expect(ask).toThrow("block must be one of diagonal, off-diagonal, got 'offDiagonal'");
  });
});
