import type { Draw, VisitTiles } from '../network/model.js';
import { mixedCurvature, outputResidual } from './crossBlock.js';
import { createInputSums, liveSamples } from './inputSums.js';

/** For each hidden unit i and column k, the d×C matrix of entries (w_ia, v_jk) over a and j. */
export const visitCrossTiles: VisitTiles = (draw, backend, visit, rowStart, columnStart) => {
  const { dimension, samples, classes, width, loss } = draw.settings;
  const { slopes, features } = draw;
  const sumInputs = createInputSums(draw, backend);
  const sum = new Float64Array(classes * dimension);
  const entries = new Float64Array(dimension * classes);
  const classList = [...Array(classes).keys()];
  const residuals = classList.map((j) => outputResidual(draw, j));

  for (let i = 0; i < width; i++) {
    const slope = slopes.subarray(i * samples, (i + 1) * samples);
    const live = liveSamples(slope);
    const bends = loss === 'ce' ? classList.map((j) => mixedCurvature(draw, i, j)) : undefined;
    // The squared error's curvature part is an outer product: only its residual in column i needs the sum.
    const shared = bends === undefined ? gatedInputFeatures(draw, i) : undefined;
    for (let k = 0; k < width; k++) {
      const feature = features.subarray(k * samples, (k + 1) * samples);
      const scalar = (j: number, n: number): number => {
        const bend = bends === undefined ? 0 : bends[j]![n]! * feature[n]!;
        return slope[n]! * (k === i ? bend + residuals[j]![n]! : bend);
      };
      if (bends === undefined && k !== i) sum.fill(0);
      else
        sumInputs(bends === undefined ? live : live.filter((n) => k === i || feature[n] !== 0), classes, scalar, sum);
      for (let j = 0; j < classes; j++) {
        const entry = shared === undefined ? 0 : draw.statistics.readoutRow(j)[i]!;
        for (let a = 0; a < dimension; a++) {
          entries[a * classes + j] =
            sum[j * dimension + a]! + (shared === undefined ? 0 : entry * shared[a * width + k]!);
        }
      }
      visit({
        region: 'cross',
        rowStart: rowStart + i * dimension,
        rowStride: 1,
        rows: dimension,
        columnStart: columnStart + k,
        columnStride: width,
        columns: classes,
        entries,
        isMirrored: true,
      });
    }
  }
};

/**
 * (1/N) Σ σ'(u_i) x hᵀ, d×m: the curvature part of every cross block of unit i under the squared error, before its
 * factor v_ji.
 */
export function gatedInputFeatures(draw: Draw, i: number): Float64Array {
  const { samples, dimension, width } = draw.settings;
  const out = new Float64Array(dimension * width);
  for (let n = 0; n < samples; n++) {
    const slope = draw.slopes[i * samples + n]! / samples;
    if (slope === 0) continue;
    for (let a = 0; a < dimension; a++) {
      const x = slope * draw.workspace.inputs[n * dimension + a]!;
      for (let k = 0; k < width; k++) out[a * width + k]! += x * draw.features[k * samples + n]!;
    }
  }
  return out;
}
