import { UsageError } from '../../errors.js';

/** V Vᵀ of a C×d readout, both row-major: the covariance of the logits Vx for standard normal x. */
export function gramOfReadout(readout: ArrayLike<number>, classes: number): Float64Array {
  const dimension = readout.length / classes;
  if (!Number.isInteger(dimension) || dimension < 1)
    throw new UsageError(`blockLaw: readout must hold classes = ${classes} rows, got ${readout.length} entries`);
  const gram = new Float64Array(classes * classes);
  for (let a = 0; a < classes; a++)
    for (let b = 0; b <= a; b++) {
      let sum = 0;
      for (let t = 0; t < dimension; t++) sum += readout[a * dimension + t]! * readout[b * dimension + t]!;
      gram[a * classes + b] = gram[b * classes + a] = sum;
    }
  return gram;
}
