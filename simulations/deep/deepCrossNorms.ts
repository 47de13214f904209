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
      const place = { settings, outputs, units, layer, above, features, signals, reach };
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
  readonly features: readonly Float64Array[];
  readonly signals: readonly UnitSignals[];
  readonly reach: UnitSignals;
}

function blockNorms(place: Place, lower: Layer, upper: Layer, products: Products) {
  const { settings, units, outputs, layer, above, features, signals, reach } = place;
  const { samples, widths } = settings;
  const isOpen = (k: number, n: number, i: number): boolean =>
    k > widths.length || features[k]![n * widths[k - 1]! + i]! > 0;
  const { curvature, residual } = curvatureFields(settings, outputs, signals[layer - 1]!, signals[above - 1], units);
  const sums = { residual: 0, curvature: 0, largestColumn: 0, whole: 0 };
  const both = lower.gram.map((value, k) => value * upper.gram[k]!);
  for (let i = 0; i < units; i++) {
    const rows = rowsOfUnit(reach, i, upper.size, samples);
    const reached = products.times(rows, rows, upper.size).map((value, k) => value * lower.gram[k]!);
    for (let j = 0; j < units; j++) {
      const a = new Float64Array(samples);
      const e = new Float64Array(samples);
      for (let n = 0; n < samples; n++) {
        if (!(isOpen(layer, n, i) && isOpen(above, n, j))) continue;
        a[n] = curvature[(i * units + j) * samples + n]!;
        e[n] = residual[j * samples + n]!;
      }
      sums.curvature += quadratic(a, both);
      sums.residual += quadratic(e, reached);
      if (i !== j) continue;
      const { largest, whole } = columnsOf(lower, upper, { a, e, rows }, samples, products);
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

/** fᵀGf. */
function quadratic(field: Float64Array, gram: Float64Array): number {
  let sum = 0;
  for (let n = 0; n < field.length; n++) sum += field[n]! * dot(field, rowOf(gram, n, field.length));
  return sum;
}

/** Signals of one unit, a row a sample. */
function rowsOfUnit({ rows, stride }: UnitSignals, i: number, size: number, samples: number): Float64Array {
  const out = new Float64Array(samples * size);
  for (let n = 0; n < samples; n++) out.set(rowOf(rows, n * stride + i, size), n * size);
  return out;
}

/** N² times the squared norms of the columns of R + K = (1/N) Hᵀ(e ∘ J + a ∘ H′), the largest and all. */
function columnsOf(
  lower: Layer,
  upper: Layer,
  { a, e, rows }: { readonly a: Float64Array; readonly e: Float64Array; readonly rows: Float64Array },
  samples: number,
  products: Products,
): { readonly largest: number; readonly whole: number } {
  const right = new Float64Array(upper.size * samples);
  for (let n = 0; n < samples; n++)
    for (let c = 0; c < upper.size; c++)
      right[c * samples + n] = e[n]! * rows[n * upper.size + c]! + a[n]! * upper.below[n * upper.size + c]!;
  const applied = products.times(right, lower.gram, samples);
  const columns = Array.from({ length: upper.size }, (_, c) =>
    dot(rowOf(right, c, samples), rowOf(applied, c, samples)),
  );
  return { largest: Math.max(...columns), whole: columns.reduce((sum, value) => sum + value, 0) };
}
