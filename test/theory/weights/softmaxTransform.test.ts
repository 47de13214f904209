import { describe, expect, test } from '@jest/globals';
import { keptSoftmaxTransform, softmaxTransform } from '../../../theory/weights/softmaxTransform.js';

describe('keptSoftmaxTransform', () => {
  const variances = Array.from({ length: 80 }, (_, k) => 0.05 * (k + 1));
  const values = ({ logMoment, logLaplace }: ReturnType<typeof softmaxTransform>): number[] =>
    [-6, -1.5, 0.2].flatMap((at) => [logMoment(1, at), logMoment(2, at), logLaplace(at), logMoment(1, at)]);

  test('gives bit for bit the values of softmaxTransform, at the first call and later, for more variances than are kept', () => {
    const expected = variances.map((variance) => values(softmaxTransform(variance)));
    for (let round = 0; round < 2; round += 1)
      expect(variances.map((variance) => values(keptSoftmaxTransform(variance)))).toEqual(expected);
  });
});
