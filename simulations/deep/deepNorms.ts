import { UsageError } from '../../theory/errors.js';
import type { Backend, RandomStream } from '../contracts.js';
import { dot, rowOf } from '../linalg/vectors.js';
import { drawDeepNetwork, type DeepNetworkSettings, type DrawnDeepNetwork } from './drawDeepNetwork.js';
import { featuresOf } from './forwardPass.js';
import { productsOf, type Products } from './products.js';
import { gramOfColumns, pairCount, placeOf, squaredErrorFields } from './squaredErrorFields.js';
import { unitSignals, type UnitSignals } from './unitSignals.js';

/** Of one layer of one draw, averaged over the first units and their pairs. */
export interface DeepLayerNorms {
  /** Mean ‖H_ij‖² over i ≠ j; 0 with one unit. */
  readonly off: number;
  /** Mean ‖H_ii‖². */
  readonly diagonal: number;
  /** Mean over samples and pairs i ≠ j of a_ii a_jj and of a_ij²: their quotient over draws is C_eff. */
  readonly products: number;
  readonly squares: number;
}

/** Rows of V at a time. */
export const tileRows = 512;

/**
 * Squared norms of blocks of a deep network's hidden layers without a d×d matrix: within a layer of ReLU units the Hessian
 * is (1/N) Σ a_n h_{ℓ−1}h_{ℓ−1}ᵀ with a = b_iᵀΠb_j g_i g_j, so that ‖H_ij‖² = aᵀKa/N², K_nm = (h_n·h_m)². With I units
 * a layer costs some 2NI·Σ_{k>ℓ} n_k n_{k+1} + 2NIn_LC + N²I² operations, under squared error 2NIn_L² for the second. Same stream, same
 * numbers, on any backend up to rounding.
 *
 * @param units I, at least 2 of each layer
 * @throws UsageError for fewer units, or for sizes that `drawDeepNetwork` refuses
 */
export function deepSampler(
  settings: DeepNetworkSettings,
  units: number,
  backend: Backend,
): (stream: RandomStream) => DeepLayerNorms[] {
  const { widths } = settings;
  if (!(Number.isSafeInteger(units) && units >= 2 && units <= Math.min(...widths)))
    throw new UsageError(
      `deepSampler: units must be a whole number from 2 to the smallest width, ${Math.min(...widths)}, got ${units}`,
    );
  const products = productsOf(backend);
  return (stream) => normsOf(settings, drawDeepNetwork(settings, stream), units, products);
}

function normsOf(
  settings: DeepNetworkSettings,
  network: DrawnDeepNetwork,
  units: number,
  products: Products,
): DeepLayerNorms[] {
  const { dimension, widths } = settings;
  const features = featuresOf(settings, network, products);
  const isCrossEntropy = settings.loss === 'ce';
  const normaliser = isCrossEntropy ? normaliserOf(settings, network, features.at(-1)!, products) : new Float64Array(0);
  const readoutGram = isCrossEntropy ? new Float64Array(0) : gramOfColumns(network.readout, widths.at(-1)!, products);
  return widths.map((width, index) => {
    const layer = index + 1;
    const signals = unitSignals(settings, network, features, { layer, units }, products);
    const fields =
      settings.loss === 'mse'
        ? squaredErrorFields(readoutGram, signals, { units, samples: settings.samples }, products)
        : pairFields(settings, network, { features: features.at(-1)!, normaliser, signals, units }, products);
    closeGates(fields, features[layer]!, width, settings.samples, units);
    const below = features[layer - 1]!;
    return averages(fields, below, index === 0 ? dimension : widths[index - 1]!, settings.samples, units, products);
  });
}

/** Σ_c e^{f_c} of every sample. Logits at initialisation are of order 1: no exponential overflows. */
function normaliserOf(
  { samples }: DeepNetworkSettings,
  { readout }: DrawnDeepNetwork,
  features: Float64Array,
  products: Products,
): Float64Array {
  const width = features.length / samples;
  const sums = new Float64Array(samples);
  for (let start = 0; start < readout.length; start += tileRows * width) {
    const logits = products.times(readout.subarray(start, start + tileRows * width), features, width);
    for (let k = 0; k < logits.length; k++) sums[k % samples]! += Math.exp(logits[k]!);
  }
  return sums;
}

interface Backward {
  readonly features: Float64Array;
  readonly normaliser: Float64Array;
  readonly signals: UnitSignals;
  readonly units: number;
}

/** b_iᵀΠb_j of every sample under cross-entropy, pairs×N. */
function pairFields(
  { samples }: DeepNetworkSettings,
  { readout }: DrawnDeepNetwork,
  { features, normaliser, signals, units }: Backward,
  products: Products,
): Float64Array {
  const width = features.length / samples;
  const rows = signals.rows.length / width;
  const fields = new Float64Array(pairCount(units) * samples);
  const means = new Float64Array(units * samples);
  for (let start = 0; start < readout.length; start += tileRows * width) {
    const tile = readout.subarray(start, start + tileRows * width);
    const changes = products.times(tile, signals.rows, width);
    const logits = products.times(tile, features, width);
    for (let c = 0; c < tile.length / width; c++) {
      for (let n = 0; n < samples; n++) {
        const at = c * rows + n * signals.stride;
        const share = Math.exp(logits[c * samples + n]!) / normaliser[n]!;
        for (let i = 0; i < units; i++) {
          const weighted = share * changes[at + i]!;
          means[i * samples + n]! += weighted;
          for (let j = 0; j <= i; j++) fields[placeOf(i, j) * samples + n]! += weighted * changes[at + j]!;
        }
      }
    }
  }
  for (let i = 0; i < units; i++)
    for (let j = 0; j <= i; j++)
      for (let n = 0; n < samples; n++)
        fields[placeOf(i, j) * samples + n]! -= means[i * samples + n]! * means[j * samples + n]!;
  return fields;
}

function closeGates(fields: Float64Array, features: Float64Array, width: number, samples: number, units: number): void {
  for (let n = 0; n < samples; n++)
    for (let i = 0; i < units; i++)
      for (let j = 0; j <= i; j++)
        if (!(features[n * width + i]! > 0 && features[n * width + j]! > 0)) fields[placeOf(i, j) * samples + n] = 0;
}

function averages(
  fields: Float64Array,
  features: Float64Array,
  width: number,
  samples: number,
  units: number,
  products: Products,
): DeepLayerNorms {
  const kernel = products.times(features, features, width);
  for (let k = 0; k < kernel.length; k++) kernel[k]! *= kernel[k]!;
  const applied = products.times(fields, kernel, samples);
  const sums = { off: 0, diagonal: 0, products: 0, squares: 0 };
  const field = (i: number, j: number): Float64Array => rowOf(fields, placeOf(i, j), samples);
  for (let i = 0; i < units; i++)
    for (let j = 0; j <= i; j++) {
      const own = field(i, j);
      const square = dot(own, rowOf(applied, placeOf(i, j), samples)) / samples ** 2;
      if (i === j) {
        sums.diagonal += square;
        continue;
      }
      sums.off += square;
      sums.products += dot(field(i, i), field(j, j)) / samples;
      sums.squares += dot(own, own) / samples;
    }
  const pairs = placeOf(units - 1, 0);
  return {
    off: sums.off / pairs,
    diagonal: sums.diagonal / units,
    products: sums.products / pairs,
    squares: sums.squares / pairs,
  };
}
