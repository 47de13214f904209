/**
 * The residual part of one Hessian at initialisation: spectra of N S_i S_iᵀ of all units against the law with a Poisson
 * number of samples a class, and against the Marčenko–Pastur law that forgets that number. Draws of each law's own
 * random matrix say how far a spectrum strays at this size.
 */
import type { SpectralLaw } from '../../../theory/contracts.js';
import { residualPartLaw } from '../../../theory/dynamics/index.js';
import { kolmogorovDistance } from '../../../simulations/comparisons/index.js';
import type { DrawSettings, RandomStream, Workspace } from '../../../simulations/contracts.js';
import { observeMark } from '../../../simulations/dynamics/index.js';
import { drawReplicate } from '../../../simulations/models/index.js';
import { randomStream } from '../../../simulations/random/index.js';
import type { TaskEnvironment } from '../environment.js';
import type { ExperimentTask } from './experimentTask.js';
import type { Perturbation } from '../perturbation.js';

export interface ResidualLawTask extends ExperimentTask {
  readonly kind: 'residual law';
  /** Draws of each law's own random matrix. */
  readonly nulls: number;
  readonly perturbation: Perturbation;
}

/** Mean Kolmogorov distances to one law. */
export interface LawDistance {
  /** Of the units' spectra. */
  readonly observed: number;
  /** Of spectra that have the law, and the variance of one of them. */
  readonly expected: number;
  readonly variance: number;
}

export interface ResidualLawTaskResult {
  readonly kind: 'residual law';
  readonly poisson: LawDistance;
  readonly marchenkoPastur: LawDistance;
  /** Mean tr N S_i S_iᵀ/d over its limit. */
  readonly trace: number;
}

export async function performResidualLawTask(
  task: ResidualLawTask,
  environment: TaskEnvironment,
): Promise<ResidualLawTaskResult> {
  const { settings, perturbation, replicate } = task;
  const { dimension, samples, classes, activation } = settings;
  const seed = `${task.seed}/${task.experiment}`;
  const spectra = drawnSpectra(task, seed, environment);
  const sizes = { dimensionsPerClass: (dimension / classes) * perturbation.aspectRatio, activation };
  const poisson = residualPartLaw({ ...sizes, samplesPerClass: samples / classes }).gram;
  const marchenkoPastur = residualPartLaw({ ...sizes, samplesPerClass: Infinity }).gram;
  const workspace = environment.workspace(dimension, classes);
  const distanceTo = (law: SpectralLaw, weights: (stream: RandomStream) => Float64Array, name: string): LawDistance => {
    const nulls = Array.from({ length: task.nulls }, (_, n) => {
      const stream = randomStream(seed, `${name} ${n}`, replicate);
      return kolmogorovDistance(drawnNull(workspace, weights(stream), stream), law);
    });
    const expected = mean(nulls);
    return {
      observed: mean(spectra.map((spectrum) => kolmogorovDistance(spectrum, law))),
      expected,
      variance: nulls.reduce((sum, value) => sum + (value - expected) ** 2, 0) / (task.nulls - 1),
    };
  };
  return {
    kind: 'residual law',
    poisson: distanceTo(poisson, (stream) => openSamples(stream, settings), 'poisson'),
    marchenkoPastur: distanceTo(marchenkoPastur, () => new Float64Array(classes).fill(openShare), 'marchenko-pastur'),
    trace: mean(spectra.map((spectrum) => spectrum.reduce((sum, value) => sum + value, 0) / dimension)) / openShare,
  };
}

/** Of a gate: half the inputs open it. */
const openShare = 0.5;

/** Ascending eigenvalues of N S_i S_iᵀ, d×d, of every unit. */
function drawnSpectra(task: ResidualLawTask, seed: string, { backend, workspace }: TaskEnvironment): Float64Array[] {
  const { settings } = task;
  const { dimension, samples } = settings;
  const inputs = workspace(dimension, samples);
  const draw = drawReplicate(settings, inputs, seed, task.replicate, { wanted: {} });
  const { units } = observeMark(draw, { step: 0, data: 'train', backend, largestSpectrumOrder: 0 });
  return units.map(({ singularValues }) => {
    const eigenvalues = new Float64Array(dimension);
    singularValues.forEach((value, k) => (eigenvalues[k] = samples * value ** 2));
    return eigenvalues.sort();
  });
}

/** C k_j/N with k_j the samples of class j that open a gate. */
function openSamples(stream: RandomStream, { samples, classes }: DrawSettings): Float64Array {
  const weights = new Float64Array(classes);
  for (let n = 0; n < samples; n++) {
    const label = stream.integer(classes);
    if (stream.uniform() < openShare) weights[label]! += classes / samples;
  }
  return weights;
}

/**
 * Eigenvalues of (1/C) A Aᵀ, the columns of A being √a_j z_j less their mean, with standard normal z_j: residuals sum to
 * 0 over the classes, which takes one direction of C and at d = C as much of a distance as chance does.
 */
function drawnNull(workspace: Workspace, weights: Float64Array, stream: RandomStream): Float64Array {
  const { inputs, dimension, samples } = workspace;
  workspace.drawInputs(stream);
  const average = new Float64Array(dimension);
  for (let j = 0; j < samples; j++) {
    const length = Math.sqrt(weights[j]!);
    for (let t = 0; t < dimension; t++) average[t]! += (inputs[j * dimension + t]! *= length) / samples;
  }
  for (let e = 0; e < inputs.length; e++) inputs[e]! -= average[e % dimension]!;
  return workspace.eigenvalues(new Float64Array(samples).fill(1)).slice();
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
