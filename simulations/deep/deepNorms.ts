import { UsageError } from '../../theory/errors.js';
import type { Backend, RandomStream } from '../contracts.js';
import { dot, rowOf } from '../linalg/vectors.js';
import { drawDeepNetwork, type DeepNetworkSettings, type DrawnDeepNetwork } from './drawDeepNetwork.js';
import { featuresOf } from './forwardPass.js';
import { productsOf, type Products } from './products.js';
import { pairFields, placeOf } from './pairFields.js';
import { unitSignals } from './unitSignals.js';

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

/**
 * Squared norms of blocks of a deep network's hidden layers without a d×d matrix: within a layer of ReLU units the Hessian
 * is (1/N) Σ a_n h_{ℓ−1}h_{ℓ−1}ᵀ with a = b_iᵀΠb_j g_i g_j, so that ‖H_ij‖² = aᵀKa/N², K_nm = (h_n·h_m)². With I units
 * a layer costs some NI·Σ_{k>ℓ} n_k n_{k+1} + NIn_LC + N²I² operations, as half of the units are open; under squared error NIn_L² for the second. Same stream,
 * same numbers, on any backend up to rounding.
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
  const signals = widths.map((_, k) => unitSignals(settings, network, features, { layer: k + 1, units }, products));
  return pairFields(settings, network, features.at(-1)!, signals, units, products).map((fields, k) =>
    averages(fields, features[k]!, k === 0 ? dimension : widths[k - 1]!, settings.samples, units, products),
  );
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
