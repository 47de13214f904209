/**
 * Every operation a formula may use, with its derivative where mathjs has none. Real arithmetic only: what has no real
 * value is NaN.
 */
import { errorFunction } from './errorFunction.js';
import { call, number, type Expression } from './expression.js';

export interface Operation {
  readonly arity: readonly [minimum: number, maximum: number];
  readonly apply: (...values: number[]) => number;
  /** Partial derivatives by argument, for operations that mathjs cannot differentiate. */
  readonly partials?: (args: readonly Expression[]) => Expression[];
}

const unary = (apply: (x: number) => number, derivative?: (x: Expression) => Expression): Operation => ({
  arity: [1, 1],
  apply,
  ...(derivative === undefined ? {} : { partials: (args: readonly Expression[]) => [derivative(args[0]!)] }),
});
const binary = (apply: (x: number, y: number) => number): Operation => ({ arity: [2, 2], apply });
/** Piecewise constant: zero derivative wherever there is one. */
const steplike = (apply: (...values: number[]) => number, arity = 1): Operation => ({
  arity: [arity, arity],
  apply,
  partials: (args) => args.map(() => number(0)),
});

export const operations: Readonly<Record<string, Operation>> = {
  add: binary((x, y) => x + y),
  subtract: binary((x, y) => x - y),
  multiply: binary((x, y) => x * y),
  divide: binary((x, y) => x / y),
  pow: binary(Math.pow),
  unaryMinus: unary((x) => -x),
  exp: unary(Math.exp),
  log: unary(Math.log),
  log2: unary(Math.log2),
  log10: unary(Math.log10),
  sqrt: unary(Math.sqrt),
  sin: unary(Math.sin),
  cos: unary(Math.cos),
  tan: unary(Math.tan),
  sec: unary((x) => 1 / Math.cos(x)),
  atan: unary(Math.atan),
  sinh: unary(Math.sinh),
  cosh: unary(Math.cosh),
  tanh: unary(Math.tanh),
  sech: unary((x) => 1 / Math.cosh(x)),
  asinh: unary(Math.asinh),
  erf: unary(errorFunction, (x) =>
    call('multiply', number(2 / Math.sqrt(Math.PI)), call('exp', call('unaryMinus', call('multiply', x, x)))),
  ),
  softplus: unary(
    (x) => Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x))),
    (x) => call('sigmoid', x),
  ),
  sigmoid: unary(sigmoid, (x) => call('multiply', call('sigmoid', x), call('sigmoid', call('unaryMinus', x)))),
  relu: unary(
    (x) => Math.max(x, 0),
    (x) => call('step', x),
  ),
  abs: unary(Math.abs, (x) => call('sign', x)),
  sign: steplike(Math.sign),
  step: steplike((x) => (x > 0 ? 1 : 0)),
  round: steplike(Math.round),
  floor: steplike(Math.floor),
  ceil: steplike(Math.ceil),
  larger: steplike((x, y) => (x > y ? 1 : 0), 2),
  smaller: steplike((x, y) => (x < y ? 1 : 0), 2),
  largerEq: steplike((x, y) => (x >= y ? 1 : 0), 2),
  smallerEq: steplike((x, y) => (x <= y ? 1 : 0), 2),
  /** `condition ? a : b`. A choice is between finished values, so both branches are computed. */
  choose: {
    arity: [3, 3],
    apply: (condition, x, y) => (condition !== 0 ? x : y),
    partials: ([condition]) => [
      number(0),
      call('choose', condition!, number(1), number(0)),
      call('choose', condition!, number(0), number(1)),
    ],
  },
  max: {
    arity: [2, 2],
    apply: Math.max,
    partials: ([x, y]) => [call('larger', x!, y!), call('smallerEq', x!, y!)],
  },
  min: {
    arity: [2, 2],
    apply: Math.min,
    partials: ([x, y]) => [call('smaller', x!, y!), call('largerEq', x!, y!)],
  },
};

function sigmoid(x: number): number {
  // The exponential of a negative number cannot overflow.
  const small = Math.exp(-Math.abs(x));
  return x >= 0 ? 1 / (1 + small) : small / (1 + small);
}
