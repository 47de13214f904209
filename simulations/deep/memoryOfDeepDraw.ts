import { tileRows } from './deepNorms.js';
import type { DeepNetworkSettings } from './drawDeepNetwork.js';
import { pairCount } from './squaredErrorFields.js';

/** Copies of the largest product's factors that the compiled kernels hold at a time. */
const copies = 4;

/** Bytes of one draw of `deepSampler`, before anything is allocated: network, features, signals of the units, a tile of changes, fields. */
export function memoryOfDeepDraw({ dimension, samples, widths, classes }: DeepNetworkSettings, units: number): number {
  const sizes = [dimension, ...widths];
  const last = widths.at(-1)!;
  const layers = widths.reduce((sum, width, k) => sum + width * sizes[k]!, classes * last);
  const features = sizes.reduce((sum, size) => sum + samples * size, 0);
  const signals = copies * samples * units * Math.max(...widths);
  const changes = 2 * Math.min(tileRows, classes) * samples * units;
  const fields = 3 * pairCount(units) * samples + 2 * samples * samples;
  return 8 * (layers + features + signals + changes + fields);
}
