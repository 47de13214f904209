/**
 * Symbolic derivatives. mathjs differentiates what it knows; an operation it does not know (erf, relu, a choice …) is
 * first put aside as a symbol of its own, and comes back by the chain rule: d/dx T(x, s) = ∂T/∂x + Σ ∂T/∂s_k · s_k′.
 */
import math from 'mathjs/lib/browser/math.js';
import type { MathNode } from 'mathjs';
import { UsageError } from '../../theory/errors.js';
import { call, substitute, symbol, symbolsOf, type Expression } from './expression.js';
import { operations } from './operations.js';
import { fromMathNode } from './parseExpression.js';
import { simplified } from './simplified.js';

/** A derivative longer than this is not worth evaluating millions of times. */
const maximumNodes = 20000;
/** mathjs and everything here recurse; beyond this the stack is not sure to hold. */
const maximumDepth = 700;
/** Nodes that one derivative may read and write in all, which takes about a second. */
const maximumWork = 400_000;

/** d expression / d variable, valid off the kinks. Throws UsageError when it becomes unreasonably long. */
export function differentiate(expression: Expression, variable: string): Expression {
  return derivative(expression, variable, { nodesLeft: maximumWork });
}

interface Budget {
  nodesLeft: number;
}

function derivative(expression: Expression, variable: string, budget: Budget): Expression {
  const aside = new Map<string, Expression>();
  const skeleton = putAside(expression, aside);
  const names = [variable, ...symbolsOf(skeleton)];
  const length = lengthOf(skeleton);
  const tree = math.parse(print(skeleton)) as MathNode;
  const partial = (name: string) => {
    spend(budget, length);
    const raw = fromMathNode(math.derivative(tree, name, { simplify: false }) as MathNode, names);
    spend(budget, lengthOf(raw));
    return simplified(raw);
  };
  let result = partial(variable);
  for (const [name, special] of aside) {
    if (special.kind !== 'call') continue;
    const inner = special.arguments;
    const partials = operations[special.name]!.partials!(inner);
    const outer = partial(name);
    inner.forEach((argument, k) => {
      const term = call('multiply', outer, call('multiply', partials[k]!, derivative(argument, variable, budget)));
      result = simplified(call('add', result, term));
      spend(budget, lengthOf(result));
    });
  }
  const whole = simplified(substitute(result, aside));
  spend(budget, lengthOf(whole));
  return whole;
}

/** Number of nodes. Throws when the formula is too long or too deep to be worked with. */
function lengthOf(expression: Expression): number {
  let count = 0;
  let level: readonly Expression[] = [expression];
  for (let depth = 0; level.length > 0; depth++) {
    count += level.length;
    if (count > maximumNodes || depth > maximumDepth)
      throw new UsageError(
        `A derivative of the expression has more than ${maximumNodes} terms. Use a simpler formula.`,
      );
    level = level.flatMap((part) => (part.kind === 'call' ? part.arguments : []));
  }
  return count;
}

function spend(budget: Budget, nodes: number): void {
  budget.nodesLeft -= nodes;
  if (budget.nodesLeft < 0)
    throw new UsageError('A derivative of the expression takes too many steps. Use a simpler formula.');
}

function putAside(expression: Expression, aside: Map<string, Expression>): Expression {
  if (expression.kind !== 'call') return expression;
  if (operations[expression.name]!.partials !== undefined) {
    const name = `s_${aside.size}`;
    aside.set(name, expression);
    return symbol(name);
  }
  return { ...expression, arguments: expression.arguments.map((argument) => putAside(argument, aside)) };
}

const infix: Readonly<Record<string, string>> = { add: '+', subtract: '-', multiply: '*', divide: '/', pow: '^' };

/** The formula as text that mathjs reads, with every bracket written. */
export function print(expression: Expression): string {
  if (expression.kind === 'number') return expression.value < 0 ? `(${expression.value})` : String(expression.value);
  if (expression.kind === 'symbol') return expression.name;
  const args = expression.arguments.map(print);
  if (Object.hasOwn(infix, expression.name)) return `(${args[0]} ${infix[expression.name]} ${args[1]})`;
  if (expression.name === 'unaryMinus') return `(-${args[0]})`;
  return `${expression.name}(${args.join(', ')})`;
}
