/** Softmax probabilities of a few classes from logits that come in tiles: a running maximum and sum for each sample. */
import type { LogitPrecision } from '../../../theory/names.js';
import type { KernelExports } from './kernelModule.js';
import type { MemoryLayout, Region } from './memoryLayout.js';

export interface FieldBuffers {
  /** Numbers from one row of logits to the next. */
  readonly rowLength: number;
  readonly fields: Region;
  readonly maxima: Region;
  readonly sums: Region;
  readonly scratch: Region;
}

/** Room for `rows` rows of logits, and whole tiles below them and beside. */
export function fieldBuffers(layout: MemoryLayout, rows: number, samples: number): FieldBuffers {
  const length = Math.ceil(samples / 8) * 8;
  return {
    rowLength: length,
    fields: layout.numbers((rows + 12) * length),
    maxima: layout.numbers(length),
    sums: layout.numbers(length),
    scratch: layout.numbers(length),
  };
}

/** Classes for each one wanted from which on logits of single precision pay: each of those takes a product of its own. */
const singleClasses = 16;
/** Single precision has numbers from 1e-38 to 3e38: no product of two sizes in this range is lost. */
const singleSizes = [1e-18, 1e18] as const;

/** Whether what was asked for in single precision is multiplied so: see `Workspace.softmaxOfClasses`. */
export function multipliesInSingle(
  precision: LogitPrecision | undefined,
  classes: number,
  wanted: readonly number[],
  largestInput: () => number,
): boolean {
  if (precision !== 'single' || classes < singleClasses * Math.max(2, wanted.length)) return false;
  const largest = largestInput();
  return largest > singleSizes[0] && largest < singleSizes[1];
}

export interface RunningSoftmax {
  /** Takes in the logits of classes start … start + count − 1, which stand in `fields`. */
  take(start: number, count: number): void;
  /** wanted.length×samples, row-major. */
  probabilities(): Float64Array;
}

export function runningSoftmax(
  kernels: KernelExports,
  buffer: ArrayBuffer,
  at: FieldBuffers,
  samples: number,
  wanted: readonly number[],
): RunningSoftmax {
  const padded = Math.ceil(samples / 2) * 2;
  const view = (region: Region, length = padded, offset = 0): Float64Array =>
    new Float64Array(buffer, region.address + 8 * offset, length);
  // Not −∞: the difference of two maxima must be a number.
  view(at.maxima).fill(-1e308);
  view(at.sums).fill(0);
  const kept = new Float64Array(wanted.length * samples);
  return {
    take(start, count) {
      kernels.accumulate(
        count,
        padded,
        at.fields.address,
        at.rowLength * 8,
        at.maxima.address,
        at.sums.address,
        at.scratch.address,
      );
      wanted.forEach((c, k) => {
        if (c >= start && c < start + count)
          kept.set(view(at.fields, samples, (c - start) * at.rowLength), k * samples);
      });
    },
    probabilities() {
      const scratch = view(at.scratch);
      const sums = view(at.sums);
      for (let k = 0; k < wanted.length; k += 1) {
        const row = kept.subarray(k * samples, (k + 1) * samples);
        scratch.set(row);
        kernels.exponentials(padded, at.scratch.address, at.maxima.address, at.scratch.address);
        for (let n = 0; n < samples; n += 1) row[n] = scratch[n]! / sums[n]!;
      }
      return kept;
    },
  };
}
