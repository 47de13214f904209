/** A spectrum and a law of its weights that is known up to a factor: the factor is fitted, and what stands outside counted. */
import { UsageError } from '../../../theory/errors.js';
import { roundingTolerance } from '../../../simulations/comparisons/index.js';
import type { Backend } from '../../../simulations/contracts.js';
import { randomStream } from '../../../simulations/random/index.js';
import { statedFitter, type StatedFitter } from '../../draws/bulk/fitStatedBulk.js';
import { statedStream } from '../../draws/bulk/statedNull.js';
import {
  bulkHistogram,
  cautions,
  judged,
  powersOfShape,
  type BulkComparison,
  type BulkOptions,
  type BulkPower,
} from './compareBulk.js';
import { dimensionOf, type GivenSpectrum } from './givenSpectrum.js';
import { hypothesisFor, weightsAlone, type Hypothesis, type HypothesisOptions } from './hypothesis.js';

export type StatedBulkOptions = Omit<BulkOptions, 'noiseVariance' | 'centred'> &
  Pick<HypothesisOptions, 'law' | 'weights' | 'drawnWeights'>;

/** One spectrum, a law of weights, and a scale that is not known. */
export function asksForScale(spectrum: GivenSpectrum, options: StatedBulkOptions): boolean {
  const { fit } = options;
  if (spectrum.spectra.length > 1 || fit?.length !== 1 || fit[0] !== 'scale') return false;
  return weightsAlone(options, dimensionOf(spectrum) + spectrum.rank) !== undefined;
}

export function compareStatedBulk(
  spectrum: GivenSpectrum,
  options: StatedBulkOptions,
  backend: Backend,
): BulkComparison {
  const { level, seed } = options;
  const eigenvalues = spectrum.spectra[0]!;
  const hypothesis = hypothesisFor(spectrum, { ...options, aspectRatio: ratioOf(spectrum, options), fit: [] }, backend);
  const fitted = fitterFor(hypothesis, spectrum, options);
  const fit = fitted(eigenvalues);
  const powers: BulkPower[] =
    fit.status === 'bulk' && options.measuresPower !== false
      ? powersOfShape(['scale'], hypothesis.draw, (values) => fitted(values).tests?.shape ?? 0, options)
      : [];
  return {
    kind: 'bulk',
    source: spectrum.description,
    hypothesis: hypothesis.description,
    dimension: eigenvalues.length,
    fit,
    samples: hypothesis.samples,
    powers,
    ...judged(fit, powers, level),
    level,
    seed,
    backend: backend.name,
    notes: fit.status === 'bulk' ? [...fit.notes, ...cautions(fit)] : fit.notes,
    histogram: fit.status === 'bulk' ? bulkHistogram(eigenvalues, fit, hypothesis.law) : [],
  };
}

function ratioOf(
  spectrum: GivenSpectrum,
  { samples, aspectRatio, drawnWeights }: StatedBulkOptions,
): number | undefined {
  if (samples !== undefined && aspectRatio !== undefined)
    throw new UsageError('--samples and --aspect-ratio both tell N. Keep one of them.');
  if (samples === undefined) return aspectRatio;
  if (drawnWeights !== undefined && drawnWeights[0]!.length !== samples)
    throw new UsageError(
      `--samples ${samples} contradicts the ${drawnWeights[0]!.length} weights of --weights-file, one a sample. Leave it out.`,
    );
  return (dimensionOf(spectrum) + spectrum.rank) / samples;
}

/** Fits a spectrum of this size and law. */
export function fitterFor(
  hypothesis: Hypothesis,
  { spectra, roundoff }: Pick<GivenSpectrum, 'spectra' | 'roundoff'>,
  { level, seed, nullReplicates, nullTables }: Pick<BulkOptions, 'level' | 'seed' | 'nullReplicates' | 'nullTables'>,
): StatedFitter {
  return statedFitter(
    {
      weights: hypothesis.weights!,
      dimension: dimensionOf({ spectra }),
      samples: hypothesis.samples,
      key: hypothesis.key,
      signs: hypothesis.signs[0]!,
      draw: (own, r) => hypothesis.draw(randomStream(own, statedStream, r)),
    },
    {
      level,
      seed,
      replicates: nullReplicates,
      tables: nullTables,
      tolerance: roundingTolerance(spectra[0]!, roundoff),
    },
  );
}
