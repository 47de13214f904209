/** A spectrum and no law of its weights: a white bulk is fitted, and what stands outside it counted. */
import type { SpectralLaw } from '../../../theory/contracts.js';
import { UsageError } from '../../../theory/errors.js';
import { marchenkoPastur, scaledLaw } from '../../../theory/gmp/index.js';
import {
  roundingTolerance,
  sequentialPower,
  verdictOf,
  type NullTable,
  type PowerAgainst,
  type Verdict,
} from '../../../simulations/comparisons/index.js';
import type { Backend } from '../../../simulations/contracts.js';
import { randomStream } from '../../../simulations/random/index.js';
import { bulkNull, usualReplicates } from '../../draws/bulk/bulkNull.js';
import { correlationDraws } from '../../draws/bulk/correlationDraws.js';
import type { BulkEstimate } from '../../draws/bulk/estimateBulk.js';
import type { Cause } from '../../draws/causes/cause.js';
import { fewestEigenvalues, fitBulk, type BulkFit, type FitBulkOptions } from '../../draws/bulk/fitBulk.js';
import { alternativesTo, type Alternative } from './alternatives.js';
import { dimensionOf, type GivenSpectrum } from './givenSpectrum.js';
import { histogramOf, type HistogramBin } from './histogram.js';
import type { FittedParameter } from './fittedParameter.js';
import type { HypothesisOptions } from './hypothesis.js';
import { spectrumSampler, type SpectrumSampler } from './spectrumSampler.js';

export interface BulkOptions extends Pick<HypothesisOptions, 'aspectRatio' | 'fit'> {
  /** N; or `aspectRatio`. */
  readonly samples?: number | undefined;
  readonly noiseVariance?: number | undefined;
  readonly centred?: boolean | undefined;
  readonly nullReplicates?: number | undefined;
  readonly level: number;
  readonly seed: string;
  readonly nullTables?: Map<string, NullTable> | undefined;
  readonly measuresPower?: boolean | undefined;
}

export interface BulkPower {
  readonly id: string;
  readonly alternative: string;
  readonly required: boolean;
  readonly probability: number;
  readonly draws: number;
  readonly interval: readonly [number, number];
}

export interface BulkComparison {
  readonly kind: 'bulk';
  readonly source: string;
  /** The law whose scale was fitted; undefined for white noise. */
  readonly hypothesis?: string;
  readonly dimension: number;
  /** Without a variance and counts where the bulk is not of the law. */
  readonly fit: BulkFit;
  /** N as given, or from d/N. */
  readonly samples: number | undefined;
  /** That the shape test of the bulk sees each alternative. */
  readonly powers: readonly BulkPower[];
  readonly verdict: Verdict;
  readonly reason: string;
  /** Where it is `disagree`: likeliest first, empty when it is none of those known. */
  readonly causes?: readonly Cause[];
  readonly level: number;
  readonly seed: string;
  readonly backend: string;
  readonly notes: readonly string[];
  /** Of the bulk, without what stands outside it. */
  readonly histogram: readonly HistogramBin[];
}

/** One spectrum, no law of the weights, something to fit, and enough eigenvalues for a bulk. */
export function asksForBulk(
  { spectra }: GivenSpectrum,
  {
    weights,
    weightsFile,
    law,
    fit,
  }: Pick<BulkOptions, 'fit'> & { readonly weights?: unknown; readonly weightsFile?: unknown; readonly law?: unknown },
): boolean {
  if ((weights ?? weightsFile ?? law) !== undefined || fit?.length === 0 || spectra.length > 1) return false;
  const tolerance = roundingTolerance(spectra[0]!);
  return spectra[0]!.filter((value) => Math.abs(value) > tolerance).length >= fewestEigenvalues;
}

