import type { Backend } from '../contracts.js';
import { requireInputs, type Draw } from '../models/draw.js';
import { mixedCurvature, outputResidual } from './crossBlock.js';
import { orderedPairs } from './fullHessian.js';
import { hiddenBlock } from './hiddenBlock.js';
import { createInputSums, liveSamples } from './inputSums.js';
import { linearBlock } from './linearBlock.js';
import { outputBlock } from './outputBlock.js';

export type HessianRegion = 'hidden' | 'cross' | 'output';

/**
 * A regular sub-grid of the Hessian: entry (a, b) of the tile is entry (rowStart + a·rowStride, columnStart +
 * b·columnStride) of the Hessian. Unless the tile is symmetric about the Hessian's diagonal, its mirror image is part
 * of the Hessian too and is not visited.
 */
export interface HessianTile {
  readonly region: HessianRegion;
  readonly rowStart: number;
  readonly rowStride: number;
  readonly rows: number;
  readonly columnStart: number;
  readonly columnStride: number;
  readonly columns: number;
  /** rows × columns, row-major; reused after the visit. */
  readonly entries: Float64Array;
  /** True when the mirror image of the tile must be added: it is not visited by itself. */
  readonly isMirrored: boolean;
}

/**
 * Visits every entry of the Hessian once (up to symmetry), tile by tile, without ever holding the matrix. Parameters
 * are in the order of `fullHessian`. Parts of the Hessian that are exactly zero may not be visited. The largest arrays
 * held are N×C and a few of d×C.
 *
 * Hidden–hidden and linear blocks are one tile each. Output–output entries are grouped by pair of units (k, l), where
 * they are δ_ij T − P diag(h_k h_l) Pᵀ/N over all classes; cross entries by (i, k), where they are Xᵀ diag(σ'(u_i) h_k)
 * Q/N: few large products in place of C² small ones.
 */
export function visitHessianTiles(draw: Draw, backend: Backend, visit: (tile: HessianTile) => void): void {
  requireInputs(draw);
  const { model, dimension, classes, width } = draw.settings;
  const isHidden = model === 'hidden';
  const blocks = isHidden ? width : classes;
  const allClasses = [...Array(classes).keys()];
  draw.statistics.prepare({
    hidden: isHidden ? orderedPairs(width) : [],
    output: allClasses.map((c) => [c, c]),
    cross: isHidden ? allClasses.map((j) => [j % width, j]) : [],
  });
  for (let i = 0; i < blocks; i++) {
    for (let j = i; j < blocks; j++) {
      visit({
        region: isHidden ? 'hidden' : 'output',
        ...contiguous(i * dimension, j * dimension, dimension),
        entries: isHidden ? hiddenBlock(draw, i, j) : linearBlock(draw, i, j),
        isMirrored: i !== j,
      });
    }
  }
  if (!isHidden) return;
  visitCrossTiles(draw, backend, visit);
  visitOutputTiles(draw, backend, visit);
}

function contiguous(rowStart: number, columnStart: number, size: number) {
  return { rowStart, rowStride: 1, rows: size, columnStart, columnStride: 1, columns: size };
}

/** For each hidden unit i and column k, the d×C matrix of entries (w_ia, v_jk) over a and j. */
function visitCrossTiles(draw: Draw, backend: Backend, visit: (tile: HessianTile) => void): void {
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
        rowStart: i * dimension,
        rowStride: 1,
        rows: dimension,
        columnStart: width * dimension + k,
        columnStride: width,
        columns: classes,
        entries,
        isMirrored: true,
      });
    }
  }
}

/**
 * (1/N) Σ σ'(u_i) x hᵀ, d×m: the curvature part of every cross block of unit i under the squared error, before its
 * factor v_ji.
 */
function gatedInputFeatures(draw: Draw, i: number): Float64Array {
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

/**
 * For each pair of units k ≤ l, the C×C matrix of entries (v_ik, v_jl) over i and j. Under the squared error, the
 * diagonal blocks alone.
 */
function visitOutputTiles(draw: Draw, backend: Backend, visit: (tile: HessianTile) => void): void {
  const { dimension, classes, width, loss } = draw.settings;
  const start = width * dimension;
  if (loss === 'mse') {
    const entries = outputBlock(draw, 0, 0);
    for (let i = 0; i < classes; i++) {
      visit({
        region: 'output',
        ...contiguous(start + i * width, start + i * width, width),
        entries,
        isMirrored: false,
      });
    }
    return;
  }
  forEachOutputPair(draw, backend, (k, l, entries) => {
    visit({
      region: 'output',
      rowStart: start + k,
      rowStride: width,
      rows: classes,
      columnStart: start + l,
      columnStride: width,
      columns: classes,
      entries,
      isMirrored: k !== l,
    });
  });
}

/** Calls `use` for each k ≤ l with the C×C matrix (1/N) Σ p_i (δ_ij − p_j) h_k h_l. */
export function forEachOutputPair(
  draw: Draw,
  backend: Backend,
  use: (k: number, l: number, entries: Float64Array) => void,
): void {
  const { samples, classes, width } = draw.settings;
  const { features, statistics } = draw;
  const overClasses = backend.createWorkspace(classes, samples);
  for (let c = 0; c < classes; c++) {
    const probability = statistics.probability(c);
    for (let n = 0; n < samples; n++) overClasses.inputs[n * classes + c] = probability[n]!;
  }
  const weights = new Float64Array(samples);
  for (let k = 0; k < width; k++) {
    for (let l = k; l < width; l++) {
      for (let n = 0; n < samples; n++) weights[n] = features[k * samples + n]! * features[l * samples + n]!;
      const entries = overClasses.weightedGram(weights);
      for (let e = 0; e < entries.length; e++) entries[e] = -entries[e]!;
      for (let n = 0; n < samples; n++) {
        const weight = weights[n]! / samples;
        if (weight === 0) continue;
        for (let c = 0; c < classes; c++) entries[c * classes + c]! += weight * overClasses.inputs[n * classes + c]!;
      }
      use(k, l, entries);
    }
  }
}
