import { UsageError } from '../../theory/errors.js';
import type { Backend, RandomStream } from '../contracts.js';
import { dot, rowOf } from '../linalg/vectors.js';
import { drawDeepNetwork, type DeepNetworkSettings, type DrawnDeepNetwork } from './drawDeepNetwork.js';
import { featuresOf } from './forwardPass.js';
import { curvatureFields, outputsOf, type Outputs } from './outputFields.js';
import { productsOf, type Products } from './products.js';
import { unitSignals, type UnitSignals } from './unitSignals.js';

/** Of the blocks between two layers of one draw, averaged over the first units of either. */
export interface DeepCrossBlockNorms {
  /** ℓ and k > ℓ, from 1; the readout is L + 1. */
  readonly layer: number;
  readonly above: number;
  /** ‖R‖² and ‖K‖²: the part with the residual, and the Gauss–Newton part. */
  readonly residual: number;
  readonly curvature: number;
  /** ‖R + K‖² of a block's largest column and of the whole, over the blocks with i = j alone. */
  readonly largestColumn: number;
  readonly whole: number;
}

/**
 * Squared norms of blocks (w^ℓ_i, w^k_j), k > ℓ, of a deep network with uniform labels, without a matrix of all weights: R = (1/N) Σ δ_j g_i
 * h_{ℓ−1}(∂h_{k−1}/∂h_{ℓ,i})ᵀ and K = (1/N) Σ a h_{ℓ−1}h_{k−1}ᵀ have norms (1/N²) Σ_nm over products of Gram matrices of samples. Same stream, same
 * numbers, on any backend up to rounding; network and inputs are those of `deepSampler`.
 *
 * @param units of either layer, at least 1 of each, and classes
 * @param between hidden layers alone, or blocks with the readout too
 * @throws UsageError for fewer units or classes, or for sizes that `drawDeepNetwork` refuses
 */
export function deepCrossSampler(
  settings: DeepNetworkSettings,
  units: number,
  backend: Backend,
  between: 'all layers' | 'hidden layers' = 'all layers',
): (stream: RandomStream) => DeepCrossBlockNorms[] {
  const least = Math.min(...settings.widths, settings.classes);
  if (!(Number.isSafeInteger(units) && units >= 1 && units <= least))
    throw new UsageError(
      `deepCrossSampler: units must be a whole number from 1 to the smallest of widths and classes, ${least}, got ${units}`,
    );
  const products = productsOf(backend);
  return (stream) => {
    const network = drawDeepNetwork(settings, stream);
    const labels = Int32Array.from({ length: settings.samples }, () => Math.floor(stream.uniform() * settings.classes));
    return normsOf(
      settings,
      network,
      labels,
      { units, highest: settings.widths.length + (between === 'all layers' ? 1 : 0) },
      products,
    );
  };
}

/** What blocks with a layer need of it. */
interface Layer {
  /** h_{ℓ−1}·h′_{ℓ−1}, N×N. */
  readonly gram: Float64Array;
  readonly below: Float64Array;
  readonly size: number;
}

function normsOf(
  settings: DeepNetworkSettings,
  network: DrawnDeepNetwork,
  labels: Int32Array,
  { units, highest }: { readonly units: number; readonly highest: number },
  products: Products,
): DeepCrossBlockNorms[] {
  const { dimension, widths } = settings;
  const features = featuresOf(settings, network, products);
  const outputs = outputsOf(settings, network, features.at(-1)!, labels, products);
  const sizes = [dimension, ...widths];
  const layers = features.map((below, index): Layer => {
    const size = sizes[index]!;
    return { below, size, gram: products.times(below, below, size) };
  });
  const signals = widths.map((_, k) => unitSignals(settings, network, features, { layer: k + 1, units }, products));
  return widths.flatMap((_, index) =>
    Array.from({ length: highest - index - 1 }, (__, step) => {
      const [layer, above] = [index + 1, index + 2 + step];
      // ∂h_{k−1}/∂h_{ℓ,i}: signals of the network that ends there.
      const reach = unitSignals(
        { ...settings, widths: widths.slice(0, above - 1) },
        network,
        features.slice(0, above),
        { layer, units },
        products,
      );
      const place = { settings, outputs, units, layer, above, signals, reach };
      return { layer, above, ...blockNorms(place, layers[index]!, layers[above - 1]!, products) };
    }),
  );
}

