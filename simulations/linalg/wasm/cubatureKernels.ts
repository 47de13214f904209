/**
 * Compiled loops for conditional expectations. Of the build without fused multiply-adds, so that what is predicted has
 * the same last digits on every machine.
 */
import type {
  Cubature,
  CubatureKernels,
  CubatureRequest,
  FieldProducts,
  FieldProductsRequest,
} from '../../../theory/network/cubatureKernels.js';
import { keptInstance, type KeptInstance, type Placed } from './keptInstance.js';
import { kernelModule } from './kernelModule.js';
import type { MemoryLayout, Region } from './memoryLayout.js';

/** One instance is kept for the next request, as large as the largest was. */
export function compiledCubatureKernels(): CubatureKernels {
  const instance = keptInstance(kernelModule({ fused: false }).module);
  return { cubature: (request) => cubature(instance, request) };
}

/** Kernels take four points at a time. */
const pointsAtOnce = 4;

function wholeSteps(count: number): number {
  return Math.ceil(count / pointsAtOnce) * pointsAtOnce;
}

function cubature(instance: KeptInstance, request: CubatureRequest): Cubature {
  const placed = instance((layout) => regionsOf(layout, request));
  const { at, view } = placed;
  const updateLayer = layerOf(placed, request);
  const updateReadout = readoutOf(placed, request);
  return {
    stride: at.stride,
    points: view(at.points),
    preactivations: view(at.preactivations),
    features: view(at.features),
    slopes: view(at.slopes),
    probabilities: view(at.probabilities),
    means: view(at.means),
    covariances: view(at.covariances),
    products: (request.products ?? []).map((wanted, k) => productsOf(placed, request, wanted, k)),
    update: (count) => {
      updateLayer(count);
      updateReadout(count);
    },
  };
}

type Regions = ReturnType<typeof regionsOf>;
type Update = (count: number) => void;

function regionsOf(layout: MemoryLayout, request: CubatureRequest) {
  const { width, layer, readout, products = [] } = request;
  // Not a multiple of a power of two: fields of one point would share a few places of the first-level cache.
  const stride = wholeSteps(request.length) + 8;
  const fields = (rows: number): Region => layout.numbers(rows * stride);
  const points = fields(width);
  return {
    /** Numbers from one field to the next. */
    stride,
    points,
    factor: layout.numbers(layer === undefined ? 0 : width * width),
    preactivations: fields(layer === undefined ? 0 : width),
    features: layer === undefined ? points : fields(width),
    slopes: fields(layer?.slopes.length ?? 0),
    readout: layout.numbers((readout?.classes ?? 0) * width),
    probabilities: fields(readout?.classes ?? 0),
    means: fields(readout?.columns.length ?? 0),
    covariances: fields(readout?.pairs.length ?? 0),
    room: fields(2),
    products: products.map((wanted) => ({
      left: fields(wanted.rows),
      terms: fields(wanted.others === undefined ? 0 : termsOf(width, wanted)),
      sums: layout.numbers(wanted.rows * termsOf(width, wanted)),
    })),
  };
}

/** Where the k-th of the fields of a region begins. */
function rowOf({ address }: Region, k: number, { stride }: Regions): number {
  return address + 8 * k * stride;
}

/** Columns, or pairs of fields, that a row has sums of. */
function termsOf(width: number, { others }: FieldProductsRequest): number {
  if (others === undefined) return width;
  return others === 'own' ? (width * (width + 1)) / 2 : width * width;
}

function layerOf({ kernels, at, view }: Placed<Regions>, request: CubatureRequest): Update {
  const { width, layer } = request;
  if (layer === undefined) return () => undefined;
  const { activation, slopes: units } = layer;
  const { stride } = at;
  const [preactivations, features, slopes] = [view(at.preactivations), view(at.features), view(at.slopes)];
  const row = (region: Region, k: number): number => rowOf(region, k, at);
  view(at.factor).set(layer.factor);
  const apply = (f: (u: number) => number, unit: number, count: number, out: Float64Array, to: number): void => {
    for (let n = 0; n < count; n += 1) out[to * stride + n] = f(preactivations[unit * stride + n]!);
  };
  return (count) => {
    const points = wholeSteps(count);
    kernels.logitFields(
      points,
      at.factor.address,
      width,
      width,
      at.points.address,
      8 * stride,
      at.preactivations.address,
    );
    if (activation.gated) {
      for (let k = 0; k < width; k += 1) kernels.rectify(points, row(at.preactivations, k), row(at.features, k));
      units.forEach((unit, k) => kernels.openGates(points, row(at.preactivations, unit), row(at.slopes, k)));
    } else {
      for (let k = 0; k < width; k += 1) apply(activation.value, k, count, features, k);
      units.forEach((unit, k) => apply(activation.first, unit, count, slopes, k));
    }
  };
}

function readoutOf({ kernels, at, view }: Placed<Regions>, request: CubatureRequest): Update {
  const { width, readout } = request;
  if (readout === undefined) return () => undefined;
  const { classes, columns, pairs } = readout;
  const [step, rowBytes] = [8 * width, 8 * at.stride];
  const column = (k: number): number => at.readout.address + 8 * k;
  const row = (region: Region, k: number): number => rowOf(region, k, at);
  const probabilities = at.probabilities.address;
  view(at.readout).set(readout.entries);
  return (count) => {
    const points = wholeSteps(count);
    kernels.softmaxOverPoints(
      points,
      at.readout.address,
      classes,
      width,
      at.features.address,
      rowBytes,
      probabilities,
      at.room.address,
    );
    columns.forEach((k, position) =>
      kernels.columnMean(points, classes, probabilities, rowBytes, column(k), step, row(at.means, position)),
    );
    pairs.forEach(([a, b], position) =>
      kernels.columnCovariance(
        points,
        classes,
        probabilities,
        rowBytes,
        column(columns[a]!),
        column(columns[b]!),
        step,
        row(at.means, a),
        row(at.means, b),
        row(at.covariances, position),
      ),
    );
  };
}

function productsOf(
  { kernels, at, view }: Placed<Regions>,
  request: CubatureRequest,
  wanted: FieldProductsRequest,
  position: number,
): FieldProducts {
  const { rows, columns, others } = wanted;
  const { width } = request;
  const { stride } = at;
  const regions = at.products[position]!;
  const left = view(regions.left);
  const [from, terms, rowBytes] = [at[columns].address, regions.terms.address, 8 * stride];
  const multiply = (points: number): number => {
    if (others === undefined) return from;
    if (others === 'own') kernels.multiplyFields(points, width, from, 0, from, rowBytes, terms);
    else kernels.multiplyFields(points, width, from, width, at[others].address, rowBytes, terms);
    return terms;
  };
  return {
    left,
    sums: view(regions.sums),
    add: (count) => {
      const points = wholeSteps(count);
      if (points > count) for (let i = 0; i < rows; i += 1) left.fill(0, i * stride + count, i * stride + points);
      kernels.addFieldProducts(
        points,
        rows,
        regions.left.address,
        termsOf(width, wanted),
        multiply(points),
        rowBytes,
        regions.sums.address,
      );
    },
  };
}
