import { samplesOfFields } from '../blocks/index.js';
import { dot, rowOf, sumOfSquares } from '../linalg/vectors.js';
import { orderedPairs } from '../network/classStatistics.js';
import type { Draw, LayerBlocks } from '../network/model.js';
import { kernelBlockNorms } from './kernelBlockNorms.js';
import type { LayerObservation } from './contract.js';
import type { MarkParts } from './markParts.js';
import { normsOfPairs } from './normsOfPairs.js';

/** Up to this many rows of a layer the norms of its blocks are kept one by one. */
const largestNormTable = 64;

type Norms = Pick<LayerObservation, 'diagonal' | 'offDiagonal' | 'total' | 'norms'>;

/** Squared norms of the diagonal and the off-diagonal blocks of each layer; `dead` units are left out of the means. */
export function observeLayers(parts: MarkParts, dead: readonly number[]): LayerObservation[] {
  const { model, settings } = parts.draw;
  const readout = model.layers.at(-1);
  return model.layers.map((layer) => {
    const count = layer.count(settings);
    const norms =
      layer === readout ? readoutNorms(parts, layer) : summary(weightedNorms(parts.draw, layer), count, dead);
    return { layer: layer.layer, count, ...norms };
  });
}

/**
 * Of the layer whose outputs the loss sees. Squared error: its second derivative is the identity, so that all diagonal
 * blocks are one and the others vanish. Cross-entropy: by pairs of classes or of features, or by kernels over pairs of
 * samples, whichever multiplies less.
 */
function readoutNorms(parts: MarkParts, layer: LayerBlocks): Norms {
  const { draw, outputs } = parts;
  const { samples } = draw.settings;
  const [classes, features] = [layer.count(draw.settings), layer.order(draw.settings)];
  if (outputs.spreads === undefined) {
    const norm = sumOfSquares(layer.matrix(draw, 0, 0));
    return summary(
      Float64Array.from({ length: classes ** 2 }, (_, e) => (e % (classes + 1) === 0 ? norm : 0)),
      classes,
      [],
    );
  }
  const byPairs = (samples * classes * (classes + 1) * features * (features + 1)) / 4;
  const byKernels = samples * samples * (features + 3 * classes);
  if (byPairs > byKernels) return kernelNorms(parts, classes);
  return summary(layer.weights === undefined ? featureNorms(parts) : weightedNorms(draw, layer), classes, []);
}

function kernelNorms(parts: MarkParts, classes: number): Norms {
  const { diagonal, offDiagonal } = kernelBlockNorms(parts);
  return {
    diagonal: diagonal / classes,
    offDiagonal: offDiagonal / (classes * (classes - 1)),
    total: diagonal + offDiagonal,
    norms: null,
  };
}

function summary(norms: Float64Array, count: number, dead: readonly number[]): Norms {
  const live = [...Array(count).keys()].filter((i) => !dead.includes(i));
  let [diagonal, offDiagonal] = [0, 0];
  for (const i of live)
    for (const j of live)
      if (i === j) diagonal += norms[i * count + j]!;
      else offDiagonal += norms[i * count + j]!;
  return {
    diagonal: diagonal / Math.max(1, live.length),
    offDiagonal: offDiagonal / Math.max(1, live.length * (live.length - 1)),
    total: norms.reduce((sum, norm) => sum + norm, 0),
    norms: count > largestNormTable ? null : Array.from({ length: count }, (_, i) => [...rowOf(norms, i, count)]),
  };
}

/** ‖(1/N) Σ a_n x_n x_nᵀ‖² of every block, count×count. */
function weightedNorms(draw: Draw, { count, weights }: LayerBlocks): Float64Array {
  const rows = count(draw.settings);
  const norms = new Float64Array(rows * rows);
  const pairs = orderedPairs(rows);
  normsOfPairs(draw.workspace, pairs, (i, j) => weights!(draw, i, j)).forEach((norm, k) => {
    const [i, j] = pairs[k]!;
    norms[i * rows + j] = norm;
    norms[j * rows + i] = norm;
  });
  return norms;
}

/**
 * ‖(1/N) Σ p_i(δ_ij − p_j) h_n h_nᵀ‖² of every block of a readout of features, C×C: by pairs of features, for which the
 * entries of all blocks are one C×C Gram.
 */
function featureNorms({ draw, backend, outputs: { probabilities, spreads } }: MarkParts): Float64Array {
  const { classes, samples, width } = draw.settings;
  const { features } = draw;
  const norms = new Float64Array(classes * classes);
  const overClasses = samplesOfFields(backend, (c) => rowOf(probabilities!, c, samples), classes, samples);
  for (const [k, l] of orderedPairs(width)) {
    const multiplicity = k === l ? 1 : 2;
    const products = rowOf(features, k, samples).map((h, n) => h * features[l * samples + n]!);
    const gram = overClasses.weightedGram(products);
    for (let i = 0; i < classes; i++) {
      gram[i * classes + i] = dot(products, rowOf(spreads!, i, samples)) / samples;
      for (let j = 0; j < classes; j++) norms[i * classes + j]! += multiplicity * gram[i * classes + j]! ** 2;
    }
  }
  return norms;
}
