/**
 * The compiled form of `Backend.lossGradient`, shared by the wasm and the native backend: one pass over tiles of
 * samples, from inputs to the derivatives of both layers. Samples are rows everywhere; units and classes are padded to
 * fours by zeros.
 */
import type { BatchLoss, LossGradient, LossGradientRequest, Parameters, SampleSet } from '../../contracts.js';
import { checkNetwork, checkParameters, sampleNumbers } from '../lossGradientChecks.js';
import { instantiate, type KernelExports, type KernelModule } from './kernelModule.js';
import { MemoryLayout } from './memoryLayout.js';

/** Samples of a tile: with inputs and outputs they stay in the second-level cache; a multiple of 4. */
const mostSamples = 64;
const leastSamples = 16;
const tileNumbers = 65536;

const upToFours = (count: number): number => Math.ceil(count / 4) * 4;

export function compiledLossGradient({ module }: KernelModule, request: LossGradientRequest): LossGradient {
  checkNetwork(request);
  const { bytes } = networkRegions(instantiate(module, 0).kernels, request);
  const { kernels, buffer } = instantiate(module, bytes);
  return new CompiledLossGradient(kernels, buffer, networkRegions(kernels, request), request);
}

/** Bytes that `compiledLossGradient` takes for a network and its data. */
export function lossGradientBytes(network: NetworkSizes): number {
  return networkRegions({ firstFreeAddress: () => 0 }, network).bytes;
}

type NetworkSizes = Pick<LossGradientRequest, 'dimension' | 'samples' | 'classes' | 'units'>;
type Regions = ReturnType<typeof networkRegions>;

/** Addresses, and the padded sizes that they are made of. */
function networkRegions(
  kernels: Pick<KernelExports, 'firstFreeAddress'>,
  { dimension, samples, classes, units }: NetworkSizes,
) {
  const layout = new MemoryLayout(kernels.firstFreeAddress());
  const region = (length: number): number => layout.numbers(length).address;
  const unitsRow = upToFours(units);
  const classesRow = upToFours(classes);
  /** What the readout multiplies, and how far apart its rows stand. */
  const [fanIn, readoutRow] = units === 0 ? [dimension, dimension] : [unitsRow, unitsRow];
  const fitting = Math.floor(tileNumbers / (dimension + classesRow) / 4) * 4;
  const tile = Math.min(mostSamples, Math.max(leastSamples, fitting));
  const dimensionRow = upToFours(dimension);
  return {
    ...{ unitsRow, classesRow, dimensionRow, fanIn, readoutRow, tile },
    gradientRow: units === 0 ? dimensionRow : unitsRow,
    // Rows are read by fours, and columns of the last row too.
    inputs: region((samples + 3) * dimension + 4),
    gathered: region(tile * dimension + 4),
    labels: region(Math.ceil(samples / 2)),
    batchLabels: region(Math.ceil(tile / 2)),
    zeros: region(Math.max(dimension, fanIn)),
    hiddenLayer: region(units * dimension),
    packedHiddenLayer: region(unitsRow * dimension),
    readout: region(classes * readoutRow),
    packedReadout: region(classesRow * fanIn),
    preactivations: region(tile * unitsRow),
    features: region(tile * unitsRow),
    slopes: region(tile * unitsRow),
    pulls: region(tile * unitsRow),
    outputs: region(tile * classesRow),
    seen: region(tile * 4),
    hiddenGradient: region(unitsRow * dimensionRow),
    readoutGradient: region(classesRow * (units === 0 ? dimensionRow : unitsRow)),
    bytes: layout.bytes,
  };
}

class CompiledLossGradient implements LossGradient {
  readonly gradient: Parameters;
  readonly #labels: Int32Array;
  readonly #batchLabels: Int32Array;
  readonly #seen: Float64Array;

  constructor(
    private readonly kernels: KernelExports,
    private readonly buffer: ArrayBuffer,
    private readonly at: Regions,
    private readonly network: LossGradientRequest,
  ) {
    const { samples, dimension, classes, units, inputs, labels } = network;
    this.#view(at.inputs, samples * dimension).set(inputs.subarray(0, samples * dimension));
    this.#labels = new Int32Array(buffer, at.labels, samples);
    this.#labels.set(labels);
    this.#batchLabels = new Int32Array(buffer, at.batchLabels, at.tile);
    this.#seen = this.#view(at.seen, at.tile * 4);
    this.gradient = {
      hiddenLayer: new Float64Array(units * dimension),
      readout: new Float64Array(classes * (units === 0 ? dimension : units)),
    };
  }

  evaluate(parameters: Parameters, batch: SampleSet): BatchLoss {
    const { at, network } = this;
    checkParameters(network, parameters);
    this.#take(parameters);
    const count = batch instanceof Int32Array ? batch.length : batch.count;
    const numbers = batch instanceof Int32Array ? sampleNumbers(batch, network.samples) : undefined;
    const total = { loss: 0, right: 0 };
    for (let n = 0; n < count; n += at.tile) {
      const tile = Math.min(at.tile, count - n);
      if (numbers) this.#gather(numbers, n, tile);
      const first = batch instanceof Int32Array ? 0 : batch.start + n;
      const inputs = numbers ? at.gathered : at.inputs + first * network.dimension * 8;
      const labels = numbers ? at.batchLabels : at.labels + first * 4;
      this.#passTile(tile, inputs, labels);
      this.#count(tile, total);
    }
    this.#readGradient(count);
    return { loss: total.loss / count, accuracy: total.right / count };
  }

