/**
 * Symbolic derivatives. mathjs differentiates what it knows; an operation it does not know (erf, relu, a choice …) is
 * first put aside as a symbol of its own, and comes back by the chain rule: d/dx T(x, s) = ∂T/∂x + Σ ∂T/∂s_k · s_k′.
 */
import math from 'mathjs/lib/browser/math.js';
import type { MathNode } from 'mathjs';
import { UsageError } from '../../theory/errors.js';
import { call, substitute, symbol, symbolsOf, type Expression } from './expression.js';
import { OPERATIONS } from './operations.js';
import { fromMathNode } from './parseExpression.js';
import { simplified } from './simplified.js';

/** A derivative longer than this is not worth evaluating millions of times. */
const MAXIMUM_NODES = 20000;

/** d expression / d variable, valid off the kinks. Throws UsageError when it becomes unreasonably long. */
export function differentiate(expression: Expression, variable: string): Expression {
  const aside = new Map<string, Expression>();
  const skeleton = putAside(expression, aside);
  const names = [variable, ...symbolsOf(skeleton)];
  const text = print(skeleton);
  const partial = (name: string) =>
    simplified(fromMathNode(math.derivative(text, name, { simplify: false }) as MathNode, names));
  let result = partial(variable);
  for (const [name, special] of aside) {
    if (special.kind !== 'call') continue;
    const inner = special.arguments;
    const partials = OPERATIONS[special.name]!.partials!(inner);
    const outer = partial(name);
    inner.forEach((argument, k) => {
      result = simplified(
        call('add', result, call('multiply', outer, call('multiply', partials[k]!, differentiate(argument, variable)))),
      );
    });
  }
  const whole = simplified(substitute(result, aside));
  if (size(whole) > MAXIMUM_NODES)
    throw new UsageError(`A derivative of the expression has more than ${MAXIMUM_NODES} terms. Use a simpler formula.`);
  return whole;
}

function putAside(expression: Expression, aside: Map<string, Expression>): Expression {
  if (expression.kind !== 'call') return expression;
  if (OPERATIONS[expression.name]!.partials !== undefined) {
    const name = `s_${aside.size}`;
    aside.set(name, expression);
    return symbol(name);
  }
  return { ...expression, arguments: expression.arguments.map((argument) => putAside(argument, aside)) };
}

const INFIX: Readonly<Record<string, string>> = { add: '+', subtract: '-', multiply: '*', divide: '/', pow: '^' };

/** The formula as text that mathjs reads, with every bracket written. */
export function print(expression: Expression): string {
  if (expression.kind === 'number') return expression.value < 0 ? `(${expression.value})` : String(expression.value);
  if (expression.kind === 'symbol') return expression.name;
  const args = expression.arguments.map(print);
  if (Object.hasOwn(INFIX, expression.name)) return `(${args[0]} ${INFIX[expression.name]} ${args[1]})`;
  if (expression.name === 'unaryMinus') return `(-${args[0]})`;
  return `${expression.name}(${args.join(', ')})`;
}

function size(expression: Expression): number {
  let count = 0;
  const waiting = [expression];
  while (waiting.length > 0 && count <= MAXIMUM_NODES) {
    const next = waiting.pop()!;
    count++;
    if (next.kind === 'call') waiting.push(...next.arguments);
  }
  return count;
}
