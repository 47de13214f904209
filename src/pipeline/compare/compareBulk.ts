/** A spectrum and no law of its weights: a white bulk is fitted, and what stands outside it counted. */
import type { SpectralLaw } from '../../../theory/contracts.js';
import { UsageError } from '../../../theory/errors.js';
import { marchenkoPastur, scaledLaw } from '../../../theory/gmp/index.js';
import {
  nonZeroCount,
  powerOfMeanTest,
  sequentialPower,
  summarise,
  verdictOf,
  type NullReference,
  type NullTable,
  type SequentialPower,
  type VerdictWithReason,
} from '../../../simulations/comparisons/index.js';
import type { Backend } from '../../../simulations/contracts.js';
import { randomStream } from '../../../simulations/random/index.js';
import { bulkNull } from '../../draws/bulk/bulkNull.js';
import { correlationDraws } from '../../draws/bulk/correlationDraws.js';
import type { BulkEstimate } from '../../draws/bulk/estimateBulk.js';
import type { Cause } from '../../draws/causes/cause.js';
import { fitBulkSet } from '../../draws/bulk/bulkSet.js';
import {
  estimateOf,
  fewestEigenvalues,
  type BulkFit,
  type EstimatedBulk,
  type FitBulkOptions,
} from '../../draws/bulk/fitBulk.js';
import { fewDraws, namedPower, requiredPowers, type AlternativePower } from './alternativePower.js';
import { alternativesTo } from './alternatives.js';
import type { ComparisonBase } from './comparison.js';
import { partNote } from './given/partNote.js';
import { dimensionOf, type GivenSpectrum } from './givenSpectrum.js';
import type { ComparedSpectrum, ShowsSpectrum } from './comparedSpectrum.js';
import { histogramOf, type HistogramBin } from './histogram.js';
import type { FittedParameter } from './fittedParameter.js';
import type { HypothesisOptions } from './hypothesis.js';
import { spectrumSampler, type SpectrumSampler } from './spectrumSampler.js';
import { requireAspectRatio, requireOneN, samplesAt } from './statedRatio.js';

export interface BulkOptions extends ShowsSpectrum, Pick<HypothesisOptions, 'aspectRatio' | 'fit'> {
  /** N; or `aspectRatio`. */
  readonly samples?: number | undefined;
  readonly noiseVariance?: number | undefined;
  readonly centred?: boolean | undefined;
  readonly nullReplicates?: number | undefined;
  readonly level: number;
  readonly seed: string;
  readonly nullTables?: Map<string, NullTable> | undefined;
  /** In their place, for draws of white noise. */
  readonly cache?: Map<string, NullTable> | undefined;
  readonly measuresPower?: boolean | undefined;
}

export interface BulkComparison extends ComparisonBase {
  readonly kind: 'bulk';
  /** The law whose scale was fitted; undefined for white noise. */
  readonly hypothesis?: string;
  /** Independent spectra fitted together. */
  readonly draws: number;
  /** Without a variance and counts where the bulk is not of the law. */
  readonly fit: BulkFit;
  /** N as given, or from d/N. */
  readonly samples: number | undefined;
  /** That the shape test of the bulk sees each alternative. */
  readonly powers: readonly AlternativePower[];
  /** Where it is `disagree` and causes are known: likeliest first, empty when it is none of them. */
  readonly causes?: readonly Cause[];
  /** Of the bulk, without what stands outside it. */
  readonly histogram: readonly HistogramBin[];
}

/** No law of the weights, something to fit, and enough eigenvalues for a bulk; few of several draws are fitted by moments. */
export function asksForBulk(
  { spectra }: GivenSpectrum,
  {
    weights,
    weightsFile,
    law,
    fit,
  }: Pick<BulkOptions, 'fit'> & { readonly weights?: unknown; readonly weightsFile?: unknown; readonly law?: unknown },
): boolean {
  if ((weights ?? weightsFile ?? law) !== undefined || fit?.length === 0) return false;
  return spectra.length === 1 || nonZeroCount(spectra[0]!) >= fewestEigenvalues;
}

