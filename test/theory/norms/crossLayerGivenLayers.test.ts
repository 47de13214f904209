import { describe, expect, test } from '@jest/globals';
import { crossLayerNormsGivenReadout } from '../../../theory/norms/crossLayer.js';

/**
 * Two smooth hidden units: the whole of a block (w_i, v_j) is an integral over two pre-activations, which the
 * trapezoidal rule takes to rounding, and a sum over the label.
 */
describe('cross-layer norms of two tanh units given V and W, against quadrature by definition', () => {
  const [classes, width, dimension, samples] = [3, 2, 5, 4];
  const readout = Float64Array.of(1.4, -0.6, 0.3, 1.1, -1.7, 0.8);
  const gram = Float64Array.of(1.2, 0.5, 0.5, 0.9);
  const norms = ['residual', 'curvature', 'column', 'otherColumns'] as const;

  /** E‖(1/N) Σ x_n s_n‖² from E s² z zᵀ's trace with the d − m free directions, and E z s. */
  class PartNorm {
    #square = 0;
    readonly #mean = [0, 0];
    add(mass: number, s: number, z: readonly number[]): void {
      this.#square += mass * s * s * (dimension - width + z[0]! ** 2 + z[1]! ** 2);
      z.forEach((coordinate, k) => (this.#mean[k]! += mass * s * coordinate));
    }
    get value(): number {
      return this.#square / samples + (1 - 1 / samples) * (this.#mean[0]! ** 2 + this.#mean[1]! ** 2);
    }
  }

  function byQuadrature(loss: 'ce' | 'mse'): Record<(typeof norms)[number], number> {
    const total = { residual: 0, curvature: 0, column: 0, otherColumns: 0 };
    const factor = [Math.sqrt(gram[0]!), 0, gram[1]! / Math.sqrt(gram[0]!), 0];
    factor[3] = Math.sqrt(gram[3]! - factor[2]! ** 2);
    const blocks = [0, 1, 2].flatMap((j) => [0, 1].map((i) => ({ i, j })));
    const parts = blocks.map(() => Array.from({ length: 4 }, () => new PartNorm()));
    const step = 0.2;
    for (let a = -40; a <= 40; a++) {
      for (let b = -40; b <= 40; b++) {
        const z = [step * a, step * b] as const;
        const u = [factor[0]! * z[0], factor[2]! * z[0] + factor[3]! * z[1]];
        const h = u.map(Math.tanh);
        const logits = [0, 1, 2].map((c) => readout[2 * c]! * h[0]! + readout[2 * c + 1]! * h[1]!);
        const sum = logits.reduce((all, logit) => all + Math.exp(logit), 0);
        const output = loss === 'ce' ? logits.map((logit) => Math.exp(logit) / sum) : logits;
        const mass = (step ** 2 * Math.exp(-0.5 * (z[0] ** 2 + z[1] ** 2))) / (2 * Math.PI) / classes;
        for (let label = 0; label < classes; label++) {
          blocks.forEach(({ i, j }, index) => {
            // vᵀ ∂²ℓ/∂f ∂f_j, column i of V.
            const bend = [0, 1, 2].reduce(
              (all, c) =>
                all +
                readout[2 * c + i]! * (loss === 'ce' ? output[c]! * ((c === j ? 1 : 0) - output[j]!) : c === j ? 1 : 0),
              0,
            );
            const slope = 1 - h[i]! ** 2;
            const residual = output[j]! - (label === j ? 1 : 0);
            const own = parts[index]!;
            own[0]!.add(mass, slope * residual, z);
            own[1]!.add(mass, slope * bend * h[i]!, z);
            own[2]!.add(mass, slope * bend * h[1 - i]!, z);
            own[3]!.add(mass, slope * (residual + bend * h[i]!), z);
          });
        }
      }
    }
    for (const [residual, own, other, column] of parts as [PartNorm, PartNorm, PartNorm, PartNorm][]) {
      total.residual += residual.value / blocks.length;
      total.curvature += (own.value + other.value) / blocks.length;
      total.otherColumns += other.value / blocks.length;
      total.column += column.value / blocks.length;
    }
    return total;
  }

  for (const loss of ['ce', 'mse'] as const) {
    test(loss, () => {
      const found = crossLayerNormsGivenReadout({
        ...{ loss, activation: 'tanh', classes, width, dimension, samples, readout },
        ...{ preactivationGram: gram, points: 8192, shifts: 8 },
      });
      const expected = byQuadrature(loss);
      for (const part of norms) {
        const error = found.relativeError[part];
        expect(error).toBeLessThan(4e-4);
        // Six standard errors: the shifts are few and fixed. So 1 % is seen.
        expect(Math.abs(found[part] / expected[part] - 1)).toBeLessThan(6 * error);
      }
      expect(found.ratio).toBeCloseTo(found.residual / found.curvature, 14);
    });
  }
});
