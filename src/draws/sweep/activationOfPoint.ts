/** The formula that a sweep's point has for its activation, compiled once. */
import type { ActivationFunctions } from '../../../theory/weights/index.js';
import type { ActivationExpression } from '../../../simulations/models/activationExpression.js';
import type { SweepTask } from './contract.js';

const expressions = new Map<string, ActivationExpression>();

/**
 * The formula compiled with its derivatives; the same text is compiled once. What reads formulas is loaded with the
 * first: it takes a quarter of a second, and most sweeps have none.
 */
export async function expressionOf({
  text,
  kinks,
}: NonNullable<SweepTask['expression']>): Promise<ActivationExpression> {
  const { activationExpression } = await import('../../../simulations/models/activationExpression.js');
  const key = JSON.stringify([text, kinks]);
  const known = expressions.get(key) ?? activationExpression(text, { kinks });
  expressions.set(key, known);
  return known;
}

/** The same in the form that theory/ takes. */
export function functionsOf({ name, at }: ActivationExpression): ActivationFunctions {
  return { name, value: at.value, first: at.derivative, second: at.secondDerivative, gated: false };
}
