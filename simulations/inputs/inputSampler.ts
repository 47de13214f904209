/** From a distribution of inputs to a function that draws N of them into a workspace. */
import { UsageError } from '../../theory/errors.js';
import type { RandomStream } from '../contracts.js';
import type { InputSampler } from '../models/draw.js';
import { choleskyFactor } from './choleskyFactor.js';
import { gammaVariate } from './gammaVariate.js';
import type { InputDistribution } from './inputDistribution.js';
import { standardiseColumns } from './standardiseColumns.js';

/**
 * The sampler of a distribution, for inputs of `dimension` coordinates. What does not depend on the draw (a Cholesky
 * factor, the standardised data) is computed once.
 * @throws UsageError for a parameter out of range, a matrix that is no covariance, data of another width; the sampler
 * throws when it needs more rows than the data has.
 */
export function inputSampler(distribution: InputDistribution, dimension: number): InputSampler {
  switch (distribution.kind) {
    case 'gaussian':
      return (workspace, stream) => workspace.drawInputs(stream);
    case 'toeplitz':
      return toeplitzSampler(distribution.correlation);
    case 'covariance':
      return covarianceSampler(choleskyFactor(distribution.matrix, dimension), dimension);
    case 'mixture':
      return mixtureSampler(distribution.components, distribution.separation);
    case 'student':
      return studentSampler(distribution.degrees, distribution.radius === 'shared');
    case 'sphere':
      return sphereSampler;
    case 'rademacher':
      return rademacherSampler;
    case 'data':
      return dataSampler(distribution, dimension);
  }
}

function toeplitzSampler(correlation: number): InputSampler {
  if (!(Math.abs(correlation) < 1))
    throw new UsageError(`inputs: correlation must lie strictly between -1 and 1, received ${correlation}. Try 0.5.`);
  const innovation = Math.sqrt((1 - correlation) * (1 + correlation));
  return (workspace, stream) => {
    workspace.drawInputs(stream);
    const { inputs, dimension, samples } = workspace;
    for (let n = 0; n < samples; n++) {
      const row = n * dimension;
      for (let i = 1; i < dimension; i++)
        inputs[row + i] = correlation * inputs[row + i - 1]! + innovation * inputs[row + i]!;
    }
  };
}

function covarianceSampler(factor: Float64Array, dimension: number): InputSampler {
  return (workspace, stream) => {
    workspace.drawInputs(stream);
    const { inputs, samples } = workspace;
    for (let n = 0; n < samples; n++) {
      const row = n * dimension;
      // From the last coordinate down: each needs only those before it, still unchanged.
      for (let i = dimension - 1; i >= 0; i--) {
        let sum = 0;
        for (let k = 0; k <= i; k++) sum += factor[i * dimension + k]! * inputs[row + k]!;
        inputs[row + i] = sum;
      }
    }
  };
}

function mixtureSampler(components: number, separation: number): InputSampler {
  if (!Number.isInteger(components) || components < 1 || components > 1000)
    throw new UsageError(`inputs: components must be a whole number from 1 to 1000, received ${components}. Try 4.`);
  if (!(separation >= 0) || !Number.isFinite(separation))
    throw new UsageError(`inputs: separation must be a finite number of at least 0, received ${separation}. Try 2.`);
  return (workspace, stream) => {
    const { inputs, dimension, samples } = workspace;
    const centres = new Float64Array(components * dimension);
    stream.fillNormals(centres);
    for (let k = 0; k < components; k++) setLength(centres.subarray(k * dimension, (k + 1) * dimension), separation);
    workspace.drawInputs(stream);
    for (let n = 0; n < samples; n++) {
      const centre = stream.integer(components) * dimension;
      for (let i = 0; i < dimension; i++) inputs[n * dimension + i]! += centres[centre + i]!;
    }
  };
}

function studentSampler(degrees: number, shared: boolean): InputSampler {
  if (!(degrees > 2) || !Number.isFinite(degrees))
    throw new UsageError(
      `inputs: degrees must be a finite number above 2, else the variance is infinite, received ${degrees}. Try 5.`,
    );
  // t = z / √(g/ν) with g = χ²_ν = 2·Gamma(ν/2), and Var t = ν/(ν−2): z·√((ν−2)/g) has variance 1.
  const factor = (stream: RandomStream) => Math.sqrt((degrees - 2) / (2 * gammaVariate(stream, degrees / 2)));
  return (workspace, stream) => {
    workspace.drawInputs(stream);
    const { inputs, dimension, samples } = workspace;
    for (let n = 0; n < samples; n++) {
      const common = shared ? factor(stream) : 0;
      for (let i = 0; i < dimension; i++) inputs[n * dimension + i]! *= shared ? common : factor(stream);
    }
  };
}

const sphereSampler: InputSampler = (workspace, stream) => {
  workspace.drawInputs(stream);
  const { inputs, dimension, samples } = workspace;
  for (let n = 0; n < samples; n++)
    setLength(inputs.subarray(n * dimension, (n + 1) * dimension), Math.sqrt(dimension));
};

const rademacherSampler: InputSampler = ({ inputs }, stream) => {
  for (let i = 0; i < inputs.length; i++) inputs[i] = stream.integer(2) === 0 ? -1 : 1;
};

function dataSampler(
  { rows, count, standardise }: Extract<InputDistribution, { kind: 'data' }>,
  dimension: number,
): InputSampler {
  if (rows.length !== count * dimension) {
    throw new UsageError(
      `inputs: the data has ${count} rows of ${rows.length / count} numbers, but d is ${dimension}. Set d to ${rows.length / count}.`,
    );
  }
  const bad = rows.findIndex((value) => !Number.isFinite(value));
  if (bad >= 0)
    throw new UsageError(
      `inputs: the data must hold finite numbers only, but row ${Math.floor(bad / dimension)}, column ${bad % dimension} is ${rows[bad]}. Remove or mend that row.`,
    );
  const source = standardise ? standardiseColumns(rows, count, dimension) : rows;
  return ({ inputs, samples }, stream) => {
    if (samples > count)
      throw new UsageError(
        `inputs: N = ${samples} samples are needed but the data has ${count} rows, chosen without replacement. Lower N or give more data.`,
      );
    const order = Int32Array.from({ length: count }, (_, n) => n);
    for (let n = 0; n < samples; n++) {
      const other = n + stream.integer(count - n);
      const chosen = order[other]!;
      order[other] = order[n]!;
      inputs.set(source.subarray(chosen * dimension, (chosen + 1) * dimension), n * dimension);
    }
  };
}

function setLength(vector: Float64Array, length: number): void {
  let squares = 0;
  for (const entry of vector) squares += entry * entry;
  const factor = length / Math.sqrt(squares);
  for (let i = 0; i < vector.length; i++) vector[i]! *= factor;
}
