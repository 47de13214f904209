import { samplesOfFields } from '../blocks/index.js';
import type { Workspace } from '../contracts.js';
import { rowOf } from '../linalg/vectors.js';
import type { MarkParts } from './markParts.js';

/** Samples whose kernels with all others are held at a time. */
const tileSamples = 128;

/**
 * Sums over all diagonal, and all off-diagonal, blocks (1/N) Σ p_i(δ_ij − p_j) h_n h_nᵀ of a readout under the
 * cross-entropy, h the inputs or the features, of their squared norms, by kernels over pairs of samples:
 *
 *   (1/N²) Σ_{n,n′} (h_n·h_n′)² Σ_c a_nc a_n′c, a = p(1 − p), and
 *   (1/N²) Σ_{n,n′} (h_n·h_n′)² [(p_n·p_n′)² − Σ_c p²_nc p²_n′c].
 *
 * The bracket loses digits as probabilities near 0 and 1: an absolute error of rounding of (p_n·p_n′)² is left.
 */
export function kernelBlockNorms({ draw, backend, outputs }: MarkParts): {
  readonly diagonal: number;
  readonly offDiagonal: number;
} {
  const { samples, classes } = draw.settings;
  const { features } = draw;
  const units = draw.model.units(draw.settings);
  const overClasses = (field: Float64Array) =>
    samplesOfFields(backend, (c) => rowOf(field, c, samples), classes, samples);
  const probabilities = outputs.probabilities!;
  const kernels = [
    units === 0 ? draw.workspace : samplesOfFields(backend, (k) => rowOf(features, k, samples), units, samples),
    overClasses(outputs.spreads!),
    overClasses(probabilities),
    overClasses(probabilities.map((p) => p * p)),
  ].map((workspace) => createKernel(workspace));
  let [diagonal, offDiagonal] = [0, 0];
  for (let start = 0; start < samples; start += tileSamples) {
    const count = Math.min(tileSamples, samples - start);
    const [inputs, spreads, first, second] = kernels.map((kernel) => kernel(start, count));
    for (let e = 0; e < count * samples; e++) {
      const square = inputs![e]! ** 2;
      diagonal += square * spreads![e]!;
      offDiagonal += square * (first![e]! ** 2 - second![e]!);
    }
  }
  return { diagonal: diagonal / samples ** 2, offDiagonal: offDiagonal / samples ** 2 };
}

/** Inner products of `count` samples from `start` on with all samples, count×N, valid until the next call. */
function createKernel({ inputs, dimension, samples, project }: Workspace) {
  const out = new Float64Array(tileSamples * samples);
  return (start: number, count: number): Float64Array => {
    project(inputs.slice(start * dimension, (start + count) * dimension), count, out);
    return out;
  };
}
