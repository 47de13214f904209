import { NumericalError, UsageError } from '../../theory/errors.js';

/** What failed, for a person or a program: wrong words, a computation, a run folder, the system, or this program itself. */
export interface Failure {
  readonly kind: 'usage' | 'numerical' | 'store' | 'system' | 'unexpected';
  /** One sentence or a few, without a stack. */
  readonly message: string;
}

/** An error that crossed from a worker has kept its name, not its class. */
export function failureOf(error: unknown): Failure {
  const { name, message } = error instanceof Error ? error : { name: '', message: String(error) };
  if (error instanceof NumericalError || name === 'NumericalError') return { kind: 'numerical', message };
  if (name === 'StoreError') return { kind: 'store', message };
  if (error instanceof UsageError || name === 'UsageError' || name === 'YError') return { kind: 'usage', message };
  if (error instanceof Error && 'syscall' in error)
    return { kind: 'system', message: `the system refuses: ${message}` };
  return { kind: 'unexpected', message: `unexpected failure: ${message}` };
}
