/**
 * Squared Frobenius norms of all C² blocks of the Hessian of a softmax head, exactly, from N×N matrices.
 *
 * Logits f = V h + b with V of C×D, p = softmax(f). The Hessian of the mean cross-entropy in V has the blocks
 * H_ij = (1/N) Σ_n p_i (δ_ij − p_j) h_n h_nᵀ, D×D, whatever the targets. With K_nm = (h_n·h_m)² and P of N×C
 *
 *   Σ_i ‖H_ii‖²    = (1/N²) Σ_nm K_nm Σ_i a_i(n) a_i(m),                        a = p(1 − p)
 *   Σ_{i≠j}‖H_ij‖² = (1/N²) Σ_nm K_nm [(p(n)·p(m))² − p²(n)·p²(m)],
 *
 * so that passes over V by tiles make all that is needed, and nothing of size C×D or C² is held; of the C×N logits as many as 256 MB hold.
 */
import { UsageError } from '../../theory/errors.js';
import type { Backend, HeadWorkspace } from '../contracts.js';
import { KeptLogits } from './keptLogits.js';
import { findNormaliser, givenNormaliser } from './normaliser.js';
import { numberedGroups } from './numberedGroups.js';
import { takeOverlaps } from './overlaps.js';
import type { PairTotals } from './pairTotals.js';
import type { RowSource } from './rowSource.js';
import { rowSums, type RowSums } from './rowSums.js';
import { samplePairs } from './samplePairs.js';

export interface HeadRequest {
  /** h, N×D, one sample a row. */
  readonly features: Float64Array;
  readonly samples: number;
  readonly dimension: number;
  /** V, C×D. */
  readonly rows: RowSource;
  /** Added to the logits, C numbers. */
  readonly bias?: Float64Array | undefined;
  /** log Σ_c e^(f_c) of each sample, where it is known: one pass over V less. */
  readonly logNormaliser?: Float64Array | undefined;
  /** Samples with the same number depend on each other (positions of one sequence). Default: none do. */
  readonly groups?: ArrayLike<number> | undefined;
  /** Sums of each row of blocks too: a third pass over V. */
  readonly perRow?: boolean | undefined;
  readonly backend: Backend;
  /** For the same N and D, to be used again; else one is made. */
  readonly workspace?: HeadWorkspace | undefined;
}

export interface HeadSums {
  readonly samples: number;
  readonly dimension: number;
  readonly classes: number;
  /** Number of groups; N where no sample depends on another. */
  readonly groups: number;
  /** All N² pairs. `diagonal / pairs` is Σ_i ‖H_ii‖², `offDiagonal / pairs` is Σ_{i≠j} ‖H_ij‖² of these samples' Hessian. */
  readonly all: PairTotals;
  /**
   * Pairs from different groups (n ≠ m where there are none): the same quotients are unbiased for the population's Hessian. No
   * pairs where there is one group only.
   */
  readonly between: PairTotals;
  /** `between` without each group: for `jackknife`. */
  readonly withoutGroup: readonly PairTotals[];
  /** (1/N) Σ_n p(n), C probabilities. */
  readonly meanPrediction: Float64Array;
  /** log Σ_c e^(f_c) of each sample. */
  readonly logNormaliser: Float64Array;
  /** Σ_c p_c of each sample, as added up. */
  readonly mass: Float64Array;
  /** Largest |Σ_c p_c − 1| over samples: rounding, or what a given normaliser is off. */
  readonly massDefect: number;
  /** h_n·h_m, N×N. */
  readonly gram: Float64Array;
  readonly perRow?: RowSums;
}

/**
 * Relative accuracy of the sums: a few units of rounding times √C, 1e-13 at C = 30. Where one class has nearly all mass at every
 * sample, p(n)·p(m) squared and p²(n)·p²(m) cancel: an error of 1e-16 of K then stands against a sum as small as 1 − p.
 *
 * @throws UsageError for arrays of the wrong length; NumericalError for logits that are not finite.
 */
export function headSums(request: HeadRequest): HeadSums {
  const { features, samples, dimension, rows, bias, logNormaliser, backend } = request;
  checkRequest(request);
  const workspace = request.workspace ?? backend.createHeadWorkspace(dimension, samples);
  workspace.features.set(features);
  workspace.takeFeatures();
  const readout = { rows, bias, kept: new KeptLogits(workspace, rows.rows) };
  const normaliser = logNormaliser === undefined ? findNormaliser(workspace, readout) : givenNormaliser(logNormaliser);
  const { meanPrediction, mass } = takeOverlaps(workspace, readout, normaliser);
  const gram = fullGram(workspace);
  const { group, groups } = numberedGroups(request.groups, samples);
  const pairs = samplePairs(workspace, group, groups);
  return {
    samples,
    dimension,
    classes: rows.rows,
    groups,
    all: pairs.all,
    between: pairs.between,
    withoutGroup: pairs.withoutGroup,
    meanPrediction,
    logNormaliser: normaliser.logNormaliser,
    mass,
    massDefect: mass.reduce((worst, each) => Math.max(worst, Math.abs(each - 1)), 0),
    gram,
    ...(request.perRow === true ? { perRow: rowSums(workspace, readout, normaliser, group) } : {}),
  };
}

function checkRequest({
  features,
  samples,
  dimension,
  rows,
  bias,
  logNormaliser,
  groups,
  workspace,
}: HeadRequest): void {
  const need = (name: string, length: number | undefined, wanted: number, meaning: string): void => {
    if (length !== undefined && length !== wanted)
      throw new UsageError(`headSums: ${name} must hold ${wanted} numbers (${meaning}), got ${length}`);
  };
  need('features', features.length, samples * dimension, `${samples} rows of ${dimension}`);
  need('a row of V', rows.dimension, dimension, 'as many as a feature vector has');
  need('bias', bias?.length, rows.rows, 'one a class');
  need('logNormaliser', logNormaliser?.length, samples, 'one a sample');
  need('groups', groups?.length, samples, 'one a sample');
  need('features of the workspace', workspace?.features.length, samples * dimension, `${samples} rows of ${dimension}`);
}

function fullGram({ samples, matrixRow, matrices: { gram } }: HeadWorkspace): Float64Array {
  const full = new Float64Array(samples * samples);
  for (let n = 0; n < samples; n += 1)
    for (let m = 0; m <= n; m += 1) {
      full[n * samples + m] = gram[n * matrixRow + m]!;
      full[m * samples + n] = gram[n * matrixRow + m]!;
    }
  return full;
}
