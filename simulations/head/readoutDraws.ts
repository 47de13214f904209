import { choleskyFactor } from '../inputs/index.js';
import { randomStream } from '../random/index.js';
import type { Backend } from '../contracts.js';
import { headSums } from './headSums.js';
import { rowsInMemory } from './rowSource.js';

/** Sums over blocks of one draw, all pairs of samples. */
export interface DrawnSums {
  readonly diagonal: number;
  readonly offDiagonal: number;
}

/**
 * Heads with V iid N(0, τI), independent of the features, which are given by τ h_n·h_m alone: logits of a class are the rows of
 * its Cholesky factor times a normal vector, of as many entries as there are samples. Sums are in units of 1/τ². Same seed, same
 * numbers, on any backend up to rounding.
 *
 * @param gram τ h_n·h_m, N×N
 * @throws UsageError for a Gram that is not positive semidefinite
 */
export function readoutDraws({
  gram,
  samples,
  classes,
  draws,
  seed,
  backend,
}: {
  readonly gram: Float64Array;
  readonly samples: number;
  readonly classes: number;
  readonly draws: number;
  readonly seed: string;
  readonly backend: Backend;
}): DrawnSums[] {
  const features = choleskyFactor(gram, samples);
  const workspace = backend.createHeadWorkspace(samples, samples);
  const readout = new Float64Array(classes * samples);
  const rows = rowsInMemory(readout, classes, samples);
  return Array.from({ length: draws }, (_, draw) => {
    randomStream(seed, 'head-readout', draw).fillNormals(readout);
    const { all } = headSums({ features, samples, dimension: samples, rows, backend, workspace });
    return { diagonal: all.diagonal, offDiagonal: all.offDiagonal };
  });
}
