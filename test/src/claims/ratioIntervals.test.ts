/** Which ratios of `check` have an interval, and that each stands about its own value. */
import { describe, expect, test } from '@jest/globals';
import type { Measurement } from '../../../figures/results.js';
import { randomStream } from '../../../simulations/random/index.js';
import { ratioEvidence, type NormDraw } from '../../../src/claims/evidence/ratioEvidence.js';
import { unperturbed } from '../../../src/draws/perturbation.js';

const dimension = 256;
const samples = 512;

/** Draws with norms near C^{−rate} and 1; those of a hidden model about expectations that vary with V. */
function draws(model: 'linear' | 'hidden', rate: number, classes: readonly number[]): NormDraw[] {
  return classes.flatMap((count) =>
    Array.from({ length: 40 }, (_, replicate): NormDraw => {
      const stream = randomStream('ratio intervals', `${model} ${count}`, replicate);
      const size = model === 'hidden' ? Math.exp(stream.normal()) : 1;
      const expected = { diagonal: 1, offDiagonal: size * count ** -rate };
      const noise = (): number => 1 + 0.02 * stream.normal();
      return {
        task: {
          kind: 'norm',
          experiment: '',
          settings: {
            model,
            loss: model === 'linear' ? 'ce' : 'mse',
            activation: 'relu',
            initialisation: 'lecun',
            dimension,
            samples,
            classes: count,
            width: 8,
          },
          layer: model === 'linear' ? 'output' : 'hidden',
          seed: '1',
          replicate,
          perturbation: unperturbed,
        },
        result: {
          kind: 'norm',
          diagonal: expected.diagonal * noise(),
          offDiagonal: expected.offDiagonal * noise(),
          expected: model === 'hidden' ? expected : undefined,
        },
      };
    }),
  );
}

const at = (rows: readonly Measurement[], text: string): Measurement => {
  const found = rows.filter(({ quantity }) => quantity.includes(text));
  expect([text, found.length]).toEqual([text, 1]);
  return found[0]!;
};

describe('ratioEvidence', () => {
  test('linear: no interval where a few samples decide, and the headline is the largest C that has one', () => {
    const { measurements, headline, curve } = ratioEvidence(draws('linear', 2, [4, 256]), 'output', 'x')!;
    // 512·40 samples over E a⁴/(E a²)² = 3.4 and 756: worth 6054 and 27.
    expect(at(measurements, 'at C = 4').interval).not.toBeNull();
    expect(at(measurements, 'at C = 256')).toMatchObject({
      interval: null,
      note: expect.stringContaining('no interval'),
    });
    expect(headline).toEqual(at(measurements, 'at C = 4'));
    expect(curve.intervals.map((interval) => interval === null)).toEqual([false, true]);
    expect(at(measurements, 'C = 4 to 256').interval).toBeNull();
    expect(curve.interval).toBeNull();
  });

  test('hidden: an interval given V and W, none averaged over them, and each about its own value', () => {
    const { measurements, headline, curve } = ratioEvidence(draws('hidden', 1, [4, 16]), 'hidden', 'x')!;
    for (const row of measurements) {
      expect([row.quantity, row.interval === null]).toEqual([row.quantity, row.quantity.includes('averaged')]);
      if (row.interval === null) expect(row.note).toContain('no interval');
      else {
        expect(row.interval.lower).toBeLessThan(row.measured as number);
        expect(row.interval.upper).toBeGreaterThan(row.measured as number);
        // Noise of 2 % in each norm of 40 draws: half-width t·0.02·√2/√40 = 0.9 %, whatever the spread over V.
        const width = Math.log(row.interval.upper / row.interval.lower) / 2;
        if (row.quantity.includes('at C =')) expect(width).toBeLessThan(0.015);
      }
    }
    expect(headline.quantity).toBe('C · r at C = 16, given V and W');
    expect(curve.intervals).toEqual([null, null]);
  });
});
