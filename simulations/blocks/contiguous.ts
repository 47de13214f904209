/** The place of a square tile of neighbouring rows and columns. */
export function contiguous(rowStart: number, columnStart: number, size: number) {
  return { rowStart, rowStride: 1, rows: size, columnStart, columnStride: 1, columns: size };
}
