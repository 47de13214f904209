import type { Backend } from '../contracts.js';
import type { Draw, HessianPart, HessianTile } from '../network/model.js';
import { requireInputs } from '../network/requireInputs.js';
import { contiguous } from './contiguous.js';
import { layerStarts } from './layerStarts.js';

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
  draw.statistics.prepareAll();
  visitPart(draw, draw.model, backend, visit);
}

/** The same of some layers and crossings alone, whose first row is row 0. */
export function visitPart(draw: Draw, part: HessianPart, backend: Backend, visit: (tile: HessianTile) => void): void {
  requireInputs(draw);
  const { settings } = draw;
  const { starts } = layerStarts(part, settings);
  for (const { layer, count, order, matrix, visitTiles } of part.layers) {
    const start = starts.get(layer)!;
    const [rows, size] = [count(settings), order(settings)];
    if (visitTiles !== undefined) visitTiles(draw, backend, visit, start, start);
    else
      for (let i = 0; i < rows; i++)
        for (let j = i; j < rows; j++)
          visit({
            region: layer,
            ...contiguous(start + i * size, start + j * size, size),
            entries: matrix(draw, i, j),
            isMirrored: i !== j,
          });
    for (const crossing of part.crossings)
      if (crossing.rows === layer) crossing.visitTiles(draw, backend, visit, start, starts.get(crossing.columns)!);
  }
}
