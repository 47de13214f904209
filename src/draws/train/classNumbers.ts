import { UsageError } from '../../../theory/errors.js';

/** Labels as class numbers. Throws UsageError, naming file and place, unless each is a whole number from 0 to C − 1. */
export function classNumbers(file: string, values: ArrayLike<number>, classes: number): Int32Array {
  const labels = Int32Array.from(values);
  for (let n = 0; n < values.length; n++) {
    const value = values[n]!;
    if (labels[n] !== value || value < 0 || value >= classes)
      throw new UsageError(
        `${file}: labels must be whole numbers from 0 to ${classes - 1}, C = ${classes}, but label ${n} is ${value}. Count classes from 0, or change C.`,
      );
  }
  return labels;
}
