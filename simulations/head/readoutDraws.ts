import { pivotedCholesky } from '../linalg/pivotedCholesky.js';
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
 * a factor of their Gram matrix times a normal vector, of as many entries as the matrix has rank. Sums are in units of 1/τ². Same
 * seed, same numbers, on any backend up to rounding.
 *
 * @param gram τ h_n·h_m, N×N
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
  const { factor: features, rank } = pivotedCholesky(gram, samples);
  const workspace = backend.createHeadWorkspace(rank, samples);
  const readout = new Float64Array(classes * rank);
  const rows = rowsInMemory(readout, classes, rank);
  return Array.from({ length: draws }, (_, draw) => {
    randomStream(seed, 'head-readout', draw).fillNormals(readout);
    const { all } = headSums({ features, samples, dimension: rank, rows, backend, workspace });
    return { diagonal: all.diagonal, offDiagonal: all.offDiagonal };
  });
}
