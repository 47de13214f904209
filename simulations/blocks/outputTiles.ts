import type { Backend } from '../contracts.js';
import type { Draw, VisitTiles } from '../network/model.js';
import { contiguous } from './contiguous.js';
import { outputBlock } from './outputBlock.js';
import { samplesOfFields } from './samplesOfFields.js';

/**
 * For each pair of units k ≤ l, the C×C matrix of entries (v_ik, v_jl) over i and j. Under the squared error, the
 * diagonal blocks alone.
 */
export const visitOutputTiles: VisitTiles = (draw, backend, visit, start) => {
  const { classes, loss } = draw.settings;
  const width = draw.readout.fanIn;
  if (loss === 'mse') {
    const entries = outputBlock(draw, 0, 0);
    for (let i = 0; i < classes; i++) {
      visit({
        region: 'output',
        ...contiguous(start + i * width, start + i * width, width),
        entries,
        isMirrored: false,
      });
    }
    return;
  }
  forEachOutputPair(draw, backend, (k, l, entries) => {
    visit({
      region: 'output',
      rowStart: start + k,
      rowStride: width,
      rows: classes,
      columnStart: start + l,
      columnStride: width,
      columns: classes,
      entries,
      isMirrored: k !== l,
    });
  });
};

/** Calls `use` for each k ≤ l with the C×C matrix (1/N) Σ p_i (δ_ij − p_j) h_k h_l. */
function forEachOutputPair(
  draw: Draw,
  backend: Backend,
  use: (k: number, l: number, entries: Float64Array) => void,
): void {
  const { samples, classes } = draw.settings;
  const { features, statistics, readout } = draw;
  const width = readout.fanIn;
  const overClasses = samplesOfFields(backend, (c) => statistics.probability(c), classes, samples);
  const weights = new Float64Array(samples);
  for (let k = 0; k < width; k++) {
    for (let l = k; l < width; l++) {
      for (let n = 0; n < samples; n++) weights[n] = features[k * samples + n]! * features[l * samples + n]!;
      const entries = overClasses.weightedGram(weights);
      for (let e = 0; e < entries.length; e++) entries[e] = -entries[e]!;
      for (let n = 0; n < samples; n++) {
        const weight = weights[n]! / samples;
        if (weight === 0) continue;
        for (let c = 0; c < classes; c++) entries[c * classes + c]! += weight * overClasses.inputs[n * classes + c]!;
      }
      use(k, l, entries);
    }
  }
}
