import { describe, expect, test } from '@jest/globals';
import { compileExpression, differentiate, parseExpression } from '../../../simulations/expressions/index.js';
import { activationExpression } from '../../../simulations/models/activationExpression.js';
import { activationNamed } from '../../../simulations/models/activations.js';
import { NumericalError, UsageError } from '../../../theory/errors.js';
import { activationNames, activations, type ActivationName } from '../../../theory/names.js';

const evaluate = (text: string, values: Record<string, number> = {}) => {
  const names = Object.keys(values);
  return compileExpression(parseExpression(text, 'rule', names), names)(...Object.values(values));
};

describe('parseExpression and compileExpression', () => {
  test.each([
    ['2*d', { d: 250 }, 500],
    ['ceil(sqrt(d))', { d: 250 }, 16],
    ['round(0.1*d)', { d: 255 }, 26],
    ['-2^2', {}, -4],
    ['2^3^2', {}, 512],
    ['2 d / 4', { d: 6 }, 3],
    ['max(d, 10) - min(d, 1)', { d: 4 }, 9],
    ['d > 3 ? 1 : 2', { d: 4 }, 1],
    ['(d >= 5) ? 1 : 2', { d: 4 }, 2],
    ['log(e) + pi - pi', {}, 1],
    ['1e3 - 0.5', {}, 999.5],
    ['log2(8) + log10(1000)', {}, 6],
  ] as const)('%s is computed', (text, values, expected) => {
    expect(evaluate(text, values)).toBeCloseTo(expected, 13);
  });
  test('erf: Abramowitz and Stegun table 7.1, 10 digits', () => {
    expect(evaluate('erf(x)', { x: 0.5 })).toBeCloseTo(0.5204998778, 10);
    expect(evaluate('erf(x)', { x: -1 })).toBeCloseTo(-0.8427007929, 10);
  });
  test.each([
    ['a = 1', /an assignment is not allowed/],
    ['f(x) = x', /a function definition is not allowed/],
    ['x; x', /a sequence of statements/],
    ['import("fs")', /the function "import" is not known/],
    ['evaluate("1")', /the function "evaluate" is not known/],
    ['constructor(x)', /the function "constructor" is not known/],
    ['x.constructor', /a property or an index/],
    ['[1, 2]', /a matrix/],
    ['{a: 1}', /an object/],
    ['"text"', /"text" is not a finite number/],
    ['1e400', /"Infinity" is not a finite number/],
    ['x!', /the operator "factorial" is not allowed/],
    ['y + 1', /"y" is not known here\. Names that may be used: x, pi, e\./],
    ['__proto__', /is not known here/],
    ['3 cm', /"cm" is not known/],
    ['x > 1', /a comparison may only stand before a "\?"/],
    ['1 < x < 2', /a chain of comparisons/],
    ['exp(x, 2)', /exp takes 1 argument, 2 given/],
    ['max(x)', /max takes 2 arguments, 1 given/],
    ['choose(x, 1, 2)', /"choose" is not known/],
    ['x +', /there is a mistake: Unexpected end/],
    ['', /there is nothing/],
    ['('.repeat(100) + 'x' + ')'.repeat(100), /nesting is too deep/],
    ['-'.repeat(400) + 'x', /nesting is too deep/],
    ['x'.repeat(600), /at most 500/i],
    ['gamma(200) + zeta(3)', /the function "gamma" is not known/],
  ])('%s is refused', (text, message) => {
    expect(() => parseExpression(text, 'activation', ['x'])).toThrow(UsageError);
    expect(() => parseExpression(text, 'activation', ['x'])).toThrow(message);
    expect(() => parseExpression(text, 'activation', ['x'])).toThrow(/^activation: /);
  });
  test('a long sum of many terms neither overflows the stack nor takes long', () => {
    expect(evaluate(Array(240).fill('x').join('+'), { x: 2 })).toBe(480);
  });
});

