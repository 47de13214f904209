import { UsageError } from '../errors.js';
import type { BlockLawSpec } from './model.js';

/** The rows i and j of a layer that make the block: those asked for, or the first of its kind. */
export function requirePair({ block, i = 0, j = block === 'diagonal' ? i : i + 1 }: BlockLawSpec): {
  readonly i: number;
  readonly j: number;
} {
  if ((i === j) !== (block === 'diagonal'))
    throw new UsageError(`blockLaw: rows i = ${i} and j = ${j} do not make a block that is ${block}`);
  return { i, j };
}
