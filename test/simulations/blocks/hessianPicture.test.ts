// The picture and the sums of a Hessian that is visited by tiles, against those of the matrix itself.
import { expect, test } from '@jest/globals';
import { blockSums, fullHessian, hessianPicture, matrixPicture } from '../../../simulations/blocks/index.js';
import type { DrawSettings } from '../../../simulations/contracts.js';
import { referenceBackend } from '../../../simulations/linalg/referenceBackend.js';
import { drawReplicate } from '../../../simulations/models/index.js';
import { losses, models } from '../../../theory/names.js';
import { largestDiscrepancy } from '../../helpers/largestDiscrepancy.js';

const sizes = { activation: 'relu', initialisation: 'he', dimension: 4, samples: 9, classes: 5, width: 3 } as const;

test.each(models.flatMap((model) => losses.map((loss) => [model, loss] as const)))(
  'of the %s model under %s',
  (model, loss) => {
    const settings: DrawSettings = { model, loss, ...sizes, ...(model === 'deep' ? { widths: [3, 2] } : {}) };
    const backend = referenceBackend();
    const draw = drawReplicate(settings, backend.createWorkspace(sizes.dimension, sizes.samples), 'picture', 0);
    const { order, values, largest, pixels, sums } = hessianPicture(draw, backend, 7);
    const hessian = fullHessian(draw);
    expect(order ** 2).toBe(hessian.length);
    const expected = matrixPicture(hessian, order, 7);
    expect(pixels).toBe(expected.pixels);
    expect(largestDiscrepancy(values, expected.values)).toBeLessThan(1e-12);
    expect(largest).toBeCloseTo(expected.largest, 12);
    const starts: number[] = [];
    let start = 0;
    for (const layer of draw.model.layers)
      for (let i = 0; i < layer.count(settings); i++, start += layer.order(settings)) starts.push(start);
    const own = blockSums(hessian, order, starts);
    for (const name of ['signed', 'absolute', 'squares'] as const)
      expect(largestDiscrepancy(sums[name], own[name])).toBeLessThan(1e-12);
    // Blocks that begin one row later have other sums.
    const shifted = blockSums(
      hessian,
      order,
      starts.map((first, k) => (k === 0 ? 0 : first + 1)),
    );
    expect(largestDiscrepancy(sums.squares, shifted.squares)).toBeGreaterThan(1e-4);
  },
);

test('a picture needs a side', () => {
  const settings: DrawSettings = { model: 'linear', loss: 'mse', ...sizes };
  const backend = referenceBackend();
  const draw = drawReplicate(settings, backend.createWorkspace(sizes.dimension, sizes.samples), 'picture', 0);
  expect(() => hessianPicture(draw, backend, 0)).toThrow(/^pixels must be a whole number of at least 1/);
});
