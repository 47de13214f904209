import { linearBlock, linearBlockWeights } from '../blocks/linearBlock.js';
import type { ModelSampler } from '../network/model.js';
import { wholeReadout } from '../network/readout.js';

/** f = Vx. */
export const linear: ModelSampler = {
  name: 'linear',
  layers: [
    {
      layer: 'output',
      symbol: 'V',
      count: ({ classes }) => classes,
      order: ({ dimension }) => dimension,
      rows: ({ readout }) => wholeReadout(readout),
      weights: linearBlockWeights,
      matrix: linearBlock,
    },
  ],
  crossings: [],
  units: () => 0,
  fields: () => {
    const none = new Float64Array(0);
    return { preactivations: none, features: none, slopes: none, lower: [] };
  },
};
