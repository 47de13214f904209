/** The compiled form of `Workspace.softmaxMoments`, shared by the wasm and the native backend. */
import type { SoftmaxMomentsRequest, SoftmaxMomentsResult } from '../../contracts.js';
import { checkLength } from '../checks.js';
import { keptInstance, type KeptInstance, type Placed } from './keptInstance.js';
import type { MemoryLayout, Region } from './memoryLayout.js';

/** Rows of V taken in at a time: their likelihoods for four samples stay in the first-level cache. */
const rowsAtOnce = 256;
/** Rows whose logits are computed at once where there are many features, or up to `rowsAtOnce` more. */
const rowsGathered = 96;

/** Logits of many rows at once, which for many features is faster than four samples at a time. */
export interface LogitProducts {
  /** Features from which on it is. */
  readonly from: number;
  /** Once the features are there. */
  prepare?(memory: MomentsMemory): void;
  /** Products of the features with the first `count` of `rows`, to `logits`: a row of `padded` numbers for each. */
  take(memory: MomentsMemory, count: number): void;
}

export interface MomentsMemory extends Placed<MomentsRegions> {
  readonly width: number;
  /** Samples, and what fills the last four. */
  readonly padded: number;
}

/**
 * Long, because the addresses in the module's memory and the kernel's eighteen arguments are written out, one a line.
 */
export function compiledSoftmaxMoments(
  module: WebAssembly.Module,
  samples: number,
  request: SoftmaxMomentsRequest,
  products: LogitProducts = embeddedProducts,
): SoftmaxMomentsResult {
  const { visitTiles, width, features, columns, pairs } = request;
  checkLength('features', features, width * samples, `${width} rows of ${samples}`);
  const wanted = [...new Set([...columns, ...pairs.flat()])];
  const padded = Math.ceil(samples / 4) * 4;
  const many = width >= products.from;
  const placed = instanceOf(module)((layout) =>
    momentsRegions(layout, { width, padded, columns: wanted.length, pairs: pairs.length, many }),
  );
  const { kernels, at, view } = placed;
  const memory: MomentsMemory = { ...placed, width, padded };
  const row = ({ address }: Region, k: number): Region => ({ address: address + 8 * k * padded, length: samples });
  const setIndices = (region: Region, indices: readonly number[]): void => {
    const { buffer, byteOffset } = view(region);
    new Uint32Array(buffer, byteOffset, indices.length).set(indices);
  };
  for (let k = 0; k < width; k += 1) view(row(at.features, k)).set(features.subarray(k * samples, (k + 1) * samples));
  // Not −∞: the difference of two largest logits must be a number.
  view(at.largest).fill(-1e308);
  setIndices(at.columns, wanted);
  setIndices(
    at.pairs,
    pairs.flatMap((pair) => pair.map((column) => wanted.indexOf(column))),
  );
  if (many) products.prepare?.(memory);

  const tile = view(at.rows);
  const takeRows = (first: number, count: number, hasLogits: boolean): void =>
    kernels.momentsTile(
      at.rows.address + 8 * first * width,
      count,
      width,
      at.features.address,
      hasLogits ? at.logits.address + 8 * first * padded : 0,
      padded * 8,
      padded,
      at.columns.address,
      wanted.length,
      at.pairs.address,
      pairs.length,
      at.largest.address,
      at.total.address,
      at.means.address,
      at.covariances.address,
      at.likelihoods.address,
      at.room.address,
      at.packed.address,
    );
  /** Numbers of rows that are taken in together, of those in the tile: sums do not depend on how many are gathered. */
  let parts: number[] = [];
  let gathered = 0;
  const takeGathered = (): void => {
    if (many && gathered > 0) products.take(memory, gathered);
    let first = 0;
    for (const count of parts) {
      takeRows(first, count, many);
      first += count;
    }
    parts = [];
    gathered = 0;
  };
  visitTiles((rows, _start, count) => {
    for (let first = 0; first < count; first += rowsAtOnce) {
      const taken = Math.min(rowsAtOnce, count - first);
      tile.set(rows.subarray(first * width, (first + taken) * width), gathered * width);
      parts.push(taken);
      gathered += taken;
      if (!many || gathered >= rowsGathered) takeGathered();
    }
  });
  takeGathered();

  const rowsOf = (region: Region, count: number): Float64Array[] =>
    Array.from({ length: count }, (_, k) => view(row(region, k)).slice());
  const means = rowsOf(at.means, wanted.length);
  const total = view(at.total);
  return {
    logNormaliser: view(row(at.largest, 0)).map((largest, n) => largest + Math.log(total[n]!)),
    means: new Map(wanted.map((column, k) => [column, means[k]!])),
    covariances: rowsOf(at.covariances, pairs.length),
  };
}

interface MomentsSizes {
  readonly width: number;
  readonly padded: number;
  readonly columns: number;
  readonly pairs: number;
  readonly many: boolean;
}

type MomentsRegions = ReturnType<typeof momentsRegions>;

/** `packed` is the features in panels where there are many, and those of four samples where there are few. */
function momentsRegions(layout: MemoryLayout, { width, padded, columns, pairs, many }: MomentsSizes) {
  // Whole tiles of the product stand below the last row.
  const rows = rowsAtOnce + (many ? rowsGathered + 12 : 0);
  return {
    rows: layout.numbers(rows * width),
    features: layout.numbers(width * padded),
    largest: layout.numbers(padded),
    total: layout.numbers(padded),
    means: layout.numbers(columns * padded),
    covariances: layout.numbers(pairs * padded),
    likelihoods: layout.numbers(rowsAtOnce * 4),
    room: layout.numbers(columns * 4),
    packed: layout.numbers(width * (many ? padded : 4)),
    logits: layout.numbers(many ? rows * padded : 0),
    packedRows: layout.numbers(many ? rows * width : 0),
    zeros: layout.numbers(many ? width : 0),
    columns: layout.numbers(columns),
    pairs: layout.numbers(pairs),
  };
}

const embeddedProducts: LogitProducts = {
  from: 128,
  prepare({ kernels, at, width, padded }) {
    kernels.packFeatures(width, padded, at.features.address, padded * 8, kernels.stepBlock(), at.packed.address);
  },
  take({ kernels, at, width, padded }, count) {
    kernels.projectTile(
      at.rows.address,
      count,
      at.packed.address,
      padded,
      width,
      kernels.stepBlock(),
      kernels.tileRows(),
      at.packedRows.address,
      at.zeros.address,
      at.logits.address,
      padded * 8,
    );
  },
};

const instances = new WeakMap<WebAssembly.Module, KeptInstance>();

function instanceOf(module: WebAssembly.Module): KeptInstance {
  let instance = instances.get(module);
  if (instance === undefined) instances.set(module, (instance = keptInstance(module)));
  return instance;
}
