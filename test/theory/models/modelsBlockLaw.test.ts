import { describe, expect, test } from '@jest/globals';
import { UsageError } from '../../../theory/errors.js';
import { expectationNodes, marchenkoPastur, type WeightLaw } from '../../../theory/gmp/index.js';
import { measureMoment } from '../../../theory/measures/index.js';
import { blockLaw } from '../../../theory/models/index.js';
import { hiddenCeLimitWeights, hiddenMseLimitWeights } from '../../../theory/weights/hiddenLimitWeights.js';
import { readoutEntry } from '../../../theory/network/readoutEntry.js';

const common = { classes: 10, aspectRatio: 0.5 } as const;

describe('blockLaw', () => {
  test('linear squared error: MP(γ) on the diagonal, a point at 0 off it', () => {
    const { law } = blockLaw({ ...common, model: 'linear', loss: 'mse', layer: 'output', block: 'diagonal' });
    // Edges (1 ± √½)².
    expect(law!.support[0][0]).toBeCloseTo((1 - Math.SQRT1_2) ** 2, 13);
    expect(law!.support[0][1]).toBeCloseTo((1 + Math.SQRT1_2) ** 2, 13);
    const off = blockLaw({ ...common, model: 'linear', loss: 'mse', layer: 'output', block: 'off-diagonal' });
    expect(off.law!.atoms).toEqual([{ at: 0, mass: 1 }]);
    expect(off.note).toMatch(/exactly zero/);
  });

  test('linear cross-entropy: mean E a and second moment γE a² + (E a)², C·E[p(1 − p)] = 0.80531261 at C = 10 (published)', () => {
    const { law } = blockLaw({
      ...common,
      model: 'linear',
      loss: 'ce',
      layer: 'output',
      block: 'diagonal',
      scaling: 'rate',
    });
    expect(law!.moment(1)).toBeCloseTo(0.80531261, 8);
  });

  test('linear cross-entropy, C = ∞: mean 1 and second moment γe^{s²} + 1; the support is one interval', () => {
    const { law, scale } = blockLaw({
      model: 'linear',
      loss: 'ce',
      layer: 'output',
      block: 'diagonal',
      classes: Infinity,
      aspectRatio: 0.5,
      initialisation: 'pytorch',
    });
    expect(law!.moment(1)).toBeCloseTo(1, 12);
    expect(law!.moment(2)).toBeCloseTo(0.5 * Math.exp(1 / 3) + 1, 12);
    expect(law!.support).toHaveLength(1);
    expect(scale).toBe('C times the eigenvalues');
  });

  test('hidden squared error: half and a quarter of the weights live', () => {
    for (const [block, q] of [
      ['diagonal', 0.5],
      ['off-diagonal', 0.25],
    ] as const) {
      const { law } = blockLaw({ ...common, model: 'hidden', width: 4, loss: 'mse', layer: 'hidden', block });
      const reference = marchenkoPastur(0.5, { liveFraction: q });
      expect(law!.support).toEqual(reference.support);
      expect(law!.cdf(0.3)).toBe(reference.cdf(0.3));
    }
  });

  test('hidden cross-entropy: no law without V at finite C or off the diagonal, with a reason; Var v times a gate at C = ∞', () => {
    const spec = { ...common, model: 'hidden', width: 8, loss: 'ce', layer: 'hidden' } as const;
    for (const [classes, block, reason] of [
      [10, 'diagonal', /depend on V as drawn/],
      [Infinity, 'off-diagonal', /Gaussian field/],
    ] as const) {
      const { law, note } = blockLaw({ ...spec, classes, block });
      expect(law).toBeUndefined();
      expect(note).toMatch(reason);
    }
    const { law, weights } = blockLaw({ ...spec, classes: Infinity, block: 'diagonal', initialisation: 'he' });
    expect(Array.from(expectationNodes(weights!).nodes)).toEqual([0, 0.25]);
    expect(law!.moment(1)).toBeCloseTo(0.125, 14);
  });

  test('given V, two classes: a = p(1 − p)(δ·e_i)(δ·e_j) vanishes where the readouts of both classes agree', () => {
    const { weights } = blockLaw({
      model: 'hidden',
      loss: 'ce',
      layer: 'hidden',
      block: 'off-diagonal',
      classes: 2,
      width: 2,
      aspectRatio: 1,
      readout: [1, 2, 1, 2],
    });
    expect(expectationNodes(weights!).nodes.every((a) => Math.abs(a) < 1e-15)).toBe(true);
  });

  test('output blocks of the hidden model: E[hhᵀ] has eigenvalues ½ − 1/2π (m − 1 times) and ½ + (m − 1)/2π', () => {
    const { law, eigenvalues, note } = blockLaw({
      ...common,
      model: 'hidden',
      width: 3,
      loss: 'mse',
      layer: 'output',
      block: 'diagonal',
    });
    expect(law).toBeUndefined();
    expect(note).toMatch(/m×m with m fixed/);
    [0.5 - 0.5 / Math.PI, 0.5 - 0.5 / Math.PI, 0.5 + 1 / Math.PI].forEach((value, k) =>
      expect(eigenvalues![k]).toBeCloseTo(value, 12),
    );
  });

  test.each([
    [{ model: 'linear', layer: 'hidden' }, /output layer only/],
    [{ model: 'hidden', layer: 'hidden' }, /needs width/],
    [{ model: 'linear', layer: 'output', initialisation: 'he', logitVariance: 1 }, /not both/],
    [{ model: 'linear', layer: 'output', aspectRatio: -1 }, /aspectRatio/],
  ])('refuses %j', (change, message) => {
    const run = () => blockLaw({ ...common, loss: 'ce', block: 'diagonal', ...change } as never);
    expect(run).toThrow(UsageError);
    expect(run).toThrow(message);
  });
});

