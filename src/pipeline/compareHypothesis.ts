/** What a spectrum is compared with: a law, draws of it, and how it is fitted to a spectrum. */
import { totalmem } from 'node:os';
import type { DiscreteMeasure, SpectralLaw } from '../../theory/contracts.js';
import { UsageError } from '../../theory/errors.js';
import { traceMoments } from '../../theory/fluctuations/index.js';
import { generalisedMarchenkoPastur, scaledLaw } from '../../theory/gmp/index.js';
import { discreteMeasure, measureMoment } from '../../theory/measures/index.js';
import { weightsDigest } from '../../simulations/comparisons/index.js';
import type { Backend, Workspace } from '../../simulations/contracts.js';
import { predictMemory } from '../../simulations/models/index.js';
import { concatenated, dimensionOf, together, type GivenSpectrum } from './compareInput.js';
import type { NullHypothesis } from './compareNulls.js';

export type FittedParameter = 'scale' | 'aspect-ratio';

export interface HypothesisOptions {
  /** The weights as drawn: one list for every draw of the spectrum, or one list that all of them share. */
  readonly drawnWeights?: readonly Float64Array[] | undefined;
  /** Or their law. */
  readonly weights?: DiscreteMeasure | undefined;
  readonly aspectRatio?: number | undefined;
  readonly fit?: readonly FittedParameter[] | undefined;
}

export interface Hypothesis extends NullHypothesis {
  readonly description: string;
  readonly fitted: Partial<Record<FittedParameter, number>>;
  /** Exact moments of the traces, when the weights are known. */
  readonly traces: ReturnType<typeof traceMoments> | undefined;
}

/** Traces of H, …, H^4 are tested. */
export const TRACE_POWERS = 4;

/** Factor on the aspect ratio of the law whose rejection the power measures. */
const WRONG_ASPECT_RATIO = 1.1;

/**
 * @throws UsageError for options that contradict each other or the spectrum, and for draws that do not fit into memory.
 */
