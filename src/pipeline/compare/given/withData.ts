/** What a data matrix tells about its spectrum, beside what the options say. */
import { UsageError } from '../../../../theory/errors.js';
import { dimensionOf, type GivenSpectrum } from '../givenSpectrum.js';

interface SamplesOptions {
  readonly samples?: number | undefined;
  readonly centred?: boolean | undefined;
  readonly aspectRatio?: number | undefined;
}

/**
 * N and whether the mean was subtracted, as the data have them.
 * @throws UsageError for options that say otherwise
 */
export function withData<Options extends SamplesOptions>(options: Options, spectrum: GivenSpectrum): Options {
  const { samples, centred = false } = spectrum;
  if (samples === undefined) return options;
  if (options.samples !== undefined && options.samples !== samples)
    throw new UsageError(`--samples ${options.samples} contradicts --data, which has ${samples} rows. Leave it out.`);
  if (options.centred === true && !centred)
    throw new UsageError(
      '--centred is for a spectrum; --data with --centre has its mean subtracted here. Say --centre.',
    );
  const ratio = dimensionOf(spectrum) / (centred ? samples - 1 : samples);
  if (options.aspectRatio !== undefined && Math.abs(options.aspectRatio / ratio - 1) > 0.01)
    throw new UsageError(
      `--aspect-ratio ${options.aspectRatio} contradicts --data, whose ${dimensionOf(spectrum)} columns and ${samples} rows make ${ratio.toPrecision(4)}. Leave it out.`,
    );
  return { ...options, aspectRatio: undefined, samples, centred };
}