export function compareBulk(spectrum: GivenSpectrum, options: BulkOptions, backend: Backend): BulkComparison {
  const { level, seed, centred, nullTables, nullReplicates: replicates } = options;
  const { spectra } = spectrum;
  const samples = samplesOf(spectrum, options);
  const variance =
    options.noiseVariance ?? (options.fit !== undefined && !options.fit.includes('scale') ? 1 : undefined);
  const draws = spectrum.correlation === true ? correlationDraws(backend, spectra[0]!.length) : undefined;
  // The powers need the same draws; those of a correlation matrix depend on the backend, and are not kept unasked.
  const tables = nullTables ?? (draws === undefined ? options.cache : undefined) ?? new Map<string, NullTable>();
  const settings = { samples, variance, centred, level, seed, tables, replicates, draws, roundoff: spectrum.roundoff };
  const fit = fitBulkSet(spectra, settings);
  const powers =
    fit.status === 'bulk' && options.measuresPower !== false ? powersOf(fit, spectra.length, settings, backend) : [];
  const shown =
    fit.status === 'bulk' ? bulkSpectrum(spectrum.eigenvalues, fit, marchenkoPastur(fit.aspectRatio)) : undefined;
  if (shown !== undefined) options.onSpectrum?.(shown);
  return {
    kind: 'bulk',
    source: spectrum.description,
    dimension: spectra[0]!.length,
    draws: spectra.length,
    // What a cache holds says nothing of the spectrum.
    fit: fit.status === 'bulk' && nullTables === undefined ? { ...fit, nullFromTable: false } : fit,
    samples,
    powers,
    ...judged(fit, powers, level),
    level,
    seed,
    backend: backend.name,
    notes: [
      ...(spectrum.notes ?? []),
      ...partNote(spectrum, fit),
      ...fit.notes,
      ...(fit.status === 'bulk' ? cautions(fit) : []),
    ],
    histogram: shown === undefined ? [] : histogramOf(shown.nodes, shown.law),
  };
}

/** N; from d/N only where the zeros do not tell it, since a ratio has few digits. */
function samplesOf({ spectra, rank, roundoff }: GivenSpectrum, options: BulkOptions): number | undefined {
  const { samples, aspectRatio, fit } = options;
  requireOneN(samples, aspectRatio);
  if (fit?.includes('aspect-ratio') && (samples ?? aspectRatio) !== undefined)
    throw new UsageError(
      `--fit aspect-ratio and ${samples === undefined ? `--aspect-ratio ${aspectRatio}` : `--samples ${samples}`} contradict each other: it is fitted or given. Leave one of them out.`,
    );
  if (fit !== undefined && !fit.includes('aspect-ratio') && (samples ?? aspectRatio) === undefined)
    throw new UsageError('compare: --aspect-ratio d/N or --samples N is needed, or --fit scale,aspect-ratio.');
  if (aspectRatio === undefined) return samples;
  requireAspectRatio(aspectRatio);
  const fromRatio = samplesAt(dimensionOf({ spectra }) + rank, aspectRatio);
  const nonZero = nonZeroCount(spectra[0]!, roundoff);
  return nonZero < spectra[0]!.length && Math.abs(nonZero - fromRatio) <= 0.01 * fromRatio ? undefined : fromRatio;
}

export function judged(
  fit: BulkFit,
  powers: readonly AlternativePower[],
  level: number,
): Pick<VerdictWithReason, 'verdict' | 'reason'> {
  if (fit.status !== 'bulk') return { verdict: 'disagree', reason: `Not this law: ${fit.reason}.` };
  const { verdict, reason } = verdictOf({
    tests: [{ id: 'shape', adjusted: fit.tests.shape, rejected: false }],
    level,
    powers: requiredPowers(powers),
    remedy: () => 'more eigenvalues are needed for that',
  });
  return verdict === 'agree'
    ? { verdict, reason: 'The bulk has the shape of the law, and would not have it with any of the stated errors.' }
    : { verdict, reason };
}

/** What the shape of one spectrum says. */
export interface ShapeTest {
  readonly nulls: NullReference;
  readonly estimate: (eigenvalues: Float64Array) => EstimatedBulk;
}

/** How often the test of the shape, of a mean over `draws`, sees each alternative. */
export function powersOfShape(
  free: readonly FittedParameter[],
  draw: SpectrumSampler,
  { nulls, estimate }: ShapeTest,
  { draws, level, seed }: { readonly draws: number; readonly level: number; readonly seed: string },
): AlternativePower[] {
  return alternativesTo(free).map((alternative) => {
    const estimated = (r: number): EstimatedBulk =>
      estimate(draw(randomStream(seed, `bulk power: ${alternative.id}`, r), alternative.change(r)));
    const counts = fewDraws(alternative);
    return {
      ...namedPower(alternative),
      ...(draws === 1
        ? sequentialPower({
            level,
            ...counts,
            pValue: (r) => {
              const found = estimated(r);
              return found.impossible === undefined ? found.estimate.tests.shape : 0;
            },
          })
        : powerOfMean(
            nulls,
            Array.from({ length: counts.most }, (_, r) => estimated(r)),
            draws,
            level,
          )),
    };
  });
}

