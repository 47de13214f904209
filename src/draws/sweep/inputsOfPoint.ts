/** The inputs of a sweep's point: their distribution with the contents of its file, and a sampler made once. */
import { UsageError } from '../../../theory/errors.js';
import { inputNumberNames, type InputName } from '../../../theory/names.js';
import type { Workspace } from '../../../simulations/contracts.js';
import { inputSampler, type InputContents, type InputDistribution } from '../../../simulations/inputs/index.js';
import type { InputSampler } from '../../../simulations/models/index.js';
import { readArrayFile, readBytes, readCifar } from '../../store/formats/index.js';
import type { SweepTask } from './contract.js';

const samplers = new Map<string, InputSampler>();

/** A sampler may hold a Cholesky factor or a data set: made once for each point. */
export function samplerFor(distribution: InputDistribution, dimension: number, task: SweepTask): InputSampler {
  const key = JSON.stringify([task.inputs, dimension]);
  let sampler = samplers.get(key);
  if (sampler === undefined) {
    sampler = inputSampler(distribution, dimension);
    samplers.clear();
    samplers.set(key, sampler);
  }
  return sampler;
}

type Inputs = SweepTask['inputs'];

/** What a distribution holds besides its numbers, read from where the specification says. */
const contents: { readonly [Kind in keyof InputContents]: (inputs: Inputs, dimension: number) => InputContents[Kind] } =
  {
    student: ({ radius }) => ({ radius: radius ?? 'independent' }),
    covariance: covarianceFrom,
    data: dataFrom,
  };

let last: { readonly key: string; readonly distribution: InputDistribution } | undefined;

/** The distribution with its numbers and the contents of its file, which is read once for each point. */
export function distributionOf({ inputs, settings }: Pick<SweepTask, 'inputs' | 'settings'>): InputDistribution {
  const key = JSON.stringify([inputs, settings.dimension]);
  if (last?.key === key) return last.distribution;
  const kind = inputs.distribution;
  const numbers = Object.fromEntries(
    inputNumberNames.flatMap((name) => (inputs[name] === undefined ? [] : [[name, inputs[name]]])),
  );
  const read = (contents as Partial<Record<InputName, (inputs: Inputs, dimension: number) => object>>)[kind];
  const held = read?.(inputs, settings.dimension) ?? {};
  last = { key, distribution: { kind, ...numbers, ...held } as InputDistribution };
  return last.distribution;
}

function covarianceFrom({ file }: Inputs, dimension: number): InputContents['covariance'] {
  const { shape, data } = readArrayFile(file!);
  if (shape.length !== 2 || shape[0] !== dimension || shape[1] !== dimension) {
    throw new UsageError(
      `inputs: the covariance in ${file} has shape (${shape.join(', ')}), d is ${dimension}. Give a ${dimension}×${dimension} matrix.`,
    );
  }
  return { matrix: data };
}

function dataFrom({ file, format, standardise }: Inputs, dimension: number): InputContents['data'] {
  const table =
    format === 'cifar10' || format === 'cifar100'
      ? readCifar(readBytes(file!), format === 'cifar10' ? 10 : 100, file).images
      : readArrayFile(file!);
  const count = table.shape[0] ?? 0;
  const width = count === 0 ? 0 : table.data.length / count;
  if (width !== dimension)
    throw new UsageError(`inputs: the rows of ${file} have ${width} numbers, d is ${dimension}. Set d: ${width}.`);
  return { rows: table.data, count, standardise: standardise ?? true };
}

/** |x_n|²/d. */
export function squaredRadii({ inputs, dimension, samples }: Workspace): Float64Array {
  return Float64Array.from({ length: samples }, (_, n) => {
    let sum = 0;
    for (let t = n * dimension; t < (n + 1) * dimension; t++) sum += inputs[t]! * inputs[t]!;
    return sum / dimension;
  });
}
