import { describe, expect, test } from '@jest/globals';
import { hiddenBlock, linearBlock } from '../../../simulations/blocks/index.js';
import type { DrawSettings } from '../../../simulations/contracts.js';
import { wasmBackend } from '../../../simulations/linalg/index.js';
import { drawReplicate, predictMemory } from '../../../simulations/models/index.js';
import { randomStream } from '../../../simulations/random/index.js';
import { UsageError } from '../../../theory/errors.js';

/** Bytes of the typed arrays constructed (with memory of their own) while `work` runs. */
function bytesConstructed(work: () => void): number {
  let bytes = 0;
  const originals = { Float64Array, Int32Array, Uint32Array };
  for (const [name, original] of Object.entries(originals)) {
    const counting = new Proxy(original, {
      construct(target, args, newTarget) {
        const array = Reflect.construct(target, args, newTarget) as Float64Array;
        if (Object.prototype.toString.call(args[0]) !== '[object ArrayBuffer]') bytes += array.byteLength;
        return array;
      },
    });
    Object.assign(globalThis, { [name]: counting });
  }
  try {
    work();
  } finally {
    Object.assign(globalThis, originals);
  }
  return bytes;
}

describe('predictMemory(settings).total', () => {
  const base = { loss: 'ce', activation: 'relu', initialisation: 'lecun' } as const;
  const cases: DrawSettings[] = [
    { ...base, model: 'hidden', dimension: 300, samples: 900, classes: 20, width: 8 },
    { ...base, model: 'hidden', loss: 'mse', dimension: 400, samples: 300, classes: 10, width: 4 },
    { ...base, model: 'hidden', dimension: 60, samples: 100, classes: 20_000, width: 8 },
    { ...base, model: 'linear', dimension: 200, samples: 200, classes: 5_000, width: 1 },
    { ...base, model: 'linear', loss: 'mse', dimension: 600, samples: 200, classes: 3, width: 1 },
  ];

  test.each(cases)(
    '$model $loss, d $dimension, N $samples, C $classes: within 20 % of what is allocated',
    (settings) => {
      // The kernels' own code is decoded once a process, whatever the draw.
      const backend = wasmBackend();
      backend.createWorkspace(2, 2).drawInputs(randomStream('memory', 'warm-up', 0));
      let memory = 0;
      const constructed = bytesConstructed(() => {
        const workspace = backend.createWorkspace(settings.dimension, settings.samples);
        memory = workspace.inputs.buffer.byteLength;
        const draw = drawReplicate(settings, workspace, 'memory', 0);
        if (settings.model === 'hidden') hiddenBlock(draw, 0, 0);
        else linearBlock(draw, 0, 0);
      });
      const ratio = predictMemory(settings).total / (memory + constructed);
      expect(ratio).toBeGreaterThan(0.8);
      expect(ratio).toBeLessThan(1.2);
    },
  );

  test('does not grow with C once V is streamed, and never holds C×N', () => {
    const settings = { ...base, model: 'linear', dimension: 1000, samples: 2000, width: 1 } as const;
    const many = predictMemory({ ...settings, classes: 10_000_000 });
    expect(many).toEqual(predictMemory({ ...settings, classes: 5_000 }));
    expect(many.total).toBeLessThan(100e6);
  });

  test('refuses impossible settings', () => {
    expect(() => predictMemory({ ...base, model: 'hidden', dimension: 0, samples: 1, classes: 2, width: 1 })).toThrow(
      UsageError,
    );
  });
});
