import type { Loss } from '../../theory/contracts.js';
import { UsageError } from '../../theory/errors.js';
import type { RandomStream } from '../contracts.js';
import { fillLayer } from '../network/layerInitialisation.js';

/** Sizes of f = V h_L, h_k = ReLU(W_k h_{k−1}), h_0 = x, and how it is drawn: x ~ N(0, I_d), W_k as He, V ~ N(0, s²/n_L). */
export interface DeepNetworkSettings {
  readonly loss: Loss;
  /** d. */
  readonly dimension: number;
  /** N. */
  readonly samples: number;
  /** n_1 … n_L. */
  readonly widths: readonly number[];
  /** C. */
  readonly classes: number;
  /** s². */
  readonly logitVariance: number;
}

/** A network as drawn, row-major. */
export interface DrawnDeepNetwork {
  /** X, N×d. */
  readonly inputs: Float64Array;
  /** W_1 … W_L, W_k of n_k rows and n_{k−1} columns. */
  readonly layers: readonly Float64Array[];
  /** V, C×n_L. */
  readonly readout: Float64Array;
}

/**
 * The same stream gives the same numbers: inputs, layers from the first, readout.
 * @throws UsageError for sizes that are not whole numbers of at least 1
 */
export function drawDeepNetwork(settings: DeepNetworkSettings, stream: RandomStream): DrawnDeepNetwork {
  const { dimension, samples, widths, classes, logitVariance } = settings;
  for (const size of [dimension, samples, ...widths, classes])
    if (!(Number.isSafeInteger(size) && size >= 1))
      throw new UsageError(`drawDeepNetwork: sizes must be whole numbers of at least 1, got ${size}`);
  const inputs = new Float64Array(samples * dimension);
  stream.fillNormals(inputs);
  const draw = (rows: number, columns: number, varianceFactor: number): Float64Array => {
    const matrix = new Float64Array(rows * columns);
    fillLayer(stream, { varianceFactor, distribution: 'normal' }, columns, matrix);
    return matrix;
  };
  const layers = widths.map((width, k) => draw(width, k === 0 ? dimension : widths[k - 1]!, 2));
  return { inputs, layers, readout: draw(classes, widths.at(-1)!, logitVariance) };
}
