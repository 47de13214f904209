import { describe, expect, test } from '@jest/globals';
import { linearBlockWeights } from '../../../simulations/blocks/index.js';
import { createBackend } from '../../../simulations/linalg/index.js';
import { drawLimit } from '../../../simulations/models/index.js';
import { randomStream } from '../../../simulations/random/index.js';
import { UsageError } from '../../../theory/errors.js';

const linear = {
  model: 'linear',
  loss: 'ce',
  activation: 'relu',
  initialisation: 'he',
  dimension: 3,
  samples: 2000,
  classes: 3,
  width: 1,
} as const;
const hidden = { ...linear, model: 'hidden', initialisation: 'pytorch', dimension: 4, classes: 6, width: 4 } as const;

describe('drawLimit', () => {
  test('logits and pre-activations are the inputs in units of the scheme: variance 2 (He), 1/3 (PyTorch)', async () => {
    const backend = await createBackend('auto');
    const workspace = backend.createWorkspace(4, hidden.samples);
    const draw = drawLimit(hidden, workspace, randomStream('limit', 'hidden', 0), {});
    for (const [n, unit] of [
      [0, 0],
      [7, 3],
      [1999, 2],
    ] as const)
      expect(draw.preactivations[unit * hidden.samples + n]).toBeCloseTo(
        workspace.inputs[n * 4 + unit]! / Math.sqrt(3),
        14,
      );
    const own = backend.createWorkspace(3, linear.samples);
    const weights = linearBlockWeights(drawLimit(linear, own, randomStream('limit', 'linear', 0), {}), 0, 1);
    const powers = [0, 1, 2].map((c) => Math.exp(Math.SQRT2 * own.inputs[c]!));
    const total = powers[0]! + powers[1]! + powers[2]!;
    expect(weights[0]).toBeCloseTo((-powers[0]! * powers[1]!) / total ** 2, 14);
  });

  test('the same stream gives the same draw, and another dimension is refused', async () => {
    const backend = await createBackend('auto');
    const workspace = backend.createWorkspace(4, hidden.samples);
    const entry = () => drawLimit(hidden, workspace, randomStream('limit', 'again', 3), {}).readout.rows([5])[3];
    expect(entry()).toBe(entry());
    expect(() => drawLimit({ ...hidden, dimension: 5 }, workspace, randomStream('limit', '', 0), {})).toThrow(
      UsageError,
    );
  });
});