export function compareBulk(spectrum: GivenSpectrum, options: BulkOptions, backend: Backend): BulkComparison {
  const { level, seed, centred, nullTables: tables, nullReplicates: replicates } = options;
  const eigenvalues = spectrum.spectra[0]!;
  const samples = samplesOf(spectrum, options);
  const variance =
    options.noiseVariance ?? (options.fit !== undefined && !options.fit.includes('scale') ? 1 : undefined);
  const draws = spectrum.correlation === true ? correlationDraws(backend, eigenvalues.length) : undefined;
  const settings = { samples, variance, centred, level, seed, tables, replicates, draws, roundoff: spectrum.roundoff };
  const fit = fitBulk(eigenvalues, settings);
  const powers = fit.status === 'bulk' && options.measuresPower !== false ? powersOf(fit, settings, backend) : [];
  return {
    kind: 'bulk',
    source: spectrum.description,
    dimension: eigenvalues.length,
    fit,
    samples,
    powers,
    ...judged(fit, powers, level),
    level,
    seed,
    backend: backend.name,
    notes: [...(spectrum.notes ?? []), ...fit.notes, ...(fit.status === 'bulk' ? cautions(fit) : [])],
    histogram: fit.status === 'bulk' ? bulkHistogram(eigenvalues, fit, marchenkoPastur(fit.aspectRatio)) : [],
  };
}

/** N; from d/N only where the zeros do not tell it, since a ratio has few digits. */
function samplesOf({ spectra, rank, roundoff }: GivenSpectrum, options: BulkOptions): number | undefined {
  const { samples, aspectRatio, fit } = options;
  if (samples !== undefined && aspectRatio !== undefined)
    throw new UsageError('--samples and --aspect-ratio both tell N. Keep one of them.');
  if (fit?.includes('aspect-ratio') && (samples ?? aspectRatio) !== undefined)
    throw new UsageError(
      `--fit aspect-ratio and ${samples === undefined ? `--aspect-ratio ${aspectRatio}` : `--samples ${samples}`} contradict each other: it is fitted or given. Leave one of them out.`,
    );
  if (fit !== undefined && !fit.includes('aspect-ratio') && (samples ?? aspectRatio) === undefined)
    throw new UsageError('compare: --aspect-ratio d/N or --samples N is needed, or --fit scale,aspect-ratio.');
  if (aspectRatio === undefined) return samples;
  if (!(aspectRatio > 0 && Number.isFinite(aspectRatio)))
    throw new UsageError(`--aspect-ratio must be a positive number, got ${aspectRatio}. It is d/N.`);
  const dimension = dimensionOf({ spectra }) + rank;
  const fromRatio = Math.round(dimension / aspectRatio);
  if (fromRatio < 1)
    throw new UsageError(
      `compare: ${dimension} eigenvalues at an aspect ratio of ${aspectRatio} leave less than one sample. --aspect-ratio is d/N, not N/d.`,
    );
  const tolerance = roundingTolerance(spectra[0]!, roundoff);
  const nonZero = spectra[0]!.filter((value) => Math.abs(value) > tolerance).length;
  return nonZero < spectra[0]!.length && Math.abs(nonZero - fromRatio) <= 0.01 * fromRatio ? undefined : fromRatio;
}

export function judged(
  fit: BulkFit,
  powers: readonly BulkPower[],
  level: number,
): { verdict: Verdict; reason: string } {
  if (fit.status !== 'bulk') return { verdict: 'disagree', reason: `Not this law: ${fit.reason}.` };
  const { verdict, reason } = verdictOf({
    tests: [{ id: 'shape', adjusted: fit.tests.shape, rejected: false }],
    level,
    powers: powers
      .filter(({ required }) => required)
      .map(({ alternative, probability }): PowerAgainst => ({
        alternative,
        power: probability,
        replicatesNeeded: NaN,
      })),
    remedy: () => 'more eigenvalues are needed for that',
  });
  return verdict === 'agree'
    ? { verdict, reason: 'The bulk has the shape of the law, and would not have it with any of the stated errors.' }
    : { verdict, reason };
}

