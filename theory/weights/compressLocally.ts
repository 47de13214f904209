/** Gauss points a bin: moments to order 2·5 − 1 = 9 are kept in every bin, hence those to order 8 of the whole. */
const pointsPerBin = 5;

/**
 * Replaces a positive measure on (0, ∞) with many nodes by one with about `maximumNodes`: the nodes are put in bins of
 * equal width in their logarithm, and each bin by the 5-point Gauss rule of its own content. Because every bin keeps
 * its moments to order 9, the whole keeps relative accuracy in both tails, which a global Gauss rule does not: its
 * smallest masses are lost to rounding. Unlike `compressMeasure` it never moves mass across bins.
 */
export function compressLocally(
  nodes: ArrayLike<number>,
  masses: ArrayLike<number>,
  maximumNodes: number,
): { nodes: number[]; masses: number[] } {
  const order = Array.from({ length: nodes.length }, (_, k) => k).sort((a, b) => nodes[a] - nodes[b]);
  if (order.length <= maximumNodes) {
    return { nodes: order.map((k) => nodes[k]), masses: order.map((k) => masses[k]) };
  }
  const bins = Math.max(1, Math.floor(maximumNodes / pointsPerBin));
  // The lower tail below 1e-17 of the mass is one bin with the first: it cannot matter to anything of size one.
  let tail = 0;
  let start = 0;
  while (tail + masses[order[start]] < 1e-17) tail += masses[order[start++]];
  const lower = Math.log(nodes[order[start]]);
  const width = (Math.log(nodes[order[order.length - 1]]) - lower) / bins;
  const result = { nodes: [] as number[], masses: [] as number[] };
  let from = 0;
  for (let bin = 1; bin <= bins; bin += 1) {
    const upper = bin === bins ? Infinity : lower + bin * width;
    let to = from;
    while (to < order.length && Math.log(nodes[order[to]]) < upper) to += 1;
    gaussRuleOfCluster(nodes, masses, order.slice(from, to), result);
    from = to;
  }
  return result;
}

function gaussRuleOfCluster(
  nodes: ArrayLike<number>,
  masses: ArrayLike<number>,
  members: readonly number[],
  result: { nodes: number[]; masses: number[] },
): void {
  let total = 0;
  for (const k of members) total += masses[k];
  if (!(total > 0)) return;
  if (members.length <= pointsPerBin) {
    for (const k of members) {
      result.nodes.push(nodes[k]);
      result.masses.push(masses[k]);
    }
    return;
  }
  const low = nodes[members[0]];
  const high = nodes[members[members.length - 1]];
  const middle = (low + high) / 2;
  const half = (high - low) / 2 || 1;
  const x = members.map((k) => (nodes[k] - middle) / half);
  const w = members.map((k) => masses[k] / total);
  const { diagonal, squaredOffDiagonal } = stieltjesRecurrence(x, w, pointsPerBin);
  for (const { node, mass } of gaussFromRecurrence(diagonal, squaredOffDiagonal)) {
    result.nodes.push(middle + half * node);
    result.masses.push(total * mass);
  }
}

/**
 * Three-term recurrence of the polynomials orthogonal for the given masses (Stieltjes' procedure), cut where the
 * measure is exhausted.
 */
function stieltjesRecurrence(
  x: readonly number[],
  w: readonly number[],
  order: number,
): { diagonal: number[]; squaredOffDiagonal: number[] } {
  let previous = new Float64Array(x.length);
  let current = new Float64Array(x.length).fill(1);
  let norm = w.reduce((sum, mass) => sum + mass, 0);
  const diagonal: number[] = [];
  const squaredOffDiagonal: number[] = [];
  for (let k = 0; k < order; k += 1) {
    let first = 0;
    for (let i = 0; i < x.length; i += 1) first += w[i] * x[i] * current[i] * current[i];
    diagonal.push(first / norm);
    if (k === order - 1) break;
    const next = new Float64Array(x.length);
    let nextNorm = 0;
    for (let i = 0; i < x.length; i += 1) {
      next[i] = (x[i] - diagonal[k]) * current[i] - (k > 0 ? squaredOffDiagonal[k - 1] : 0) * previous[i];
      nextNorm += w[i] * next[i] * next[i];
    }
    if (nextNorm <= 1e-14 * norm) break;
    squaredOffDiagonal.push(nextNorm / norm);
    previous = current;
    current = next;
    norm = nextNorm;
  }
  return { diagonal, squaredOffDiagonal };
}

/**
 * Eigenvalues and squared first components of the Jacobi matrix (Golub & Welsch 1969) by cyclic Jacobi rotations: five
 * rows, so the slow and stable method is the right one. The masses carry an absolute error of rounding, also when an
 * off-diagonal is tiny.
 */
function gaussFromRecurrence(
  diagonal: readonly number[],
  squaredOffDiagonal: readonly number[],
): { node: number; mass: number }[] {
  const n = diagonal.length;
  const matrix = diagonal.map((value, i) => {
    const row = new Float64Array(n);
    row[i] = value;
    if (i > 0) row[i - 1] = Math.sqrt(squaredOffDiagonal[i - 1]);
    if (i + 1 < n) row[i + 1] = Math.sqrt(squaredOffDiagonal[i]);
    return row;
  });
  const first = new Float64Array(n);
  first[0] = 1;
  for (let sweep = 0; sweep < 12; sweep += 1) {
    for (let p = 0; p < n; p += 1) {
      for (let q = p + 1; q < n; q += 1) rotate(matrix, first, p, q);
    }
  }
  return matrix.map((row, i) => ({ node: row[i], mass: first[i] * first[i] }));
}

/** One Jacobi rotation that annihilates entry (p, q), carried along in the first components of the eigenvectors. */
function rotate(matrix: Float64Array[], first: Float64Array, p: number, q: number): void {
  const coupling = matrix[p][q];
  if (coupling === 0) return;
  const slope = (matrix[q][q] - matrix[p][p]) / (2 * coupling);
  const tangent = (slope >= 0 ? 1 : -1) / (Math.abs(slope) + Math.hypot(slope, 1));
  const cosine = 1 / Math.hypot(tangent, 1);
  const sine = tangent * cosine;
  for (const row of matrix) {
    const [atP, atQ] = [row[p], row[q]];
    row[p] = cosine * atP - sine * atQ;
    row[q] = sine * atP + cosine * atQ;
  }
  const [rowP, rowQ] = [matrix[p], matrix[q]];
  for (let k = 0; k < rowP.length; k += 1) {
    const [atP, atQ] = [rowP[k], rowQ[k]];
    rowP[k] = cosine * atP - sine * atQ;
    rowQ[k] = sine * atP + cosine * atQ;
  }
  const [firstP, firstQ] = [first[p], first[q]];
  first[p] = cosine * firstP - sine * firstQ;
  first[q] = sine * firstP + cosine * firstQ;
}
