/** What a spectrum is compared with: a law, draws of it, and how it is fitted to a spectrum. */
import type { Outlier, SpectralLaw } from '../../../theory/contracts.js';
import { UsageError } from '../../../theory/errors.js';
import type { WeightLaw } from '../../../theory/gmp/index.js';
import { discreteMeasure } from '../../../theory/measures/index.js';
import { weightsDigest, type WeightSigns } from '../../../simulations/comparisons/index.js';
import type { Backend } from '../../../simulations/contracts.js';
import type { Ensemble, StatedLaw } from '../law/ensemble.js';
import { drawnWeightsLaw, weightedLaw } from '../law/weightedLaw.js';
import type { Alternative } from './alternatives.js';
import { ensembleDraws } from './ensembles/ensembleDraws.js';
import { fittedParameters, freePowers, lawFitter, type FittedLaw } from './fitLaw.js';
import type { FittedParameter } from './fittedParameter.js';
import { dimensionOf, type GivenSpectrum } from './givenSpectrum.js';
import type { SpectrumSampler } from './spectrumSampler.js';
import { samplesAt } from './statedRatio.js';

export interface HypothesisOptions {
  /** The law: one by name, … */
  readonly law?: StatedLaw | undefined;
  /** … or that of weights as drawn, one list for every draw of the spectrum, or one list that all of them share, … */
  readonly drawnWeights?: readonly Float64Array[] | undefined;
  /** … or of weights of a law. {1} (Marčenko–Pastur) when all three are absent. */
  readonly weights?: WeightLaw | undefined;
  /** The weights are declared independent of x, so that traces are exact draws. */
  readonly independentWeights?: boolean | undefined;
  readonly aspectRatio?: number | undefined;
  readonly fit?: readonly FittedParameter[] | undefined;
}

export interface Hypothesis {
  readonly description: string;
  /** Fixes the null draws together with d, N and the seed: a digest of the weights, and what is fitted. */
  readonly key: string;
  /** N; NaN for a law without samples. */
  readonly samples: number;
  readonly fitted: Partial<Record<FittedParameter, number>>;
  readonly law: SpectralLaw;
  /** Whether `lawFor` differs from `law`. */
  readonly refit: boolean;
  /** The law as it would be fitted to another spectrum: itself when nothing is fitted. */
  lawFor(eigenvalues: Float64Array): SpectralLaw;
  /** Ascending eigenvalues, of as many draws together as the spectrum has. */
  readonly draw: SpectrumSampler;
  /**
   * Powers k of the tr H^k that are tested: 1 to 4 without those that a fit makes equal; none where the weights may
   * depend on the inputs, which moves the traces by as much as they fluctuate.
   */
  readonly tracePowers: readonly number[];
  /** Whether gaps of the support are gaps of the law: those between the nodes of a quadrature are not. */
  readonly gapsAreReal: boolean;
  /** Of the weights of each draw. */
  readonly signs: readonly WeightSigns[];
  readonly alternatives: readonly Alternative[];
  /** Predicted outside the support of the law. */
  readonly outliers: readonly Outlier[];
}

/**
 * @throws UsageError for options that contradict each other or the spectrum, and for draws that do not fit into memory.
 */
export function hypothesisFor(spectrum: GivenSpectrum, options: HypothesisOptions, backend: Backend): Hypothesis {
  const order = dimensionOf(spectrum);
  const draws = spectrum.spectra.length;
  const stated = lawOf(options);
  const ensemble = stated.ensemble(order + spectrum.rank);
  const isStated = options.law !== undefined || options.weights !== undefined;
  const fit = fittedParameters(ensemble, order, options, isStated);
  const fitTo = lawFitter(ensemble, fit, givenRatio(ensemble, spectrum, options));
  const own = fitTo(spectrum.eigenvalues);
  const dimension = order / stated.copies;
  const samples = samplesOf(ensemble, dimension, own.aspectRatio, options.aspectRatio);
  const fitsRatio = fit.includes('aspect-ratio');
  const known = Math.abs(dimension / own.aspectRatio - samples) < 0.1 && !fitsRatio ? samples : undefined;
  const kind = ensembleDraws(ensemble);
  const tracesAreExact = kind.hasExactTraces || spectrum.rank > 0 || options.independentWeights === true;
  return {
    description: `${fit.length > 0 ? `fitted (${fit.join(', ')}): ` : ''}${kind.describe(samples)}`,
    key: keyOf(ensemble, own, fit, draws),
    samples,
    fitted: {
      ...(fit.includes('scale') ? { scale: own.scale } : {}),
      ...(fitsRatio ? { 'aspect-ratio': own.aspectRatio } : {}),
    },
    law: own.law,
    refit: fit.length > 0,
    lawFor: (values) => (fit.length === 0 ? own.law : fitTo(values).law),
    draw: kind.sampler({ backend, order, samples, draws, scale: own.scale }),
    tracePowers: tracesAreExact ? freePowers(ensemble, fit, own.aspectRatio) : [],
    gapsAreReal: ensemble.gapsAreReal,
    // A ratio that was fitted, or typed with few digits, does not tell N.
    signs: spectrum.spectra.map((_, draw) => kind.signs(draw, order, own.scale, known)),
    alternatives: kind.alternatives(fit),
    outliers: outliersOf(ensemble, own, samples, spectrum.rank),
  };
}

