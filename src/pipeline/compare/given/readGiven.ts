/** The door: what the options name, read and checked. */
import type { Backend } from '../../../../simulations/contracts.js';
import type { GivenSpectrum } from '../givenSpectrum.js';
import { requireOneSource, type GivenOptions } from './givenOptions.js';
import { readData } from './readData.js';
import { readEigenvalues } from './readEigenvalues.js';
import { readMatrix } from './readMatrix.js';

/**
 * @throws UsageError unless one source is given, and for anything in it that cannot be what it is given as: with the
 * place, the rule and the remedy.
 */
export function readGiven(options: GivenOptions, backend: Backend): GivenSpectrum {
  requireOneSource(options);
  if (options.eigenvalues !== undefined) return readEigenvalues(options.eigenvalues, options);
  if (options.matrix !== undefined) return readMatrix(options.matrix, backend, options);
  return readData(options.data!, backend, options);
}
