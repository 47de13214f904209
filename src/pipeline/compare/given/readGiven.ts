/** The door: what the options name, read and checked. */
import type { Backend } from '../../../../simulations/contracts.js';
import type { GivenSpectrum } from '../givenSpectrum.js';
import { requireOneSource, type GivenOptions } from './givenOptions.js';
import { readData } from './readData.js';
import { readEigenvalues } from './readEigenvalues.js';
import { readLargest, type LargestEigenvalues } from './readLargest.js';
import { readMatrix } from './readMatrix.js';
import { readQuadrature, type Quadrature } from './readQuadrature.js';

/** A whole spectrum, or what of one is known. */
export type Given =
  | { readonly part: 'all'; readonly spectrum: GivenSpectrum }
  | { readonly part: 'largest'; readonly largest: LargestEigenvalues }
  | { readonly part: 'quadrature'; readonly quadrature: Quadrature };

/**
 * @throws UsageError unless one source is given, and for anything in it that cannot be what it is given as: with the
 * place, the rule and the remedy.
 */
export function readGiven(options: GivenOptions, backend: Backend): Given {
  requireOneSource(options);
  const { eigenvalues, matrix, ritzValues, ritzWeights, dimension, top = false } = options;
  if (ritzValues !== undefined)
    return { part: 'quadrature', quadrature: readQuadrature(ritzValues, ritzWeights!, dimension) };
  if (eigenvalues !== undefined && top) return { part: 'largest', largest: readLargest(eigenvalues, dimension) };
  return { part: 'all', spectrum: spectrumOf() };

  function spectrumOf(): GivenSpectrum {
    if (eigenvalues !== undefined) return readEigenvalues(eigenvalues, options);
    return matrix !== undefined ? readMatrix(matrix, backend, options) : readData(options.data!, backend, options);
  }
}
