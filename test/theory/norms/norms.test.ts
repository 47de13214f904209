import { describe, expect, test } from '@jest/globals';
import { blockNormsGivenLayers } from '../../../theory/norms/index.js';

/**
 * One hidden unit, so that everything is an integral over one pre-activation, which the trapezoidal rule takes to
 * rounding.
 */
describe('norm of the diagonal hidden block of one smooth unit given V and W, over labels, against quadrature', () => {
  const [dimension, samples] = [7, 11];
  const readout = Float64Array.of(1.5, -0.7, 0.2, 0.9, -2);
  const classes = readout.length;
  const gram = Float64Array.of(1.3);
  const tanh = (u: number) =>
    [Math.tanh(u), 1 - Math.tanh(u) ** 2, -2 * Math.tanh(u) * (1 - Math.tanh(u) ** 2)] as const;

  /** E‖H‖² from E over (u, y) of a² |x|⁴ and of a x xᵀ; `spread` shrinks the labels' values to their mean. */
  function byQuadrature(loss: 'ce' | 'mse', spread = 1): number {
    const centre = readout.reduce((sum, v) => sum + v / classes, 0);
    const length = readout.reduce((sum, v) => sum + v * v, 0);
    let [quartic, mean, along] = [0, 0, 0];
    const rest = dimension - 1;
    for (let k = -180; k <= 180; k++) {
      const z = 0.05 * k;
      const [h, slope, bend] = tanh(Math.sqrt(gram[0]!) * z);
      const odds = readout.map((v) => Math.exp(v * h));
      const total = odds.reduce((sum, odd) => sum + odd, 0);
      const expected = readout.reduce((sum, v, c) => sum + (odds[c]! / total) * v, 0);
      const variance = readout.reduce((sum, v, c) => sum + (odds[c]! / total) * (v - expected) ** 2, 0);
      const mass = (0.05 * Math.exp(-0.5 * z * z)) / Math.sqrt(2 * Math.PI) / classes;
      for (const v of readout) {
        const label = centre + spread * (v - centre);
        const a =
          loss === 'ce'
            ? variance * slope ** 2 + (expected - label) * bend
            : length * slope ** 2 + (length * h - label) * bend;
        quartic += mass * a * a * (rest * (rest + 2) + 2 * rest * z * z + z ** 4);
        mean += mass * a;
        along += mass * a * z * z;
      }
    }
    return quartic / samples + (1 - 1 / samples) * (rest * mean ** 2 + along ** 2);
  }

  for (const loss of ['ce', 'mse'] as const) {
    test(`tanh, ${loss}`, () => {
      const options = {
        layer: 'hidden',
        loss,
        activation: 'tanh',
        readout,
        classes,
        width: 1,
        dimension,
        samples,
        preactivationGram: gram,
        blocks: [[0, 0]],
      } as const;
      const [{ squaredNorm, error }] = blockNormsGivenLayers({ ...options, points: 8192, shifts: 8 }) as [
        { squaredNorm: number; error: number },
      ];
      expect(error).toBeLessThan(1e-4 * squaredNorm);
      // Six standard errors: the shifts are few and fixed.
      expect(Math.abs(squaredNorm - byQuadrature(loss))).toBeLessThan(6 * error);
      expect(Math.abs(squaredNorm - byQuadrature(loss, 0))).toBeGreaterThan(100 * error);
      expect(Math.abs(squaredNorm - byQuadrature(loss, 0.95))).toBeGreaterThan(20 * error);
    });
  }
});
