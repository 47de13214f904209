import { fixedNormals, fixedUniforms } from './fixedSequence.js';
import { forEachLatticePoint, largestLatticeDimension } from './latticePoints.js';

export interface IntegrationPoints {
  /** Coordinates uniform on (0, 1), which come first in the lattice, and standard normal ones. */
  readonly uniforms: number;
  readonly normals: number;
  /** A power of two. */
  readonly points: number;
  /** Which of the fixed sets of points. */
  readonly shift: number;
}

/**
 * The lattice's generating vector is made for this many points and more: with few, its coordinates repeat each other.
 */
const fewestLatticePoints = 1024;

/**
 * Points for expectations over any number of independent coordinates: a shifted lattice in the first 256, a fixed
 * sequence in the others, and in all of them where the points are few. Arrays are reused.
 */
export function forEachIntegrationPoint(
  { uniforms, normals, points, shift }: IntegrationPoints,
  visit: (uniform: Float64Array, normal: Float64Array) => void,
): void {
  const dimension = points < fewestLatticePoints ? 0 : Math.min(uniforms + normals, largestLatticeDimension);
  const nextUniform = fixedUniforms(6000 + shift);
  const nextNormal = fixedNormals(7000 + shift);
  const uniform = new Float64Array(uniforms);
  const normal = new Float64Array(normals);
  const visitOne = (latticeUniform: Float64Array, latticeNormal: Float64Array): void => {
    for (let k = 0; k < uniforms; k += 1) uniform[k] = k < dimension ? latticeUniform[k] : nextUniform();
    for (let k = 0, at = uniforms; k < normals; k += 1, at += 1)
      normal[k] = at < dimension ? latticeNormal[at] : nextNormal();
    visit(uniform, normal);
  };
  if (dimension > 0) forEachLatticePoint({ dimension, points, shift }, visitOne);
  else for (let k = 0; k < points; k += 1) visitOne(uniform, normal);
}

/**
 * A Latin hypercube of few points: in each coordinate one in each of as many equal parts of (0, 1), in an order from the
 * fixed sequence. The array is reused.
 */
export function forEachStratifiedPoint(
  { uniforms, points, shift }: Omit<IntegrationPoints, 'normals'>,
  visit: (uniform: Float64Array) => void,
): void {
  const next = fixedUniforms(8000 + shift);
  const columns = Array.from({ length: uniforms }, () => {
    const column = Float64Array.from({ length: points }, (_, k) => (k + next()) / points);
    for (let k = points - 1; k > 0; k -= 1) {
      const other = Math.floor(next() * (k + 1));
      [column[k], column[other]] = [column[other], column[k]];
    }
    return column;
  });
  const uniform = new Float64Array(uniforms);
  for (let k = 0; k < points; k += 1) {
    columns.forEach((column, at) => (uniform[at] = column[k]));
    visit(uniform);
  }
}
