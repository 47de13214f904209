import type { Backend, Workspace } from '../contracts.js';

/** A workspace whose N samples have `count` coordinates, each a field of N values: what was columns becomes rows. */
export function samplesOfFields(
  backend: Backend,
  field: (c: number) => Float64Array,
  count: number,
  samples: number,
): Workspace {
  const workspace = backend.createWorkspace(count, samples);
  const { inputs } = workspace;
  for (let c = 0; c < count; c++) {
    const values = field(c);
    for (let n = 0; n < samples; n++) inputs[n * count + c] = values[n]!;
  }
  return workspace;
}
