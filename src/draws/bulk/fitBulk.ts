/**
 * A white bulk beside spikes: the noise variance of (1/N) Σ x_n x_nᵀ, its aspect ratio where N is not known, and how many
 * eigenvalues stand apart, with p-values and intervals that hold at this size.
 */
import { UsageError } from '../../../theory/errors.js';
import type { NullReference, NullTable } from '../../../simulations/comparisons/index.js';
import { estimateBulk, type BulkEstimate } from './estimateBulk.js';
import { bulkNull, usualReplicates, type BulkDraws, type BulkNull } from './bulkNull.js';
import { nonZeroPart, type GivenDegrees } from './degreesOfFreedom.js';
import { bulkScales } from './bulkScales.js';
import { searchLimit } from './bulkPath.js';

/** What is known of the matrix, and how the fit is tested. */
export interface FitBulkOptions extends GivenDegrees {
  /** σ², where it is known. */
  readonly variance?: number | undefined;
  /** Chance that each of the three tests (above, below, shape) rejects a bulk that is nothing else. 0.01. */
  readonly level?: number;
  /** Draws of the bulk; as many as `usualReplicates`. */
  readonly replicates?: number;
  readonly seed?: string;
  /** Draws made before, by `nullTableKey`; those made are added. */
  readonly tables?: Map<string, NullTable> | undefined;
  /** Of the matrix, where it is not (1/N) Σ x xᵀ itself. */
  readonly draws?: BulkDraws | undefined;
  /** Or draws at hand, of these sizes. */
  readonly null?: BulkNull | undefined;
}

/** A fit with its tests, or why the spectrum is not of this law. */
export type BulkFit = {
  readonly zeros: number;
  readonly notes: readonly string[];
} & (
  | ({ readonly status: 'bulk' } & BulkEstimate)
  /** No count and no variance is worth quoting. */
  | { readonly status: 'not this law'; readonly reason: string; readonly tests?: BulkEstimate['tests'] }
);

/** A bulk of fewer has no middle. */
export const fewestEigenvalues = 20;
/** With nothing to fit. */
const fewestKnown = 4;

/**
 * Fits σ² (and d/N, without `samples` and when no zeros tell it) to the middle ranks of the non-zero eigenvalues, re-ranked
 * after each that is taken off; counts as spikes above all up to the k-th largest, k the last whose score exceeds what the
 * largest score of a bulk's whole path does with chance `level`, so that strong spikes cannot hide weaker ones; then those
 * below; then σ² once more with the bulk's places moved by spikes of the strength found.
 *
 * Valid for independent entries with a fourth moment and N(0, 1)-like tails, from 20 non-zero eigenvalues, fewer than 40 % of
 * them spikes. Accuracy: docs/tables/fit.md. Spikes within twice the threshold 1 + √(d/N) are seen in part, and those not
 * seen inflate σ².
 *
 * @param eigenvalues in any order, all d of them, zeros included
 * @throws UsageError for fewer than 20 non-zero eigenvalues (4 where σ² and N are known), one that is not finite, or an option
 * out of range
 */
export function fitBulk(eigenvalues: Float64Array, options: FitBulkOptions = {}): BulkFit {
  requireOptions(eigenvalues, options);
  return fitOf(estimateOf(eigenvalues, options), options.level);
}

/** Before it is said whether the bulk is of the law. */
export type EstimatedBulk<Kind extends Calibration = Calibration> = {
  readonly zeros: number;
  readonly notes: readonly string[];
} & (
  | { readonly impossible: string }
  | {
      readonly impossible: undefined;
      readonly estimate: BulkEstimate;
      /** Eigenvalues between 0 and the bulk where d > N. */
      readonly unreachable: number;
      /** How many may stand apart. */
      readonly limit: number;
      readonly calibration: Kind;
    }
);

/** What draws say of the statistics that several spectra have a mean of. */
export interface Calibration {
  readonly shape: NullReference;
  readonly scales: Float64Array;
  /** Where the ratio is fitted. */
  readonly ratios?: Float64Array;
}

export function fitOf(found: EstimatedBulk, level = 0.01): BulkFit {
  const { zeros, notes } = found;
  if (found.impossible !== undefined) return { status: 'not this law', reason: found.impossible, zeros, notes };
  const { estimate } = found;
  const reason = whyNotThisLaw(estimate, { ...found, level });
  return reason === undefined
    ? { status: 'bulk', ...estimate, zeros, notes }
    : { status: 'not this law', reason, tests: estimate.tests, zeros, notes };
}

