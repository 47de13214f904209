import type { Loss } from '../contracts.js';
import { UsageError } from '../errors.js';
import { losses } from '../names.js';
import {
  requireClasses,
  requireLogitVariance,
  requirePositive,
  requirePositiveInteger,
  requireWord,
} from '../requirements.js';

/**
 * f = V h_L, h_k = ReLU(W_k h_{k−1}), h_0 = x ~ N(0, I_d): W_k with entries N(0, 2/fan-in), V with N(0, s²/n_L). All
 * independent. Blocks are those of two units of one layer, ∂²/∂w_i∂w_j of the mean loss over N samples.
 */
export interface DeepNetwork {
  readonly loss: Loss;
  /** d, or Infinity: the limit d, N → ∞ at this aspect ratio. */
  readonly dimension: number;
  /** d/N, at most d. */
  readonly aspectRatio: number;
  /** n_1 … n_L; Infinity for a layer that is wider than all else. */
  readonly widths: readonly number[];
  /** C from 2 to 1e7, or Infinity. */
  readonly classes: number;
  /** s², of a logit; up to 4. Says nothing under squared error. */
  readonly logitVariance: number;
}

/** @param sizes whether the limits of infinite sizes are known to the caller */
export function requireNetwork(
  caller: string,
  { loss, dimension, aspectRatio, widths, classes, logitVariance }: DeepNetwork,
  sizes: 'any' | 'finite' = 'any',
): void {
  if (sizes === 'finite' && [dimension, classes, ...widths].includes(Infinity))
    throw new UsageError(
      `${caller}: dimension, widths and classes must be finite, got ${[dimension, ...widths, classes].join(', ')}`,
    );
  requireWord(caller, 'loss', loss, losses);
  if (dimension !== Infinity) requirePositiveInteger(caller, 'dimension', dimension);
  requirePositive(caller, 'aspectRatio', aspectRatio);
  if (aspectRatio > dimension)
    throw new UsageError(
      `${caller}: aspectRatio must be d/N with N of at least 1, so at most dimension = ${dimension}, got ${aspectRatio}`,
    );
  if (widths.length < 1) throw new UsageError(`${caller}: widths must name at least one hidden layer, got none`);
  for (const width of widths)
    if (width !== Infinity && !(Number.isSafeInteger(width) && width >= 2))
      throw new UsageError(`${caller}: widths must be whole numbers of at least 2, or Infinity, got ${width}`);
  requireClasses(caller, classes);
  if (classes > 1e7 && classes !== Infinity)
    throw new UsageError(`${caller}: classes must be at most 1e7, or Infinity, got ${classes}`);
  requireLogitVariance(caller, logitVariance);
}

/** Of a unit's layer and of the inputs, from which on |h|² and |x|² deviate by less than themselves: Var |h|² = 5/n, Var |x|² = 2/d. */
const [leastWidth, leastDimension] = [6, 3] as const;

/** @throws UsageError for sizes at which the terms of order 1/width have no meaning */
export function requireFluctuations(caller: string, { widths, dimension }: DeepNetwork): void {
  const narrow = widths.find((width) => width < leastWidth);
  const [name, size, least] =
    narrow === undefined ? ['dimension', dimension, leastDimension] : ['widths', narrow, leastWidth];
  if (size < least)
    throw new UsageError(
      `${caller}: ${name} must be at least ${least}, got ${size}: below that what layers deviate by is as large as they are, and no order in 1/width means anything; draw such a network (limitlaw sample)`,
    );
}
