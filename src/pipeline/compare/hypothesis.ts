/** What a spectrum is compared with: a law, draws of it, and how it is fitted to a spectrum. */
import type { DiscreteMeasure, SpectralLaw } from '../../../theory/contracts.js';
import { UsageError } from '../../../theory/errors.js';
import {
  expectationNodes,
  generalisedMarchenkoPastur,
  isSmooth,
  scaledLaw,
  type WeightLaw,
} from '../../../theory/gmp/index.js';
import { discreteMeasure, measureMoment } from '../../../theory/measures/index.js';
import { signsOf, weightsDigest, type WeightSigns } from '../../../simulations/comparisons/index.js';
import type { Backend } from '../../../simulations/contracts.js';
import { alternativesTo, type Alternative } from './alternatives.js';
import { concatenated, dimensionOf, type GivenSpectrum } from './givenSpectrum.js';
import { resampled, spectrumSampler, type SpectrumSampler } from './spectrumSampler.js';
import type { FittedParameter } from './fittedParameter.js';

export interface HypothesisOptions {
  /** The weights as drawn: one list for every draw of the spectrum, or one list that all of them share. */
  readonly drawnWeights?: readonly Float64Array[] | undefined;
  /** Or their law. */
  readonly weights?: WeightLaw | undefined;
  readonly aspectRatio?: number | undefined;
  readonly fit?: readonly FittedParameter[] | undefined;
}

export interface Hypothesis {
  readonly description: string;
  /** Fixes the null draws together with d, N and the seed: a digest of the weights, and what is fitted. */
  readonly key: string;
  readonly samples: number;
  /** Of scale 1 where a scale is fitted: the law, or that of the weights as drawn. */
  readonly weights: WeightLaw;
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
}

const judgedPowers = [1, 2, 3, 4];

/**
 * @throws UsageError for options that contradict each other or the spectrum, and for draws that do not fit into memory.
 */
export function hypothesisFor(spectrum: GivenSpectrum, options: HypothesisOptions, backend: Backend): Hypothesis {
  if (options.drawnWeights !== undefined) {
    if (options.fit !== undefined && options.fit.length > 0)
      throw new UsageError(
        '--fit with --weights-file is for the scale of one spectrum: N is known, and draws together are compared as they are. Say --fit scale with --row, or leave --fit out.',
      );
    return givenWeights(options.drawnWeights, spectrum, options, backend);
  }
  return statedLaw(options.weights ?? discreteMeasure([1]), spectrum, options, backend);
}

function givenWeights(
  drawnWeights: readonly Float64Array[],
  spectrum: GivenSpectrum,
  options: HypothesisOptions,
  backend: Backend,
): Hypothesis {
  const dimension = dimensionOf(spectrum);
  const draws = spectrum.spectra.length;
  const samples = drawnWeights[0]!.length;
  const all = concatenated(drawnWeights);
  if (
    options.aspectRatio !== undefined &&
    Math.abs((dimension + spectrum.rank) / samples - options.aspectRatio) > 1e-6 * options.aspectRatio
  ) {
    throw new UsageError(
      `--aspect-ratio ${options.aspectRatio} contradicts ${dimension + spectrum.rank} dimensions and ${samples} weights, which make ${(dimension + spectrum.rank) / samples}. Leave it out, or check the file.`,
    );
  }
  const measure = discreteMeasure(all);
  const law = generalisedMarchenkoPastur(measure, dimension / samples);
  const constant = all.every((weight) => weight === all[0]) ? all[0] : undefined;
  return {
    description: `(1/N) Σ a_n x_n x_nᵀ with the ${samples} weights ${drawnWeights.length > 1 ? 'of each draw ' : ''}given, N = ${samples}`,
    key: `drawn ${weightsDigest(all)}${drawsKey(draws)}`,
    samples,
    weights: measure,
    fitted: {},
    law,
    refit: false,
    lawFor: () => law,
    draw: spectrumSampler({
      backend,
      dimension,
      samples,
      draws,
      constant,
      weights: (_stream, draw, count) => resampled(drawnWeights[draw] ?? drawnWeights[0]!, count),
    }),
    tracePowers: spectrum.rank > 0 || constant !== undefined ? judgedPowers : [],
    gapsAreReal: true,
    signs: spectrum.spectra.map((_, draw) => signsOf(drawnWeights[draw] ?? drawnWeights[0]!)),
    alternatives: alternativesTo([]),
  };
}