/** @throws UsageError for fewer eigenvalues that are not zero than can be fitted */
export function estimateOf(eigenvalues: Float64Array, options: FitBulkOptions): EstimatedBulk<BulkNull> {
  const { level = 0.01, variance } = options;
  const part = nonZeroPart(eigenvalues.slice().sort(), options);
  const { zeros, notes, impossible, dimension, degrees } = part;
  if (impossible !== undefined) return { impossible, zeros, notes };
  const rank = part.values.length;
  const longer = degrees === undefined ? undefined : Math.max(dimension, degrees);
  requireEnough(rank, longer !== undefined && variance !== undefined);
  const wide = degrees !== undefined && dimension > degrees;
  // In units of σ² W/m, m the longer side.
  const unit = degrees === undefined ? 1 : degrees / longer!;
  const values = part.values.map((value) => value * unit);
  const calibration = options.null ?? nullFor(values, longer, wide, options);
  const estimate = estimateBulk({ values, degrees: longer, wide, unit, variance, level, calibration });
  return {
    impossible: undefined,
    estimate,
    unreachable: wide ? estimate.below.length : 0,
    limit: searchLimit(rank),
    calibration,
    zeros,
    notes: [...notes, ...tieNotes(part.values)],
  };
}

function requireEnough(rank: number, allIsKnown: boolean): void {
  if (rank >= (allIsKnown ? fewestKnown : fewestEigenvalues)) return;
  throw new UsageError(
    `a bulk needs at least ${fewestEigenvalues} eigenvalues that are not zero to be fitted, got ${rank}${rank < fewestKnown ? '' : '. What is known can be tested: give --samples N and --noise-variance'}.`,
  );
}

/** @param limit how many may stand apart */
function whyNotThisLaw(
  { tests, limitReached }: BulkEstimate,
  { unreachable, level, limit }: { readonly unreachable: number; readonly level: number; readonly limit: number },
): string | undefined {
  if (limitReached)
    return `eigenvalues stand apart up to the limit of the search, ${limit} of them: there is no bulk of this law`;
  if (unreachable > 0)
    return `${unreachable} of the eigenvalues that are not zero ${unreachable === 1 ? 'lies' : 'lie'} between zero and the bulk, where no direction of x puts one when d > N`;
  if (tests.shape <= level)
    return `the bulk has not the shape of the law (p = ${tests.shape.toPrecision(2)}), so that neither its variance nor a count of spikes means anything`;
  return undefined;
}

/** Of this size; a ratio not known is taken from a fit that spikes hardly move. */
function nullFor(values: Float64Array, longer: number | undefined, wide: boolean, options: FitBulkOptions): BulkNull {
  const rank = values.length;
  const { variance, draws, replicates = draws?.usualReplicates ?? usualReplicates(rank), seed = '1', tables } = options;
  return bulkNull(
    {
      rank,
      degrees: longer ?? roughDegrees(values, variance),
      knowsDegrees: longer !== undefined,
      knowsVariance: variance !== undefined,
      replicates,
      seed,
      draws,
      wide,
    },
    tables,
  );
}

function roughDegrees(values: Float64Array, variance: number | undefined): number {
  const rank = values.length;
  const fits = bulkScales(rank, { variance }).scalesOf(values, Math.max(1, Math.floor(searchLimit(rank) / 3)));
  return Math.max(rank, Math.round(fits.at(-1)!.degrees));
}

/** @throws UsageError for what is no chance of a false alarm, or would be too large a one */
export function requireLevel(level: number): void {
  if (!(level > 0 && level < 0.5)) throw new UsageError(`the level must lie between 0 and 0.5, got ${level}`);
}

export function requireOptions(
  eigenvalues: Float64Array,
  { variance, samples, level = 0.01, replicates = usualReplicates(0) }: FitBulkOptions,
): void {
  const bad = eigenvalues.findIndex((value) => !Number.isFinite(value));
  if (bad >= 0)
    throw new UsageError(`fitBulk: every eigenvalue must be finite, but number ${bad} is ${eigenvalues[bad]}`);
  if (variance !== undefined && !(variance > 0 && Number.isFinite(variance)))
    throw new UsageError(`the noise variance must be a positive number, got ${variance}`);
  if (samples !== undefined && !(Number.isInteger(samples) && samples > 0))
    throw new UsageError(`the number of samples must be a positive whole number, got ${samples}`);
  requireLevel(level);
  if (!(Number.isInteger(replicates) && replicates >= 99))
    throw new UsageError(`a fit needs at least 99 draws of the bulk, got ${replicates}. 999 is a good number.`);
}

export function tieNotes(values: Float64Array): string[] {
  let ties = 0;
  for (let i = 1; i < values.length; i++) if (values[i]! - values[i - 1]! <= 1e-9 * values[i]!) ties++;
  return ties > 0.05 * values.length
    ? [`${ties} eigenvalues equal their neighbours: this is no generic draw, or it was rounded.`]
    : [];
}
