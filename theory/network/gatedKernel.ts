/**
 * J(a) = E[1(z > 0) 1(z' > 0) e^{a z z'}] for independent standard normals z, z', and its first three derivatives,
 * which put factors z z' under the expectation. J(a) = (1 − a²)^{−1/2} (¼ + arcsin(a)/2π) solves (1 − a²) J' = a J +
 * 1/2π, from which the derivatives follow. Valid for −1 < a < 1; infinite otherwise. (paper-notes.md, cross-layer
 * blocks)
 */
export function gatedKernel(a: number): readonly [value: number, first: number, second: number, third: number] {
  if (!(Math.abs(a) < 1)) return [Infinity, Infinity, Infinity, Infinity];
  const remainder = 1 - a * a;
  const value = (0.25 + Math.asin(a) / (2 * Math.PI)) / Math.sqrt(remainder);
  const first = (a * value + 1 / (2 * Math.PI)) / remainder;
  const second = (value + 3 * a * first) / remainder;
  const third = (4 * first + 5 * a * second) / remainder;
  return [value, first, second, third];
}
