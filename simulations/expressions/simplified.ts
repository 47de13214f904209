import { call, number, type Expression } from './expression.js';
import { operations } from './operations.js';

/**
 * Removes what differentiation leaves behind: constants to be folded, sums with 0, products with 0 or 1, powers of 1.
 */
export function simplified(expression: Expression): Expression {
  if (expression.kind !== 'call') return expression;
  const args = expression.arguments.map(simplified);
  const [left, right] = args as [Expression, Expression];
  const is = (part: Expression | undefined, value: number) => part?.kind === 'number' && part.value === value;
  if (args.every((argument) => argument.kind === 'number')) {
    const value = operations[expression.name]!.apply(...args.map((argument) => (argument as { value: number }).value));
    if (Number.isFinite(value)) return number(value);
  }
  switch (expression.name) {
    case 'add':
      if (is(left, 0)) return right;
      if (is(right, 0)) return left;
      break;
    case 'subtract':
      if (is(right, 0)) return left;
      if (is(left, 0)) return simplified(call('unaryMinus', right));
      break;
    case 'multiply':
      if (is(left, 0) || is(right, 0)) return number(0);
      if (is(left, 1)) return right;
      if (is(right, 1)) return left;
      break;
    case 'divide':
      if (is(left, 0)) return number(0);
      if (is(right, 1)) return left;
      break;
    case 'pow':
      if (is(right, 1)) return left;
      if (is(right, 0)) return number(1);
      break;
    case 'choose':
      if (left.kind === 'number') return left.value !== 0 ? right : args[2]!;
      break;
  }
  return { ...expression, arguments: args };
}
