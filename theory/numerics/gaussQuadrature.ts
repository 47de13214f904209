import type { DiscreteMeasure } from '../contracts.js';
import { exactSum } from './exactSum.js';

/**
 * The n-point Gauss quadrature of a discrete measure, exact for polynomials up to degree 2n − 1. The Jacobi matrix is
 * built by adding one node at a time with rotations that never subtract masses (Gragg and Harrod 1984, "The numerically
 * stable reconstruction of Jacobi matrices from spectral data"), cut off after n rows, which the later ones do not
 * influence; then its eigenvalues and first eigenvector components come from implicit QL (Golub and Welsch 1969). Cost:
 * measure size × n.
 *
 * @param nodes ascending distinct nodes
 * @param masses their positive masses; they need not sum to 1, and the result has the same sum
 */
export function gaussQuadrature(nodes: Float64Array, masses: Float64Array, count: number): DiscreteMeasure {
  const size = nodes.length;
  if (count >= size) return { nodes: nodes.slice(), masses: masses.slice() };
  const centre = (nodes[0] + nodes[size - 1]) / 2;
  const half = (nodes[size - 1] - nodes[0]) / 2;
  const diagonal = new Float64Array(count);
  // squares[0] is the total mass, squares[k] the square of the k-th off-diagonal entry.
  const squares = new Float64Array(count);
  for (let i = 0; i < size; i++) {
    const node = (nodes[i] - centre) / half;
    const rows = Math.min(i + 1, count);
    if (i < count) diagonal[i] = node;
    let mass = masses[i];
    let cosine = 1;
    let sine = 0;
    let shift = 0;
    for (let k = 0; k < rows; k++) {
      const before = squares[k];
      const sum = before + mass;
      squares[k] = cosine * sum;
      const lastSine = sine;
      if (sum > 0) {
        cosine = before / sum;
        sine = mass / sum;
      } else {
        cosine = 1;
        sine = 0;
      }
      const next = sine * (diagonal[k] - node) - cosine * shift;
      diagonal[k] -= next - shift;
      shift = next;
      mass = sine > 0 ? (shift * shift) / sine : lastSine * before;
    }
  }
  for (let k = 0; k < count; k++) diagonal[k] = centre + half * diagonal[k];
  return eigenQuadrature(
    diagonal,
    squares.subarray(1).map((square) => half * Math.sqrt(square)),
    // squares[0] is this sum too, with the rounding of as many additions as there are nodes.
    exactSum(masses).high,
  );
}

/**
 * Nodes and masses from a Jacobi matrix: its eigenvalues, and the squares of the first components of its eigenvectors.
 */
function eigenQuadrature(diagonal: Float64Array, offDiagonal: Float64Array, total: number): DiscreteMeasure {
  const size = diagonal.length;
  const values = diagonal.slice();
  const beside = new Float64Array(size);
  beside.set(offDiagonal);
  const first = new Float64Array(size);
  first[0] = 1;
  for (let l = 0; l < size; l++) {
    for (let iteration = 0; iteration < 200; iteration++) {
      let m = l;
      for (; m + 1 < size; m++) {
        const scale = Math.abs(values[m]) + Math.abs(values[m + 1]);
        if (Math.abs(beside[m]) <= 1e-17 * scale) break;
      }
      if (m === l) break;
      let shift = (values[l + 1] - values[l]) / (2 * beside[l]);
      let radius = Math.hypot(shift, 1);
      shift = values[m] - values[l] + beside[l] / (shift + (shift >= 0 ? radius : -radius));
      let sine = 1;
      let cosine = 1;
      let carried = 0;
      let deflated = false;
      for (let i = m - 1; i >= l; i--) {
        const f = sine * beside[i];
        const b = cosine * beside[i];
        radius = Math.hypot(f, shift);
        beside[i + 1] = radius;
        if (radius === 0) {
          values[i + 1] -= carried;
          beside[m] = 0;
          deflated = true;
          break;
        }
        sine = f / radius;
        cosine = shift / radius;
        shift = values[i + 1] - carried;
        radius = (values[i] - shift) * sine + 2 * cosine * b;
        carried = sine * radius;
        values[i + 1] = shift + carried;
        shift = cosine * radius - b;
        const upper = first[i + 1];
        first[i + 1] = sine * first[i] + cosine * upper;
        first[i] = cosine * first[i] - sine * upper;
      }
      if (deflated) continue;
      values[l] -= carried;
      beside[l] = shift;
      beside[m] = 0;
    }
  }
  const order = Array.from({ length: size }, (_, i) => i).sort((i, j) => values[i] - values[j]);
  return {
    nodes: Float64Array.from(order, (i) => values[i]),
    masses: Float64Array.from(order, (i) => total * first[i] * first[i]),
  };
}
