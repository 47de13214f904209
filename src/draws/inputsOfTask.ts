/** The inputs that a task names: their distribution with the contents of its file, and a sampler made once. */
import { UsageError } from '../../theory/errors.js';
import { inputNumberNames, type InputName } from '../../theory/names.js';
import { inputSampler, type InputContents, type InputDistribution } from '../../simulations/inputs/index.js';
import type { InputSampler } from '../../simulations/models/index.js';
import type { InputsAtPoint } from '../specification/expandSpec.js';
import {
  cifarFormats,
  isCifarFormat,
  readArrayFile,
  readBytes,
  readCifar,
  type NumericArray,
} from '../store/formats/index.js';

const samplers = new Map<string, InputSampler>();

/** A sampler may hold a Cholesky factor or a data set: made once for each. */
export function samplerFor(
  distribution: InputDistribution,
  dimension: number,
  { inputs }: { readonly inputs: InputsAtPoint },
): InputSampler {
  const key = JSON.stringify([inputs, dimension]);
  let sampler = samplers.get(key);
  if (sampler === undefined) {
    sampler = inputSampler(distribution, dimension);
    samplers.clear();
    samplers.set(key, sampler);
  }
  return sampler;
}

type Inputs = InputsAtPoint;

/** What a distribution holds besides its numbers, read from where the specification says. */
const contents: { readonly [Kind in keyof InputContents]: (inputs: Inputs, dimension: number) => InputContents[Kind] } =
  {
    student: ({ radius }) => ({ radius: radius ?? 'independent' }),
    clusters: ({ standardise }) => ({ standardise: standardise ?? true }),
    covariance: covarianceFrom,
    data: dataFrom,
  };

let last: { readonly key: string; readonly distribution: InputDistribution } | undefined;

export interface InputsTask {
  /** With an absolute file name. */
  readonly inputs: InputsAtPoint;
  readonly settings: { readonly dimension: number };
}

/** The distribution with its numbers and the contents of its file, which is read once for each. */
export function distributionOf({ inputs, settings: { dimension } }: InputsTask): InputDistribution {
  const key = JSON.stringify([inputs, dimension]);
  if (last?.key === key) return last.distribution;
  const kind = inputs.distribution;
  const numbers = Object.fromEntries(
    inputNumberNames.flatMap((name) => (inputs[name] === undefined ? [] : [[name, inputs[name]]])),
  );
  const read = (contents as Partial<Record<InputName, (inputs: Inputs, dimension: number) => object>>)[kind];
  const held = read?.(inputs, dimension) ?? {};
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
  const { table } = readDataSet({ file, format });
  const count = table.shape[0] ?? 0;
  const width = count === 0 ? 0 : table.data.length / count;
  if (width !== dimension)
    throw new UsageError(`inputs: the rows of ${file} have ${width} numbers, d is ${dimension}. Set d: ${width}.`);
  return { rows: table.data, count, standardise: standardise ?? true };
}

/** The table of a data set, one sample a row, with its labels where the format has them. */
export function readDataSet({ file, format }: Pick<Inputs, 'file' | 'format'>): {
  readonly table: NumericArray;
  readonly labels: ArrayLike<number> | undefined;
} {
  if (!isCifarFormat(format)) return { table: readArrayFile(file!), labels: undefined };
  const { images, labels } = readCifar(readBytes(file!), cifarFormats[format], file);
  return { table: images, labels };
}