function statedLaw(law: WeightLaw, spectrum: GivenSpectrum, options: HypothesisOptions, backend: Backend): Hypothesis {
  const dimension = dimensionOf(spectrum);
  const draws = spectrum.spectra.length;
  const fit = fitOf(options);
  requireFit(fit, options, dimension);
  const weights = expectationNodes(law);
  // Directions that were taken out leave fewer dimensions to as many samples.
  const whole = dimension + spectrum.rank;
  const { aspectRatio } = options;
  const given = aspectRatio === undefined || whole === dimension ? aspectRatio : (aspectRatio * dimension) / whole;
  const fitTo = lawFitter(law, fit, given);
  const own = fitTo(spectrum.eigenvalues);
  const samples = Math.round(dimension / own.aspectRatio);
  if (samples < 1)
    throw new UsageError(
      `compare: ${whole} eigenvalues at an aspect ratio of ${aspectRatio ?? own.aspectRatio} leave less than one sample. --aspect-ratio is d/N, not N/d.`,
    );
  const constant = weights.nodes.length === 1 ? own.scale * weights.nodes[0]! : undefined;
  const fitsRatio = fit.includes('aspect-ratio');
  return {
    description: `${fit.length > 0 ? `fitted (${fit.join(', ')}): ` : ''}(1/N) Σ a_n x_n x_nᵀ with a_n independent, of a law on ${weights.nodes.length} ${weights.nodes.length === 1 ? 'node' : 'nodes'}, N = ${samples}`,
    key: `law ${weightsDigest(Float64Array.from([weights.nodes, weights.masses, [own.scale, own.aspectRatio]].flatMap((part) => Array.from(part))))}, fitted: ${fit.join(', ') || 'nothing'}${drawsKey(draws)}`,
    samples,
    weights: law,
    fitted: {
      ...(fit.includes('scale') ? { scale: own.scale } : {}),
      ...(fitsRatio ? { 'aspect-ratio': own.aspectRatio } : {}),
    },
    law: own.law,
    refit: fit.length > 0,
    lawFor: (values) => (fit.length === 0 ? own.law : fitTo(values).law),
    draw: spectrumSampler({
      backend,
      dimension,
      samples,
      draws,
      constant,
      weights: (stream, _draw, count) =>
        Float64Array.from({ length: count }, () => own.scale * sampleOf(weights, stream.uniform())),
    }),
    tracePowers: spectrum.rank > 0 || constant !== undefined ? freePowers(weights, fit) : [],
    gapsAreReal: !isSmooth(law),
    // A ratio that was fitted, or typed with few digits, does not tell N.
    signs: Array<WeightSigns>(draws).fill(
      signsOfLaw(
        weights,
        own.scale,
        Math.abs(dimension / own.aspectRatio - samples) < 0.1 && !fitsRatio ? samples : undefined,
      ),
    ),
    alternatives: alternativesTo(fit),
  };
}

/** What is fitted where the options do not say. */
function fitOf({ fit, weights, aspectRatio }: HypothesisOptions): readonly FittedParameter[] {
  if (fit !== undefined) return fit;
  if (aspectRatio === undefined) return ['scale', 'aspect-ratio'];
  return weights === undefined ? ['scale'] : [];
}

function requireFit(fit: readonly FittedParameter[], { aspectRatio }: HypothesisOptions, dimension: number): void {
  const fitsRatio = fit.includes('aspect-ratio');
  if (!fitsRatio && aspectRatio === undefined)
    throw new UsageError('compare: --aspect-ratio d/N is needed, or --fit scale,aspect-ratio. Give one of them.');
  if (aspectRatio !== undefined && !(aspectRatio > 0 && Number.isFinite(aspectRatio)))
    throw new UsageError(`--aspect-ratio must be a positive number, got ${aspectRatio}. It is d/N.`);
  if (fitsRatio && aspectRatio !== undefined)
    throw new UsageError(
      `--fit aspect-ratio and --aspect-ratio ${aspectRatio} contradict each other: it is fitted or given. Leave one of them out.`,
    );
  if (fitsRatio && dimension < 4)
    throw new UsageError(
      `--fit aspect-ratio needs at least 4 eigenvalues, there are ${dimension}. Give --aspect-ratio.`,
    );
}

