import { Ajv, type ValidateFunction } from 'ajv';
import { explain } from './schemaComplaint.js';
import { specError } from './specError.js';
import type { Place } from './spec.js';

const validators = new Map<object, ValidateFunction>();

/** Throws UsageError, naming place, rule and remedy, for a value that a schema does not accept. */
export function requireValid(schema: object, value: unknown, place: Place): void {
  // Compiled on first use: it costs more than everything else here.
  const validator =
    validators.get(schema) ?? new Ajv({ allErrors: false, strict: false, verbose: true }).compile(schema);
  validators.set(schema, validator);
  if (validator(value)) return;
  const errors = validator.errors!;
  const { path, problem, remedy } = explain(errors.find((error) => error.keyword !== 'if') ?? errors[0]!, value);
  throw specError({ place }, path, problem, remedy);
}
