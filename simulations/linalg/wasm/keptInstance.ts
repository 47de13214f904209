import { instantiate, type KernelExports } from './kernelModule.js';
import { MemoryLayout, type Region } from './memoryLayout.js';

/** Regions in the memory of an instance. */
export interface Placed<Regions> {
  readonly kernels: KernelExports;
  readonly at: Regions;
  view(region: Region): Float64Array;
}

/** Gives the regions that `place` lays out, set to 0. They are the caller's until it is asked again. */
export type KeptInstance = <Regions>(
  place: (layout: MemoryLayout, kernels: KernelExports) => Regions,
) => Placed<Regions>;

/** A larger memory is given back after its use. */
const mostKeptBytes = 2 ** 24;

/**
 * An instance that is kept from one use to the next, with the memory of the largest so far: making one costs as much as
 * a small sum.
 */
export function keptInstance(module: WebAssembly.Module): KeptInstance {
  let kept = { ...instantiate(module, 0), bytes: 0 };
  const first = kept.kernels.firstFreeAddress();
  return (place) => {
    const layout = new MemoryLayout(first);
    const at = place(layout, kept.kernels);
    const fits = layout.bytes <= kept.bytes;
    const used = fits ? kept : { ...instantiate(module, layout.bytes), bytes: layout.bytes };
    if (fits) new Uint8Array(used.buffer, first, layout.bytes - first).fill(0);
    else if (layout.bytes <= mostKeptBytes) kept = used;
    const { kernels, buffer } = used;
    return { kernels, at, view: ({ address, length }) => new Float64Array(buffer, address, length) };
  };
}
