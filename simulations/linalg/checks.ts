/** Checks that every backend makes of its arguments, so that all refuse the same inputs with the same words. */
import { NumericalError, UsageError } from '../../theory/errors.js';

export function checkSize(name: string, value: number): void {
  if (!Number.isSafeInteger(value) || value < 1)
    throw new UsageError(`${name} must be an integer of at least 1, got ${value}`);
}

export function checkLength(name: string, array: Float64Array, least: number, meaning: string): void {
  if (array.length < least) {
    throw new UsageError(`${name} must hold ${least} numbers (${meaning}), got ${array.length}`);
  }
}

export function checkWeights(weights: Float64Array, samples: number): void {
  if (weights.length !== samples) {
    throw new UsageError(`weights must hold one number a sample, ${samples}, got ${weights.length}`);
  }
  checkFinite('weights', weights);
}

export function checkFinite(name: string, array: Float64Array): void {
  for (let i = 0; i < array.length; i += 1) {
    if (!Number.isFinite(array[i]!))
      throw new NumericalError(`${name}[${i}] is ${array[i]}; every entry must be finite`);
  }
}

export function checkWanted(wanted: readonly number[], classes: number): void {
  checkSize('classes', classes);
  for (const index of wanted) {
    if (!Number.isSafeInteger(index) || index < 0 || index >= classes) {
      throw new UsageError(`wanted classes must be integers from 0 to ${classes - 1}, got ${index}`);
    }
  }
}
