import { describe, expect, test } from '@jest/globals';
import { UsageError } from '../../../theory/errors.js';
import { envelopeContact, lossEnvelope, residualNormBounds } from '../../../theory/dynamics/index.js';
import { softmax } from '../../../theory/numerics/softmax.js';
import { randomStream } from '../../../simulations/random/index.js';

/** ‖p − y‖² and the loss of one sample by their definitions; the mass that misses the label is a sum, not 1 − p_y. */
function residualOf(logits: Float64Array, label: number): { loss: number; power: number } {
  const p = softmaxOf(logits);
  let missed = 0;
  let power = 0;
  p.forEach((value, c) => {
    if (c === label) return;
    missed += value;
    power += value * value;
  });
  return { loss: missed < 0.5 ? -Math.log1p(-missed) : -Math.log(p[label]!), power: power + missed * missed };
}

function softmaxOf(logits: Float64Array): Float64Array {
  const out = new Float64Array(logits.length);
  softmax(logits, out);
  return out;
}

describe('lossEnvelope', () => {
  test('touches at the root of 2ℓ = e^ℓ − 1, and is 0.325811502 at 0.4', () => {
    expect(Math.abs(2 * envelopeContact - Math.expm1(envelopeContact))).toBeLessThan(2e-15);
    // Closed form: 2(1 − e^{−ℓ*})²/ℓ* · 0.4, with 1 − e^{−ℓ*} = 2ℓ* e^{−ℓ*}.
    const closed = 0.4 * 8 * envelopeContact * Math.exp(-2 * envelopeContact);
    expect(Math.abs(lossEnvelope(0.4) - closed)).toBeLessThan(1e-15);
    expect(lossEnvelope(0.4).toFixed(9)).toBe('0.325811502');
  });

  test.each([0.01, 0.4, 1.2, 1.3, 2, 6])(
    'at %d is reached by samples, and a bound 2 %% smaller is broken',
    (meanLoss) => {
      // Three classes; the third is out of reach, so that the rest of the mass sits on one class.
      const onTwo = (loss: number): Float64Array => Float64Array.of(-loss, Math.log(-Math.expm1(-loss)), -800);
      const share = Math.min(1, meanLoss / envelopeContact);
      const { loss, power } = residualOf(onTwo(Math.max(meanLoss, envelopeContact)), 0);
      expect(Math.abs(share * loss - meanLoss)).toBeLessThan(1e-14);
      expect(Math.abs(share * power - lossEnvelope(share * loss))).toBeLessThan(1e-14);
      expect(share * power).toBeGreaterThan(0.98 * lossEnvelope(meanLoss));
    },
  );

  test('is concave and above the bound of one sample', () => {
    for (let loss = 0.02; loss < 8; loss += 0.02) {
      const [before, here, after] = [loss - 0.02, loss, loss + 0.02].map(lossEnvelope);
      expect(here - (before + after) / 2).toBeGreaterThan(-1e-15);
      expect(here - residualNormBounds(loss, 10)[1]).toBeGreaterThan(-1e-15);
    }
    expect(lossEnvelope(0)).toBe(0);
    expect(lossEnvelope(Infinity)).toBe(2);
  });

  test.each([-1, NaN])('refuses a loss of %d', (loss) => {
    expect(() => lossEnvelope(loss)).toThrow(UsageError);
    expect(() => residualNormBounds(loss, 3)).toThrow('at least 0');
  });
});

describe('residualNormBounds', () => {
  // Seed 1; a bound that holds has no false alarms.
  test.each([2, 3, 10, 100])('hold for random logits of %d classes, and are reached', (classes) => {
    const stream = randomStream(1, 'residual-norms', classes);
    const logits = new Float64Array(classes);
    for (let trial = 0; trial < 300; trial++) {
      const scale = 10 ** (2.5 * stream.uniform() - 1);
      for (let c = 0; c < classes; c++) logits[c] = scale * stream.normal();
      const { loss, power } = residualOf(logits, 0);
      const [least, greatest] = residualNormBounds(loss, classes);
      expect(power).toBeGreaterThanOrEqual(least * (1 - 1e-13));
      expect(power).toBeLessThanOrEqual(greatest * (1 + 1e-13));
    }
    const even = residualOf(new Float64Array(classes).fill(0, 1).fill(-2, 0, 1), 0);
    expect(even.power / residualNormBounds(even.loss, classes)[0]).toBeCloseTo(1, 13);
    const one = residualOf(new Float64Array(classes).fill(-800, 2).fill(-2, 0, 1), 0);
    expect(one.power / residualNormBounds(one.loss, classes)[1]).toBeCloseTo(1, 13);
  });
});
