import { describe, expect, test } from '@jest/globals';
import type { Complex } from '../../../theory/contracts.js';
import type { ComplexRule, ContourMeasure } from '../../../theory/gmp/contourMeasure.js';
import type { WeightLaw } from '../../../theory/gmp/index.js';
import { discreteMeasure } from '../../../theory/measures/index.js';
import { activationFunctions, complexActivation } from '../../../theory/network/activationFunctions.js';
import { readoutEntry } from '../../../theory/network/readoutEntry.js';
import { fixedUniforms } from '../../../theory/numerics/fixedSequence.js';
import { condensePath } from '../../../theory/weights/condensePath.js';
import { hiddenCeLimitWeights, hiddenMseLimitWeights } from '../../../theory/weights/hiddenLimitWeights.js';
import { weightsOfProduct } from '../../../theory/weights/smoothHiddenWeights.js';
import { smoothActivations } from '../../helpers/smoothActivations.js';

/** Σ mass/(p − node). */
function transform({ nodesRe, nodesIm, massesRe, massesIm }: ComplexRule, p: Complex): Complex {
  const sum = { re: 0, im: 0 };
  for (let k = 0; k < nodesRe.length; k++) {
    const [re, im] = [p.re - nodesRe[k]!, p.im - nodesIm[k]!];
    const size = re * re + im * im;
    sum.re += (massesRe[k]! * re + massesIm[k]! * im) / size;
    sum.im += (massesIm[k]! * re - massesRe[k]! * im) / size;
  }
  return sum;
}

const distance = (a: Complex, b: Complex): number => Math.hypot(a.re - b.re, a.im - b.im);

/** Nodes of a standard normal by the trapezoidal rule. */
const step = 0.02;
const normal = Array.from({ length: 851 }, (_, k) => (k - 425) * step).map((x) => ({
  x,
  mass: (step * Math.exp(-0.5 * x * x)) / Math.sqrt(2 * Math.PI),
}));

const coarse = normal.filter((_, k) => k % 5 === 0).map(({ x, mass }) => ({ x, mass: 5 * mass }));

/** Σ mass/(p − a) of real weights with their masses. */
function ofWeights(weights: Iterable<readonly [weight: number, mass: number]>, p: Complex): Complex {
  const sum = { re: 0, im: 0 };
  for (const [weight, mass] of weights) {
    const size = (p.re - weight) ** 2 + p.im ** 2;
    sum.re += (mass * (p.re - weight)) / size;
    sum.im -= (mass * p.im) / size;
  }
  return sum;
}

const pathOf = (weights: WeightLaw): ContourMeasure => {
  if (!('path' in weights)) throw new Error('a smooth law was expected');
  return weights.path();
};

/** Far enough above the axis for the trapezoidal rule. */
const poles: Complex[] = [-0.4, 0, 0.3, 1, 1.4].map((re) => ({ re, im: 0.25 }));

describe('E 1/(p − a) on the path is that of the real weights', () => {
  test.each(smoothActivations)('%s: σ′² + σσ″ of one variable', (name) => {
    const { value, first, second } = activationFunctions(name);
    const path = pathOf(hiddenMseLimitWeights(name, 1, 'diagonal'));
    const weights = normal.map(({ x, mass }) => [first(x) ** 2 + value(x) * second(x), mass] as const);
    for (const p of poles) expect(distance(transform(path, p), ofWeights(weights, p))).toBeLessThan(1e-10);
    // It rejects a second derivative 2 % too large.
    const bent = normal.map(({ x, mass }) => [first(x) ** 2 + 1.02 * value(x) * second(x), mass] as const);
    for (const p of poles) expect(distance(transform(path, p), ofWeights(bent, p))).toBeGreaterThan(1e-4);
  });

  test('a product of two factors that take both signs', () => {
    const level = 0.3;
    const { value } = complexActivation('tanh');
    const factor = (u: Complex): Complex => ({ ...value(u), re: value(u).re + level });
    // The real quadrature serves moments only.
    const path = weightsOfProduct(factor, discreteMeasure([0])).path();
    const weights = coarse.flatMap((a) =>
      coarse.map((b) => [(Math.tanh(a.x) + level) * (Math.tanh(b.x) + level), a.mass * b.mass] as const),
    );
    // Twice as far, for twice the step and more.
    for (const p of poles.map(({ re }) => ({ re, im: 0.8 })))
      expect(distance(transform(path, p), ofWeights(weights, p))).toBeLessThan(1e-10);
  });

  test('ReLU and uniform readout: κ″ on the open half, nothing on the closed one', () => {
    const entry = readoutEntry('uniform', 0.3);
    const path = pathOf(hiddenCeLimitWeights('relu', 1, entry));
    expect(path.liveMass).toBe(0.5);
    const weights = normal.map(({ x, mass }) => [entry.tiltedVariance(x), mass / 2] as const);
    for (const p of poles) expect(distance(transform(path, p), ofWeights(weights, p))).toBeLessThan(1e-10);
  });
});

test('a condensed rule has far fewer nodes and the same transform, on the axis too', () => {
  const next = fixedUniforms(5);
  const count = 20_000;
  const filled = (value: () => number) => Float64Array.from({ length: count }, value);
  const rule: ComplexRule = {
    nodesRe: filled(() => 2 * next() - 1),
    nodesIm: filled(() => -(10 ** (-1.3 * next()))),
    massesRe: filled(() => next() / count),
    massesIm: filled(() => next() / count),
  };
  const condensed = condensePath(rule);
  expect(condensed.nodesRe.length).toBeLessThan(count / 4);
  for (const p of [-1.2, -0.5, 0, 0.1, 0.77].flatMap((re) => [0, 0.3].map((im) => ({ re, im })))) {
    const exact = transform(rule, p);
    // Masses of both signs need no more: relative to Σ|mass|/|p − node|, of the order of the transform here.
    expect(distance(transform(condensed, p), exact)).toBeLessThan(3e-11 * Math.hypot(exact.re, exact.im));
  }
});
