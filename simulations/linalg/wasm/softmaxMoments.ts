/** The compiled form of `Workspace.softmaxMoments`, shared by the wasm and the native backend. */
import type { SoftmaxMomentsRequest, SoftmaxMomentsResult } from '../../contracts.js';
import { checkLength } from '../checks.js';
import { instantiate, type KernelExports } from './kernelModule.js';
import { MemoryLayout } from './memoryLayout.js';

/** Rows of V taken in at a time: their likelihoods for four samples stay in the first-level cache. */
const rowsAtOnce = 256;

/** Long, because the addresses in the module's memory and the kernel's sixteen arguments are written out, one a line. */
export function compiledSoftmaxMoments(
  module: WebAssembly.Module,
  samples: number,
  request: SoftmaxMomentsRequest,
): SoftmaxMomentsResult {
  const { visitTiles, width, features, columns, pairs } = request;
  checkLength('features', features, width * samples, `${width} rows of ${samples}`);
  const wanted = [...new Set([...columns, ...pairs.flat()])];
  const padded = Math.ceil(samples / 4) * 4;
  const place = (kernels: KernelExports) => {
    const layout = new MemoryLayout(kernels.firstFreeAddress());
    return {
      rows: layout.numbers(rowsAtOnce * width).address,
      features: layout.numbers(width * padded).address,
      largest: layout.numbers(padded).address,
      total: layout.numbers(padded).address,
      means: layout.numbers(wanted.length * padded).address,
      covariances: layout.numbers(pairs.length * padded).address,
      likelihoods: layout.numbers(rowsAtOnce * 4).address,
      room: layout.numbers(wanted.length * 4).address,
      columns: layout.numbers(wanted.length).address,
      pairs: layout.numbers(pairs.length).address,
      bytes: layout.bytes,
    };
  };
  const { bytes } = place(instantiate(module, 0).kernels);
  const { kernels, buffer } = instantiate(module, bytes);
  const at = place(kernels);
  const view = (address: number, length: number): Float64Array => new Float64Array(buffer, address, length);
  for (let k = 0; k < width; k += 1)
    view(at.features + 8 * k * padded, samples).set(features.subarray(k * samples, (k + 1) * samples));
  // Not −∞: the difference of two largest logits must be a number.
  view(at.largest, padded).fill(-1e308);
  new Uint32Array(buffer, at.columns, wanted.length).set(wanted);
  new Uint32Array(buffer, at.pairs, 2 * pairs.length).set(
    pairs.flatMap((pair) => pair.map((column) => wanted.indexOf(column))),
  );

  const tile = view(at.rows, rowsAtOnce * width);
  visitTiles((rows, _start, count) => {
    for (let first = 0; first < count; first += rowsAtOnce) {
      const taken = Math.min(rowsAtOnce, count - first);
      tile.set(rows.subarray(first * width, (first + taken) * width));
      kernels.momentsTile(
        at.rows,
        taken,
        width,
        at.features,
        padded * 8,
        padded,
        at.columns,
        wanted.length,
        at.pairs,
        pairs.length,
        at.largest,
        at.total,
        at.means,
        at.covariances,
        at.likelihoods,
        at.room,
      );
    }
  });

  const rowsOf = (address: number, count: number): Float64Array[] =>
    Array.from({ length: count }, (_, k) => view(address + 8 * k * padded, samples).slice());
  const means = rowsOf(at.means, wanted.length);
  const total = view(at.total, samples);
  return {
    logNormaliser: view(at.largest, samples).map((largest, n) => largest + Math.log(total[n]!)),
    means: new Map(wanted.map((column, k) => [column, means[k]!])),
    covariances: rowsOf(at.covariances, pairs.length),
  };
}