export function hypothesisFor(spectrum: GivenSpectrum, options: HypothesisOptions, backend: Backend): Hypothesis {
  if (options.drawnWeights !== undefined) {
    if (options.fit !== undefined && options.fit.length > 0)
      throw new UsageError('--fit is for a stated law; with --weights-file nothing is free. Leave --fit out.');
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
  const wrongLaw = generalisedMarchenkoPastur(measure, (WRONG_ASPECT_RATIO * dimension) / samples);
  const workspace = workspaceFor(backend, dimension, samples);
  return {
    description: `(1/N) Σ a_n x_n x_nᵀ with the ${samples} weights ${drawnWeights.length > 1 ? 'of each draw ' : ''}given, N = ${samples}`,
    key: `drawn ${weightsDigest(all)}${drawsKey(draws)}`,
    samples,
    fitted: {},
    law,
    refit: false,
    lawFor: () => law,
    draw: (stream) =>
      together(
        Array.from({ length: draws }, (_, r) => {
          workspace.drawInputs(stream);
          return workspace.eigenvalues(drawnWeights[r] ?? drawnWeights[0]!).slice();
        }),
      ),
    // With the dependent directions still in the matrix its traces are shifted by as much as they fluctuate.
    traces:
      spectrum.rank > 0
        ? traceMoments({ weights: drawnWeights[0]!, dimension, maximumPower: TRACE_POWERS })
        : undefined,
    alternative: wrongAspectRatio(() => wrongLaw),
  };
}

function statedLaw(
  weights: DiscreteMeasure,
  spectrum: GivenSpectrum,
  options: HypothesisOptions,
  backend: Backend,
): Hypothesis {
  const dimension = dimensionOf(spectrum);
  const draws = spectrum.spectra.length;
  const fit =
    options.fit ??
    (options.weights === undefined || options.aspectRatio === undefined
      ? (['scale', ...(options.aspectRatio === undefined ? (['aspect-ratio'] as const) : [])] as const)
      : []);
  const fitsRatio = fit.includes('aspect-ratio');
  if (!fitsRatio && options.aspectRatio === undefined)
    throw new UsageError('compare: --aspect-ratio d/N is needed, or --fit scale,aspect-ratio. Give one of them.');
  if (options.aspectRatio !== undefined && !(options.aspectRatio > 0 && Number.isFinite(options.aspectRatio)))
    throw new UsageError(`--aspect-ratio must be a positive number, received ${options.aspectRatio}. It is d/N.`);
  if (fitsRatio && options.aspectRatio !== undefined)
    throw new UsageError(
      `--fit aspect-ratio and --aspect-ratio ${options.aspectRatio} contradict each other: it is fitted or given. Leave one of them out.`,
    );
  if (fitsRatio && dimension < 4)
    throw new UsageError(
      `--fit aspect-ratio needs at least 4 eigenvalues, there are ${dimension}. Give --aspect-ratio.`,
    );
  const fitTo = lawFitter(weights, fit, options.aspectRatio);
  const own = fitTo(spectrum.eigenvalues);
  const samples = Math.round(dimension / own.aspectRatio);
  if (samples < 1)
    throw new UsageError(
      `compare: ${dimension} eigenvalues at an aspect ratio of ${own.aspectRatio} leave less than one sample. --aspect-ratio is d/N, not N/d.`,
    );
  const workspace = workspaceFor(backend, dimension, samples);
  const drawn = new Float64Array(samples);
  return {
    description: `${fit.length > 0 ? `fitted (${fit.join(', ')}): ` : ''}(1/N) Σ a_n x_n x_nᵀ with a_n independent, of a law on ${weights.nodes.length} ${weights.nodes.length === 1 ? 'node' : 'nodes'}, N = ${samples}`,
    key: `law ${weightsDigest(Float64Array.from([weights.nodes, weights.masses, [own.scale, own.aspectRatio]].flatMap((part) => Array.from(part))))}, fitted: ${fit.join(', ') || 'nothing'}${drawsKey(draws)}`,
    samples,
    fitted: {
      ...(fit.includes('scale') ? { scale: own.scale } : {}),
      ...(fitsRatio ? { 'aspect-ratio': own.aspectRatio } : {}),
    },
    law: own.law,
    refit: fit.length > 0,
    lawFor: (values) => (fit.length === 0 ? own.law : fitTo(values).law),
    draw: (stream) =>
      together(
        Array.from({ length: draws }, () => {
          for (let n = 0; n < samples; n++) drawn[n] = own.scale * sampleOf(weights, stream.uniform());
          workspace.drawInputs(stream);
          return workspace.eigenvalues(drawn).slice();
        }),
      ),
    traces: undefined,
    alternative: alternativeTo(weights, fit, own.aspectRatio),
  };
}

/** The law with its free parameters fitted to a spectrum. */
function lawFitter(
  weights: DiscreteMeasure,
  fit: readonly FittedParameter[],
  aspectRatio: number | undefined,
): (eigenvalues: Float64Array) => { scale: number; aspectRatio: number; law: SpectralLaw } {
  let unit: SpectralLaw | undefined;
  return (eigenvalues) => {
    const parameters = fitByMoments(eigenvalues, weights, fit, aspectRatio);
    // A fitted ratio is new every time: only the given one is worth keeping.
    const law = unit ?? generalisedMarchenkoPastur(weights, parameters.aspectRatio);
    if (aspectRatio !== undefined) unit = law;
    return { ...parameters, law: parameters.scale === 1 ? law : scaledLaw(law, parameters.scale) };
  };
}

/**
 * The wrong law of the power, fitted as the stated one is: the aspect ratio a tenth larger, or, where the aspect ratio
 * is fitted and would take that back, weights of the same mean that are half or one and a half times as large.
 */
function alternativeTo(
  weights: DiscreteMeasure,
  fit: readonly FittedParameter[],
  aspectRatio: number,
): NullHypothesis['alternative'] {
  if (fit.includes('aspect-ratio')) {
    const spread = discreteMeasure(
      Array.from(weights.nodes).flatMap((node) => [0.5 * node, 1.5 * node]),
      Array.from(weights.masses).flatMap((mass) => [mass / 2, mass / 2]),
    );
    const fitTo = lawFitter(spread, fit, undefined);
    return {
      description: 'each weight half or one and a half times as large',
      lawFor: (eigenvalues) => fitTo(eigenvalues).law,
    };
  }
  const fitTo = lawFitter(weights, fit, WRONG_ASPECT_RATIO * aspectRatio);
  return wrongAspectRatio((eigenvalues) => fitTo(eigenvalues).law);
}

function wrongAspectRatio(lawFor: (eigenvalues: Float64Array) => SpectralLaw): NullHypothesis['alternative'] {
  return { description: 'aspect ratio 10 % off', lawFor };
}

/** Null draws of several spectra together are another table than those of one. */
function drawsKey(draws: number): string {
  return draws === 1 ? '' : `, ${draws} draws together`;
}

/** @throws UsageError when a draw does not fit into memory. */
function workspaceFor(backend: Backend, dimension: number, samples: number): Workspace {
  const { total } = predictMemory({
    model: 'linear',
    loss: 'mse',
    activation: 'relu',
    initialisation: 'lecun',
    dimension,
    samples,
    classes: 2,
    width: 0,
  });
  if (total > totalmem()) {
    throw new UsageError(
      `compare: a draw of the hypothesis, d = ${dimension} and N = ${samples}, needs ${(total / 2 ** 30).toFixed(1)} GiB and the machine has ${(totalmem() / 2 ** 30).toFixed(1)} GiB. Check --aspect-ratio, which is d/N, or compare a smaller matrix.`,
    );
  }
  return backend.createWorkspace(dimension, samples);
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
  const centred = Math.abs(mean) < 1e-12 * Math.sqrt(square);
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

function sampleOf({ nodes, masses }: DiscreteMeasure, uniform: number): number {
  let cumulative = 0;
  for (let k = 0; k < nodes.length; k++) {
    cumulative += masses[k]!;
    if (uniform < cumulative) return nodes[k]!;
  }
  return nodes[nodes.length - 1]!;
}
