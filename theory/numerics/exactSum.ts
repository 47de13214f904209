/**
 * Sum of the values as an unevaluated pair `high + low`, good to about 106 bits: enough to decide whether masses sum to
 * exactly 1. Cascaded two-sum (Ogita, Rump, Oishi 2005, "Accurate sum and dot product", algorithm Sum2).
 */
export function exactSum(values: ArrayLike<number>): { high: number; low: number } {
  let high = 0;
  let low = 0;
  for (let i = 0; i < values.length; i++) {
    const value = values[i];
    const sum = high + value;
    const virtual = sum - high;
    low += high - (sum - virtual) + (value - virtual);
    high = sum;
  }
  const sum = high + low;
  return { high: sum, low: low - (sum - high) };
}
