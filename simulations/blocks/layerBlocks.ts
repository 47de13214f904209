import type { Layer, Model } from '../../theory/names.js';
import { UsageError } from '../../theory/errors.js';
import type { Backend, DrawSettings } from '../contracts.js';
import type { Draw } from '../models/draw.js';
import { hiddenBlock, hiddenBlockWeights } from './hiddenBlock.js';
import { linearBlock, linearBlockWeights } from './linearBlock.js';
import { outputBlock } from './outputBlock.js';

/** The diagonal and off-diagonal blocks that pairs of rows of one layer make, in one model. */
export interface LayerBlocks {
  readonly layer: Layer;
  /** Rows of the layer: m hidden units, or C outputs. */
  count(settings: DrawSettings): number;
  /** Order of a block: d, or m. */
  order(settings: DrawSettings): number;
  /** The weights a_n of blocks (1/N) Σ a_n x_n x_nᵀ; absent where a block is a sum over features. */
  readonly weights?: (draw: Draw, i: number, j: number) => Float64Array;
  /** The block itself, row-major, exactly symmetric. */
  matrix(draw: Draw, i: number, j: number): Float64Array;
}

/** What a model's Hessian at initialisation is made of, besides the blocks between its layers. */
export interface ModelBlocks {
  /** In the order of the parameters. */
  readonly layers: readonly LayerBlocks[];
  /** Number of directions of x on which the weights of its blocks depend. */
  directionCount(settings: DrawSettings): number;
  /** Those directions, rows of length d. */
  directions(draw: Draw): Float64Array;
}

/** One entry for every model; a new one is drawn, sampled and swept through its entry. */
const blocks: Readonly<Record<Model, ModelBlocks>> = {
  linear: {
    layers: [
      {
        layer: 'output',
        count: ({ classes }) => classes,
        order: ({ dimension }) => dimension,
        weights: linearBlockWeights,
        matrix: linearBlock,
      },
    ],
    directionCount: ({ classes }) => classes,
    directions: ({ readout, settings }) => readout.rows([...Array(settings.classes).keys()]),
  },
  hidden: {
    layers: [
      {
        layer: 'hidden',
        count: ({ width }) => width,
        order: ({ dimension }) => dimension,
        weights: hiddenBlockWeights,
        matrix: hiddenBlock,
      },
      {
        layer: 'output',
        count: ({ classes }) => classes,
        order: ({ width }) => width,
        matrix: outputBlock,
      },
    ],
    directionCount: ({ width }) => width,
    directions: ({ hiddenLayer }) => hiddenLayer,
  },
};

export function modelBlocks(model: Model): ModelBlocks {
  return blocks[model];
}

/** @throws UsageError when the model has no such layer */
export function layerBlocks(model: Model, layer: Layer): LayerBlocks {
  const found = blocks[model].layers.find((candidate) => candidate.layer === layer);
  if (found === undefined)
    throw new UsageError(
      `the ${model} model has no ${layer} layer: its layers are ${blocks[model].layers.map((own) => own.layer).join(', ')}`,
    );
  return found;
}

/** The layer whose blocks are sums over inputs with weights: the paper's d×d blocks. */
export function weightedLayer(model: Model): LayerBlocks & Required<Pick<LayerBlocks, 'weights'>> {
  return blocks[model].layers.find(
    (layer): layer is LayerBlocks & Required<Pick<LayerBlocks, 'weights'>> => layer.weights !== undefined,
  )!;
}

/** Ascending eigenvalues of one block of one draw, with its weights where it has them. */
export interface ObservedBlock {
  readonly eigenvalues: Float64Array;
  readonly weights: Float64Array | undefined;
}

/** The spectrum of block (i, j) of a layer; of a weighted block without forming it. */
export function observeBlock(draw: Draw, layer: Layer, i: number, j: number, backend: Backend): ObservedBlock {
  const own = layerBlocks(draw.settings.model, layer);
  if (own.weights === undefined) {
    const eigenvalues = backend.symmetricEigenvalues(own.matrix(draw, i, j), own.order(draw.settings));
    return { eigenvalues, weights: undefined };
  }
  const weights = own.weights(draw, i, j).slice();
  return { eigenvalues: draw.workspace.eigenvalues(weights).slice(), weights };
}
