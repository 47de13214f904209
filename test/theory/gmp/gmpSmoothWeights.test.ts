import { describe, expect, test } from '@jest/globals';
import { readFileSync } from 'node:fs';
import type { ActivationName, BlockKind, SpectralLaw } from '../../../theory/contracts.js';
import {
  bridgedLaw,
  expectationNodes,
  generalisedMarchenkoPastur,
  outlineOf,
  type SmoothWeights,
  type WeightLaw,
} from '../../../theory/gmp/index.js';
import { compressMeasure, discreteMeasure, gaussQuadrature, measureMoment } from '../../../theory/measures/index.js';
import { blockLaw } from '../../../theory/models/index.js';
import { activations } from '../../../theory/names.js';
import { hiddenCeLimitWeights, hiddenMseLimitWeights } from '../../../theory/weights/hiddenLimitWeights.js';
import { readoutEntry, uniformTiltedVariance } from '../../../theory/network/readoutEntry.js';
import { softmaxWeights } from '../../../theory/weights/index.js';
import { smoothActivations } from '../../helpers/smoothActivations.js';

interface Fixture {
  readonly laws: {
    activation: ActivationName;
    block: BlockKind;
    hiddenFactor: number;
    aspectRatio: number;
    points: { x: number; density: number; error: number }[];
  }[];
}

/** Defining equation on real nodes, doubled until they no longer matter (smoothWeightLaws.py). */
const fixture = JSON.parse(
  readFileSync(new URL('../../fixtures/numpy/smoothWeightLaws.json', import.meta.url), 'utf8'),
) as Fixture;

const rule = gaussQuadrature(
  Float64Array.from({ length: 4000 }, (_, k) => (k + 0.5) / 4000),
  new Float64Array(4000).fill(1 / 4000),
  14,
);

/** ∫ x^k density over an interval, k = 0, 1, 2, by panels that shrink towards both ends, where it may be any power. */
function integrals(law: SpectralLaw, lower: number, upper: number): [number, number, number] {
  const middle = 0.5 * (lower + upper);
  const sums: [number, number, number] = [0, 0, 0];
  for (const end of [lower, upper]) {
    let far = middle;
    for (let panel = 0; panel < 60; panel++) {
      const near = panel === 59 ? end : end + 0.6 * (far - end);
      for (let k = 0; k < rule.nodes.length; k++) {
        const x = near + rule.nodes[k] * (far - near);
        const mass = rule.masses[k] * Math.abs(far - near) * law.density(x);
        sums.forEach((_, power) => (sums[power] += mass * x ** power));
      }
      far = near;
    }
  }
  return sums;
}

/** Mass and two moments of the law, by integration of its density. */
function massAndMoments(law: SpectralLaw): [number, number, number] {
  const [[lower, upper]] = law.support as [[number, number]];
  const parts = lower < 0 && upper > 0 ? [[lower, 0] as const, [0, upper] as const] : [[lower, upper] as const];
  const sums = parts.map(([from, to]) => integrals(law, from, to));
  const total = (power: 0 | 1 | 2): number => sums.reduce((sum, values) => sum + values[power], 0);
  return [total(0) + law.atoms.reduce((sum, { mass }) => sum + mass, 0), total(1), total(2)];
}

/** Largest gap between them and what the weights say. */
function gapToMoments([mass, first, second]: readonly number[], weights: WeightLaw, aspectRatio: number): number {
  const nodes = expectationNodes(weights);
  const mean = measureMoment(nodes, 1);
  const expected = aspectRatio * measureMoment(nodes, 2) + mean * mean;
  return Math.max(Math.abs(mass - 1), Math.abs(first - mean) / Math.sqrt(expected), Math.abs(second / expected - 1));
}

const made = new Map<string, SmoothWeights>();

/** Weights of one activation, block and variance, whose path is made once. */
function weightsOf(activation: ActivationName, hiddenFactor: number, block: BlockKind): SmoothWeights {
  const key = `${activation} ${hiddenFactor} ${block}`;
  const weights = made.get(key) ?? hiddenMseLimitWeights(activation, hiddenFactor, block);
  made.set(key, weights);
  return weights;
}

