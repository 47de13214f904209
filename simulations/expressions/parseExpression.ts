/** From a user's text to an Expression. mathjs parses; nothing it parsed is ever evaluated by it. */
import math from 'mathjs/lib/browser/math.js';
import type { MathNode } from 'mathjs';
import { UsageError } from '../../theory/errors.js';
import { call, number, symbol, type Expression } from './expression.js';
import { operations } from './operations.js';

export const maximumExpressionLength = 500;
// The parser and everything after it recurse: this keeps the deepest formula far from the end of the stack.
const maximumDepth = 60;
const constants: Readonly<Record<string, number>> = { pi: Math.PI, e: Math.E };
/** Names a user may write for a function: the operations that read as functions. */
const hiddenOperations = new Set(['choose']);

/**
 * Parses a formula: numbers, names in `symbols`, pi and e, + − * / ^, comparisons inside `condition ? a : b`, and the
 * functions of operations.ts. Assignments, function definitions, strings, matrices, units, properties and imports are
 * refused.
 * @param name what the formula is, for messages ("activation", "N").
 * @throws UsageError naming the formula, the part that is wrong, and what may stand there.
 */
export function parseExpression(text: string, name: string, symbols: readonly string[]): Expression {
  const fail = (problem: string, remedy: string) =>
    new UsageError(`${name}: in the expression ${JSON.stringify(text.slice(0, 80))} ${problem}. ${remedy}`);
  if (text.length > maximumExpressionLength)
    throw fail(`there are ${text.length} characters`, `At most ${maximumExpressionLength} are allowed.`);
  if (text.trim() === '') throw fail('there is nothing', `Write a formula in ${symbols.join(', ') || 'numbers'}.`);
  // A bound on all nesting the parser can meet, brackets and chains of prefix and right-associative operators alike.
  if ((text.match(/[([{?^]|[-+~!]{2}|\bnot\b/g)?.length ?? 0) > maximumDepth)
    throw fail('the nesting is too deep', `At most ${maximumDepth} brackets, powers and choices are allowed.`);
  let root: MathNode;
  try {
    root = math.parse(text) as MathNode;
  } catch (error) {
    throw fail(`there is a mistake: ${error instanceof Error ? error.message : String(error)}`, 'Mend the formula.');
  }
  return stabilised(convert(root, { fail, symbols }, 0));
}

interface Context {
  readonly fail: (problem: string, remedy: string) => UsageError;
  readonly symbols: readonly string[];
}

/** Turns a mathjs tree into an Expression; also used for the derivatives mathjs returns. */
export function fromMathNode(root: MathNode, symbols: readonly string[]): Expression {
  const fail = (problem: string) => new UsageError(`In a derivative ${problem}. Use a simpler formula.`);
  return convert(root, { fail, symbols }, -Infinity);
}

interface AnyNode {
  readonly type: string;
  readonly value?: unknown;
  readonly name?: string;
  readonly fn?: string | { readonly name?: string; readonly type?: string };
  readonly args?: readonly AnyNode[];
  readonly content?: AnyNode;
  readonly condition?: AnyNode;
  readonly trueExpr?: AnyNode;
  readonly falseExpr?: AnyNode;
}

/** Converts a part of the node at hand. */
type Convert = (child: AnyNode | undefined) => Expression;

const comparisons = new Set(['larger', 'smaller', 'largerEq', 'smallerEq']);
const operators = new Set(['add', 'subtract', 'multiply', 'divide', 'pow', 'unaryMinus', 'unaryPlus']);
const whatIsAllowed =
  'Numbers, names, + - * / ^, brackets, "condition ? a : b" and functions such as exp, log, sqrt, tanh, round, min, max are allowed.';

function convert(input: MathNode, context: Context, depth: number): Expression {
  const node = input as unknown as AnyNode;
  const { fail } = context;
  if (depth > 3 * maximumExpressionLength) throw fail('the nesting is too deep', 'Use a shorter formula.');
  const inner: Convert = (child) => convert(child as unknown as MathNode, context, depth + 1);
  switch (node.type) {
    case 'ConstantNode':
      if (typeof node.value !== 'number' || !Number.isFinite(node.value))
        throw fail(`${JSON.stringify(String(node.value))} is not a finite number`, whatIsAllowed);
      return number(node.value);
    case 'ParenthesisNode':
      return inner(node.content);
    case 'SymbolNode':
      return convertName(node.name!, context);
    case 'OperatorNode':
      return convertOperator(node, context, inner);
    case 'ConditionalNode':
      return convertChoice(node, context, inner);
    case 'FunctionNode':
      return convertFunction(node, context, inner);
    default:
      throw fail(`${describe(node.type)} is not allowed`, whatIsAllowed);
  }
}

function convertName(name: string, { fail, symbols }: Context): Expression {
  if (symbols.includes(name)) return symbol(name);
  if (Object.hasOwn(constants, name)) return number(constants[name]!);
  throw fail(
    `${JSON.stringify(name)} is not known here`,
    symbols.length > 0
      ? `Names that may be used: ${symbols.join(', ')}, pi, e.`
      : 'No names may be used here, only numbers.',
  );
}

function convertOperator(node: AnyNode, { fail }: Context, inner: Convert): Expression {
  const operator = String(node.fn);
  if (operator === 'unaryPlus') return inner(node.args![0]);
  if (comparisons.has(operator)) throw fail('a comparison may only stand before a "?"', 'Write "x > 0 ? a : b".');
  if (!operators.has(operator)) throw fail(`the operator ${JSON.stringify(operator)} is not allowed`, whatIsAllowed);
  const [first, ...others] = node.args!.map(inner);
  // A sum or product may carry more than two arguments.
  return others.length === 0
    ? call(operator, first!)
    : others.reduce((left, right) => call(operator, left, right), first!);
}

function convertChoice(node: AnyNode, { fail }: Context, inner: Convert): Expression {
  const condition = unwrap(node.condition!);
  if (condition.type !== 'OperatorNode' || !comparisons.has(String(condition.fn)))
    throw fail('the part before "?" must be a comparison with >, <, >= or <=', 'Write "x > 0 ? a : b".');
  return call(
    'choose',
    call(String(condition.fn), inner(condition.args![0]), inner(condition.args![1])),
    inner(node.trueExpr),
    inner(node.falseExpr),
  );
}

function convertFunction(node: AnyNode, { fail }: Context, inner: Convert): Expression {
  const name = typeof node.fn === 'string' ? node.fn : (node.fn?.name ?? '');
  const usable = Object.hasOwn(operations, name) && !hiddenOperations.has(name);
  if (!usable)
    throw fail(
      `the function ${JSON.stringify(name)} is not known here`,
      `Functions that may be used: ${Object.keys(operations)
        .filter((key) => !hiddenOperations.has(key) && !comparisons.has(key) && !operators.has(key))
        .join(', ')}.`,
    );
  const [minimum, maximum] = operations[name]!.arity;
  const count = node.args!.length;
  if (count < minimum || count > maximum)
    throw fail(
      `${name} takes ${minimum === maximum ? minimum : `${minimum} to ${maximum}`} argument${maximum === 1 ? '' : 's'}, ${count} given`,
      'Mend the formula.',
    );
  return call(name, ...node.args!.map(inner));
}

function unwrap(node: AnyNode): AnyNode {
  let current = node;
  while (current.type === 'ParenthesisNode') current = current.content!;
  return current;
}

function describe(type: string): string {
  const words: Readonly<Record<string, string>> = {
    AssignmentNode: 'an assignment',
    FunctionAssignmentNode: 'a function definition',
    BlockNode: 'a sequence of statements',
    ArrayNode: 'a matrix',
    ObjectNode: 'an object',
    AccessorNode: 'a property or an index',
    IndexNode: 'an index',
    RangeNode: 'a range',
    RelationalNode: 'a chain of comparisons',
  };
  return words[type] ?? `a ${type}`;
}

/**
 * Rewrites what overflows for no good reason: log(1 + e^u) is softplus(u), 1/(1 + e^{−u}) and e^u/(1 + e^u) are
 * sigmoid(u).
 */
function stabilised(expression: Expression): Expression {
  if (expression.kind !== 'call') return expression;
  const args = expression.arguments.map(stabilised);
  if (expression.name === 'log') {
    const exponent = exponentOfOnePlusExp(args[0]!);
    if (exponent !== undefined) return call('softplus', exponent);
  }
  if (expression.name === 'divide') {
    const exponent = exponentOfOnePlusExp(args[1]!);
    const numerator = args[0]!;
    if (exponent !== undefined) {
      const same =
        numerator.kind === 'call' &&
        numerator.name === 'exp' &&
        JSON.stringify(numerator.arguments[0]) === JSON.stringify(exponent);
      if (same) return call('sigmoid', exponent);
      return call('multiply', numerator, call('sigmoid', negated(exponent)));
    }
  }
  return { ...expression, arguments: args };
}

/** u when the expression is 1 + e^u or e^u + 1. */
function exponentOfOnePlusExp(expression: Expression): Expression | undefined {
  if (expression.kind !== 'call' || expression.name !== 'add') return undefined;
  const [left, right] = expression.arguments as [Expression, Expression];
  const isOne = (part: Expression) => part.kind === 'number' && part.value === 1;
  const power = isOne(left) ? right : isOne(right) ? left : undefined;
  return power?.kind === 'call' && power.name === 'exp' ? power.arguments[0] : undefined;
}

function negated(expression: Expression): Expression {
  return expression.kind === 'call' && expression.name === 'unaryMinus'
    ? expression.arguments[0]!
    : call('unaryMinus', expression);
}