/** Powers of the traces that `fitByMoments` does not make those of the law. */
function freePowers(weights: DiscreteMeasure, fit: readonly FittedParameter[]): number[] {
  const matched = fit.includes('aspect-ratio')
    ? fit.includes('scale')
      ? [1, 2]
      : [2]
    : fit.includes('scale')
      ? [isCentred(weights) ? 2 : 1]
      : [];
  return judgedPowers.filter((power) => !matched.includes(power));
}

function signsOfLaw({ nodes }: DiscreteMeasure, scale: number, samples: number | undefined): WeightSigns {
  const most = samples ?? Infinity;
  const countOf = (sign: number): readonly [number, number] => {
    const share = nodes.filter((node) => node * scale * sign > 0).length;
    return [share === nodes.length ? (samples ?? 0) : 0, share > 0 ? most : 0];
  };
  return { positive: countOf(1), negative: countOf(-1) };
}

/** The law with its free parameters fitted to a spectrum. */
function lawFitter(
  weights: WeightLaw,
  fit: readonly FittedParameter[],
  aspectRatio: number | undefined,
): (eigenvalues: Float64Array) => { scale: number; aspectRatio: number; law: SpectralLaw } {
  let unit: SpectralLaw | undefined;
  return (eigenvalues) => {
    const parameters = fitByMoments(eigenvalues, expectationNodes(weights), fit, aspectRatio);
    // A fitted ratio is new every time: only the given one is worth keeping.
    const law = unit ?? generalisedMarchenkoPastur(weights, parameters.aspectRatio);
    if (aspectRatio !== undefined) unit = law;
    return { ...parameters, law: parameters.scale === 1 ? law : scaledLaw(law, parameters.scale) };
  };
}

/** Null draws of several spectra together are another table than those of one. */
function drawsKey(draws: number): string {
  return draws === 1 ? '' : `, ${draws} draws together`;
}

/**
 * Scale and aspect ratio from the first two moments: m_1 = s E a and m_2 = s²(γ E a² + (E a)²). With E a = 0 the scale
 * comes from m_2, and the aspect ratio cannot be told from it.
 */
function fitByMoments(
  eigenvalues: Float64Array,
  weights: DiscreteMeasure,
  fit: readonly FittedParameter[],
  aspectRatio: number | undefined,
): { scale: number; aspectRatio: number } {
  let first = 0;
  let second = 0;
  for (const value of eigenvalues) {
    first += value / eigenvalues.length;
    second += (value * value) / eigenvalues.length;
  }
  const mean = measureMoment(weights, 1);
  const square = measureMoment(weights, 2);
  const centred = isCentred(weights);
  if (square === 0)
    throw new UsageError('compare: the law of the weights is zero, nothing can be fitted to it. State another law.');
  if (!fit.includes('aspect-ratio')) {
    if (!fit.includes('scale')) return { scale: 1, aspectRatio: aspectRatio! };
    return { scale: centred ? Math.sqrt(second / (aspectRatio! * square)) : first / mean, aspectRatio: aspectRatio! };
  }
  if (centred && fit.includes('scale'))
    throw new UsageError(
      '--fit scale,aspect-ratio: weights of mean zero determine only their product. Give --aspect-ratio.',
    );
  const scale = fit.includes('scale') ? first / mean : 1;
  const ratio = (second / (scale * scale) - mean * mean) / square;
  if (!(ratio > 0) || !Number.isFinite(ratio))
    throw new UsageError(
      `--fit aspect-ratio: the spectrum's first two moments (${first.toPrecision(4)}, ${second.toPrecision(4)}) give an aspect ratio of ${ratio.toPrecision(3)}, which no such law has. State another law of the weights.`,
    );
  return { scale, aspectRatio: ratio };
}

/** Weights of mean zero. */
function isCentred(weights: DiscreteMeasure): boolean {
  return Math.abs(measureMoment(weights, 1)) < 1e-12 * Math.sqrt(measureMoment(weights, 2));
}

function sampleOf({ nodes, masses }: DiscreteMeasure, uniform: number): number {
  let cumulative = 0;
  for (let k = 0; k < nodes.length; k++) {
    cumulative += masses[k]!;
    if (uniform < cumulative) return nodes[k]!;
  }
  return nodes[nodes.length - 1]!;
}
