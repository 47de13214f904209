import type { DeepNetworkSettings } from './drawDeepNetwork.js';
import { pairCount, tileRows } from './pairFields.js';

/** Copies of the largest product's factors that the compiled kernels hold at a time. */
const copies = 4;

/** Bytes of one draw of `deepSampler`, before anything is allocated: network, features, signals of the units, a tile of changes, fields. */
export function memoryOfDeepDraw({ dimension, samples, widths, classes }: DeepNetworkSettings, units: number): number {
  const sizes = [dimension, ...widths];
  const last = widths.at(-1)!;
  const layers = widths.reduce((sum, width, k) => sum + width * sizes[k]!, classes * last);
  const features = sizes.reduce((sum, size) => sum + samples * size, 0);
  const signals = samples * units * (copies * Math.max(...widths) + widths.length * last);
  const changes = 2 * Math.min(tileRows, classes) * samples * (units + 1);
  const fields = (2 + widths.length) * pairCount(units) * samples + 2 * samples * samples;
  return 8 * (layers + features + signals + changes + fields);
}
