import { UsageError } from '../../theory/errors.js';

/** Throws a UsageError unless `index` is one of 0 … count − 1. */
export function requireIndex(name: string, index: number, count: number): void {
  if (!Number.isInteger(index) || index < 0 || index >= count) {
    throw new UsageError(
      `${name} must be a whole number from 0 to ${count - 1}, got ${String(index)}; count blocks from zero`,
    );
  }
}
