/** From a distribution of inputs to a function that draws N of them into a workspace. */
import { UsageError } from '../../theory/errors.js';
import { inputNumberNames, inputNumbers, type InputName, type InputNumberName } from '../../theory/names.js';
import type { RandomStream } from '../contracts.js';
import type { InputSampler } from '../models/draw.js';
import { chooseRows } from './chooseRows.js';
import { choleskyFactor } from './choleskyFactor.js';
import { clusterSampler } from './clusters.js';
import { gammaVariate } from './gammaVariate.js';
import type { InputDistribution, InputOf } from './inputDistribution.js';
import { setLength } from './setLength.js';
import { standardiseColumns } from './standardiseColumns.js';

/**
 * The sampler of a distribution, for inputs of `dimension` coordinates. What does not depend on the draw (a Cholesky
 * factor, the standardised data) is computed once.
 * @throws UsageError for a parameter out of range, a matrix that is no covariance, data of another width; the sampler
 * throws when it needs more rows than the data has.
 */
export function inputSampler(distribution: InputDistribution, dimension: number): InputSampler {
  for (const name of inputNumberNames) {
    const { rule, holds, example } = inputNumbers[name];
    const value = (distribution as Partial<Record<InputNumberName, number>>)[name];
    if (value !== undefined && !holds(value))
      throw new UsageError(`inputs: ${name} must be ${rule}, got ${value}. Try ${example}.`);
  }
  const make = samplers[distribution.kind] as (distribution: InputDistribution, dimension: number) => InputSampler;
  return make(distribution, dimension);
}

const samplers: { readonly [Kind in InputName]: (distribution: InputOf<Kind>, dimension: number) => InputSampler } = {
  gaussian: () => (workspace, stream) => workspace.drawInputs(stream),
  toeplitz: ({ correlation }) => toeplitzSampler(correlation),
  covariance: ({ matrix }, dimension) => covarianceSampler(choleskyFactor(matrix, dimension), dimension),
  mixture: ({ components, separation }) => mixtureSampler(components, separation),
  clusters: clusterSampler,
  student: ({ degrees, radius }) => studentSampler(degrees, radius === 'shared'),
  lognormal: ({ spread }) => lognormalSampler(spread),
  sphere: () => sphereSampler,
  rademacher: () => rademacherSampler,
  data: dataSampler,
};

function toeplitzSampler(correlation: number): InputSampler {
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
  return (workspace, stream, common = stream) => {
    const { inputs, dimension, samples } = workspace;
    const centres = new Float64Array(components * dimension);
    common.fillNormals(centres);
    for (let k = 0; k < components; k++) setLength(centres.subarray(k * dimension, (k + 1) * dimension), separation);
    workspace.drawInputs(stream);
    for (let n = 0; n < samples; n++) {
      const centre = stream.integer(components) * dimension;
      for (let i = 0; i < dimension; i++) inputs[n * dimension + i]! += centres[centre + i]!;
    }
  };
}

function studentSampler(degrees: number, shared: boolean): InputSampler {
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

function lognormalSampler(spread: number): InputSampler {
  return (workspace, stream) => {
    workspace.drawInputs(stream);
    const { inputs, dimension, samples } = workspace;
    for (let n = 0; n < samples; n++) {
      // E e^{2(s g − s²)} = 1 for a standard normal g.
      const radius = Math.exp(spread * stream.normal() - spread * spread);
      for (let i = 0; i < dimension; i++) inputs[n * dimension + i]! *= radius;
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

const standardised = new WeakMap<InputOf<'data'>, Float64Array>();

/**
 * The rows of a data set, standardised where it says so: a copy that is made once, for a data set may be large.
 * @throws UsageError for rows of another length, or numbers that are not finite
 */
export function dataRows(data: InputOf<'data'>, dimension: number): Float64Array {
  const { rows, count, standardise } = data;
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
  if (!standardise) return rows;
  const made = standardised.get(data) ?? standardiseColumns(rows, count, dimension);
  standardised.set(data, made);
  return made;
}

function dataSampler(data: InputOf<'data'>, dimension: number): InputSampler {
  const { count } = data;
  const source = dataRows(data, dimension);
  return ({ inputs, samples }, stream) => {
    if (samples > count)
      throw new UsageError(
        `inputs: N = ${samples} samples are needed but the data has ${count} rows, chosen without replacement. Lower N or give more data.`,
      );
    chooseRows(count, samples, stream).forEach((row, n) =>
      inputs.set(source.subarray(row * dimension, (row + 1) * dimension), n * dimension),
    );
  };
}
