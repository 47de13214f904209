/** Products of a layer's matrix with a field over samples: one row of N numbers a unit. */

/** M F, for M of `rows` rows and F of as many rows as M has columns. */
export function timesField(matrix: Float64Array, rows: number, field: Float64Array, samples: number): Float64Array {
  const columns = matrix.length / rows;
  const out = new Float64Array(rows * samples);
  for (let i = 0; i < rows; i++) {
    const row = out.subarray(i * samples, (i + 1) * samples);
    for (let k = 0; k < columns; k++) addScaled(row, matrix[i * columns + k]!, field, k * samples);
  }
  return out;
}

/** Adds Mᵀ F to `out`, for M and F of `rows` rows. */
export function addTransposedTimesField(
  matrix: Float64Array,
  rows: number,
  field: Float64Array,
  out: Float64Array,
): void {
  const columns = matrix.length / rows;
  const samples = field.length / rows;
  for (let k = 0; k < columns; k++) {
    const row = out.subarray(k * samples, (k + 1) * samples);
    for (let i = 0; i < rows; i++) addScaled(row, matrix[i * columns + k]!, field, i * samples);
  }
}

/** Adds `factor` times the numbers of `field` from `start` on to `row`. */
function addScaled(row: Float64Array, factor: number, field: Float64Array, start: number): void {
  for (let n = 0; n < row.length; n++) row[n]! += factor * field[start + n]!;
}
