/** A formula as plain data: what is left of a user's text once everything that is not arithmetic has been refused. */
export type Expression =
  | { readonly kind: 'number'; readonly value: number }
  | { readonly kind: 'symbol'; readonly name: string }
  | { readonly kind: 'call'; readonly name: string; readonly arguments: readonly Expression[] };

export const number = (value: number): Expression => ({ kind: 'number', value });
export const symbol = (name: string): Expression => ({ kind: 'symbol', name });
export const call = (name: string, ...args: Expression[]): Expression => ({ kind: 'call', name, arguments: args });

/** The same formula with some symbols replaced. */
export function substitute(expression: Expression, values: ReadonlyMap<string, Expression>): Expression {
  if (expression.kind === 'symbol') return values.get(expression.name) ?? expression;
  if (expression.kind === 'number') return expression;
  return { ...expression, arguments: expression.arguments.map((argument) => substitute(argument, values)) };
}

/** Names that occur in a formula. */
export function symbolsOf(expression: Expression, found = new Set<string>()): Set<string> {
  if (expression.kind === 'symbol') found.add(expression.name);
  else if (expression.kind === 'call') for (const argument of expression.arguments) symbolsOf(argument, found);
  return found;
}
