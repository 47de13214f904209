/** A spectrum and a law of its weights that is known up to a factor: the factor is fitted, and what stands outside counted. */
import { UsageError } from '../../../theory/errors.js';
import { expectationNodes, type WeightLaw } from '../../../theory/gmp/index.js';
import { discreteMeasure } from '../../../theory/measures/index.js';
import { roundingTolerance, weightsDigest } from '../../../simulations/comparisons/index.js';
import type { Backend } from '../../../simulations/contracts.js';
import { randomStream } from '../../../simulations/random/index.js';
import type { BulkEstimate } from '../../draws/bulk/estimateBulk.js';
import { statedFitter, type StatedFitter } from '../../draws/bulk/fitStatedBulk.js';
import { statedStream } from '../../draws/bulk/statedNull.js';
import type { DrawnWeightsEnsemble, Ensemble, WeightedEnsemble } from '../law/ensemble.js';
import type { AlternativePower } from './alternativePower.js';
import { bulkSpectrum, cautions, judged, powersOfShape, type BulkComparison, type BulkOptions } from './compareBulk.js';
import { ensembleDraws } from './ensembles/ensembleDraws.js';
import { histogramOf } from './histogram.js';
import { dimensionOf, type GivenSpectrum } from './givenSpectrum.js';
import { lawOf, type HypothesisOptions } from './hypothesis.js';
import type { SpectrumSampler } from './spectrumSampler.js';
import { requireAspectRatio, requireOneN, samplesAt } from './statedRatio.js';

export type StatedBulkOptions = Omit<BulkOptions, 'noiseVariance' | 'cache'> & LawOptions;

type LawOptions = Pick<HypothesisOptions, 'law' | 'weights' | 'fit'>;

/** Weights that the inputs of variance 1 are multiplied with: a spike of x has a known shift. */
type ScaledEnsemble = WeightedEnsemble | DrawnWeightsEnsemble;

/** A law of weights, the same for all draws, and a scale that is not known. */
export function asksForScale(spectrum: GivenSpectrum, options: LawOptions): boolean {
  const { fit } = options;
  return fit?.length === 1 && fit[0] === 'scale' && scaledEnsemble(spectrum, options) !== undefined;
}

/** Equal weights, and a scale that is not known. */
export function isFreeNoise(
  { fit, law, weights, ...known }: LawOptions & Pick<BulkOptions, 'samples' | 'aspectRatio'>,
  spectrum: GivenSpectrum,
): boolean {
  const isFree = fit?.includes('scale') ?? (known.samples ?? known.aspectRatio) === undefined;
  if ((law ?? weights) === undefined || !isFree) return false;
  const ensemble = scaledEnsemble(spectrum, { law, weights });
  if (ensemble?.kind !== 'weighted') return false;
  const { nodes } = expectationNodes(ensemble.weights);
  return nodes.length === 1 && nodes[0] === 1;
}

/** Undefined for another law, or draws with weights of their own each. */
export function scaledEnsemble(spectrum: GivenSpectrum, options: LawOptions): ScaledEnsemble | undefined {
  const ensemble: Ensemble = lawOf(options).ensemble(dimensionOf(spectrum) + spectrum.rank);
  if (ensemble.kind !== 'weighted' && ensemble.kind !== 'drawn') return undefined;
  if (ensemble.population !== undefined) return undefined;
  return ensemble.kind === 'drawn' && ensemble.weights.length > 1 ? undefined : ensemble;
}

export function compareStatedBulk(
  spectrum: GivenSpectrum,
  options: StatedBulkOptions,
  backend: Backend,
): BulkComparison {
  const { level, seed } = options;
  const { spectra } = spectrum;
  const { ensemble, samples, fitter, draw } = statedBulk(spectrum, options, backend);
  const fit = fitter.fit(spectra);
  const powers: AlternativePower[] =
    fit.status === 'bulk' && options.measuresPower !== false
      ? powersOfShape(['scale'], draw, fitter, { draws: spectra.length, level, seed })
      : [];
  const order = dimensionOf(spectrum);
  const law = ensemble.law(order / samples);
  const found =
    fit.status === 'bulk'
      ? [...cautions(fit, 'scale'), ...bothEnds(law.support, fit), ...predicted(ensemble, spectrum, samples, fit)]
      : [];
  const shown = fit.status === 'bulk' ? bulkSpectrum(spectrum.eigenvalues, fit, law) : undefined;
  if (shown !== undefined) options.onSpectrum?.(shown);
  return {
    kind: 'bulk',
    source: spectrum.description,
    hypothesis: ensembleDraws(ensemble).describe(samples),
    dimension: order,
    draws: spectra.length,
    fit,
    samples,
    powers,
    ...judged(fit, powers, level),
    level,
    seed,
    backend: backend.name,
    notes: [...(spectrum.notes ?? []), ...fit.notes, ...found],
    histogram: shown === undefined ? [] : histogramOf(shown.nodes, shown.law),
  };
}

