import { UsageError } from '../../../theory/errors.js';
import type { RandomStream, Workspace } from '../../contracts.js';

/** One stream for all replicates, or (so that any replicate can be drawn alone) one for each. */
export type StreamSource = RandomStream | ((replicate: number) => RandomStream);

export interface NullSettings {
  readonly workspace: Workspace;
  /** The N weights as drawn. */
  readonly weights: Float64Array;
  readonly replicates: number;
  readonly stream: StreamSource;
}

/**
 * Spectra of (1/N) Σ a_n x_n x_nᵀ with the given weights and fresh Gaussian inputs, R of d eigenvalues each: the null
 * "the law given the drawn weights" with nothing asymptotic in it.
 */
export function nullSpectra({ workspace, weights, replicates, stream }: NullSettings): Float64Array[] {
  if (!Number.isInteger(replicates) || replicates < 1) {
    throw new UsageError(`nullSpectra: replicates must be a positive integer, got ${replicates}`);
  }
  if (weights.length !== workspace.samples) {
    throw new UsageError(
      `nullSpectra: weights must be as many as the workspace's samples (${workspace.samples}), got ${weights.length}`,
    );
  }
  return Array.from({ length: replicates }, (_, replicate) => {
    workspace.drawInputs(typeof stream === 'function' ? stream(replicate) : stream);
    return workspace.eigenvalues(weights).slice();
  });
}