describe('weights of smooth activations', () => {
  test.each(fixture.laws)(
    '$activation, $block, pre-activation variance $hiddenFactor, aspect ratio $aspectRatio: the density',
    ({ activation, block, hiddenFactor, aspectRatio, points }) => {
      const law = generalisedMarchenkoPastur(weightsOf(activation, hiddenFactor, block), aspectRatio);
      const wrong = generalisedMarchenkoPastur(
        hiddenMseLimitWeights(activation, 1.000001 * hiddenFactor, block),
        aspectRatio,
      );
      expect(law.support).toHaveLength(1);
      for (const { x, density, error } of points) {
        expect(error).toBeLessThan(1e-8 * density);
        // A condensed path keeps relative digits.
        expect(Math.abs(law.density(x) - density)).toBeLessThan(error + 1e-12 * Math.max(1, density));
      }
      // It rejects a pre-activation variance off by a millionth.
      expect(Math.max(...points.map(({ x, density }) => Math.abs(wrong.density(x) / density - 1)))).toBeGreaterThan(
        1e-8,
      );
    },
  );

  const cases = smoothActivations.flatMap((activation) =>
    (['diagonal', 'off-diagonal'] as const).map((block) => ({ activation, block })),
  );

  test.each(cases)(
    '$activation, $block: one interval, mass and moments, density = F′ at every aspect ratio',
    (given) => {
      const weights = weightsOf(given.activation, 1, given.block);
      // The weights of a slope that tends to 1 pile up there, and the density with them, where no panel of the integral ends.
      const integrated = (ratio: number): number =>
        activations[given.activation].bounded ? 2e-8 : ratio > 10 ? 1e-3 : 1e-5;
      const costly = !activations[given.activation].bounded && given.block === 'off-diagonal';
      for (const aspectRatio of costly ? [0.01, 5, 100] : [0.01, 0.1, 1, 2, 5, 100]) {
        const law = generalisedMarchenkoPastur(weights, aspectRatio);
        expect(law.support).toHaveLength(1);
        const [lower, upper] = law.support[0];
        // Products of such slopes take ten thousand nodes: their moments are asked of tanh's.
        if (given.block === 'diagonal' || (!costly && aspectRatio === 5)) {
          const found = massAndMoments(law);
          expect(gapToMoments(found, weights, aspectRatio)).toBeLessThan(integrated(aspectRatio));
          // It rejects: the moments of another aspect ratio.
          if (aspectRatio >= 1) expect(gapToMoments(found, weights, 1.01 * aspectRatio)).toBeGreaterThan(1e-3);
        }
        for (const share of [0.1, 0.35, 0.8]) {
          const x = lower + share * (upper - lower);
          const h = 1e-3 * Math.min(Math.abs(x), x - lower, upper - x);
          const slope = (8 * (law.cdf(x + h) - law.cdf(x - h)) - (law.cdf(x + 2 * h) - law.cdf(x - 2 * h))) / (12 * h);
          expect(Math.abs(slope / law.density(x) - 1)).toBeLessThan(1e-8);
          expect(law.cdf(x) + law.survival(x)).toBeCloseTo(1, 14);
          expect(Math.abs(law.quantile(law.cdf(x)) - x)).toBeLessThan(1e-9 * (upper - lower));
        }
        expect(law.cdf(lower - 1e-9)).toBe(lower > 0 ? (law.atoms[0]?.mass ?? 0) : 0);
        expect(law.cdf(upper)).toBe(1);
      }
    },
  );

  test('an atom at 0 inside the support: the distribution function jumps by 1 − 1/γ there, and is solved beside it', () => {
    const law = generalisedMarchenkoPastur(weightsOf('gelu', 1, 'diagonal'), 2);
    expect(law.atoms).toEqual([{ at: 0, mass: 0.5 }]);
    expect(law.cdf(0) - law.cdf(-1e-13)).toBeCloseTo(0.5, 9);
    expect(law.quantile(law.cdf(-1e-13) + 0.2)).toBe(0);
    // The reported failure.
    expect(law.cdf(-0.0013)).toBeGreaterThan(0.04);
    expect(law.cdf(-0.0013)).toBeLessThan(law.cdf(-1e-13));
  });

  test('the density at 0: infinite at aspect ratio 1 and where weights pile up at 0, else a number', () => {
    const at0 = (activation: ActivationName, block: BlockKind, aspectRatio: number): number =>
      generalisedMarchenkoPastur(weightsOf(activation, 1, block), aspectRatio).density(0);
    for (const block of ['diagonal', 'off-diagonal'] as const) expect(at0('tanh', block, 1)).toBe(Infinity);
    // σ′² + hσ″ of GELU vanishes like e^{−x²} at −∞: P(|a| < ε) falls like √ε.
    expect(at0('gelu', 'diagonal', 5)).toBe(Infinity);
    const law = generalisedMarchenkoPastur(weightsOf('tanh', 1, 'diagonal'), 5);
    expect(law.density(0) / law.density(1e-9)).toBeCloseTo(1, 6);
  });

  test('too large an aspect ratio for the path is refused with a reason', () => {
    const weights = weightsOf('tanh', 1, 'diagonal');
    expect(() => generalisedMarchenkoPastur(weights, 1e9).support).toThrow(/nearer to the largest weights/);
  });

  test('ReLU and uniform V: half of the weights live, one interval, mass and moments', () => {
    const weights = hiddenCeLimitWeights('relu', 1 / 3, readoutEntry('uniform', 1 / 24));
    for (const aspectRatio of [0.1, 0.4, 2]) {
      const law = generalisedMarchenkoPastur(weights, aspectRatio);
      expect(law.support).toHaveLength(1);
      expect(law.atoms[0]?.mass ?? 0).toBeCloseTo(Math.max(0, 1 - 0.5 / aspectRatio), 13);
      expect(gapToMoments(massAndMoments(law), weights, aspectRatio)).toBeLessThan(1e-6);
    }
    // The continuation against the real function, and analytic: Cauchy–Riemann by differences.
    const [tilted, entry] = [uniformTiltedVariance(1 / 24), readoutEntry('uniform', 1 / 24)];
    for (const theta of [0, 0.2, 1, 4]) {
      expect(tilted({ re: theta, im: 0 }).re).toBeCloseTo(entry.tiltedVariance(theta), 15);
      const h = 1e-3;
      const along = tilted({ re: theta + h, im: 0.3 }).re - tilted({ re: theta - h, im: 0.3 }).re;
      const across = tilted({ re: theta, im: 0.3 + h }).im - tilted({ re: theta, im: 0.3 - h }).im;
      expect(Math.abs(along - across)).toBeLessThan(1e-9);
    }
  });
});

