/** The matrices of test/fixtures/numpy/eigenvalues.py, rebuilt bit for bit: every operation below is exact. */
export function uniform(seed: number, i: number, j: number): number {
  let x = (Math.imul(i, 1103515245) + Math.imul(j, 12345) + Math.imul(seed, 2654435761)) >>> 0;
  x = Math.imul(x ^ (x >>> 16), 0x7feb352d) >>> 0;
  x = Math.imul(x ^ (x >>> 15), 0x846ca68b) >>> 0;
  return ((x ^ (x >>> 16)) >>> 0) / 2 ** 31 - 1;
}

const coarse = (seed: number, i: number, j: number): number => Math.floor(uniform(seed, i, j) * 64) / 64;

type Entry = (i: number, j: number) => number;

/** Entry (i, j) for i ≥ j; the matrix is symmetric. */
const kinds: Record<string, (order: number) => Entry> = {
  symmetric: (order) => (i, j) => uniform(order, i, j),
  wilkinson: (order) => (i, j) => (i === j ? Math.abs(i - (order - 1) / 2) : i === j + 1 ? 1 : 0),
  clustered: () => (i, j) => (i === j ? 1 : 0) + 2 ** -30 * coarse(7, i, j),
  deficient: () => (i, j) => {
    let sum = 0;
    for (let r = 0; r < 9; r += 1) sum += coarse(11, r, i) * coarse(11, r, j);
    return sum;
  },
  spiked: () => (i, j) => (i === j ? 1 : 0) + 50 * coarse(13, 0, i) * coarse(13, 0, j),
  graded: () => (i, j) => uniform(17, i, j) * 2 ** -i * 2 ** -j,
};

export function testMatrix(kind: string, order: number): Float64Array {
  const entry = kinds[kind]!(order);
  const matrix = new Float64Array(order * order);
  for (let i = 0; i < order; i += 1) {
    for (let j = 0; j <= i; j += 1) {
      matrix[i * order + j] = entry(i, j);
      matrix[j * order + i] = matrix[i * order + j]!;
    }
  }
  return matrix;
}

export const maximumDifference = (a: Float64Array, b: ArrayLike<number>): number => {
  if (a.length !== b.length) return Infinity;
  let largest = 0;
  for (let i = 0; i < a.length; i += 1) largest = Math.max(largest, Math.abs(a[i]! - b[i]!));
  return largest;
};

export const norm = (values: ArrayLike<number>): number => {
  let largest = 0;
  for (let i = 0; i < values.length; i += 1) largest = Math.max(largest, Math.abs(values[i]!));
  return largest;
};
