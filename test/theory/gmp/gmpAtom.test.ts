import { expect, test } from '@jest/globals';
import { generalisedMarchenkoPastur } from '../../../theory/gmp/index.js';
import { discreteMeasure } from '../../../theory/measures/index.js';

// H is a sum of N·q terms of rank 1 in d dimensions, q the share of weights that are not 0: its rank is min(d, N q), so
// that a share 1 − q/γ of the eigenvalues is 0 where γ = d/N is above q.
test.each([
  [0.3, 1, 0.7],
  [0.3, 4, 0.925],
  [0.3, 0.5, 0.4],
  [0.8, 1, 0.2],
  [0.8, 0.8, 0],
  [0.8, 0.5, 0],
])('weights of which a share %d is not 0, aspect ratio %d: an atom of mass %d at 0', (live, aspectRatio, mass) => {
  const law = generalisedMarchenkoPastur(
    discreteMeasure([-1, 0, 2], [live / 3, 1 - live, (2 * live) / 3]),
    aspectRatio,
  );
  expect(law.atoms.map(({ at }) => at)).toEqual(mass > 1e-15 ? [0] : []);
  expect(law.atoms.reduce((sum, atom) => sum + atom.mass, 0)).toBeCloseTo(mass, 14);
  // The distribution function jumps by it where 0 lies outside the bulk.
  if (mass > 0) expect(law.cdf(0) - law.cdf(-1e-9)).toBeCloseTo(mass, 6);
});