export function lawOf({ law, drawnWeights, weights }: HypothesisOptions): StatedLaw {
  if (law !== undefined) return law;
  return drawnWeights === undefined ? weightedLaw(weights ?? discreteMeasure([1])) : drawnWeightsLaw(drawnWeights);
}

/** @throws UsageError for a variance of white noise beside a law */
export function statesLaw({
  law,
  weights,
  drawnWeights,
  noiseVariance,
}: HypothesisOptions & { readonly noiseVariance?: number | undefined }): boolean {
  const stated = (law ?? weights ?? drawnWeights) !== undefined;
  if (stated && noiseVariance !== undefined)
    throw new UsageError(
      'compare: --noise-variance is the scale of white noise, and a law is stated beside it. Keep one.',
    );
  return stated;
}

/** N; NaN for a law without an aspect ratio. */
function samplesOf(ensemble: Ensemble, dimension: number, aspectRatio: number, given: number | undefined): number {
  if (ensemble.kind === 'drawn') return ensemble.weights[0]!.length;
  if (Math.round(dimension / aspectRatio) < 1 && given === undefined)
    throw new UsageError(
      `compare: no such law has this spectrum's first two moments, which give a d/N of ${aspectRatio.toPrecision(3)}. State another law: --semicircle for independent symmetric entries, or signed --weights with --aspect-ratio.`,
    );
  return samplesAt(dimension, aspectRatio);
}

function keyOf(ensemble: Ensemble, own: FittedLaw, fit: readonly FittedParameter[], draws: number): string {
  const { kind, fingerprint } = ensemble;
  const numbers = [...fingerprint, [own.scale, own.aspectRatio]].flatMap((part) => Array.from(part));
  // Null draws of several spectra together are another table than those of one.
  const together = draws === 1 ? '' : `, ${draws} draws together`;
  return `${kind} ${weightsDigest(Float64Array.from(numbers))}, fitted: ${fit.join(', ') || 'nothing'}${together}`;
}

/** In units of the law as fitted; directions take them out. */
function outliersOf(ensemble: Ensemble, own: FittedLaw, samples: number, rank: number): readonly Outlier[] {
  if (rank > 0 || ensemble.outliers === undefined) return [];
  return ensemble.outliers(own.aspectRatio, samples).map((outlier) => ({ ...outlier, at: outlier.at * own.scale }));
}

/** d/N where it is not fitted: as given, or of the weights. */
function givenRatio(
  ensemble: Ensemble,
  spectrum: GivenSpectrum,
  { aspectRatio }: HypothesisOptions,
): number | undefined {
  if (!ensemble.takesAspectRatio) return NaN;
  const order = dimensionOf(spectrum);
  const whole = order + spectrum.rank;
  // Directions that were taken out leave fewer dimensions to as many samples.
  if (ensemble.kind !== 'drawn')
    return aspectRatio === undefined || whole === order ? aspectRatio : (aspectRatio * order) / whole;
  const samples = ensemble.weights[0]!.length;
  if (aspectRatio !== undefined && Math.abs(whole / samples - aspectRatio) > 1e-6 * aspectRatio)
    throw new UsageError(
      `--aspect-ratio ${aspectRatio} contradicts ${whole} dimensions and ${samples} weights, which make ${whole / samples}. Leave it out, or check the file.`,
    );
  return order / samples;
}
