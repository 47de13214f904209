/** Numbers with their errors, for the terminal. */

/** So many significant digits, a power of ten below 10^−3. */
export function digits(value: number, count = 5): string {
  const rounded = Number(value.toPrecision(count));
  return rounded !== 0 && Math.abs(rounded) < 1e-3 ? rounded.toExponential() : String(rounded);
}
