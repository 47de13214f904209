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
 * Spectra of (1/N) Σ a_n x_n x_nᵀ with the given weights and fresh Gaussian inputs, one at a time: the null "the law
 * given the drawn weights" with nothing asymptotic in it. The array handed out belongs to the caller.
 */
export function* eachNullSpectrum({ workspace, weights, replicates, stream }: NullSettings): Generator<Float64Array> {
  if (!Number.isInteger(replicates) || replicates < 1) {
    throw new UsageError(`nullSpectra: replicates must be a positive integer, got ${replicates}`);
  }
  if (weights.length !== workspace.samples) {
    throw new UsageError(
      `nullSpectra: weights must be as many as the workspace's samples (${workspace.samples}), got ${weights.length}`,
    );
  }
  for (let replicate = 0; replicate < replicates; replicate++) {
    workspace.drawInputs(typeof stream === 'function' ? stream(replicate) : stream);
    yield workspace.eigenvalues(weights).slice();
  }
}

/** All of them: R × d numbers. For statistics only, `nullStatistics` holds one spectrum at a time. */
export function nullSpectra(settings: NullSettings): Float64Array[] {
  return [...eachNullSpectrum(settings)];
}

/** The named statistics of null spectra, one array of R values for each name. */
export function nullStatistics<Name extends string>(
  settings: NullSettings,
  statistics: (eigenvalues: Float64Array) => Record<Name, number>,
): Record<Name, Float64Array> {
  const columns = {} as Record<Name, Float64Array>;
  let replicate = 0;
  for (const eigenvalues of eachNullSpectrum(settings)) {
    const values = statistics(eigenvalues);
    for (const name of Object.keys(values) as Name[]) {
      columns[name] ??= new Float64Array(settings.replicates);
      columns[name][replicate] = values[name];
    }
    replicate++;
  }
  return columns;
}
