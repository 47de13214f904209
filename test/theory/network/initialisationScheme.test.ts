import { describe, expect, test } from '@jest/globals';
import { initialisationScheme } from '../../../theory/weights/index.js';

/** Variance of one entry of a layer with the given number of inputs and outputs, from its factor over the inputs. */
describe('variances of entries, from the schemes’ published definitions', () => {
  const [dimension, width, classes] = [60, 12, 7];
  const sizes = { model: 'hidden', dimension, width, classes } as const;
  const layers = [
    { layer: 'hidden', inputs: dimension, outputs: width },
    { layer: 'output', inputs: width, outputs: classes },
  ] as const;

  for (const { layer, inputs, outputs } of layers) {
    test.each([
      // LeCun et al. 1998; He et al. 2015, eq. 10; Glorot and Bengio 2010, eq. 12.
      ['lecun', 1 / inputs],
      ['he', 2 / inputs],
      ['xavier', 2 / (inputs + outputs)],
      // torch.nn.Linear: uniform on ±1/√inputs.
      ['pytorch', (2 / Math.sqrt(inputs)) ** 2 / 12],
    ] as const)(`%s, ${layer} layer`, (name, variance) => {
      const { varianceFactor, distribution } = initialisationScheme(name, sizes)[layer]!;
      expect(Math.abs(varianceFactor / inputs / variance - 1)).toBeLessThan(1e-14);
      expect(distribution).toBe(name === 'pytorch' ? 'uniform' : 'normal');
    });
  }

  test('the linear model has one layer, from the inputs to the classes', () => {
    const { hidden, output } = initialisationScheme('xavier', { ...sizes, model: 'linear' });
    expect(hidden).toBeUndefined();
    expect(output.varianceFactor / dimension).toBeCloseTo(2 / (dimension + classes), 15);
  });
});
