/** From an Expression to a function, by a list of steps in which equal subexpressions are computed once. */
import { UsageError } from '../../theory/errors.js';
import type { Expression } from './expression.js';
import { operations } from './operations.js';

interface Step {
  readonly apply: (...values: number[]) => number;
  readonly inputs: readonly number[];
}

/**
 * Compiles a formula in the given variables. The function takes their values in that order; it reuses one buffer, so it
 * may not be called from within itself.
 */
export function compileExpression(
  expression: Expression,
  variables: readonly string[],
): (...values: number[]) => number {
  const constants: { slot: number; value: number }[] = [];
  const steps: (Step & { slot: number })[] = [];
  const known = new Map<string, number>();
  let slots = variables.length;
  const slotFor = (key: string, make: (slot: number) => void): number => {
    const found = known.get(key);
    if (found !== undefined) return found;
    const slot = slots++;
    known.set(key, slot);
    make(slot);
    return slot;
  };
  const compile = (part: Expression): number => {
    if (part.kind === 'symbol') {
      const slot = variables.indexOf(part.name);
      if (slot < 0)
        throw new UsageError(
          `compileExpression: the name ${JSON.stringify(part.name)} has no value. Pass it as a variable.`,
        );
      return slot;
    }
    if (part.kind === 'number') return slotFor(`${part.value}`, (slot) => constants.push({ slot, value: part.value }));
    const inputs = part.arguments.map(compile);
    return slotFor(`${part.name}:${inputs.join(',')}`, (slot) =>
      steps.push({ apply: operations[part.name]!.apply, inputs, slot }),
    );
  };
  const result = compile(expression);
  const memory = new Float64Array(slots);
  for (const { slot, value } of constants) memory[slot] = value;
  const count = steps.length;
  const first = Int32Array.from(steps, (step) => step.inputs[0]!);
  const second = Int32Array.from(steps, (step) => step.inputs[1] ?? step.inputs[0]!);
  const third = Int32Array.from(steps, (step) => step.inputs[2] ?? step.inputs[0]!);
  const target = Int32Array.from(steps, (step) => step.slot);
  const apply = steps.map((step) => step.apply as (x: number, y: number, z: number) => number);
  return (...values) => {
    for (let k = 0; k < variables.length; k++) memory[k] = values[k]!;
    for (let k = 0; k < count; k++) {
      memory[target[k]!] = apply[k]!(memory[first[k]!]!, memory[second[k]!]!, memory[third[k]!]!);
    }
    return memory[result]!;
  };
}