  /** Parameters to where the kernels read them, derivatives to 0. */
  #take({ hiddenLayer, readout }: Parameters): void {
    const { kernels, at, network } = this;
    const { dimension, classes, units } = network;
    const width = readout.length / classes;
    this.#view(at.hiddenLayer, hiddenLayer.length).set(hiddenLayer);
    const rows = this.#view(at.readout, classes * at.readoutRow);
    if (width === at.readoutRow) rows.set(readout);
    else for (let c = 0; c < classes; c += 1) rows.set(readout.subarray(c * width, (c + 1) * width), c * at.readoutRow);
    kernels.packRows(at.hiddenLayer, dimension * 8, 0, 0, 0, units, dimension, 4, at.zeros, at.packedHiddenLayer);
    kernels.packRows(at.readout, at.readoutRow * 8, 0, 0, 0, classes, at.fanIn, 4, at.zeros, at.packedReadout);
    this.#view(at.hiddenGradient, at.unitsRow * at.dimensionRow).fill(0);
    this.#view(at.readoutGradient, at.classesRow * at.gradientRow).fill(0);
  }

  #gather(numbers: Int32Array, first: number, count: number): void {
    const { at, network } = this;
    const { dimension } = network;
    const inputs = this.#view(at.inputs, network.samples * dimension);
    const gathered = this.#view(at.gathered, count * dimension);
    for (let k = 0; k < count; k += 1) {
      const n = numbers[first + k]!;
      gathered.set(inputs.subarray(n * dimension, (n + 1) * dimension), k * dimension);
      this.#batchLabels[k] = this.#labels[n]!;
    }
  }

  /** From the inputs of `count` samples to their share of both derivatives. */
  #passTile(count: number, inputs: number, labels: number): void {
    const { kernels, at, network } = this;
    const { dimension, classes, units, loss } = network;
    const rows = upToFours(count);
    const [inputRow, unitsRow, classesRow] = [dimension * 8, at.unitsRow * 8, at.classesRow * 8];
    const [features, featureRow] = units === 0 ? [inputs, inputRow] : [at.features, unitsRow];
    if (units > 0) this.#passUnits(rows, inputs);
    kernels.tileProducts(
      ...([rows, at.fanIn, classes, features, featureRow] as const),
      ...([at.packedReadout, 32, at.fanIn * 32, at.outputs, classesRow] as const),
    );
    const residuals = loss === 'ce' ? kernels.softmaxResiduals : kernels.squaredResiduals;
    residuals(count, classes, at.outputs, classesRow, labels, at.seen);
    kernels.addOuterProducts(
      ...([count, classes, at.fanIn, at.outputs, classesRow, features, featureRow] as const),
      ...([at.readoutGradient, at.gradientRow * 8] as const),
    );
    if (units === 0) return;
    kernels.tileProducts(
      ...([rows, classes, units, at.outputs, classesRow] as const),
      ...([at.readout, unitsRow, 32, at.pulls, unitsRow] as const),
    );
    kernels.multiplyVectors(rows * at.unitsRow, at.pulls, at.slopes);
    kernels.addOuterProducts(
      ...([count, units, dimension, at.pulls, unitsRow, inputs, inputRow] as const),
      ...([at.hiddenGradient, at.dimensionRow * 8] as const),
    );
  }

  /** u = W x, h = σ(u), σ′(u). */
  #passUnits(rows: number, inputs: number): void {
    const { kernels, at, network } = this;
    const { dimension, units, activation } = network;
    kernels.tileProducts(
      ...([rows, dimension, units, inputs, dimension * 8] as const),
      ...([at.packedHiddenLayer, 32, dimension * 32, at.preactivations, at.unitsRow * 8] as const),
    );
    const length = rows * at.unitsRow;
    const preactivations = this.#view(at.preactivations, length);
    activation.value(preactivations, this.#view(at.features, length));
    activation.derivative(preactivations, this.#view(at.slopes, length));
  }

  /** Adds the losses of a tile, from what its residuals left. */
  #count(tile: number, total: { loss: number; right: number }): void {
    const seen = this.#seen;
    const isSquared = this.network.loss === 'mse';
    for (let k = 0; k < 4 * tile; k += 4) {
      const others = seen[k]!;
      const gap = seen[k + 2]!;
      if (isSquared) total.loss += others / 2;
      else total.loss += gap === 0 ? Math.log1p(others) : Math.log(others + seen[k + 1]!) + gap;
      total.right += seen[k + 3]!;
    }
  }

  /** From the padded sums to means. */
  #readGradient(count: number): void {
    const { at, network, gradient } = this;
    const { dimension, classes, units } = network;
    const copy = (from: number, rowLength: number, rows: number, out: Float64Array): void => {
      const columns = out.length / rows;
      const sums = this.#view(from, rows * rowLength);
      for (let i = 0; i < rows; i += 1)
        for (let j = 0; j < columns; j += 1) out[i * columns + j] = sums[i * rowLength + j]! / count;
    };
    if (units > 0) copy(at.hiddenGradient, upToFours(dimension), units, gradient.hiddenLayer);
    copy(at.readoutGradient, at.gradientRow, classes, gradient.readout);
  }

  #view(address: number, length: number): Float64Array {
    return new Float64Array(this.buffer, address, length);
  }
}
