import { expect, test } from '@jest/globals';
import { powerSentence } from '../../../src/pipeline/powerSentence.js';

const alternative = 'aspect ratio 5 % too large';

test('says how surely, how many draws would do, and the smallest error that is seen', () => {
  expect(powerSentence({ alternative, power: 1, replicatesNeeded: 3, smallestDetected: 0.00954 })).toBe(
    'aspect ratio 5 % too large would be seen with probability 1; 3 draws would do. Smallest seen: 0.95 %.',
  );
});

test('rounds no power to certainty, counts one draw, and says nothing of a size where there is none', () => {
  expect(powerSentence({ alternative: 'ReLU taken for tanh', power: 0.99999, replicatesNeeded: 1 })).toBe(
    'ReLU taken for tanh would be seen with probability above 0.99; 1 draw would do.',
  );
  expect(powerSentence({ alternative, power: 0.4, replicatesNeeded: Infinity, smallestDetected: Infinity })).toBe(
    'aspect ratio 5 % too large would be seen with probability 0.40; no number of draws would do.',
  );
});
