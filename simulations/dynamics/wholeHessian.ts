import type { Backend } from '../contracts.js';
import { crossBlock, hessianOrder, visitHessianTiles } from '../blocks/index.js';
import type { Draw } from '../network/model.js';

/** The whole Hessian, order×order, row-major, symmetric, in the order of parameters of `fullHessian`. */
export function denseHessian(draw: Draw, backend: Backend): Float64Array {
  const order = hessianOrder(draw);
  const hessian = new Float64Array(order * order);
  visitHessianTiles(draw, backend, (tile) => {
    const { rowStart, rowStride, rows, columnStart, columnStride, columns, entries, isMirrored } = tile;
    for (let a = 0; a < rows; a++) {
      for (let b = 0; b < columns; b++) {
        const [row, column] = [rowStart + a * rowStride, columnStart + b * columnStride];
        hessian[row * order + column] = entries[a * columns + b]!;
        if (isMirrored) hessian[column * order + row] = entries[a * columns + b]!;
      }
    }
  });
  return hessian;
}

/**
 * The part of the whole Hessian that carries the residual, of a model whose units are not curved: column i of each
 * cross-layer block (w_i, v_j), made block by block, with no sum that the observations use.
 */
export function denseResidualPart(draw: Draw): Float64Array {
  const { width, dimension, classes } = draw.settings;
  const order = hessianOrder(draw);
  const part = new Float64Array(order * order);
  for (let i = 0; i < width; i++) {
    for (let j = 0; j < classes; j++) {
      const { residual } = crossBlock(draw, i, j);
      const right = width * dimension + j * width + i;
      for (let a = 0; a < dimension; a++) {
        const value = residual[a * width + i]!;
        part[(i * dimension + a) * order + right] = value;
        part[right * order + i * dimension + a] = value;
      }
    }
  }
  return part;
}
