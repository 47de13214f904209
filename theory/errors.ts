/**
 * Two kinds of failure. A UsageError is the caller's to mend and is shown without a stack (exit code 2);
 * a NumericalError means a computation could not reach its promised accuracy (exit code 3).
 */

/** An argument is wrong. The message names the argument, the rule, the value received and the remedy. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

/** A computation failed. The message names the quantity and the point at which it failed. */
export class NumericalError extends Error {
  override readonly name = 'NumericalError';
}
