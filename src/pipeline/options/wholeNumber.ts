import { UsageError } from '../../../theory/errors.js';

/** Reads a whole number given as text, as options are. Throws UsageError naming the option, the rule and the value. */
export function wholeNumber(name: string, text: string, smallest: number, largest: number): number {
  const value = Number(text);
  if (text.trim() === '' || !Number.isInteger(value) || value < smallest || value > largest) {
    throw new UsageError(`${name} must be a whole number from ${smallest} to ${largest}, got '${text}'`);
  }
  return value;
}
