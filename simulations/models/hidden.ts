import { crossBlock } from '../blocks/crossBlock.js';
import { visitCrossTiles } from '../blocks/crossTiles.js';
import { hiddenBlock, hiddenBlockWeights } from '../blocks/hiddenBlock.js';
import { outputBlock } from '../blocks/outputBlock.js';
import { visitOutputTiles } from '../blocks/outputTiles.js';
import type { ModelSampler } from '../network/model.js';
import { wholeReadout } from '../network/readout.js';

/** f = V σ(Wx). */
export const hidden: ModelSampler = {
  name: 'hidden',
  layers: [
    {
      layer: 'hidden',
      symbol: 'W',
      count: ({ width }) => width,
      order: ({ dimension }) => dimension,
      rows: ({ hiddenLayer }) => hiddenLayer,
      weights: hiddenBlockWeights,
      matrix: hiddenBlock,
    },
    {
      layer: 'output',
      symbol: 'V',
      count: ({ classes }) => classes,
      order: ({ width }) => width,
      rows: ({ readout }) => wholeReadout(readout),
      matrix: outputBlock,
      visitTiles: visitOutputTiles,
    },
  ],
  crossings: [
    {
      rows: 'hidden',
      columns: 'output',
      region: 'cross',
      matrix: (draw, i, j) => crossBlock(draw, i, j).total,
      visitTiles: visitCrossTiles,
    },
  ],
  units: ({ width }) => width,
  fields({ settings, workspace, activation, hiddenLayer }) {
    const { width, samples } = settings;
    const preactivations = new Float64Array(width * samples);
    const features = new Float64Array(width * samples);
    const slopes = new Float64Array(width * samples);
    workspace.project(hiddenLayer, width, preactivations);
    activation.value(preactivations, features);
    activation.derivative(preactivations, slopes);
    return { preactivations, features, slopes, lower: [] };
  },
};
