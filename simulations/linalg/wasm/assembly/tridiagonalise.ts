// Householder reduction of a symmetric matrix (lower triangle, row-major) to tridiagonal form, in panels. Rows are
// taken from the last upwards, so that a row and its Householder vector lie in consecutive memory. Within a panel the
// trailing matrix is left alone and corrected through the vectors V, W of the panel; after it, A −= Vᵀ W + Wᵀ V by
// tiles. Source: J. J. Dongarra, D. C. Sorensen, S. J. Hammarling, "Block reduction of matrices to condensed forms"
// (1989).
import { reflector } from './reflector';
import { packUpdate } from './packing';
import { updateLower } from './tiles';
import { symmetricProduct } from './symmetricProduct';
import { addRows, axpy, dot, rowProducts } from './vectorOperations';

/** Rows reduced between two updates of the trailing matrix. */
const PANEL: usize = 24;

export function panelRows(): usize {
  return PANEL;
}

/**
 * diagonal[i] and offDiagonal[i] (couples i and i + 1) of the tridiagonal form; c is destroyed.
 * `vectors` is room for 2·PANEL rows of `stride` bytes, `a` and `b` for packed panels, `work` for 4·PANEL numbers.
 * Numbers in c should be of order 1 (see the scaling in the caller).
 */
export function tridiagonalise(
  order: usize,
  c: usize,
  stride: usize,
  diagonal: usize,
  offDiagonal: usize,
  vectors: usize,
  a: usize,
  b: usize,
  work: usize,
): void {
  let left = order;
  while (left > 2) {
    const rows = min(PANEL, left - 2);
    reducePanel(left, rows, c, stride, diagonal, offDiagonal, vectors, work);
    left -= rows;
    packUpdate(left, rows, vectors, vectors + PANEL * stride, stride, a, b);
    updateLower(left, 2 * rows, a, b, c, stride);
  }
  if (left == 2) {
    store<f64>(diagonal, load<f64>(c + stride + 8), 8);
    store<f64>(offDiagonal, load<f64>(c + stride));
  }
  if (left > 0) store<f64>(diagonal, load<f64>(c));
  store<f64>(offDiagonal + (order - 1) * 8, 0);
}

/** V in rows 0 … PANEL − 1 of `vectors`, W in rows PANEL … 2·PANEL − 1; row p belongs to matrix row order − 1 − p. */
function reducePanel(
  order: usize,
  rows: usize,
  c: usize,
  stride: usize,
  diagonal: usize,
  offDiagonal: usize,
  vectors: usize,
  work: usize,
): void {
  const wVectors = vectors + PANEL * stride;
  const vFactors = work,
    wFactors = work + PANEL * 8;
  for (let p: usize = 0; p < rows; p++) {
    const i = order - 1 - p;
    const row = c + i * stride;
    const v = vectors + p * stride,
      w = wVectors + p * stride;
    // The row as the vectors of the panel leave it: row −= Σ V_q[i] W_q + W_q[i] V_q.
    for (let q: usize = 0; q < p; q++) {
      store<f64>(vFactors + q * 8, -load<f64>(vectors + q * stride + i * 8));
      store<f64>(wFactors + q * 8, -load<f64>(wVectors + q * stride + i * 8));
    }
    addRows(p, i + 1, vFactors, wVectors, stride, row);
    addRows(p, i + 1, wFactors, vectors, stride, row);
    store<f64>(diagonal + i * 8, load<f64>(row + i * 8));

    // Householder vector of row[0 … i − 1], head at i − 1. The vectors are zero beyond i, up to the padding.
    memory.copy(v, row, i << 3);
    memory.fill(v + (i << 3), 0, stride - (i << 3));
    memory.fill(w, 0, stride);
    store<f64>(offDiagonal + (i - 1) * 8, reflector(i - 1, v, v + (i - 1) * 8));
    if (load<f64>(v + (i - 1) * 8) == 0) continue;

    // w = A v, corrected by the panel, then w − (vᵀw / 2) v.
    symmetricProduct(i, c, stride, v, w);
    rowProducts(p, i, vectors, stride, v, vFactors);
    rowProducts(p, i, wVectors, stride, v, wFactors);
    for (let q: usize = 0; q < p; q++) {
      store<f64>(vFactors + q * 8, -load<f64>(vFactors + q * 8));
      store<f64>(wFactors + q * 8, -load<f64>(wFactors + q * 8));
    }
    addRows(p, i, wFactors, vectors, stride, w);
    addRows(p, i, vFactors, wVectors, stride, w);
    axpy(i, -0.5 * dot(i, v, w), v, w);
  }
}
