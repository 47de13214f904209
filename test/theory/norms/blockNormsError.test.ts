import { expect, test } from '@jest/globals';
import { blockNormsGivenLayers } from '../../../theory/norms/index.js';

// With one sample the norm is the plain mean of the shifts' values, and its error their standard error e_n, for which
// adding one value q gives n(n + 1) e² = (n − 1)n e_n² + n/(n + 1) (q − M_n)², q − M_n = (n + 1)(M_{n+1} − M_n).
test('the error of a norm is the standard error over shifts', () => {
  const norm = (shifts: number) =>
    blockNormsGivenLayers({
      ...{ layer: 'hidden', loss: 'ce', activation: 'tanh', classes: 3, width: 2, dimension: 6, samples: 1 },
      ...{
        readout: Float64Array.of(1.5, -0.7, 0.2, 0.9, -2, 0.4),
        preactivationGram: Float64Array.of(1.3, 0.2, 0.2, 0.8),
      },
      ...{ blocks: [[0, 1]], points: 16, shifts },
    })[0]!;
  for (const n of [3, 4, 7]) {
    const [before, after] = [norm(n), norm(n + 1)];
    const added = n * (n + 1) * (after.squaredNorm - before.squaredNorm) ** 2;
    expect(before.error).toBeGreaterThan(0);
    expect(Math.abs(n * (n + 1) * after.error ** 2 - (n - 1) * n * before.error ** 2 - added)).toBeLessThan(
      1e-10 * after.error ** 2,
    );
  }
});
