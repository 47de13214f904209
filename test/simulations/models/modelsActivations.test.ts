import { readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import { UsageError } from '../../../theory/errors.js';
import { activationNames } from '../../../theory/names.js';
import { activationFunctions } from '../../../theory/network/activationFunctions.js';
import {
  activationFrom,
  activationNamed,
  complementaryErrorFunction,
  errorFunction,
  type Activation,
} from '../../../simulations/models/index.js';

interface Row {
  readonly x: number;
  readonly erf: number;
  readonly erfc: number;
  readonly gelu: number;
  readonly geluDerivative: number;
  readonly geluSecondDerivative: number;
}

// test/fixtures/mpmath/errorFunction.py: 50-digit values.
const rows = JSON.parse(
  readFileSync(new URL('../../fixtures/mpmath/errorFunction.json', import.meta.url), 'utf8'),
) as Row[];

const at = (f: (input: Float64Array, out: Float64Array) => void, x: number) => {
  const out = new Float64Array(1);
  f(Float64Array.of(x), out);
  return out[0]!;
};

describe('error function', () => {
  test('errorFunction(x) has a relative error below 1e-15', () => {
    for (const { x, erf } of rows) expect(Math.abs(errorFunction(x) - erf)).toBeLessThanOrEqual(1e-15 * Math.abs(erf));
  });

  test('complementaryErrorFunction(x) keeps its digits in the upper tail', () => {
    for (const { x, erfc } of rows) {
      const allowed = x < 2 ? 5e-16 : (x * x + 4) * 2 ** -52 * erfc;
      expect(Math.abs(complementaryErrorFunction(x) - erfc)).toBeLessThanOrEqual(allowed);
    }
  });

  test('is odd, and saturates', () => {
    for (const x of [0.3, 1.9, 2.1, 7, 40]) expect(errorFunction(-x)).toBe(-errorFunction(x));
    expect(errorFunction(Infinity)).toBe(1);
    expect(complementaryErrorFunction(Infinity)).toBe(0);
    expect(complementaryErrorFunction(-Infinity)).toBe(2);
    expect(errorFunction(0)).toBe(0);
  });
});

describe('activations', () => {
  test('gelu is u Φ(u), with its two derivatives, to 1e-15 absolute', () => {
    const gelu = activationNamed('gelu');
    for (const row of rows) {
      const scale = 1e-15 * Math.max(1, Math.abs(row.x));
      expect(Math.abs(at(gelu.value, row.x) - row.gelu)).toBeLessThan(scale);
      expect(Math.abs(at(gelu.derivative, row.x) - row.geluDerivative)).toBeLessThan(scale);
      expect(Math.abs(at(gelu.secondDerivative, row.x) - row.geluSecondDerivative)).toBeLessThan(scale);
    }
  });

  test('tanh has derivative 1 − tanh² and second derivative −2 tanh (1 − tanh²), with their digits in the tails', () => {
    const tanh = activationNamed('tanh');
    for (const u of [-3, -0.2, 0, 1e-9, 0.7, 2.5]) {
      const slope = 1 - Math.tanh(u) ** 2;
      expect(Math.abs(at(tanh.derivative, u) - slope)).toBeLessThan(1e-15);
      expect(Math.abs(at(tanh.secondDerivative, u) + 2 * Math.tanh(u) * slope)).toBeLessThan(1e-15);
    }
    // sech²(u) = 4 e^{−2u} (1 + O(e^{−2u})).
    expect(at(tanh.derivative, 50) / (4 * Math.exp(-100))).toBeCloseTo(1, 13);
    expect(at(tanh.derivative, 1e4)).toBe(0);
    expect(at(tanh.secondDerivative, -1e4)).toBeCloseTo(0, 300);
  });

  // test/fixtures/mpmath/softplus.py: 700-digit values, derivatives by differences.
  test('softplus is log(1 + e^u), with its two derivatives, to 4e-16 relative in both tails', () => {
    const fixture = new URL('../../fixtures/mpmath/softplus.json', import.meta.url);
    const softplus = activationNamed('softplus');
    const theory = activationFunctions('softplus');
    for (const { u, value, first, second } of JSON.parse(readFileSync(fixture, 'utf8')) as Record<
      'u' | 'value' | 'first' | 'second',
      number
    >[]) {
      for (const [found, expected] of [
        [at(softplus.value, u), value],
        [at(softplus.derivative, u), first],
        [at(softplus.secondDerivative, u), second],
        [theory.value(u), value],
        [theory.first(u), first],
        [theory.second(u), second],
      ] as const)
        expect(Math.abs(found - expected)).toBeLessThanOrEqual(4e-16 * expected);
    }
    for (const u of [-1e4, 1e4]) {
      expect(at(softplus.value, u)).toBe(Math.max(u, 0));
      expect(at(softplus.derivative, u)).toBe(u > 0 ? 1 : 0);
      expect(at(softplus.secondDerivative, u)).toBe(0);
    }
  });

  test('relu has derivative 1(u > 0), 0 at the kink, and no curvature', () => {
    const relu = activationNamed('relu');
    expect([-2, 0, 3].map((u) => at(relu.value, u))).toEqual([0, 0, 3]);
    expect([-2, 0, 3].map((u) => at(relu.derivative, u))).toEqual([0, 0, 1]);
    expect([-2, 0, 3].map((u) => at(relu.secondDerivative, u))).toEqual([0, 0, 0]);
    expect(relu.isCurved).toBe(false);
  });

  test('input and output may be the same array', () => {
    const inPlace = (f: Activation['value']) => {
      const values = Float64Array.of(-1, 0.5, 2);
      f(values, values);
      return [...values];
    };
    for (const activation of activationNames.map(activationNamed)) {
      for (const f of [activation.value, activation.derivative, activation.secondDerivative]) {
        expect(inPlace(f)).toEqual([-1, 0.5, 2].map((u) => at(f, u)));
      }
    }
  });

  test('activationFrom lifts a function of one number', () => {
    const square = activationFrom(
      'square',
      (u) => u * u,
      (u) => 2 * u,
      () => 2,
    );
    expect([at(square.value, 3), at(square.derivative, 3), at(square.secondDerivative, 3), square.isCurved]).toEqual([
      9,
      6,
      2,
      true,
    ]);
  });

  test('an unknown name is refused', () => {
    expect(() => activationNamed('swish' as never)).toThrow(
      new UsageError(`activation must be one of ${activationNames.join(', ')}, got swish`),
    );
    expect(() => activationNamed('toString' as never)).toThrow(UsageError);
  });
});
