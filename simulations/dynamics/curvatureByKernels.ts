import { liveSamples, mixedCurvature, samplesOfFields } from '../blocks/index.js';
import { rowOf } from '../linalg/vectors.js';
import type { Draw } from '../network/model.js';
import type { MarkParts } from './markParts.js';
import { createSampleKernel, visitTilesOf } from './sampleKernel.js';

/** Beyond this many samples the kernel of inputs and features, N×N, would take more than 200 MB. */
const largestKernel = 5000;

/** Whether ‖K‖² takes fewer multiplications by kernels over pairs of samples than block by block. */
export function kernelsAreCheaper({ settings, slopes }: Draw): boolean {
  const { width, samples, dimension, classes } = settings;
  if (samples > largestKernel) return false;
  const open = Array.from({ length: width }, (_, i) => liveSamples(rowOf(slopes, i, samples)).length);
  const live = open.reduce((sum, count) => sum + count, 0);
  const byBlocks = open.reduce((sum, count) => sum + count * live, 0) * ((dimension * classes) / samples);
  const byKernels = samples * samples * (dimension + width) + live * classes * (samples + dimension);
  return byKernels < byBlocks;
}

/**
 * ‖K‖² of the cross-layer blocks, of all units i, columns k and classes j:
 *
 *   (1/N²) Σ_i Σ_{n,n′} σ′_n,i σ′_n′,i (x_n·x_n′)(h_n·h_n′)(q_n,i·q_n′,i), q_ij = Σ_c v_ci ∂²ℓ/∂f_c∂f_j.
 */
export function curvatureByKernels({ draw, backend }: MarkParts): number {
  const { width, samples, classes } = draw.settings;
  const { workspace, slopes, features } = draw;
  const shared = new Float64Array(samples * samples);
  workspace.project(workspace.inputs.slice(), samples, shared);
  const ofFeatures = createSampleKernel(samplesOfFields(backend, (k) => rowOf(features, k, samples), width, samples));
  visitTilesOf(samples, (start, count) => {
    const kernel = ofFeatures(start, count);
    for (let e = 0; e < count * samples; e++) shared[start * samples + e]! *= kernel[e]!;
  });
  const bends = backend.createWorkspace(classes, samples);
  const ofBends = createSampleKernel(bends);
  let sum = 0;
  for (let i = 0; i < width; i++) {
    const slope = rowOf(slopes, i, samples);
    const live = liveSamples(slope);
    for (let j = 0; j < classes; j++) {
      const bend = mixedCurvature(draw, i, j);
      live.forEach((n, row) => (bends.inputs[row * classes + j] = slope[n]! * bend[n]!));
    }
    visitTilesOf(live.length, (start, count) => {
      const kernel = ofBends(start, count);
      for (let a = 0; a < count; a++) {
        const row = live[start + a]! * samples;
        for (let b = 0; b < live.length; b++) sum += shared[row + live[b]!]! * kernel[a * samples + b]!;
      }
    });
  }
  return sum / samples ** 2;
}