interface Place {
  readonly settings: DeepNetworkSettings;
  readonly outputs: Outputs;
  readonly units: number;
  readonly layer: number;
  readonly above: number;
  readonly signals: readonly UnitSignals[];
  readonly reach: UnitSignals;
}

function blockNorms(place: Place, lower: Layer, upper: Layer, products: Products) {
  const { settings, units, outputs, layer, above, signals, reach } = place;
  const { samples } = settings;
  const { curvature, residual } = curvatureFields(settings, outputs, signals[layer - 1]!, signals[above - 1], units);
  const sums = { residual: 0, curvature: 0, largestColumn: 0, whole: 0 };
  for (let i = 0; i < units; i++) {
    const rows = rowsOfUnit(reach, i, upper.size, { samples, units });
    const reached = products.times(rows, rows, upper.size);
    for (let j = 0; j < units; j++) {
      const a = rowOf(curvature, i * units + j, samples);
      const e = rowOf(residual, j, samples).map((value, n) => (reach.places[n * units + i]! < 0 ? 0 : value));
      sums.curvature += quadratic(a, upper.gram, lower.gram);
      sums.residual += quadratic(e, reached, lower.gram);
      if (i !== j) continue;
      const { largest, whole } = columnsOf(lower, upper, { a, e, rows });
      sums.largestColumn += largest;
      sums.whole += whole;
    }
  }
  const scale = 1 / (samples * units) ** 2;
  const ownScale = units * scale;
  return {
    residual: sums.residual * scale,
    curvature: sums.curvature * scale,
    largestColumn: sums.largestColumn * ownScale,
    whole: sums.whole * ownScale,
  };
}

/** fᵀ(G ∘ G′)f. Of most samples f is 0, as a unit is shut. */
function quadratic(field: Float64Array, gram: Float64Array, other: Float64Array): number {
  const samples = field.length;
  const open = openSamples(field);
  let sum = 0;
  for (const n of open) {
    let inner = 0;
    for (const m of open) inner += field[m]! * (gram[n * samples + m]! * other[n * samples + m]!);
    sum += field[n]! * inner;
  }
  return sum;
}

const openSamples = (field: Float64Array, other = field): number[] =>
  [...field.keys()].filter((n) => field[n] !== 0 || other[n] !== 0);

/** Signals of one unit, a row a sample; 0 where it is shut. */
function rowsOfUnit(
  { rows, places }: UnitSignals,
  i: number,
  size: number,
  { samples, units }: { readonly samples: number; readonly units: number },
): Float64Array {
  const out = new Float64Array(samples * size);
  for (let n = 0; n < samples; n++) {
    const place = places[n * units + i]!;
    if (place >= 0) out.set(rowOf(rows, place, size), n * size);
  }
  return out;
}

/** N² times the squared norms of the columns of R + K = (1/N) Hᵀ(e ∘ J + a ∘ H′), the largest and all. */
function columnsOf(
  lower: Layer,
  upper: Layer,
  { a, e, rows }: { readonly a: Float64Array; readonly e: Float64Array; readonly rows: Float64Array },
): { readonly largest: number; readonly whole: number } {
  const samples = a.length;
  const open = openSamples(a, e);
  const grams = Float64Array.from({ length: open.length ** 2 }, (_, k) => {
    const [n, m] = [open[Math.floor(k / open.length)]!, open[k % open.length]!];
    return lower.gram[n * samples + m]!;
  });
  const column = new Float64Array(open.length);
  let [largest, whole] = [0, 0];
  for (let c = 0; c < upper.size; c++) {
    open.forEach((n, k) => {
      const at = n * upper.size + c;
      column[k] = e[n]! * rows[at]! + a[n]! * upper.below[at]!;
    });
    let square = 0;
    for (let k = 0; k < open.length; k++) square += column[k]! * dot(rowOf(grams, k, open.length), column);
    largest = Math.max(largest, square);
    whole += square;
  }
  return { largest, whole };
}