describe('differentiate', () => {
  // Derivatives by hand.
  test.each([
    ['x^3', (x: number) => 3 * x * x],
    ['x^(1/2)', (x: number) => 0.5 / Math.sqrt(x)],
    ['2^x', (x: number) => Math.LN2 * 2 ** x],
    ['x/(1+x^2)', (x: number) => (1 - x * x) / (1 + x * x) ** 2],
    ['sin(x)*cos(x)', (x: number) => Math.cos(2 * x)],
    ['erf(x/sqrt(2))', (x: number) => Math.sqrt(2 / Math.PI) * Math.exp((-x * x) / 2)],
    ['max(x, 1) + min(2*x, 1)', (x: number) => (x > 1 ? 1 : 0) + (2 * x < 1 ? 2 : 0)],
    ['x > 0 ? x^2 : exp(x) - 1', (x: number) => (x > 0 ? 2 * x : Math.exp(x))],
    ['abs(x^2 - 1)', (x: number) => Math.sign(x * x - 1) * 2 * x],
    [
      'softplus(sigmoid(x))',
      (x: number) => {
        const s = 1 / (1 + Math.exp(-x));
        return (s * (1 - s)) / (1 + Math.exp(-s));
      },
    ],
    [
      'atan(x) + asinh(x) + sinh(x) - cosh(x) + tan(x)',
      (x: number) => 1 / (1 + x * x) + 1 / Math.sqrt(1 + x * x) + Math.cosh(x) - Math.sinh(x) + 1 / Math.cos(x) ** 2,
    ],
  ])('%s', (text, expected) => {
    const slope = compileExpression(differentiate(parseExpression(text, 'f', ['x']), 'x'), ['x']);
    for (const x of [0.3, 0.7, 1.4]) expect(slope(x)).toBeCloseTo(expected(x), 12);
  });
});

describe('a formula whose derivatives grow without end is refused in time', () => {
  test.each([
    ['a product of many functions', `${'erf(x)*'.repeat(59)}1`, /takes too many steps/],
    ['of kinks', `${'abs(x)*'.repeat(60)}1`, /takes too many steps/],
    ['functions inside each other', `${'erf('.repeat(59)}x${')'.repeat(59)}`, /takes too many steps/],
    ['a long product', `${'x*'.repeat(249)}x`, /more than 20000 terms/],
  ])('%s', (_, text, message) => {
    const start = performance.now();
    expect(() => activationExpression(text)).toThrow(message);
    // About a second on one core; the first took minutes.
    expect(performance.now() - start).toBeLessThan(10_000);
  });
  test('while a product of ten is differentiated', () => {
    // (erf^10)′ = 10 erf⁹ erf′; erf(1/2) = 0.5204998778, Abramowitz and Stegun table 7.1.
    const { derivative } = activationExpression(`${'erf(x)*'.repeat(9)}erf(x)`).at;
    expect(derivative(0.5)).toBeCloseTo(10 * 0.5204998778 ** 9 * (2 / Math.sqrt(Math.PI)) * Math.exp(-0.25), 9);
  });
});

