import { UsageError } from '../../../theory/errors.js';

/** Readers of options given as text. Each throws a UsageError naming the option, the rule and the text received. */

export function finiteNumber(name: string, text: string): number {
  const value = Number(text);
  if (text.trim() === '' || !Number.isFinite(value))
    throw new UsageError(`${name} must be a finite number, got '${text}'`);
  return value;
}

export function positiveNumber(name: string, text: string): number {
  const value = Number(text);
  if (text.trim() === '' || !(value > 0 && Number.isFinite(value))) {
    throw new UsageError(`${name} must be a finite number above 0, got '${text}'`);
  }
  return value;
}

/** Beyond this range, and below its inverse, no matrix of that shape fits a machine, and laws lose their digits. */
const largestAspectRatio = 1e6;

/** d/N from --aspect-ratio. */
export function aspectRatioOf(text: string | undefined): number {
  if (text === undefined || text.trim() === '')
    throw new UsageError('--aspect-ratio must be given: d/N, for example 0.5');
  const value = positiveNumber('--aspect-ratio', text);
  if (value > largestAspectRatio || value < 1 / largestAspectRatio)
    throw new UsageError(
      `--aspect-ratio must lie between ${1 / largestAspectRatio} and ${largestAspectRatio}, got '${text}': it is d/N`,
    );
  return value;
}

/** A number of classes: a whole number of at least 2, or inf. */
export function classCount(name: string, text: string): number {
  if (/^(inf|infinity|∞)$/i.test(text.trim())) return Infinity;
  const value = Number(text);
  if (text.trim() === '' || !(Number.isSafeInteger(value) && value >= 2)) {
    throw new UsageError(`${name} must be a whole number of at least 2, or inf, got '${text}'`);
  }
  return value;
}

/** A comma-separated list read entry by entry; at least one entry. */
export function listOf<Value>(name: string, text: string, read: (name: string, entry: string) => Value): Value[] {
  return text
    .split(',')
    .map((entry, k, all) => read(all.length === 1 ? name : `${name}, entry ${k + 1}`, entry.trim()));
}

export function choice<Name extends string>(name: string, text: string | undefined, choices: readonly Name[]): Name {
  const found = choices.find((candidate) => candidate === text);
  if (found === undefined) {
    throw new UsageError(
      `${name} must be one of ${choices.join(', ')}, got ${text === undefined ? 'nothing' : `'${text}'`}`,
    );
  }
  return found;
}

/** Infinity has no JSON: it is written "inf" (and "-inf"). */
export function jsonNumber(value: number): number | 'inf' | '-inf' {
  return value === Infinity ? 'inf' : value === -Infinity ? '-inf' : value;
}
