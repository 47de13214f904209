import type { DrawSettings } from '../contracts.js';
import type { LayerBlocks, ModelSampler } from './model.js';

export interface LayerSize extends Pick<LayerBlocks, 'layer' | 'symbol'> {
  readonly fanIn: number;
  readonly fanOut: number;
}

/** The layers of a model with their sizes: those below the readout, in order, and the readout. */
export function splitLayers(model: ModelSampler, settings: DrawSettings) {
  const sizes = model.layers.map(({ layer, symbol, count, order }): LayerSize => ({
    layer,
    symbol,
    fanIn: order(settings),
    fanOut: count(settings),
  }));
  return { below: sizes.slice(0, -1), readout: sizes.at(-1)! };
}

/** Number of parameters. */
export function entriesOf(layers: readonly LayerSize[]): number {
  return layers.reduce((sum, { fanIn, fanOut }) => sum + fanIn * fanOut, 0);
}
