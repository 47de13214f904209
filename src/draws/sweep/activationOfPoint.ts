/** The activation of a sweep's point: one of the named ones, or a formula, compiled once. */
import type { ActivationFunctions } from '../../../theory/weights/index.js';
import { activationExpression } from '../../../simulations/models/activationExpression.js';
import { activationNamed, type Activation } from '../../../simulations/models/index.js';
import type { SweepTask } from './contract.js';

const expressions = new Map<string, ReturnType<typeof activationExpression>>();

/** The formula compiled with its derivatives; the same text is compiled once. */
export function expressionOf({
  text,
  kinks,
}: NonNullable<SweepTask['expression']>): ReturnType<typeof activationExpression> {
  const key = JSON.stringify([text, kinks]);
  const known = expressions.get(key) ?? activationExpression(text, { kinks });
  expressions.set(key, known);
  return known;
}

/** The same in the form that theory/ takes. */
export function functionsOf(expression: NonNullable<SweepTask['expression']>): ActivationFunctions {
  const { name, at } = expressionOf(expression);
  return { name, value: at.value, first: at.derivative, second: at.secondDerivative, gated: false };
}

/** The activation in use, named or a formula. */
export function activationOf(task: Pick<SweepTask, 'expression' | 'settings'>): Activation {
  return task.expression === undefined ? activationNamed(task.settings.activation) : expressionOf(task.expression);
}
