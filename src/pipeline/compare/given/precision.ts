/** In which precision numbers were computed or kept: a float32 stays recognisable after a conversion to double. */
import type { NumericArray } from '../../../store/formats/index.js';
import type { Precision } from '../givenSpectrum.js';

/** Distance from 1 to the next number. */
export const roundoffs: Readonly<Record<Precision, number>> = {
  float64: 2 ** -52,
  float32: 2 ** -23,
  float16: 2 ** -10,
};

/** The least precision that holds every number; whole numbers alone do not tell. */
export function precisionOf({ data }: Pick<NumericArray, 'data'>): Precision {
  if (data.every((value) => Number.isInteger(value))) return 'float64';
  if (data.every(isHalf)) return 'float16';
  return data.every((value) => Math.fround(value) === value) ? 'float32' : 'float64';
}

const largestHalf = 65504;

/** IEEE 754 binary16: eleven bits, the smallest 2^-24. */
function isHalf(value: number): boolean {
  const size = Math.abs(value);
  if (size === 0) return true;
  const unit = 2 ** (Math.max(Math.floor(Math.log2(size)), -14) - 10);
  return size <= largestHalf && Number.isInteger(size / unit);
}
