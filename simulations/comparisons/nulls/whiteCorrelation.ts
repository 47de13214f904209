import { UsageError } from '../../../theory/errors.js';
import type { RandomStream, Workspace } from '../../contracts.js';
import { gammaVariate } from '../../inputs/gammaVariate.js';

/**
 * Ascending eigenvalues of the correlation matrix of d independent normal variables from samples of `degrees` degrees of
 * freedom (N, or N − 1 about their mean): D^{-1/2} W D^{-1/2} with W Wishart and D its diagonal. W = L Lᵀ, row i of L with
 * χ_{degrees − i} on the diagonal, independent N(0, 1) before it, 0 behind (Bartlett, Proc. R. Soc. Edinb. 53, 1934); a row of
 * length 1 for each of them gives the correlation matrix.
 *
 * Their sum is d, to rounding; d − degrees of them are zero where d is larger.
 *
 * @param workspace of dimension d and min(d, degrees) samples; its inputs are overwritten
 * @throws UsageError when the workspace has another number of samples
 */
export function whiteCorrelation(stream: RandomStream, workspace: Workspace, degrees: number): Float64Array {
  const { dimension, samples, inputs } = workspace;
  if (!Number.isInteger(degrees) || samples !== Math.min(dimension, degrees))
    throw new UsageError(
      `whiteCorrelation: a workspace of min(d, degrees) samples is needed for d = ${dimension} and ${degrees} degrees of freedom, got ${samples}`,
    );
  const row = new Float64Array(samples);
  for (let i = 0; i < dimension; i++) {
    const before = row.subarray(0, Math.min(i, samples));
    stream.fillNormals(before);
    row.fill(0, before.length);
    if (i < samples) row[i] = chiVariate(stream, degrees - i);
    const unit = Math.sqrt(samples / row.reduce((sum, value) => sum + value * value, 0));
    for (let k = 0; k < samples; k++) inputs[k * dimension + i] = unit * row[k]!;
  }
  return workspace.eigenvalues(new Float64Array(samples).fill(1)).slice();
}

function chiVariate(stream: RandomStream, degrees: number): number {
  return degrees === 1 ? Math.abs(stream.normal()) : Math.sqrt(2 * gammaVariate(stream, degrees / 2));
}
