import { UsageError } from '../../theory/errors.js';
import { orderedPairs } from '../network/classStatistics.js';
import type { Draw } from '../network/model.js';
import { requireInputs } from '../network/requireInputs.js';
import { layerOf } from '../network/layerOf.js';
import { layerStarts } from './layerStarts.js';

/** Beyond this order a dense Hessian takes more than 128 MB: visit it by tiles instead. */
export const largestDenseOrder = 4096;

/** The number of parameters: C·d for the linear model, m·d + C·m for the hidden one. */
export function hessianOrder(draw: Draw): number {
  return layerStarts(draw.model, draw.settings).order;
}

/**
 * The whole Hessian, row-major, symmetric. Parameters in the order w_1, …, w_m, v_1, …, v_C (linear model: v_1, …,
 * v_C), each block its row of the layer. Throws a UsageError above order 4096.
 */
export function fullHessian(draw: Draw): Float64Array {
  requireInputs(draw);
  const order = hessianOrder(draw);
  if (order > largestDenseOrder) {
    throw new UsageError(
      `the whole Hessian must have an order of at most ${largestDenseOrder}, got ${order}; use visitHessianTiles, or a smaller model`,
    );
  }
  const { model, settings } = draw;
  const { starts } = layerStarts(model, settings);
  const hessian = new Float64Array(order * order);
  const place = (block: Float64Array, columns: number, top: number, left: number) => {
    for (let a = 0; a * columns < block.length; a++) {
      for (let b = 0; b < columns; b++) {
        const value = block[a * columns + b]!;
        hessian[(top + a) * order + left + b] = value;
        hessian[(left + b) * order + top + a] = value;
      }
    }
  };
  draw.statistics.prepareAll();
  for (const { layer, count, order: size, matrix } of model.layers) {
    const start = starts.get(layer)!;
    const side = size(settings);
    for (const [i, j] of orderedPairs(count(settings)))
      place(matrix(draw, i, j), side, start + i * side, start + j * side);
  }
  for (const { rows, columns, matrix } of model.crossings) {
    const [upper, right] = [layerOf(model, rows), layerOf(model, columns)];
    const [height, width] = [upper.order(settings), right.order(settings)];
    for (let i = 0; i < upper.count(settings); i++)
      for (let j = 0; j < right.count(settings); j++)
        place(matrix(draw, i, j), width, starts.get(rows)! + i * height, starts.get(columns)! + j * width);
  }
  return hessian;
}