/** Draws of an alternative: the verdict needs to know whether nearly all are seen. */
const mostDraws = 24;
const mostDrawsShown = 8;

/** How often the shape test sees each alternative. */
export function powersOfShape(
  free: readonly FittedParameter[],
  draw: SpectrumSampler,
  shapePValue: (eigenvalues: Float64Array) => number,
  { level, seed }: { readonly level: number; readonly seed: string },
): BulkPower[] {
  return alternativesTo(free).map(({ id, description, sameLaw, change }: Alternative) => ({
    id,
    alternative: description,
    required: !sameLaw,
    ...sequentialPower({
      level,
      least: mostDrawsShown,
      most: sameLaw ? mostDrawsShown : mostDraws,
      pValue: (r) => shapePValue(draw(randomStream(seed, `bulk power: ${id}`, r), change(r))),
    }),
  }));
}

function powersOf(estimate: BulkEstimate, settings: FitBulkOptions, backend: Backend): BulkPower[] {
  const { variance, samples, level = 0.01 } = settings;
  const { dimension } = estimate;
  const found = Math.round(estimate.degrees);
  const free: FittedParameter[] = [
    ...(variance === undefined ? (['scale'] as const) : []),
    ...(samples === undefined ? (['aspect-ratio'] as const) : []),
  ];
  const draw = spectrumSampler({
    backend,
    dimension,
    samples: found,
    draws: 1,
    constant: estimate.variance,
    correlation: settings.draws !== undefined,
    weights: (_stream, _draw, count) => new Float64Array(count).fill(estimate.variance),
  });
  return powersOfShape(free, draw, shapeTest(dimension, found, settings), { level, seed: settings.seed ?? '1' });
}

/** p-value of the shape of the bulk of another spectrum of this size. */
function shapeTest(
  dimension: number,
  found: number,
  { seed = '1', ...settings }: FitBulkOptions,
): (eigenvalues: Float64Array) => number {
  const rank = Math.min(dimension, found);
  const { draws, replicates = draws?.usualReplicates ?? usualReplicates(rank) } = settings;
  const calibration = bulkNull(
    {
      rank,
      degrees: Math.max(dimension, found),
      knowsDegrees: settings.samples !== undefined || dimension > found,
      knowsVariance: settings.variance !== undefined,
      replicates,
      seed,
      draws,
      wide: dimension > found,
    },
    settings.tables,
  );
  return (eigenvalues) => {
    // The draws have as many degrees of freedom as were found, centred or not.
    const samples = settings.samples === undefined ? undefined : found;
    const fit = fitBulk(eigenvalues, { ...settings, samples, centred: false, null: calibration });
    return fit.tests?.shape ?? 0;
  };
}

export function cautions(fit: BulkEstimate): string[] {
  const most = fit.above.length;
  const notes = [
    `Spikes of strength below ${fit.uncertainBelow.toPrecision(3)} may be uncounted (below ${fit.threshold.toPrecision(3)} they never leave the bulk). Those uncounted raise the variance, whose interval holds where there are none.`,
  ];
  if (fit.oneByOne !== most)
    notes.push(
      `Between ${Math.min(fit.oneByOne, most)} and ${Math.max(fit.oneByOne, most)} spikes above: tested one by one from the largest, ${fit.oneByOne}.`,
    );
  return notes;
}

/** Of the bulk, beside the law at scale 1. */
export function bulkHistogram(eigenvalues: Float64Array, fit: BulkEstimate, law: SpectralLaw): readonly HistogramBin[] {
  const outside = new Set([...fit.above, ...fit.below].map(({ eigenvalue }) => eigenvalue));
  const tolerance = 1e-9 * fit.variance;
  const inside = eigenvalues.filter((value) => ![...outside].some((at) => Math.abs(value - at) <= tolerance));
  return histogramOf(inside, scaledLaw(law, fit.variance));
}
