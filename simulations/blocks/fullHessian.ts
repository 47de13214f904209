import { UsageError } from '../../theory/errors.js';
import { requireInputs, type Draw } from '../models/draw.js';
import { crossBlock } from './crossBlock.js';
import { hiddenBlock } from './hiddenBlock.js';
import { linearBlock } from './linearBlock.js';
import { outputBlock } from './outputBlock.js';

/** Beyond this order a dense Hessian takes more than 128 MB: visit it by tiles instead. */
export const LARGEST_DENSE_ORDER = 4096;

/** The number of parameters: C·d for the linear model, m·d + C·m for the hidden one. */
export function hessianOrder(draw: Draw): number {
  const { model, dimension, classes, width } = draw.settings;
  return model === 'linear' ? classes * dimension : width * dimension + classes * width;
}

/**
 * The whole Hessian, row-major, symmetric. Parameters in the order w_1, …, w_m, v_1, …, v_C (linear model: v_1, …,
 * v_C), each block its row of the layer. Throws a UsageError above order 4096.
 */
export function fullHessian(draw: Draw): Float64Array {
  requireInputs(draw);
  const order = hessianOrder(draw);
  if (order > LARGEST_DENSE_ORDER) {
    throw new UsageError(
      `the whole Hessian must have an order of at most ${LARGEST_DENSE_ORDER}; got ${order}; use visitHessianTiles, or a smaller model`,
    );
  }
  const { model, dimension, classes, width } = draw.settings;
  const hessian = new Float64Array(order * order);
  const place = (block: Float64Array, rows: number, columns: number, top: number, left: number) => {
    for (let a = 0; a < rows; a++) {
      for (let b = 0; b < columns; b++) {
        const value = block[a * columns + b]!;
        hessian[(top + a) * order + left + b] = value;
        hessian[(left + b) * order + top + a] = value;
      }
    }
  };
  if (model === 'linear') {
    draw.statistics.prepare({ output: orderedPairs(classes) });
    for (const [i, j] of orderedPairs(classes))
      place(linearBlock(draw, i, j), dimension, dimension, i * dimension, j * dimension);
    return hessian;
  }
  const outputStart = width * dimension;
  const everyUnit = [...Array(width).keys()];
  const everyClass = [...Array(classes).keys()];
  const cross = everyUnit.flatMap((i) => everyClass.map((j) => [i, j] as const));
  draw.statistics.prepare({ hidden: orderedPairs(width), output: orderedPairs(classes), cross });
  for (const [i, j] of orderedPairs(width))
    place(hiddenBlock(draw, i, j), dimension, dimension, i * dimension, j * dimension);
  for (const [i, j] of orderedPairs(classes))
    place(outputBlock(draw, i, j), width, width, outputStart + i * width, outputStart + j * width);
  for (const [i, j] of cross)
    place(crossBlock(draw, i, j).total, dimension, width, i * dimension, outputStart + j * width);
  return hessian;
}

/** All (i, j) with 0 ≤ i ≤ j < count. */
export function orderedPairs(count: number): (readonly [number, number])[] {
  const list: (readonly [number, number])[] = [];
  for (let i = 0; i < count; i++) for (let j = i; j < count; j++) list.push([i, j]);
  return list;
}
