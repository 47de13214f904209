import type { InitialisationName, LayerInitialisation, Model } from '../contracts.js';
import { UsageError } from '../errors.js';
import { initialisations, layersOf, models, type NumberedLayer } from '../names.js';
import { requireWord } from '../requirements.js';

/** The sizes that fans in and out are read from. */
export interface InitialisationSizes {
  readonly model: Model;
  /** d; Infinity for the limit. Matters to Xavier only. */
  readonly dimension: number;
  /** m; read of the hidden model alone. Matters to Xavier only. */
  readonly width: number;
  /** n_1 … n_L of a deep model. Matters to Xavier only. */
  readonly widths?: readonly number[] | undefined;
  /** C. Matters to Xavier only. */
  readonly classes: number;
}

/** Distribution of the entries of each layer. */
export interface InitialisationScheme {
  /** W; absent for a model of one layer, and for one of several hidden ones. */
  readonly hidden?: LayerInitialisation;
  /** W_1 … W_L of a deep model. */
  readonly [layer: NumberedLayer]: LayerInitialisation;
  /** V. */
  readonly output: LayerInitialisation;
}

/**
 * Variances of the layers as multiples of 1/fan-in: LeCun 1, He 2, Xavier 2·fan_in/(fan_in + fan_out) (all normal),
 * and PyTorch's default for a linear layer, uniform on ±1/√fan_in, 1/3. (LeCun 1998; Glorot & Bengio 2010; He et al.
 * 2015; PyTorch's Kaiming-uniform with a = √5.) In the linear model the logit variance s² is the output layer's factor;
 * in the hidden one the logits given h have variance output factor·|h|²/m, the pre-activations variance hidden factor.
 */
export function initialisationScheme(name: InitialisationName, sizes: InitialisationSizes): InitialisationScheme {
  const { model, dimension, width, widths = [width], classes } = sizes;
  requireWord('initialisationScheme', 'model', model, models);
  const layers = layersOf(model, widths.length);
  // From inputs to outputs, with a width between any two layers.
  const fans = [dimension, ...widths.slice(0, layers.length - 1), classes];
  return Object.fromEntries(
    layers.map((which, k) => [which, layer(name, fans[k]!, fans[k + 1]!)]),
  ) as unknown as InitialisationScheme;
}

function layer(name: InitialisationName, fanIn: number, fanOut: number): LayerInitialisation {
  switch (name) {
    case 'lecun':
      return { varianceFactor: 1, distribution: 'normal' };
    case 'he':
      return { varianceFactor: 2, distribution: 'normal' };
    case 'xavier':
      return { varianceFactor: 2 / (1 + fanOut / fanIn), distribution: 'normal' };
    case 'pytorch':
      return { varianceFactor: 1 / 3, distribution: 'uniform' };
    default:
      throw new UsageError(
        `initialisationScheme: name must be one of ${initialisations.join(', ')}, got ${String(name)}`,
      );
  }
}
