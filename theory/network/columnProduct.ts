/** v_·i · v_·j = Σ_c v_ci v_cj, for two columns of a readout V, C×m, row-major. */
export function columnProduct(
  readout: ArrayLike<number>,
  classes: number,
  width: number,
  i: number,
  j: number,
): number {
  let sum = 0;
  for (let c = 0; c < classes; c++) sum += readout[c * width + i]! * readout[c * width + j]!;
  return sum;
}