describe('limit weights of the hidden model', () => {
  const mean = (weights: WeightLaw, order = 1) => measureMoment(expectationNodes(weights), order);

  test('tanh: E[σ′² + σσ″] = E[(tanh²/2)″] = Var-derivative identity E[f″(u)] = E[f(u)(u² − 1)] at unit variance', () => {
    let expected = 0;
    for (let u = -9; u <= 9; u += 0.01)
      expected += (0.01 * Math.tanh(u) ** 2 * 0.5 * (u * u - 1) * Math.exp((-u * u) / 2)) / Math.sqrt(2 * Math.PI);
    expect(mean(hiddenMseLimitWeights('tanh', 1, 'diagonal'))).toBeCloseTo(expected, 10);
  });

  test('cross-entropy with normal V: the label adds Var v·E[σ″²] to the second moment', () => {
    const entry = readoutEntry('normal', 0.2);
    const law = hiddenCeLimitWeights('gelu', 1, entry);
    // κ″ = 0.2 and κ′(h) = 0.2h: the rest is 0.2 times the squared-error weight.
    const rest = hiddenMseLimitWeights('gelu', 1, 'diagonal');
    let curvature = 0;
    for (let u = -9; u <= 9; u += 0.01)
      curvature += (0.01 * ((2 - u * u) * Math.exp((-u * u) / 2)) ** 2 * Math.exp((-u * u) / 2)) / (2 * Math.PI) ** 1.5;
    expect(mean(law)).toBeCloseTo(0.2 * mean(rest), 10);
    expect(mean(law, 2)).toBeCloseTo(0.04 * mean(rest, 2) + 0.2 * curvature, 10);
  });

  test('uniform V and ReLU: mean is half of E[κ″(|u|)], and half of the mass sits at zero', () => {
    const law = hiddenCeLimitWeights('relu', 1 / 3, readoutEntry('uniform', 1 / 24));
    const { nodes, masses } = expectationNodes(law);
    expect(masses[0]).toBeCloseTo(0.5, 14);
    expect(nodes[nodes.length - 1]).toBeLessThan(1 / 24);
    let expected = 0;
    const b = Math.sqrt(3 / 24);
    for (let u = 0.005; u < 9; u += 0.01) {
      const x = (b * u) / Math.sqrt(3);
      expected +=
        (0.01 * b * b * (1 / (x * x) - 1 / Math.sinh(x) ** 2) * Math.exp((-u * u) / 2)) / Math.sqrt(2 * Math.PI);
    }
    expect(mean(law)).toBeCloseTo(expected, 6);
  });

  test('the continuous laws reach their thin ends at a small aspect ratio, from few classes to infinitely many', () => {
    for (const classes of [10, 100, 1000, Infinity]) {
      for (const block of ['diagonal', 'off-diagonal'] as const) {
        const { law } = blockLaw({
          model: 'linear',
          loss: 'ce',
          layer: 'output',
          block,
          classes,
          aspectRatio: 0.1,
          logitVariance: 1,
          scaling: 'rate',
        });
        const [[lower, upper]] = law!.support as [[number, number]];
        // Support ends are cuts at a mass of at most 1e-8.
        expect(law!.cdf(lower)).toBeLessThan(2e-8);
        expect(law!.survival(upper)).toBeLessThan(2e-8);
        expect(law!.cdf(law!.quantile(0.999))).toBeCloseTo(0.999, 9);
      }
    }
  });
});
