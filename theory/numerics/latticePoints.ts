import { UsageError } from '../errors.js';
import { fixedUniforms } from './fixedSequence.js';
import { normalQuantile } from './normalDistribution.js';

/**
 * Generating vector of a rank-1 lattice rule in up to 256 dimensions, for 2^10 to 2^14 points. Found component by
 * component with weights j^{-3/2} over random odd candidates, minimising the sum of the worst-case errors at 2^10, 2^12
 * and 2^14 points (method: Cools, Kuo, Nuyens 2006); its quality matters for speed of convergence only, never for
 * correctness.
 */
const generatingVector = Int32Array.of(
  1,
  11403,
  627,
  1385,
  7979,
  9811,
  7719,
  10327,
  6647,
  10945,
  2319,
  789,
  10267,
  9239,
  9317,
  3773,
  10095,
  2627,
  7663,
  14391,
  1349,
  14487,
  9009,
  13857,
  13343,
  16345,
  13029,
  3493,
  4533,
  121,
  6129,
  299,
  2823,
  15409,
  15519,
  16139,
  1193,
  3661,
  8961,
  4283,
  15783,
  6883,
  8569,
  13193,
  545,
  11779,
  5249,
  6185,
  11183,
  5755,
  11091,
  13829,
  11483,
  9563,
  13321,
  6839,
  3129,
  8889,
  7475,
  10799,
  7885,
  901,
  9583,
  8059,
  7159,
  15805,
  6733,
  5177,
  16237,
  7239,
  11839,
  6737,
  13073,
  13085,
  11887,
  14907,
  7515,
  10833,
  5809,
  11917,
  3415,
  3023,
  4503,
  15563,
  10063,
  4143,
  3009,
  12093,
  11933,
  14325,
  12767,
  373,
  4075,
  7479,
  14851,
  7579,
  8147,
  5327,
  7415,
  6265,
  6551,
  1505,
  14687,
  14083,
  3645,
  8923,
  11795,
  14665,
  1465,
  3613,
  6399,
  7289,
  5377,
  14265,
  10527,
  9155,
  14647,
  3569,
  16333,
  11545,
  4459,
  12571,
  10141,
  14589,
  14511,
  8595,
  2917,
  8687,
  2235,
  13803,
  7207,
  14049,
  10137,
  2383,
  14661,
  15229,
  10755,
  287,
  2055,
  13429,
  6101,
  14233,
  14353,
  5651,
  6473,
  15529,
  3273,
  1287,
  13079,
  15837,
  10543,
  1551,
  5781,
  10415,
  12381,
  7215,
  7633,
  9995,
  11741,
  11465,
  11321,
  12541,
  13067,
  11243,
  409,
  739,
  13057,
  1829,
  11517,
  10143,
  399,
  3505,
  10917,
  6789,
  1129,
  1225,
  13337,
  15269,
  14843,
  12153,
  7821,
  4587,
  12833,
  9039,
  7917,
  6761,
  4687,
  3949,
  3973,
  7575,
  7059,
  7745,
  13241,
  3995,
  7645,
  837,
  9687,
  16167,
  2901,
  9509,
  1281,
  10687,
  14575,
  105,
  10343,
  5367,
  1013,
  12573,
  4685,
  909,
  1801,
  4799,
  9207,
  12155,
  3551,
  15339,
  12313,
  11931,
  1637,
  13937,
  14181,
  3481,
  7791,
  2063,
  10485,
  11173,
  11989,
  1211,
  1563,
  963,
  6637,
  1153,
  6487,
  3201,
  10579,
  957,
  13003,
  12307,
  4413,
  10165,
  799,
  10135,
  14579,
  5891,
  2855,
  11239,
  8551,
  10433,
  4559,
  10705,
  183,
  12991,
  7263,
  13491,
  1041,
  8467,
);

export const largestLatticeDimension = generatingVector.length;

export interface LatticeOptions {
  readonly dimension: number;
  /** A power of two. */
  readonly points: number;
  /** Which of the fixed shifts: each integer names one. Errors are estimated by the spread between shifts. */
  readonly shift: number;
}

/**
 * A shifted rank-1 lattice folded by the tent map, which makes a smooth function periodic: calls `visit` with each
 * point of (0, 1)^dimension in turn, and with the standard normal quantiles of its coordinates. Both arrays are reused.
 * Nothing here is random: the shifts are a fixed sequence.
 * @throws UsageError when the dimension is above 256.
 */
export function forEachLatticePoint(
  options: LatticeOptions,
  visit: (uniform: Float64Array, normal: Float64Array, index: number) => void,
): void {
  const { dimension } = options;
  const uniform = new Float64Array(dimension);
  const normal = new Float64Array(dimension);
  forEachLatticeBatch({ ...options, length: 64 }, ({ uniforms, normals, offset, stride, first, count }) => {
    for (let n = 0; n < count; n += 1) {
      for (let j = 0, at = offset + n; j < dimension; j += 1, at += stride) {
        uniform[j] = uniforms[at];
        normal[j] = normals[at];
      }
      visit(uniform, normal, first + n);
    }
  });
}

