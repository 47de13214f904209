/** The compiled `HeadWorkspace`: fields and matrices lie in the kernels' memory; products are the backend's own. */
import type { HeadField, HeadMatrix, HeadWorkspace } from '../../contracts.js';
import { checkLength, checkSize } from '../checks.js';
import { headRegions, headTileRows, type HeadRegions } from './headRegions.js';
import { instantiate, type KernelExports, type KernelModule } from './kernelModule.js';

/** Everything of order N²C, NCD and N²D, on the regions of a workspace. */
export interface HeadProducts {
  /** Of the features, once they are there. */
  takeFeatures(): void;
  /** Logits of the first `count` rows of the tile. */
  project(count: number): void;
  /** matrix += Σ x xᵀ over the first `count` rows x of a field. */
  addGram(field: HeadField, count: number): void;
  takeTriangles(): void;
  /** Half of the quadratic forms, into the region `forms`. */
  halfForms(field: HeadField, matrix: 'gram' | 'probabilities', count: number): void;
}

/** What products work with. */
export interface HeadMemory {
  readonly kernels: KernelExports;
  readonly buffer: ArrayBuffer;
  readonly at: HeadRegions;
  readonly dimension: number;
  readonly samples: number;
  view(address: number, length: number): Float64Array;
}

/** Not −∞: the difference of two largest logits must be a number. */
const lowest = -1e308;

export function createCompiledHead(
  { module }: KernelModule,
  dimension: number,
  samples: number,
  productsOn: (memory: HeadMemory) => HeadProducts,
): HeadWorkspace {
  checkSize('dimension', dimension);
  checkSize('samples', samples);
  const { bytes } = headRegions(instantiate(module, 0).kernels, dimension, samples);
  const { kernels, buffer } = instantiate(module, bytes);
  const at = headRegions(kernels, dimension, samples);
  const view = (address: number, length: number): Float64Array => new Float64Array(buffer, address, length);
  return new CompiledHeadWorkspace({ kernels, buffer, at, dimension, samples, view }, productsOn);
}

class CompiledHeadWorkspace implements HeadWorkspace {
  readonly dimension: number;
  readonly samples: number;
  readonly tileRows = headTileRows;
  readonly fieldRow: number;
  readonly matrixRow: number;
  readonly features: Float64Array;
  readonly rows: Float64Array;
  readonly bias: Float64Array;
  readonly fields: Readonly<Record<HeadField, Float64Array>>;
  readonly matrices: Readonly<Record<HeadMatrix, Float64Array>>;
  readonly largest: Float64Array;
  readonly winner: Float64Array;
  readonly others: Float64Array;
  readonly shift: Float64Array;
  readonly scale: Float64Array;
  readonly mass: Float64Array;
  readonly #products: HeadProducts;
  /** Numbers of a field's row that kernels visit: even, and never beyond what products write. */
  readonly #length: number;

  constructor(
    private readonly memory: HeadMemory,
    productsOn: (memory: HeadMemory) => HeadProducts,
  ) {
    const { at, view, dimension, samples } = memory;
    const viewsOf = <Name extends string>(addresses: Record<Name, number>, length: number) =>
      Object.fromEntries(
        Object.entries<number>(addresses).map(([name, address]) => [name, view(address, length)]),
      ) as Record<Name, Float64Array>;
    this.dimension = dimension;
    this.samples = samples;
    this.#length = Math.ceil(samples / 2) * 2;
    this.fieldRow = at.fieldRow;
    this.matrixRow = at.matrixRow;
    this.features = view(at.features, samples * dimension);
    this.rows = view(at.rows, headTileRows * dimension);
    this.bias = view(at.bias, headTileRows);
    this.fields = viewsOf(at.fields, headTileRows * at.fieldRow);
    this.matrices = viewsOf(at.matrices, samples * at.matrixRow);
    this.largest = view(at.largest, samples);
    this.winner = view(at.winner, samples);
    this.others = view(at.others, samples);
    this.shift = view(at.shift, samples);
    this.scale = view(at.scale, samples);
    this.mass = view(at.mass, samples);
    view(at.ones, Math.max(samples, headTileRows)).fill(1);
    new Uint32Array(memory.buffer, at.index, Math.max(samples, headTileRows)).forEach((_, k, index) => (index[k] = k));
    this.#products = productsOn(memory);
  }

  takeFeatures(): void {
    const { at, view } = this.memory;
    for (const sums of Object.values(this.matrices)) sums.fill(0);
    for (const address of [at.winner, at.others, at.mass]) view(address, at.fieldRow).fill(0);
    view(at.largest, at.fieldRow).fill(lowest);
    this.#products.takeFeatures();
  }

  project(count: number): void {
    const { kernels, at } = this.memory;
    this.#products.project(count);
    if (this.bias.some((shift) => shift !== 0))
      kernels.shiftRows(count, this.#length, at.fields.probabilities, at.fieldRow * 8, at.bias);
  }

  takeLogits(first: number, count: number): number {
    const { kernels, at } = this.memory;
    return kernels.takeLogits(
      count,
      this.#length,
      at.fields.probabilities,
      at.fieldRow * 8,
      first,
      at.largest,
      at.others,
      at.winner,
    );
  }

  takeProbabilities(count: number): void {
    const { kernels, at } = this.memory;
    kernels.softmaxFields(
      count,
      this.#length,
      at.fields.probabilities,
      at.fieldRow * 8,
      at.shift,
      at.scale,
      at.fields.squares,
      at.fields.weights,
      at.mass,
    );
  }

  addOverlaps(count: number): void {
    for (const field of ['probabilities', 'squares', 'weights'] as const) this.#products.addGram(field, count);
  }

  takeTriangles(): void {
    this.#products.takeTriangles();
  }

  quadraticForms(field: HeadField, matrix: 'gram' | 'probabilities', count: number): Float64Array {
    this.#products.halfForms(field, matrix, count);
    return this.memory.view(this.memory.at.forms, count).map((half) => 2 * half);
  }

  linearForms(field: HeadField, vector: Float64Array, count: number): Float64Array {
    const { kernels, at, view } = this.memory;
    checkLength('vector', vector, this.samples, 'one a sample');
    view(at.vector, at.fieldRow).fill(0);
    view(at.vector, this.samples).set(vector.subarray(0, this.samples));
    kernels.rowDots(count, this.#length, at.fields[field], at.fieldRow * 8, at.vector, 0, at.forms);
    return view(at.forms, count).slice();
  }
}
