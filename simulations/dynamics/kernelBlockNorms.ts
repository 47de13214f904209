import { samplesOfFields } from '../blocks/index.js';
import { rowOf } from '../linalg/vectors.js';
import type { MarkParts } from './markParts.js';
import { createSampleKernel, visitTilesOf } from './sampleKernel.js';

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
  ].map(createSampleKernel);
  let [diagonal, offDiagonal] = [0, 0];
  visitTilesOf(samples, (start, count) => {
    const [inputs, spreads, first, second] = kernels.map((kernel) => kernel(start, count));
    for (let e = 0; e < count * samples; e++) {
      const square = inputs![e]! ** 2;
      diagonal += square * spreads![e]!;
      offDiagonal += square * (first![e]! ** 2 - second![e]!);
    }
  });
  return { diagonal: diagonal / samples ** 2, offDiagonal: offDiagonal / samples ** 2 };
}
