import { failureOf, type Failure } from '../failure.js';

/** What a request is answered with in place of a result. */
export interface RefusalMessage {
  readonly kind: Failure['kind'] | 'interrupted' | 'forgotten';
  readonly message: string;
}

/** Of the protocol's own: a request that was cancelled, or a law that this process does not have. */
export class Refusal extends Error {
  constructor(
    readonly kind: RefusalMessage['kind'],
    message: string,
  ) {
    super(message);
  }
}

export const refusalOf = (error: unknown): RefusalMessage =>
  error instanceof Refusal ? { kind: error.kind, message: error.message } : failureOf(error);
