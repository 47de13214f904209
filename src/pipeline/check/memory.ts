import type { CheckTask } from './tasks/index.js';

/** Largest matrices that a hidden draw keeps over classes. */
const bytesPerNumber = 8;

/**
 * Bytes of the buffers that one draw of a task needs at once: inputs, Gram matrix with its packed copies, fields over samples, readout.
 * An upper estimate, for the check before a run; the runtime itself takes some 60 MiB more for each worker.
 */
export function memoryOfTask({ settings }: CheckTask): number {
  const { dimension, samples, classes, width, model } = settings;
  const inputs = dimension * samples;
  const gram = 3 * dimension ** 2;
  const readout = model === 'linear' ? Math.min(classes * dimension, 4e6) : classes * width;
  const fields = samples * (model === 'linear' ? 2 * Math.min(classes, 64) + 8 : 3 * width + 16);
  return bytesPerNumber * (2 * inputs + gram + readout + fields);
}
