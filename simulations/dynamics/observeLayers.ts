import type { Backend } from '../contracts.js';
import { orderedPairs } from '../network/classStatistics.js';
import type { Draw, LayerBlocks } from '../network/model.js';
import type { LayerObservation } from './contract.js';
import { samplesAsRows } from './observeUnits.js';
import type { SampleOutputs } from './sampleOutputs.js';

/** Up to this many rows of a layer the norms of its blocks are kept one by one. */
const largestNormTable = 64;

/** Squared norms of the diagonal and the off-diagonal blocks of each layer; `dead` units are left out of the means. */
export function observeLayers(
  draw: Draw,
  backend: Backend,
  outputs: SampleOutputs,
  dead: readonly number[],
): LayerObservation[] {
  return draw.model.layers.map((layer) => {
    const isOfUnits = layer !== draw.model.layers.at(-1);
    const count = layer.count(draw.settings);
    const norms =
      layer.weights === undefined ? featureBlockNorms(draw, backend, outputs) : weightedBlockNorms(draw, layer);
    return { layer: layer.layer, ...summary(norms, count, isOfUnits ? dead : []) };
  });
}

function summary(norms: Float64Array, count: number, dead: readonly number[]): Omit<LayerObservation, 'layer'> {
  const live = [...Array(count).keys()].filter((i) => !dead.includes(i));
  let [diagonal, offDiagonal] = [0, 0];
  for (const i of live)
    for (const j of live)
      if (i === j) diagonal += norms[i * count + j]!;
      else offDiagonal += norms[i * count + j]!;
  const pairs = live.length * (live.length - 1);
  return {
    count,
    diagonal: live.length === 0 ? 0 : diagonal / live.length,
    offDiagonal: pairs === 0 ? 0 : offDiagonal / pairs,
    total: norms.reduce((sum, norm) => sum + norm, 0),
    norms:
      count > largestNormTable
        ? null
        : Array.from({ length: count }, (_, i) => [...norms.subarray(i * count, (i + 1) * count)]),
  };
}

/** ‖(1/N) Σ a_n x_n x_nᵀ‖² of every block, count×count. */
function weightedBlockNorms(draw: Draw, { count, weights }: LayerBlocks): Float64Array {
  const rows = count(draw.settings);
  const norms = new Float64Array(rows * rows);
  for (const [i, j] of orderedPairs(rows)) {
    const norm = draw.workspace.squaredFrobeniusNorm(weights!(draw, i, j));
    norms[i * rows + j] = norm;
    norms[j * rows + i] = norm;
  }
  return norms;
}

/**
 * ‖(1/N) Σ a_n h_n h_nᵀ‖² of every block of the readout, C×C, with a_n = p_i(δ_ij − p_j), or δ_ij for the squared
 * error: by pairs of units, for which the entries of all blocks are one C×C Gram.
 */
function featureBlockNorms(draw: Draw, backend: Backend, { probabilities, spreads }: SampleOutputs): Float64Array {
  const { classes, samples, width } = draw.settings;
  const { features } = draw;
  const norms = new Float64Array(classes * classes);
  const overClasses = probabilities && samplesAsRows(backend, probabilities, classes, samples);
  const products = new Float64Array(samples);
  for (let k = 0; k < width; k++) {
    for (let l = k; l < width; l++) {
      const multiplicity = k === l ? 1 : 2;
      for (let n = 0; n < samples; n++) products[n] = features[k * samples + n]! * features[l * samples + n]!;
      const gram = overClasses?.weightedGram(products);
      for (let i = 0; i < classes; i++) {
        if (gram !== undefined)
          for (let j = 0; j < classes; j++)
            if (j !== i) norms[i * classes + j]! += multiplicity * gram[i * classes + j]! ** 2;
        let own = 0;
        for (let n = 0; n < samples; n++) own += products[n]! * (spreads?.[i * samples + n] ?? 1);
        norms[i * classes + i]! += multiplicity * (own / samples) ** 2;
      }
    }
  }
  return norms;
}
