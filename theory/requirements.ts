import { UsageError } from './errors.js';

/** The checks that laws share, each with the caller's name in its message. */

/** V as drawn, row-major. */
export function requireReadout(caller: string, readout: ArrayLike<number>, classes: number, width: number): void {
  if (readout.length !== classes * width) {
    throw new UsageError(
      `${caller}: readout must have classes×width = ${classes}×${width} = ${classes * width} entries, got ${readout.length}`,
    );
  }
}

/** For callers without types: a word that is in no list must not be taken for another. */
export function requireWord<Word extends string>(
  caller: string,
  name: string,
  value: Word,
  words: readonly Word[],
): void {
  if (!words.includes(value))
    throw new UsageError(`${caller}: ${name} must be one of ${words.join(', ')}, got '${String(value)}'`);
}

export function requireClasses(caller: string, classes: number): void {
  if (classes !== Infinity && !(Number.isSafeInteger(classes) && classes >= 2)) {
    throw new UsageError(`${caller}: classes must be a whole number of at least 2, or Infinity, got ${classes}`);
  }
}

/** Largest logit variance for which the accuracy of the softmax laws is tested. */
export const largestLogitVariance = 4;

export function requireLogitVariance(caller: string, logitVariance: number): void {
  if (!(logitVariance > 0 && logitVariance <= largestLogitVariance)) {
    throw new UsageError(
      `${caller}: logitVariance must lie in (0, ${largestLogitVariance}], where the accuracy is verified, got ${logitVariance}`,
    );
  }
}

export function requirePositiveInteger(caller: string, name: string, value: number): void {
  if (!(Number.isSafeInteger(value) && value >= 1)) {
    throw new UsageError(`${caller}: ${name} must be a whole number of at least 1, got ${value}`);
  }
}

export function requirePositive(caller: string, name: string, value: number): void {
  if (!(value > 0 && Number.isFinite(value))) {
    throw new UsageError(`${caller}: ${name} must be a finite number above 0, got ${value}`);
  }
}

export function requireIndex(caller: string, name: string, index: number, bound: number): void {
  if (!(Number.isInteger(index) && index >= 0 && index < bound)) {
    throw new UsageError(`${caller}: ${name} must be a whole number from 0 to ${bound - 1}, got ${index}`);
  }
}

export function requirePowerOfTwo(caller: string, points: number): void {
  if (!(Number.isInteger(points) && points >= 256 && points <= 2 ** 20 && Math.log2(points) % 1 === 0)) {
    throw new UsageError(`${caller}: points must be a power of two from 256 to 2^20, got ${points}`);
  }
}
