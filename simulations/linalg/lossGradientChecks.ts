/** Checks of a network and its batches that every backend makes, in the same words. */
import { UsageError } from '../../theory/errors.js';
import type { LossGradientRequest, Parameters, SampleSet } from '../contracts.js';
import { checkLength, checkSize } from './checks.js';

export function checkNetwork({ dimension, samples, classes, inputs, labels }: LossGradientRequest): void {
  checkSize('dimension', dimension);
  checkSize('samples', samples);
  checkSize('classes', classes);
  checkLength('inputs', inputs, samples * dimension, `${samples} rows of ${dimension}`);
  if (labels.length !== samples)
    throw new UsageError(`labels must hold one class a sample, ${samples}, got ${labels.length}`);
  const wrong = labels.findIndex((label) => label < 0 || label >= classes);
  if (wrong >= 0)
    throw new UsageError(`labels[${wrong}] must be a class from 0 to ${classes - 1}, got ${labels[wrong]}`);
}

export function checkParameters(
  { dimension, classes, units }: LossGradientRequest,
  { hiddenLayer, readout }: Parameters,
): void {
  const width = units === 0 ? dimension : units;
  checkLength('hiddenLayer', hiddenLayer, units * dimension, `${units} rows of ${dimension}`);
  checkLength('readout', readout, classes * width, `${classes} rows of ${width}`);
}

/** @returns the number of samples in the batch */
export function checkBatch(batch: SampleSet, samples: number): number {
  const outside = (n: number): boolean => !Number.isInteger(n) || n < 0 || n >= samples;
  const count = batch instanceof Int32Array ? batch.length : batch.count;
  if (!(count >= 1)) throw new UsageError(`a batch must hold at least one sample, got ${count}`);
  const wrong =
    batch instanceof Int32Array ? batch.find(outside) : [batch.start, batch.start + count - 1].find(outside);
  if (wrong !== undefined) throw new UsageError(`a batch must hold samples from 0 to ${samples - 1}, got ${wrong}`);
  return count;
}