/** As `forEachLatticePoint`, the normal point alone. */
export function forEachNormalPoint(options: LatticeOptions, visit: (point: Float64Array, index: number) => void): void {
  forEachLatticePoint(options, (_uniform, normal, index) => visit(normal, index));
}

/** Points number `first` to `first + count − 1`: coordinate j of the n-th of them at offset + j·stride + n. */
export interface LatticeBatch {
  readonly uniforms: Float64Array;
  readonly normals: Float64Array;
  readonly offset: number;
  readonly stride: number;
  readonly first: number;
  readonly count: number;
}

/** Copies one coordinate of a batch's points to `to`, from index `at` on. */
export function copyCoordinate(
  batch: LatticeBatch,
  of: 'uniforms' | 'normals',
  coordinate: number,
  to: Float64Array,
  at: number,
): void {
  const from = batch.offset + coordinate * batch.stride;
  to.set(batch[of].subarray(from, from + batch.count), at);
}

/** Copies the first `dimension` normal coordinates of a batch to rows `stride` apart. */
export function copyNormals(batch: LatticeBatch, dimension: number, to: Float64Array, stride: number): void {
  for (let k = 0; k < dimension; k += 1) copyCoordinate(batch, 'normals', k, to, k * stride);
}

/**
 * The points of `forEachLatticePoint`, at most `length` at a time. The arrays are not the caller's to write to.
 * @throws UsageError when the dimension is above 256.
 */
export function forEachLatticeBatch(
  options: LatticeOptions & { readonly length: number },
  visit: (batch: LatticeBatch) => void,
): void {
  const { dimension, points, length } = options;
  if (dimension > largestLatticeDimension) {
    throw new UsageError(
      `forEachLatticePoint: dimension must be at most ${largestLatticeDimension}, got ${dimension}; use fewer coordinates`,
    );
  }
  const table = dimension * points > largestTable ? undefined : tableOf(options);
  const { uniforms, normals } = table ?? emptyTable(dimension * length);
  const write = table ? undefined : pointWriter(options);
  const stride = table ? points : length;
  for (let first = 0; first < points; first += length) {
    const count = Math.min(length, points - first);
    if (write) for (let n = 0; n < count; n += 1) write(first + n, { uniforms, normals }, n, length);
    visit({ uniforms, normals, offset: table ? first : 0, stride, first, count });
  }
}

/** A point exactly on the fold would map to 0 or 1, whose normal quantile is infinite. */
const smallestCoordinate = 1e-15;

/** Writes point k into a table, from index `at` on and `stride` from coordinate to coordinate. */
function pointWriter({ dimension, points, shift }: LatticeOptions) {
  const uniform = fixedUniforms(shift + 1);
  const shifts = Float64Array.from({ length: dimension }, uniform);
  return (k: number, { uniforms, normals }: LatticeTable, at: number, stride: number): void => {
    for (let j = 0; j < dimension; j += 1, at += stride) {
      const raw = ((k * generatingVector[j]) % points) / points + shifts[j];
      const fraction = raw - Math.floor(raw);
      const folded = 1 - Math.abs(2 * fraction - 1);
      uniforms[at] = Math.min(Math.max(folded, smallestCoordinate), 1 - smallestCoordinate);
      normals[at] = normalQuantile(uniforms[at]);
    }
  };
}

interface LatticeTable {
  readonly uniforms: Float64Array;
  readonly normals: Float64Array;
}

function emptyTable(size: number): LatticeTable {
  return { uniforms: new Float64Array(size), normals: new Float64Array(size) };
}

/**
 * Coordinates of the largest lattice that is kept, and of all that are kept: 4 and 16 MB for each of the two arrays.
 */
const largestTable = 2 ** 19;
const allTables = 2 ** 21;
const tables = new Map<string, LatticeTable>();

/**
 * Every draw of a model integrates over the same few lattices, whose quantiles were a fifth of the time of a check. The
 * oldest go first. A table has its points one after another for each coordinate.
 */
function tableOf(options: LatticeOptions): LatticeTable {
  const { dimension, points, shift } = options;
  const key = `${dimension} ${points} ${shift}`;
  let table = tables.get(key);
  if (table === undefined) {
    table = emptyTable(dimension * points);
    const write = pointWriter(options);
    for (let k = 0; k < points; k += 1) write(k, table, k, points);
  }
  tables.delete(key);
  tables.set(key, table);
  let kept = 0;
  for (const { uniforms } of tables.values()) kept += uniforms.length;
  for (const [oldest, { uniforms }] of tables) {
    if (kept <= allTables) break;
    tables.delete(oldest);
    kept -= uniforms.length;
  }
  return table;
}