/** By the mean and the spread that one draw of the alternative has; a draw that is impossible counts as the worst. */
function powerOfMean(
  nulls: NullReference,
  found: readonly EstimatedBulk[],
  replicates: number,
  level: number,
): SequentialPower {
  const shapes = found.flatMap((each) => (each.impossible === undefined ? [each.estimate.shape] : []));
  const draws = found.length;
  if (shapes.length < 2) return { probability: 1, draws, interval: [1, 1] };
  const { mean, variance } = summarise(shapes);
  const spread = Math.sqrt(variance) / nulls.standardDeviation;
  const effect = (mean - nulls.mean) / nulls.standardDeviation;
  const error = (1.96 * spread) / Math.sqrt(shapes.length);
  const powerAt = (shift: number): number => powerOfMeanTest({ effect: shift, spread, replicates, level });
  return { probability: powerAt(effect), draws, interval: [powerAt(effect - error), powerAt(effect + error)] };
}

function powersOf(fit: BulkEstimate, draws: number, settings: FitBulkOptions, backend: Backend): AlternativePower[] {
  const { variance, samples, level = 0.01, seed = '1' } = settings;
  const { dimension } = fit;
  const found = Math.round(fit.degrees);
  const free: FittedParameter[] = [
    ...(variance === undefined ? (['scale'] as const) : []),
    ...(samples === undefined ? (['aspect-ratio'] as const) : []),
  ];
  const draw = spectrumSampler({
    backend,
    dimension,
    samples: found,
    draws: 1,
    constant: fit.variance,
    correlation: settings.draws !== undefined,
    weights: (_stream, _draw, count) => new Float64Array(count).fill(fit.variance),
  });
  return powersOfShape(free, draw, shapeTest(fit, settings), { draws, level, seed });
}

/** From the same null draws. */
function shapeTest(
  { dimension, degrees, nullDegrees, nullReplicates }: BulkEstimate,
  { seed = '1', ...settings }: FitBulkOptions,
): ShapeTest {
  const found = Math.round(degrees);
  const { draws } = settings;
  const calibration = bulkNull(
    {
      rank: Math.min(dimension, found),
      degrees: nullDegrees,
      knowsDegrees: settings.samples !== undefined || dimension > found,
      knowsVariance: settings.variance !== undefined,
      replicates: nullReplicates,
      seed,
      draws,
      wide: dimension > found,
    },
    settings.tables,
  );
  return {
    nulls: calibration.shape,
    estimate: (eigenvalues) => {
      // The draws have as many degrees of freedom as were found, centred or not.
      const samples = settings.samples === undefined ? undefined : found;
      return estimateOf(eigenvalues, { ...settings, samples, centred: false, null: calibration });
    },
  };
}

/** @param what is fitted */
export function cautions(fit: BulkEstimate, what = 'variance'): string[] {
  const most = fit.above.length;
  const notes = [
    `Spikes of strength below ${fit.uncertainBelow.toPrecision(3)} may be uncounted (below ${fit.threshold.toPrecision(3)} they never leave the bulk). Those uncounted raise the ${what}, whose interval holds where there are none.`,
  ];
  if (fit.oneByOne !== most)
    notes.push(
      `Between ${Math.min(fit.oneByOne, most)} and ${Math.max(fit.oneByOne, most)} spikes above: tested one by one from the largest, ${fit.oneByOne}.`,
    );
  return notes;
}

/** The bulk and what stands out of it, from a law at scale 1. */
export function bulkSpectrum(eigenvalues: Float64Array, fit: BulkEstimate, law: SpectralLaw): ComparedSpectrum {
  const outside = [...fit.below, ...fit.above].map(({ eigenvalue }) => eigenvalue);
  const tolerance = 1e-9 * fit.variance;
  const nodes = eigenvalues.filter((value) => !outside.some((at) => Math.abs(value - at) <= tolerance));
  return { nodes, law: scaledLaw(law, fit.variance), outside, predicted: [] };
}
