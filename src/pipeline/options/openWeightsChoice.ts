import { UsageError } from '../../../theory/errors.js';
import { takesSetting, type Model } from '../../../theory/names.js';
import { finiteNumber } from './textOptions.js';
import { wholeNumber } from './wholeNumber.js';

const largestDimension = 1e6;

/** As text: ξ of a block of a deep model, or 'all' (see `deepOpenWeights`); or its weights over the samples that are open. */
export interface OpenWeightsText {
  readonly signal?: string | undefined;
  readonly openMean?: string | undefined;
  readonly openDeviation?: string | undefined;
  readonly openShare?: string | undefined;
  /** d, on which blocks above the first layer depend. */
  readonly inputDimension?: string | undefined;
}

export interface OpenWeightsChoice {
  readonly signal?: number | 'all';
  readonly open?: { readonly mean: number; readonly deviation: number };
  readonly openShare?: number;
  readonly dimension?: number;
}

/**
 * What is known of the weights of one block of a deep model.
 * @throws UsageError for options that do not parse, contradict each other or say nothing of the model
 */
export function openWeightsChoice(
  model: Model,
  { signal, openMean, openDeviation, openShare, inputDimension }: OpenWeightsText,
): OpenWeightsChoice {
  const given = {
    '--signal': signal,
    '--open-mean': openMean,
    '--open-deviation': openDeviation,
    '--open-share': openShare,
    '--input-dimension': inputDimension,
  };
  const first = Object.entries(given).find(([, text]) => text !== undefined)?.[0];
  if (first === undefined) return {};
  if (!takesSetting(model, 'widths')) throw new UsageError(`${first} is for --model deep: leave it out`);
  if ((openMean === undefined) !== (openDeviation === undefined))
    throw new UsageError('--open-mean and --open-deviation say together what the weights are: give both');
  if (openMean !== undefined && signal !== undefined)
    throw new UsageError('--signal and --open-mean both say what the weights are: give one of them');
  const share = {
    ...(openShare === undefined ? {} : { openShare: finiteNumber('--open-share', openShare) }),
    ...(inputDimension === undefined
      ? {}
      : { dimension: wholeNumber('--input-dimension', inputDimension, 1, largestDimension) }),
  };
  if (openMean !== undefined && openDeviation !== undefined) {
    const [mean, deviation] = [finiteNumber('--open-mean', openMean), finiteNumber('--open-deviation', openDeviation)];
    if (deviation < 0) throw new UsageError(`--open-deviation must be at least 0, got '${openDeviation}'`);
    return { open: { mean, deviation }, ...share };
  }
  if (signal === undefined && openShare !== undefined)
    throw new UsageError('--open-share goes with --signal, or --open-mean and --open-deviation: add one');
  if (signal === undefined) return share;
  if (signal !== 'all') return { signal: finiteNumber('--signal', signal), ...share };
  if (openShare !== undefined) throw new UsageError('--open-share says nothing to --signal all: leave it out');
  return { signal, ...share };
}
