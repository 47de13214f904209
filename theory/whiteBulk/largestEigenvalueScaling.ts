/**
 * Centre and unit of the largest eigenvalue of an n×n Wishart matrix of m degrees of freedom, in which it has the
 * Tracy–Widom law of β = 1 up to O(n^{-2/3}): (a + b)² and (a + b) (1/a + 1/b)^{1/3} with a = √(m − ½), b = √(n − ½).
 * Sources: I. M. Johnstone, Ann. Statist. 29 (2001); the ½ of Z. Ma, Bernoulli 18 (2012).
 */
export function largestEigenvalueScaling(
  order: number,
  degrees: number,
): { readonly centre: number; readonly unit: number } {
  const a = Math.sqrt(degrees - 0.5);
  const b = Math.sqrt(order - 0.5);
  return { centre: (a + b) ** 2, unit: (a + b) * Math.cbrt(1 / a + 1 / b) };
}