/** What fits spectra of this size, and draws of the law at scale 1. */
export function statedBulk(
  spectrum: GivenSpectrum,
  options: StatedBulkOptions,
  backend: Backend,
): {
  readonly ensemble: ScaledEnsemble;
  readonly samples: number;
  readonly fitter: StatedFitter;
  readonly draw: SpectrumSampler;
} {
  const ensemble = scaledEnsemble(spectrum, options)!;
  const order = dimensionOf(spectrum);
  const { samples, exact } = samplesOf(ensemble, spectrum, options);
  const kind = ensembleDraws(ensemble);
  const draw = kind.sampler({ backend, order, samples, draws: 1, scale: 1 });
  const fitter = statedFitter(
    {
      weights: weightsOf(ensemble),
      dimension: order,
      samples,
      key: `${ensemble.kind} ${weightsDigest(Float64Array.from(ensemble.fingerprint.flatMap((part) => Array.from(part))))}`,
      signs: kind.signs(0, order, 1, exact ? samples : undefined),
      draw: (seed, r) => draw(randomStream(seed, statedStream, r)),
    },
    {
      level: options.level,
      seed: options.seed,
      replicates: options.nullReplicates,
      tables: options.nullTables,
      tolerance: roundingTolerance(spectrum.spectra[0]!, spectrum.roundoff),
    },
  );
  return { ensemble, samples, fitter, draw };
}

function weightsOf(ensemble: ScaledEnsemble): WeightLaw {
  return ensemble.kind === 'weighted' ? ensemble.weights : discreteMeasure(ensemble.weights[0]!);
}

/** N, and whether it is known exactly: a ratio may have few digits. */
function samplesOf(
  ensemble: ScaledEnsemble,
  spectrum: GivenSpectrum,
  { samples, aspectRatio, centred }: StatedBulkOptions,
): { readonly samples: number; readonly exact: boolean } {
  const whole = dimensionOf(spectrum) + spectrum.rank;
  requireOneN(samples, aspectRatio);
  if (centred === true)
    throw new UsageError('--centred is for white noise: weighted samples have no mean to subtract. Leave it out.');
  if (ensemble.kind === 'drawn') {
    const drawn = ensemble.weights[0]!.length;
    const ratio = samples === undefined ? aspectRatio : whole / samples;
    if (ratio !== undefined && Math.abs(whole / drawn - ratio) > 1e-6 * ratio)
      throw new UsageError(
        `${samples === undefined ? `--aspect-ratio ${aspectRatio}` : `--samples ${samples}`} contradicts ${whole} dimensions and ${drawn} weights, which make ${whole / drawn}. Leave it out, or check the file.`,
      );
    return { samples: drawn, exact: true };
  }
  if (samples !== undefined) return { samples, exact: true };
  if (aspectRatio === undefined)
    throw new UsageError('compare: --aspect-ratio d/N or --samples N is needed, or --fit scale,aspect-ratio.');
  requireAspectRatio(aspectRatio);
  const found = samplesAt(whole, aspectRatio);
  return { samples: found, exact: Math.abs(whole / aspectRatio - found) < 0.1 };
}

/** Directions that the weights depend on leave the bulk too. */
function predicted(
  { outliers }: ScaledEnsemble,
  spectrum: GivenSpectrum,
  samples: number,
  { variance }: BulkEstimate,
): string[] {
  const places = spectrum.rank > 0 ? [] : (outliers?.(dimensionOf(spectrum) / samples, samples) ?? []);
  if (places.length === 0) return [];
  const listed = places.map(({ at, multiplicity }) => `${multiplicity} at ${(variance * at).toPrecision(4)}`);
  return [
    `Weights that depend on x as the model's do put eigenvalues outside the bulk as well, here ${listed.join(', ')}: what stands there is no spike of x.`,
  ];
}

/** What shows at two places may be one thing. */
function bothEnds(support: readonly (readonly [number, number])[], { above, below }: BulkEstimate): string[] {
  const signed = support[0]![0] < 0 && support.at(-1)![1] > 0;
  return signed && above.length > 0 && below.length > 0
    ? [
        'The weights have both signs: one direction of x with a large variance may show above and below, and counts twice.',
      ]
    : [];
}
