import type { Backend } from '../contracts.js';
import type { Draw } from '../network/model.js';
import { requireInputs } from '../network/requireInputs.js';

/** Samples summed by one call of the backend: bounds its buffers, long enough to be efficient. */
const sampleChunk = 1024;
/** Samples turned from rows into columns together. */
const samplesAtOnce = 8;

/**
 * Writes (1/N) Σ_n s_n x_n for `count` scalars s at once to `out`, count×d; n runs over the samples `live` and
 * `scalar(k, n)` is s_n of the k-th.
 */
export type InputSums = (
  live: readonly number[],
  count: number,
  scalar: (k: number, n: number) => number,
  out: Float64Array,
) => void;

/**
 * Weighted sums of inputs as matrix products of the backend: projections in a space whose coordinates are samples and
 * whose points are the d coordinates of an input. Reads the inputs in the draw's workspace at each call.
 */
export function createInputSums(draw: Draw, backend: Backend): InputSums {
  const { samples, dimension } = draw.settings;
  const chunk = Math.min(sampleChunk, samples);
  const transposed = backend.createWorkspace(chunk, dimension);
  let directions = new Float64Array(0);
  let partial = new Float64Array(0);
  return (live, count, scalar, out) => {
    requireInputs(draw);
    const { inputs } = draw.workspace;
    if (directions.length < count * chunk) {
      directions = new Float64Array(count * chunk);
      partial = new Float64Array(count * dimension);
    }
    const [used, sums] = [directions.subarray(0, count * chunk), partial.subarray(0, count * dimension)];
    out.fill(0);
    for (let start = 0; start < live.length; start += chunk) {
      const length = Math.min(chunk, live.length - start);
      if (length < chunk) transposed.inputs.fill(0);
      // Some samples at a time: what is written next to each other shares a line of the cache.
      for (let first = 0; first < length; first += samplesAtOnce) {
        const last = Math.min(first + samplesAtOnce, length);
        for (let a = 0; a < dimension; a++)
          for (let s = first; s < last; s++)
            transposed.inputs[a * chunk + s] = inputs[live[start + s]! * dimension + a]!;
      }
      used.fill(0);
      for (let k = 0; k < count; k++) {
        for (let s = 0; s < length; s++) used[k * chunk + s] = scalar(k, live[start + s]!) / samples;
      }
      transposed.project(used, count, sums);
      for (let e = 0; e < sums.length; e++) out[e]! += sums[e]!;
    }
  };
}

/** The samples where a weight is not zero. */
export function liveSamples(weights: Float64Array): number[] {
  const live: number[] = [];
  for (let n = 0; n < weights.length; n++) if (weights[n] !== 0) live.push(n);
  return live;
}