describe('points of a law of weights that fills an interval', () => {
  // Uniform weights on [1, 2]: 200 points, and the same law on a path of its own is that of 600 points.
  const uniform = (count: number) =>
    discreteMeasure(Float64Array.from({ length: count }, (_, k) => 1 + (k + 0.5) / count));

  test.each([0.5, 5, 1e6])('gaps are bridged, and the mass that moves is told (aspect ratio %d)', (aspectRatio) => {
    const law = bridgedLaw(uniform(200), aspectRatio);
    const fine = outlineOf(bridgedLaw(uniform(600), aspectRatio));
    expect(law.support).toHaveLength(1);
    const [lower, upper] = law.support[0];
    const told = Number(/at most (\S+)$/.exec(law.diagnostics.notes.at(-1) ?? '')?.[1] ?? 1e-9);
    let last = 0;
    for (let k = 1; k < 60; k++) {
      const x = lower + ((upper - lower) * k) / 60;
      expect(law.density(x)).toBeGreaterThan(0);
      expect(law.cdf(x)).toBeGreaterThanOrEqual(last);
      // The points themselves are off by up to half a weight's mass over γ.
      expect(Math.abs(law.cdf(x) - fine.cdf(x))).toBeLessThan(told + 0.5 / 200 / aspectRatio + 1e-6);
      last = law.cdf(x);
    }
    const p = 0.4 * (1 - (law.atoms[0]?.mass ?? 0)) + (law.atoms[0]?.mass ?? 0);
    expect(law.cdf(law.quantile(p))).toBeCloseTo(p, 9);
    // Not bridged, the law of the points has gaps at the large aspect ratio.
    if (aspectRatio === 1e6) expect(outlineOf(law).support.length).toBeGreaterThan(20);
  });
});

describe('one way from weights to a law', () => {
  test('the library example: one interval, density(−0.1) = 9.1e-4 for −p_1 p_2 at C = 10, d/N = 0.5', () => {
    const law = generalisedMarchenkoPastur(
      softmaxWeights({ classes: 10, logitVariance: 1, block: 'off-diagonal' }),
      0.5,
    );
    expect(law.support).toHaveLength(1);
    expect(law.density(-0.1)).toBeCloseTo(9.1e-4, 5);
    // Its quadrature taken for atoms has ten intervals and nothing there.
    expect(outlineOf(law).support.length).toBeGreaterThan(5);
  });

  test('the law of the same options is made once', () => {
    const options = { classes: 10, logitVariance: 1, block: 'off-diagonal' } as const;
    expect(softmaxWeights({ ...options })).toBe(softmaxWeights(options));
    expect(softmaxWeights({ ...options, scaling: 'rate' })).not.toBe(softmaxWeights(options));
  });

  test('blockLaw is the library’s law of the weights that it names', () => {
    const { law, weights } = blockLaw({
      model: 'linear',
      loss: 'ce',
      layer: 'output',
      block: 'off-diagonal',
      classes: 10,
      aspectRatio: 0.7,
    });
    const own = generalisedMarchenkoPastur(weights!, 0.7);
    expect(law!.support).toEqual(own.support);
    for (const x of [-0.005, -0.02, -0.1]) {
      expect(law!.density(x)).toBe(own.density(x));
      expect(own.density(x)).toBeGreaterThan(0);
    }
  });
});

test.each([2, 4, 10])('compressed at its own aspect ratio %d, drawn weights keep their law to 1e-13', (aspectRatio) => {
  // Like drawn softmax weights: e^{g} with normal quantiles g, in no special order.
  const weights = discreteMeasure(
    Float64Array.from({ length: 1000 }, (_, k) => Math.exp(1.2 * Math.tan(2.6 * ((k + 0.5) / 1000 - 0.5)))),
  );
  const exact = generalisedMarchenkoPastur(weights, aspectRatio, { compression: 0 });
  const gap = (at: number): number => {
    const law = generalisedMarchenkoPastur(compressMeasure(weights, { aspectRatio: at }).measure, aspectRatio, {
      compression: 0,
    });
    return Math.max(
      ...Array.from({ length: 25 }, (_, k) => {
        const x = exact.quantile(1 - 1 / aspectRatio + ((k + 0.5) / 25) * (1 / aspectRatio));
        return Math.abs(law.cdf(x) - exact.cdf(x));
      }),
    );
  };
  expect(gap(aspectRatio)).toBeLessThan(1e-13);
  // It rejects: compressed for a tenth of it, the law is another one.
  expect(gap(aspectRatio / 10)).toBeGreaterThan(1e-12);
});
