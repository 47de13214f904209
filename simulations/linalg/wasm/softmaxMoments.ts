/** The compiled form of `Workspace.softmaxMoments`, shared by the wasm and the native backend. */
import type { SoftmaxMomentsRequest, SoftmaxMomentsResult } from '../../contracts.js';
import { checkLength } from '../checks.js';
import { keptInstance, type KeptInstance } from './keptInstance.js';
import type { Region } from './memoryLayout.js';

/** Rows of V taken in at a time: their likelihoods for four samples stay in the first-level cache. */
const rowsAtOnce = 256;

/** Long, because the addresses in the module's memory and the kernel's seventeen arguments are written out, one a line. */
export function compiledSoftmaxMoments(
  module: WebAssembly.Module,
  samples: number,
  request: SoftmaxMomentsRequest,
): SoftmaxMomentsResult {
  const { visitTiles, width, features, columns, pairs } = request;
  checkLength('features', features, width * samples, `${width} rows of ${samples}`);
  const wanted = [...new Set([...columns, ...pairs.flat()])];
  const padded = Math.ceil(samples / 4) * 4;
  const { kernels, at, view } = instanceOf(module)((layout) => ({
    rows: layout.numbers(rowsAtOnce * width),
    features: layout.numbers(width * padded),
    largest: layout.numbers(padded),
    total: layout.numbers(padded),
    means: layout.numbers(wanted.length * padded),
    covariances: layout.numbers(pairs.length * padded),
    likelihoods: layout.numbers(rowsAtOnce * 4),
    room: layout.numbers(wanted.length * 4),
    packed: layout.numbers(width * 4),
    columns: layout.numbers(wanted.length),
    pairs: layout.numbers(pairs.length),
  }));
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

  const tile = view(at.rows);
  visitTiles((rows, _start, count) => {
    for (let first = 0; first < count; first += rowsAtOnce) {
      const taken = Math.min(rowsAtOnce, count - first);
      tile.set(rows.subarray(first * width, (first + taken) * width));
      kernels.momentsTile(
        at.rows.address,
        taken,
        width,
        at.features.address,
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
    }
  });

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

const instances = new WeakMap<WebAssembly.Module, KeptInstance>();

function instanceOf(module: WebAssembly.Module): KeptInstance {
  let instance = instances.get(module);
  if (instance === undefined) instances.set(module, (instance = keptInstance(module)));
  return instance;
}
