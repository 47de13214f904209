import { UsageError } from '../../../theory/errors.js';
import type { StatedLaw } from '../law/ensemble.js';
import type { FittedParameter } from './fittedParameter.js';

export interface RatioOptions {
  readonly samples?: number | undefined;
  readonly centred?: boolean | undefined;
  readonly aspectRatio?: number | undefined;
  readonly weightsFile?: string | undefined;
  readonly fit?: readonly FittedParameter[] | undefined;
  readonly law?: StatedLaw | undefined;
}

/**
 * d/N as given, or from N (N − 1 where the mean was subtracted); undefined when nothing tells it.
 * @param order of the matrix, with directions that were taken out
 * @throws UsageError where it is told twice, or both told and fitted
 */
export function statedRatio(
  order: number,
  { samples, centred = false, aspectRatio, weightsFile, fit, law }: RatioOptions,
): number | undefined {
  if (samples === undefined) {
    if (centred) throw new UsageError('--centred leaves N − 1 degrees of freedom: give N with --samples.');
    return aspectRatio;
  }
  if (weightsFile !== undefined)
    throw new UsageError(
      '--weights-file tells N, a weight for each sample: leave --samples out. The Gram matrix of --data has equal weights; give a weighted one with --matrix.',
    );
  requireOneN(samples, aspectRatio);
  if (fit?.includes('aspect-ratio') === true)
    throw new UsageError(
      `--fit aspect-ratio contradicts N = ${samples}: it is fitted or given. Leave one of them out.`,
    );
  if (centred && samples < 2) throw new UsageError(`--centred leaves N − 1 degrees of freedom, got N = ${samples}.`);
  if (law?.takesAspectRatio === false)
    throw new UsageError('--samples says nothing of this law, which has no samples. Leave it out.');
  return order / (law?.copies ?? 1) / (centred ? samples - 1 : samples);
}

/** @throws UsageError where N is told twice */
export function requireOneN(samples: number | undefined, aspectRatio: number | undefined): void {
  if (samples !== undefined && aspectRatio !== undefined)
    throw new UsageError('--samples and --aspect-ratio both tell N. Keep one of them.');
}

/** @throws UsageError for what is no d/N */
export function requireAspectRatio(aspectRatio: number): void {
  if (!(aspectRatio > 0 && Number.isFinite(aspectRatio)))
    throw new UsageError(`--aspect-ratio must be a positive number, got ${aspectRatio}. It is d/N.`);
}

/**
 * N, the nearest whole number; NaN for a law without an aspect ratio, whose ratio is NaN.
 * @throws UsageError where none is left, as of N/d in place of d/N
 */
export function samplesAt(dimension: number, aspectRatio: number): number {
  const samples = Math.round(dimension / aspectRatio);
  if (samples < 1)
    throw new UsageError(
      `compare: ${dimension} dimensions at an aspect ratio of ${aspectRatio} leave less than one sample. --aspect-ratio is d/N, not N/d.`,
    );
  return samples;
}
