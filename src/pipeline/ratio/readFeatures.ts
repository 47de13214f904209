import { basename } from 'node:path';
import { UsageError } from '../../../theory/errors.js';
import { readArrayFile } from '../../store/formats/index.js';

/** Of so many samples h_n·h_m take 0.5 GB. */
const largestSamples = 8192;

/**
 * h_n·h_m of the features in a file, N×D.
 * @throws UsageError for another shape, numbers that are not finite, or too many samples
 */
export function readFeatures(path: string): { gram: Float64Array; samples: number; dimension: number } {
  const { shape, data } = readArrayFile(path);
  const source = basename(path);
  if (shape.length !== 2 || shape[0] === 0 || shape[1] === 0)
    throw new UsageError(
      `--features ${source}: features of N samples, N×D, are needed, the file holds an array of shape (${shape.join(', ')}). Give h.reshape(-1, D).`,
    );
  const [samples, dimension] = shape as [number, number];
  if (samples > largestSamples)
    throw new UsageError(
      `--features ${source}: at most ${largestSamples} samples are taken at once, the file holds ${samples}. Give some of its rows, chosen at random.`,
    );
  const bad = data.findIndex((value) => !Number.isFinite(value));
  if (bad >= 0)
    throw new UsageError(
      `--features ${source}: finite numbers are needed, row ${Math.floor(bad / dimension)} (from 0) holds ${data[bad]}.`,
    );
  const gram = new Float64Array(samples * samples);
  for (let n = 0; n < samples; n++)
    for (let m = 0; m <= n; m++) {
      let sum = 0;
      for (let k = 0; k < dimension; k++) sum += data[n * dimension + k]! * data[m * dimension + k]!;
      gram[n * samples + m] = gram[m * samples + n] = sum;
    }
  return { gram, samples, dimension };
}
