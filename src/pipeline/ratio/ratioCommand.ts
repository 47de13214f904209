import { UsageError } from '../../../theory/errors.js';
import { headModel } from '../../../theory/names.js';
import { verifiedModelChoice } from '../options/modelOptions.js';
import { aspectRatioOf, classCount, listOf } from '../options/textOptions.js';
import type { DeepReport } from './deepRatio.js';
import { rowOf, type RatioCommandOptions, type RatioReport } from './ratioReport.js';

/**
 * Answers `limitlaw ratio`: ratios of expected squared Frobenius norms, off-diagonal over diagonal, at each number of
 * classes, of a model, a head or a deep network at initialisation.
 * @throws UsageError for options that are missing, contradict each other or do not parse.
 */
export async function ratioCommand(options: RatioCommandOptions): Promise<RatioReport | DeepReport> {
  if (options.model === headModel) {
    const { headRatio } = await import('./headRatio.js');
    return headRatio(options);
  }
  if (options.model === 'deep') {
    const { deepRatio } = await import('./deepRatio.js');
    return deepRatio(options);
  }
  return modelRatio(options);
}

async function modelRatio(options: RatioCommandOptions): Promise<RatioReport> {
  for (const name of ['features', 'covariance', 'dimension'] as const)
    if (options[name] !== undefined)
      throw new UsageError(`--${name} is for --model ${headModel}: leave it out, or add --model ${headModel}`);
  const chosen = { ...verifiedModelChoice(options), aspectRatio: aspectRatioOf(options.aspectRatio) };
  if (options.classes === undefined) throw new UsageError('--classes must be given, e.g. --classes 2,10,100,inf');
  const counts = listOf('--classes', options.classes, classCount);
  const { frobeniusRatio } = await import('../../../theory/models/frobeniusRatio.js');
  const results = counts.map((classes) => ({ classes, ...frobeniusRatio({ ...chosen, classes }) }));
  const { exponent, reason } = results[0];
  return {
    kind: 'ratio',
    aspectRatio: chosen.aspectRatio,
    exponent,
    rows: results.map(rowOf),
    ...(reason === undefined ? {} : { note: reason }),
  };
}
