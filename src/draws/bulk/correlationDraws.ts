import { whiteCorrelation } from '../../../simulations/comparisons/index.js';
import type { Backend, Workspace } from '../../../simulations/contracts.js';
import type { BulkDraws } from './bulkNull.js';

/**
 * Correlation matrices of independent variables. Their d variances are divided out, so that the trace does not fluctuate and
 * the bulk lies otherwise than that of a covariance matrix by O(1) rank: with draws of those a shape is rejected two to three
 * times too often at 0.01, and a spike too seldom.
 */
export function correlationDraws(backend: Backend, rank: number): BulkDraws {
  let workspace: Workspace | undefined;
  return {
    name: 'correlation',
    // A draw costs a matrix.
    usualReplicates: rank <= 125 ? 1999 : rank <= 300 ? 999 : 399,
    draw(stream, dimension, degrees) {
      const samples = Math.min(dimension, degrees);
      if (workspace?.dimension !== dimension || workspace.samples !== samples)
        workspace = backend.createWorkspace(dimension, samples);
      return whiteCorrelation(stream, workspace, degrees);
    },
  };
}
