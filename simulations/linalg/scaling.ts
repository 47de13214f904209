/**
 * The power of two that brings `largest` to [1, 2), as two factors whose product it is: one factor alone could
 * overflow. Scaling by it is exact, and keeps squares and products of entries between 1e-300 and 1e300 inside the range
 * of doubles.
 */
export interface PowerOfTwoScale {
  readonly down: (x: number) => number;
  readonly up: (x: number) => number;
  readonly downFactors: readonly [number, number];
}

export function powerOfTwoScale(largest: number): PowerOfTwoScale {
  const exponent = largest > 0 && Number.isFinite(largest) ? Math.floor(Math.log2(largest)) : 0;
  const half = Math.trunc(exponent / 2);
  const first = 2 ** half;
  const second = 2 ** (exponent - half);
  return { down: (x) => x / first / second, up: (x) => x * first * second, downFactors: [1 / first, 1 / second] };
}

/** Whether numbers whose largest magnitude this is are near enough to 1 as they are. */
export const isOrdinary = (largest: number): boolean => largest >= 2 ** -10 && largest <= 2 ** 10;

export function largestMagnitude(array: Float64Array): number {
  // Two at a time: the comparisons of one do not wait for those of the other.
  const half = array.length >> 1;
  let largest = 0;
  let other = 0;
  for (let i = 0; i < half; i += 1) {
    const first = Math.abs(array[i]!);
    const second = Math.abs(array[half + i]!);
    if (first > largest) largest = first;
    if (second > other) other = second;
  }
  if (array.length % 2 === 1 && Math.abs(array[2 * half]!) > largest) largest = Math.abs(array[2 * half]!);
  return largest > other ? largest : other;
}
