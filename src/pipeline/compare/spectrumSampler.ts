/** Draws of (1/N) Σ a_n x_n x_nᵀ for a comparison: of its hypothesis, and of hypotheses changed in one respect. */
import { paperActivation, paperInitialisation } from '../../../theory/names.js';
import { whiteSpectrum } from '../../../simulations/comparisons/index.js';
import type { Backend, RandomStream, Workspace } from '../../../simulations/contracts.js';
import { inputSampler } from '../../../simulations/inputs/index.js';
import { predictMemory } from '../../../simulations/models/index.js';
import { memoryLimit, requireMemory } from '../../store/allocation.js';
import type { Change } from './alternatives.js';
import { pooledSpectrum } from './givenSpectrum.js';

export interface SamplerSettings {
  readonly backend: Backend;
  readonly dimension: number;
  readonly samples: number;
  /** Matrices that make one set. */
  readonly draws: number;
  /** The d eigenvalues of Σ, of x ~ N(0, Σ); absent for the identity. */
  readonly population?: Float64Array | undefined;
  /** The weight when all are equal: then no matrix is needed. */
  readonly constant: number | undefined;
  /** The matrix has a unit diagonal: its variances are divided out. */
  readonly correlation?: boolean;
  /** `count` weights of matrix r of a set. */
  weights(stream: RandomStream, draw: number, count: number): Float64Array;
}

/** Ascending eigenvalues of one set together. */
export type SpectrumSampler = (stream: RandomStream, change?: Change) => Float64Array;

/** @throws UsageError when a draw does not fit into memory. */
export function spectrumSampler(settings: SamplerSettings): SpectrumSampler {
  const { backend, dimension, samples, draws, constant } = settings;
  const deviations = settings.population?.map(Math.sqrt);
  const largest = changedSamples(samples, 1.05);
  requireFitting(dimension, largest);
  // Two sizes only: a change that makes N smaller leaves samples of the first without a weight.
  let own: Workspace | undefined;
  let larger: Workspace | undefined;
  const workspaceFor = (count: number): Workspace =>
    count <= samples
      ? (own ??= backend.createWorkspace(dimension, samples))
      : (larger ??= backend.createWorkspace(dimension, largest));
  const matrix = (stream: RandomStream, draw: number, { scatter, inputs, ...change }: Change): Float64Array => {
    const count = changedSamples(samples, change.samples ?? 1);
    const scale = change.scale ?? 1;
    const white = deviations === undefined && inputs === undefined && settings.correlation !== true;
    if (constant !== undefined && white && scatter === undefined)
      return whiteSpectrum(stream, dimension, count)
        .map((value) => constant * scale * value)
        .sort();
    const workspace = workspaceFor(count);
    const weights = new Float64Array(workspace.samples);
    weights.set(settings.weights(stream, draw, count));
    const unit = (scale * workspace.samples) / count;
    for (let n = 0; n < count; n++) {
      const sign = scatter === undefined || stream.uniform() < 0.5 ? 1 : -1;
      weights[n]! *= unit * (1 + sign * (scatter ?? 0));
    }
    inputSampler(inputs ?? { kind: 'gaussian' }, dimension)(workspace, stream);
    if (deviations !== undefined) scaleCoordinates(workspace, deviations);
    if (settings.correlation === true) divideByDeviations(workspace, weights);
    return workspace.eigenvalues(weights).slice();
  };
  return (stream, change = {}) =>
    pooledSpectrum(Array.from({ length: draws }, (_, draw) => matrix(stream, draw, change)));
}

/** Unit diagonal of (1/N) Σ a_n x_n x_nᵀ. */
function divideByDeviations({ inputs, dimension, samples }: Workspace, weights: Float64Array): void {
  const variances = new Float64Array(dimension);
  for (let k = 0; k < inputs.length; k++)
    variances[k % dimension]! += (weights[Math.floor(k / dimension)]! * inputs[k]! * inputs[k]!) / samples;
  for (let k = 0; k < inputs.length; k++) inputs[k]! /= Math.sqrt(variances[k % dimension]!);
}

function scaleCoordinates({ inputs, samples, dimension }: Workspace, factors: Float64Array): void {
  for (let n = 0; n < samples; n++) for (let i = 0; i < dimension; i++) inputs[n * dimension + i]! *= factors[i]!;
}

/** At least one sample more or fewer, where the factor is not 1. */
export function changedSamples(samples: number, factor: number): number {
  if (factor === 1) return samples;
  const changed = Math.round(samples * factor);
  if (changed !== samples) return changed;
  return factor > 1 ? samples + 1 : Math.max(1, samples - 1);
}

/**
 * Weights like those given, another number of them: the quantiles of their distribution, so that their moments stay
 * within O(1/N).
 */
export function resampled(weights: Float64Array, count: number): Float64Array {
  if (count === weights.length) return weights;
  const sorted = weights.slice().sort();
  return Float64Array.from({ length: count }, (_, n) => sorted[Math.floor(((n + 0.5) * weights.length) / count)]!);
}

/** With equal weights, of two classes: the smallest draw of this shape. */
function requireFitting(dimension: number, samples: number): void {
  const { total } = predictMemory({
    model: 'linear',
    loss: 'mse',
    activation: paperActivation,
    initialisation: paperInitialisation,
    dimension,
    samples,
    classes: 2,
    width: 0,
  });
  requireMemory(
    total,
    memoryLimit(),
    `compare: a draw of the hypothesis, d = ${dimension} and N = ${samples},`,
    'check --aspect-ratio, which is d/N, or compare a smaller matrix',
  );
}
