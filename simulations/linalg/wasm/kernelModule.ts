/**
 * The compiled kernels: which of the two builds this machine runs, and instances of it with a memory of fixed size.
 * No Node built-ins: the same file serves browsers and workers.
 */
import { UsageError } from '../../../theory/errors.js';
import { decodeBase64 } from '../../random/decodeBase64.js';
import { fusedKernelsBase64 } from './fusedKernels.generated.js';
import { kernelsBase64 } from './kernels.generated.js';

export interface KernelExports {
  firstFreeAddress(): number;
  isFused(): number;
  stepBlock(): number;
  tileRows(): number;
  panelRows(): number;
  peakRate(steps: number): number;
  primalGram(
    x: number,
    xStride: number,
    index: number,
    scales: number,
    count: number,
    order: number,
    triangular: number,
    c: number,
    stride: number,
    a: number,
    b: number,
  ): void;
  addGram(
    x: number,
    xStride: number,
    index: number,
    scales: number,
    count: number,
    order: number,
    triangular: number,
    c: number,
    stride: number,
    a: number,
    b: number,
  ): void;
  dualGram(
    x: number,
    xStride: number,
    index: number,
    scales: number,
    count: number,
    dimension: number,
    c: number,
    stride: number,
    a: number,
    b: number,
    zeros: number,
  ): void;
  signedSquares(c: number, order: number, stride: number, signs: number): number;
  weightedTrace(x: number, xStride: number, index: number, scales: number, count: number, dimension: number): number;
  largestMagnitude(x: number, count: number): number;
  multiply(x: number, count: number, factor: number): void;
  projectFew(
    v: number,
    vStride: number,
    count: number,
    x: number,
    samples: number,
    dimension: number,
    out: number,
    outStride: number,
  ): void;
  packInputs(
    x: number,
    index: number,
    samples: number,
    dimension: number,
    block: number,
    zeros: number,
    out: number,
  ): void;
  squaredProducts(
    x: number,
    index: number,
    count: number,
    packedX: number,
    samples: number,
    columns: number,
    dimension: number,
    block: number,
    a: number,
    zeros: number,
    out: number,
  ): void;
  projectTile(
    v: number,
    count: number,
    packedX: number,
    samples: number,
    dimension: number,
    block: number,
    rows: number,
    a: number,
    zeros: number,
    out: number,
    outStride: number,
  ): void;
  packInputsSingle(x: number, samples: number, dimension: number, block: number, out: number): void;
  projectTileSingle(
    v: number,
    count: number,
    packedX: number,
    samples: number,
    dimension: number,
    block: number,
    a: number,
    room: number,
    out: number,
    outStride: number,
  ): void;
  addSingles(length: number, from: number, to: number): void;
  accumulate(
    count: number,
    length: number,
    logits: number,
    stride: number,
    maxima: number,
    sums: number,
    scratch: number,
  ): void;
  momentsTile(
    rows: number,
    count: number,
    width: number,
    features: number,
    logits: number,
    stride: number,
    samples: number,
    columns: number,
    columnCount: number,
    pairs: number,
    pairCount: number,
    largest: number,
    total: number,
    means: number,
    covariances: number,
    likelihoods: number,
    room: number,
    packed: number,
  ): void;
  packFeatures(width: number, samples: number, features: number, stride: number, block: number, out: number): void;
  shiftRows(count: number, length: number, field: number, stride: number, shifts: number): void;
  takeLogits(
    count: number,
    length: number,
    logits: number,
    stride: number,
    first: number,
    largest: number,
    others: number,
    winner: number,
  ): number;
  softmaxFields(
    count: number,
    length: number,
    logits: number,
    stride: number,
    shift: number,
    scale: number,
    squares: number,
    weights: number,
    mass: number,
  ): void;
  rowDots(count: number, length: number, x: number, xStride: number, y: number, yStride: number, out: number): void;
  packTriangle(x: number, stride: number, order: number, block: number, out: number): void;
  triangularTile(
    v: number,
    vStride: number,
    count: number,
    packed: number,
    order: number,
    block: number,
    rows: number,
    a: number,
    zeros: number,
    out: number,
    outStride: number,
  ): void;
  exponentials(length: number, x: number, shift: number, out: number): void;
  tridiagonalise(
    order: number,
    c: number,
    stride: number,
    diagonal: number,
    offDiagonal: number,
    vectors: number,
    a: number,
    b: number,
    work: number,
  ): void;
  toBand(
    order: number,
    width: number,
    c: number,
    stride: number,
    band: number,
    vectors: number,
    a: number,
    b: number,
    work: number,
  ): void;
  bandRow(width: number): number;
  chaseRoom(width: number): number;
  bandToTridiagonal(
    order: number,
    width: number,
    band: number,
    diagonal: number,
    offDiagonal: number,
    work: number,
  ): void;
  tridiagonalEigenvalues(order: number, diagonal: number, offDiagonal: number): number;
  packRows(
    x: number,
    stride: number,
    index: number,
    scales: number,
    first: number,
    count: number,
    k: number,
    width: number,
    zeros: number,
    out: number,
  ): void;
  tileProducts(
    rows: number,
    steps: number,
    columns: number,
    a: number,
    aStride: number,
    b: number,
    bStep: number,
    bPanel: number,
    c: number,
    cStride: number,
  ): void;
  addOuterProducts(
    samples: number,
    rows: number,
    columns: number,
    a: number,
    aStride: number,
    b: number,
    bStride: number,
    c: number,
    cStride: number,
  ): void;
  multiplyVectors(length: number, x: number, y: number): void;
  softmaxResiduals(count: number, classes: number, outputs: number, stride: number, labels: number, seen: number): void;
  squaredResiduals(count: number, classes: number, outputs: number, stride: number, labels: number, seen: number): void;
  logitFields(
    points: number,
    readout: number,
    classes: number,
    width: number,
    features: number,
    stride: number,
    out: number,
  ): void;
  rectify(points: number, u: number, out: number): void;
  openGates(points: number, u: number, out: number): void;
  softmaxOverPoints(
    points: number,
    readout: number,
    classes: number,
    width: number,
    features: number,
    stride: number,
    probabilities: number,
    room: number,
  ): void;
  columnMean(
    points: number,
    classes: number,
    probabilities: number,
    stride: number,
    column: number,
    step: number,
    out: number,
  ): void;
  columnCovariance(
    points: number,
    classes: number,
    probabilities: number,
    stride: number,
    column: number,
    other: number,
    step: number,
    mean: number,
    otherMean: number,
    out: number,
  ): void;
  addFieldProducts(
    points: number,
    rows: number,
    left: number,
    columns: number,
    right: number,
    stride: number,
    out: number,
  ): void;
  multiplyFields(
    points: number,
    columns: number,
    y: number,
    others: number,
    z: number,
    stride: number,
    out: number,
  ): void;
  cholesky(order: number, g: number, stride: number, a: number, b: number, zeros: number, diagonal: number): number;
}

