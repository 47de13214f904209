/**
 * Largest |actual − expected| / (|expected| + floor·max|expected|) over the entries: a relative error entry by entry,
 * with a floor for entries that are zero up to rounding.
 */
export function largestDiscrepancy(actual: ArrayLike<number>, expected: ArrayLike<number>, floor = 1e-5): number {
  if (actual.length !== expected.length) throw new Error(`lengths differ: ${actual.length} and ${expected.length}`);
  let scale = 0;
  for (let k = 0; k < expected.length; k++) scale = Math.max(scale, Math.abs(expected[k]!));
  let worst = 0;
  for (let k = 0; k < expected.length; k++) {
    const error = Math.abs(actual[k]! - expected[k]!);
    if (!(error === 0)) worst = Math.max(worst, error / (Math.abs(expected[k]!) + floor * scale));
    if (Number.isNaN(error)) return Infinity;
  }
  return worst;
}