describe('activationExpression', () => {
  const points = [-7.3, -2, -0.9, -0.01, 0.02, 0.5, 1.7, 3, 8.5];
  const h = 1e-3;

  test.each([
    ['x*tanh(log(1+exp(x)))', []],
    ['x/(1+exp(-x))', []],
    ['x*erf(x)', []],
    ['sqrt(x^2+1) - 1', []],
    ['sin(x)^2', []],
    ['x > 0 ? x : 1.6732632423543772*(exp(x)-1)', [0]],
    ['max(0, min(x, 6))', [0, 6]],
    ['x*min(max(x+3,0),6)/6', [-3, 3]],
    ['abs(x)^3', []],
    ['0.5*x*(1+tanh(0.7978845608028654*(x+0.044715*x^3)))', []],
  ])('%s: derivatives follow fourth-order finite differences', (text, kinks) => {
    const { value, derivative, secondDerivative } = activationExpression(text, { kinks }).at;
    const difference = (f: (x: number) => number, x: number) =>
      (8 * (f(x + h) - f(x - h)) - f(x + 2 * h) + f(x - 2 * h)) / (12 * h);
    for (const x of points) {
      if (kinks.some((kink) => Math.abs(kink - x) < 5e-3)) continue;
      // Truncation h⁴ f⁗′/30 below 1e-11 and rounding 1e-16·|f|/h below 1e-12 for these functions.
      expect(Math.abs(derivative(x) - difference(value, x))).toBeLessThan(1e-9 * Math.max(1, Math.abs(derivative(x))));
      expect(Math.abs(secondDerivative(x) - difference(derivative, x))).toBeLessThan(
        1e-9 * Math.max(1, Math.abs(secondDerivative(x))),
      );
    }
  });

  test('formulas for the named activations give the named activations', () => {
    const formulas: Record<ActivationName, string> = {
      relu: 'max(x,0)',
      tanh: 'tanh(x)',
      gelu: 'x*(1+erf(x/sqrt(2)))/2',
      softplus: 'log(1+exp(x))',
    };
    const input = Float64Array.from(points);
    for (const name of activationNames) {
      const expected = activationNamed(name);
      const actual = activationExpression(formulas[name], { kinks: activations[name].kinks });
      expect(actual.isCurved).toBe(expected.isCurved);
      for (const part of ['value', 'derivative', 'secondDerivative'] as const) {
        const a = new Float64Array(points.length);
        const b = new Float64Array(points.length);
        actual[part](input, a);
        expected[part](input, b);
        points.forEach((_, i) => expect(Math.abs(a[i]! - b[i]!)).toBeLessThan(1e-14));
      }
    }
  });

  test('at a kink the derivatives come from the left, as the gate 1(x > 0) has it', () => {
    for (const text of ['relu(x)', 'max(x, 0)', '(x + abs(x))/2', 'x > 0 ? x : 0', '(x + sqrt(x^2))/2']) {
      const { value, derivative, secondDerivative } = activationExpression(text, { kinks: [0] }).at;
      expect([value(0), derivative(0), secondDerivative(0)].map((v) => v + 0)).toEqual([0, 0, 0]);
    }
  });

  test('nothing overflows: softplus and sigmoid forms are finite to 2^20', () => {
    for (const text of [
      'log(1+exp(x))',
      'x*tanh(log(exp(x)+1))',
      'x/(1+exp(-x))',
      'exp(x)/(1+exp(x))',
      'x*sigmoid(1.702*x)',
    ]) {
      expect(activationExpression(text).finiteWithin).toBe(2 ** 20);
    }
    // log(1 + e^x) → x, its derivative → 1.
    expect(activationExpression('log(1+exp(x))').at.value(1000)).toBe(1000);
    expect(activationExpression('log(1+exp(x))').at.derivative(1000)).toBe(1);
  });

  test('a value that overflows later throws instead of spreading', () => {
    const exponential = activationExpression('exp(x)');
    expect(exponential.finiteWithin).toBe(512);
    expect(() => exponential.at.value(1000)).toThrow(NumericalError);
  });

  test.each([
    ['max(x, 0)', [], /between x = -0\.0625 and x = 0|between x = 0 and x = 0\.0625/],
    ['abs(x - 0.37)', [], /bends there\. Declare the point in kinks, for example kinks: \[0\.\d+\]/],
    ['x > 1 ? 5 : x', [0], /the derivative/],
    ['log(x)', [], /not a finite number at x = /],
    ['1/x', [], /not a finite number at x = 0/],
    ['exp(exp(x))', [], /not a finite number/],
    ['sqrt(x)', [], /not a finite number/],
    ['tanh(x)', [NaN], /kinks must be finite/],
  ])('%s with kinks %j is refused', (text, kinks, message) => {
    expect(() => activationExpression(text, { kinks })).toThrow(UsageError);
    expect(() => activationExpression(text, { kinks })).toThrow(message);
  });
});