export interface KernelModule {
  readonly module: WebAssembly.Module;
  /** Multiply-adds rounded once: faster, and other last bits than a machine or engine without them gives. */
  readonly fused: boolean;
}

const page = 65536;
/** 32-bit addresses. */
const mostBytes = 2 ** 32;

/** `fused: false` asks for the plain build even where the fused one runs. */
export function kernelModule(options: { readonly fused?: boolean } = {}): KernelModule {
  const fusedBytes = decodeBase64(fusedKernelsBase64);
  if (options.fused !== false && WebAssembly.validate(fusedBytes)) {
    const module = new WebAssembly.Module(fusedBytes);
    const fused = instantiate(module, 0).kernels.isFused() !== 0;
    if (fused) return { module, fused };
  }
  return { module: new WebAssembly.Module(decodeBase64(kernelsBase64)), fused: false };
}

/**
 * An instance with room for `bytes` bytes from `firstFreeAddress` on. The memory never grows, so views into it stay
 * valid; pages that are never touched cost nothing.
 *
 * @throws UsageError when the problem does not fit into 32-bit addresses.
 */
export function instantiate(
  module: WebAssembly.Module,
  bytes: number,
): { kernels: KernelExports; buffer: ArrayBuffer } {
  const needed = bytes + 2 * page;
  if (needed > mostBytes) {
    throw new UsageError(
      `a problem of ${(bytes / 2 ** 30).toFixed(1)} GiB is too large for the wasm backend, which addresses 4 GiB; use the native backend or smaller dimension and samples`,
    );
  }
  const pages = Math.ceil(needed / page);
  const memory = new WebAssembly.Memory({ initial: pages, maximum: pages });
  const kernels = new WebAssembly.Instance(module, { env: { memory } }).exports as unknown as KernelExports;
  return { kernels, buffer: memory.buffer };
}
