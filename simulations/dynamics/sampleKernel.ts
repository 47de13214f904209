import type { Workspace } from '../contracts.js';

/** Samples whose kernels with all others are held at a time. */
const tileSamples = 128;

/** Inner products of `count` samples from `start` on with all N: count×N, valid until the next call. */
export type SampleKernel = (start: number, count: number) => Float64Array;

/** Of the samples of a workspace, up to `tileSamples` at a time. */
export function createSampleKernel(workspace: Workspace): SampleKernel {
  const { inputs, dimension, samples } = workspace;
  const out = new Float64Array(tileSamples * samples);
  return (start, count) => {
    workspace.project(inputs.slice(start * dimension, (start + count) * dimension), count, out);
    return out;
  };
}

/** Calls `visit` with the first sample and the number of samples of each tile of `samples`. */
export function visitTilesOf(samples: number, visit: (start: number, count: number) => void): void {
  for (let start = 0; start < samples; start += tileSamples) visit(start, Math.min(tileSamples, samples - start));
}
