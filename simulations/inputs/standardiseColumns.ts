/**
 * Shifts and scales every column of a count×columns table to mean 0 and variance 1 (divisor count), in a copy. A
 * constant column becomes zero: it carries nothing.
 */
export function standardiseColumns(rows: Float64Array, count: number, columns: number): Float64Array {
  const out = new Float64Array(rows.length);
  const mean = new Float64Array(columns);
  const variance = new Float64Array(columns);
  for (let n = 0; n < count; n++) for (let j = 0; j < columns; j++) mean[j]! += rows[n * columns + j]! / count;
  for (let n = 0; n < count; n++) {
    for (let j = 0; j < columns; j++) {
      const centred = rows[n * columns + j]! - mean[j]!;
      out[n * columns + j] = centred;
      variance[j]! += (centred * centred) / count;
    }
  }
  for (let n = 0; n < count; n++) {
    for (let j = 0; j < columns; j++) {
      // Rounding leaves a constant column with deviations of this size.
      const constant = variance[j]! <= (2 ** -45 * mean[j]!) ** 2;
      out[n * columns + j] = constant ? 0 : out[n * columns + j]! / Math.sqrt(variance[j]!);
    }
  }
  return out;
}
