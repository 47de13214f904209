import { describe, expect, test } from '@jest/globals';
import { limitCheck } from '../../../src/claims/evidence/limitCheck.js';
import type { RatioSpec } from '../../../src/claims/evidence/limitCheck.js';
import { frobeniusRatio } from '../../../theory/models/index.js';
import type { FrobeniusRatioSpec } from '../../../theory/models/index.js';

const hidden = { model: 'hidden', width: 8, activation: 'relu', aspectRatio: 0.5 } as const;
const specs: readonly RatioSpec[] = [
  { model: 'linear', loss: 'ce', layer: 'output', aspectRatio: 0.5, logitVariance: 1 },
  { model: 'linear', loss: 'ce', layer: 'output', aspectRatio: 0.1, logitVariance: 1 / 3 },
  { model: 'linear', loss: 'ce', layer: 'output', aspectRatio: 3, logitVariance: 2 },
  { ...hidden, loss: 'mse', layer: 'hidden', initialisation: 'lecun' },
  { ...hidden, loss: 'mse', layer: 'hidden', initialisation: 'pytorch' },
  { ...hidden, loss: 'ce', layer: 'hidden', initialisation: 'lecun' },
  { ...hidden, loss: 'ce', layer: 'hidden', logitVariance: 1.1 },
  { ...hidden, loss: 'ce', layer: 'output', initialisation: 'lecun', aspectRatio: 2 },
];

/** A ratio whose limit alone is wrong. */
const wrongLimit = (factor: number) => (spec: FrobeniusRatioSpec) => {
  const right = frobeniusRatio(spec);
  return { ...right, limit: factor * right.limit };
};

describe('limitCheck', () => {
  test.each(specs)('holds for $model $loss $layer $initialisation $logitVariance and sees 1 %', (spec) => {
    expect(limitCheck(spec, frobeniusRatio, 'here').failures).toEqual([]);
    expect(limitCheck(spec, wrongLimit(1.01), 'here').failures).toHaveLength(1);
    expect(limitCheck(spec, wrongLimit(0.99), 'here').failures).toHaveLength(1);
  });

  test('says where a limit is shown and not judged', () => {
    const { failures, note } = limitCheck(
      { ...hidden, loss: 'ce', layer: 'hidden', initialisation: 'pytorch' },
      frobeniusRatio,
      'here',
    );
    expect(failures).toEqual([]);
    expect(note).toMatch(/shown, not judged/);
  });
});
