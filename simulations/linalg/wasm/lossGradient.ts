/**
 * The compiled form of `Backend.lossGradient`, shared by the wasm and the native backend: one pass over tiles of
 * samples, from inputs to the derivatives of both layers.
 */
import type { BatchLoss, LossGradient, LossGradientRequest, Parameters, SampleSet } from '../../contracts.js';
import { checkBatch, checkNetwork, checkParameters } from '../lossGradientChecks.js';
import { instantiate, type KernelExports, type KernelModule } from './kernelModule.js';
import { networkRegions, upToFours, type Field, type NetworkRegions } from './networkRegions.js';

export function compiledLossGradient({ module }: KernelModule, request: LossGradientRequest): LossGradient {
  checkNetwork(request);
  const { bytes } = networkRegions(instantiate(module, 0).kernels, request);
  const { kernels, buffer } = instantiate(module, bytes);
  return new CompiledLossGradient(kernels, buffer, networkRegions(kernels, request), request);
}

/** Bytes from one row to the next. */
const stride = ({ row }: Field): number => 8 * row;

class CompiledLossGradient implements LossGradient {
  readonly gradient: Parameters;
  readonly #inputs: Float64Array;
  readonly #labels: Int32Array;
  readonly #batchLabels: Int32Array;
  readonly #seen: Float64Array;

  constructor(
    private readonly kernels: KernelExports,
    private readonly buffer: ArrayBuffer,
    private readonly at: NetworkRegions,
    private readonly network: LossGradientRequest,
  ) {
    const { samples, dimension, classes, units, inputs, labels } = network;
    this.#inputs = this.#view(at.inputs.address, samples * dimension);
    this.#inputs.set(inputs.subarray(0, samples * dimension));
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
    const count = checkBatch(batch, network.samples);
    this.#take(parameters);
    const total = { loss: 0, right: 0 };
    for (let n = 0; n < count; n += at.tile) {
      const tile = Math.min(at.tile, count - n);
      if (batch instanceof Int32Array) {
        this.#gather(batch.subarray(n, n + tile));
        this.#passTile(tile, at.gathered, at.batchLabels);
      } else {
        const first = batch.start + n;
        const inputs = { ...at.inputs, address: at.inputs.address + first * stride(at.inputs) };
        this.#passTile(tile, inputs, at.labels + first * 4);
      }
      this.#count(tile, total);
    }
    this.#readMeans(at.hiddenGradient, network.units, count, this.gradient.hiddenLayer);
    this.#readMeans(at.readoutGradient, network.classes, count, this.gradient.readout);
    return { loss: total.loss / count, accuracy: total.right / count };
  }

  /** Parameters to where the kernels read them, derivatives to 0. */
  #take({ hiddenLayer, readout }: Parameters): void {
    const { at, network } = this;
    this.#write(hiddenLayer, network.units, at.hiddenLayer, at.packedHiddenLayer);
    this.#write(readout, network.classes, at.readout, at.packedReadout);
    for (const [{ address, row }, rows] of [
      [at.hiddenGradient, upToFours(network.units)],
      [at.readoutGradient, upToFours(network.classes)],
    ] as const)
      this.#view(address, rows * row).fill(0);
  }

  /** A layer as it is, and with four rows side by side in each panel. */
  #write(layer: Float64Array, rows: number, { address, row }: Field, packed: Field): void {
    const columns = layer.length / rows;
    const view = this.#view(address, rows * row);
    if (columns === row) view.set(layer.subarray(0, rows * row));
    else for (let i = 0; i < rows; i += 1) view.set(layer.subarray(i * columns, (i + 1) * columns), i * row);
    this.kernels.packRows(address, 8 * row, 0, 0, 0, rows, row, 4, this.at.zeros, packed.address);
  }

  #gather(numbers: Int32Array): void {
    const { dimension } = this.network;
    const gathered = this.#view(this.at.gathered.address, numbers.length * dimension);
    numbers.forEach((n, k) => {
      gathered.set(this.#inputs.subarray(n * dimension, (n + 1) * dimension), k * dimension);
      this.#batchLabels[k] = this.#labels[n]!;
    });
  }

  /** From the inputs of `count` samples to their share of the derivatives. */
  #passTile(count: number, inputs: Field, labels: number): void {
    const { kernels, at, network } = this;
    const { dimension, classes, units, loss } = network;
    const rows = upToFours(count);
    const features = units === 0 ? inputs : at.features;
    if (units > 0) {
      this.#multiply(rows, dimension, units, inputs, at.packedHiddenLayer, at.preactivations);
      this.#activate(rows);
    }
    this.#multiply(rows, at.fanIn, classes, features, at.packedReadout, at.outputs);
    const residuals = loss === 'ce' ? kernels.softmaxResiduals : kernels.squaredResiduals;
    residuals(count, classes, at.outputs.address, stride(at.outputs), labels, at.seen);
    this.#addOuter(count, classes, at.fanIn, at.outputs, features, at.readoutGradient);
    if (units === 0) return;
    this.#multiplyBack(rows, classes, units, at.outputs, at.readout, at.pulls);
    kernels.multiplyVectors(rows * at.pulls.row, at.pulls.address, at.slopes.address);
    this.#addOuter(count, units, dimension, at.pulls, inputs, at.hiddenGradient);
  }

  /** h = σ(u) and σ′(u). */
  #activate(rows: number): void {
    const { at, network } = this;
    const view = ({ address, row }: Field): Float64Array => this.#view(address, rows * row);
    network.activation.value(view(at.preactivations), view(at.features));
    network.activation.derivative(view(at.preactivations), view(at.slopes));
  }

  /** to = from · layerᵀ. */
  #multiply(rows: number, fanIn: number, fanOut: number, from: Field, packed: Field, to: Field): void {
    const { address } = packed;
    this.kernels.tileProducts(
      rows,
      fanIn,
      fanOut,
      from.address,
      stride(from),
      address,
      32,
      32 * fanIn,
      to.address,
      stride(to),
    );
  }

  /** to = from · layer. */
  #multiplyBack(rows: number, fanOut: number, fanIn: number, from: Field, layer: Field, to: Field): void {
    this.kernels.tileProducts(
      rows,
      fanOut,
      fanIn,
      from.address,
      stride(from),
      layer.address,
      stride(layer),
      32,
      to.address,
      stride(to),
    );
  }

  /** sum += leftᵀ · right over `count` samples. */
  #addOuter(count: number, rows: number, columns: number, left: Field, right: Field, sum: Field): void {
    this.kernels.addOuterProducts(
      count,
      rows,
      columns,
      left.address,
      stride(left),
      right.address,
      stride(right),
      sum.address,
      stride(sum),
    );
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

  /** From padded sums to means. */
  #readMeans({ address, row }: Field, rows: number, count: number, out: Float64Array): void {
    const columns = out.length / rows;
    const sums = this.#view(address, rows * row);
    for (let i = 0; i < rows; i += 1)
      for (let j = 0; j < columns; j += 1) out[i * columns + j] = sums[i * row + j]! / count;
  }

  #view(address: number, length: number): Float64Array {
    return new Float64Array(this.buffer, address, length);
  }
}
