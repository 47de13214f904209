/** A matrix of samples, or of weights, from a file: the eigenvalues of its Gram matrix. */
import { basename } from 'node:path';
import { UsageError } from '../../../../theory/errors.js';
import type { Backend } from '../../../../simulations/contracts.js';
import { memoryLimit, requireMemory } from '../../../store/allocation.js';
import { readArrayFile } from '../../../store/formats/index.js';
import type { GivenSpectrum } from '../givenSpectrum.js';
import { requireFinite, shapeOf } from './arrays.js';
import { correlationNote } from './correlation.js';
import { roundoffs } from './precision.js';

export interface DataOptions {
  readonly centre?: boolean | undefined;
  readonly scale?: boolean | undefined;
}

/**
 * Eigenvalues of (1/N) XᵀX of an N×d matrix, one sample a row; with `centre` those of (1/(N − 1)) Σ (x − x̄)(x − x̄)ᵀ. With
 * `scale` each column has variance 1 first (mean square 1 where it is not centred), which makes a correlation matrix.
 * @throws UsageError for another shape, an entry that is not finite, a column without variance to divide by, fewer than two
 * samples to centre, and for a matrix that does not fit into memory.
 */
export function readData(
  path: string,
  backend: Backend,
  { centre = false, scale = false }: DataOptions,
): GivenSpectrum {
  const array = readArrayFile(path);
  const source = basename(path);
  const what = `--data ${source}`;
  if (array.shape.length !== 2 || array.data.length === 0)
    throw new UsageError(
      `${what}: a matrix is needed, one sample a row, the file holds ${shapeOf(array)}. Use --eigenvalues for a list of eigenvalues.`,
    );
  requireFinite(array, what);
  const [samples, dimension] = array.shape as [number, number];
  if (centre && samples < 2)
    throw new UsageError(`${what}: with one row --centre leaves nothing. Give the samples as rows.`);
  const short = Math.min(samples, dimension);
  requireMemory(
    8 * (2 * samples * dimension + 2 * short * short),
    memoryLimit(),
    `compare: the Gram matrix of ${what}, ${samples}×${dimension},`,
    'give its eigenvalues, or fewer of its rows or columns',
  );
  const degrees = centre ? samples - 1 : samples;
  const workspace = backend.createWorkspace(dimension, samples);
  workspace.inputs.set(array.data);
  const means = columnMeans(workspace.inputs, dimension);
  const meansShow = !centre && areNoticeable(means, workspace.inputs);
  if (centre) subtract(means, workspace.inputs);
  if (scale) scaleColumns(workspace.inputs, degrees, what, means);
  const eigenvalues = workspace.eigenvalues(new Float64Array(samples).fill(samples / degrees)).slice();
  return {
    eigenvalues,
    spectra: [eigenvalues],
    // Products and sums are taken in double precision, whatever the precision of the data.
    roundoff: roundoffs.float64,
    rank: 0,
    description: `${scale ? 'correlation' : 'Gram'} matrix of ${samples} samples of dimension ${dimension} from ${source}${centre ? ', centred' : ''}`,
    samples,
    centred: centre,
    correlation: scale,
    notes: [
      ...(array.remark === undefined ? [] : [`${source}: ${array.remark}`]),
      ...(scale ? [correlationNote(dimension)] : []),
      `Each row of ${source} is taken for a sample: d = ${dimension} columns, N = ${samples} rows. Of samples in columns give the transpose: its eigenvalues that are not zero are ${centre || scale ? 'others' : 'the same but for a factor'}, d and N change places.`,
      ...(meansShow
        ? [
            `The columns have means that are not 0, which make an eigenvalue of about ${squares(means).toPrecision(4)} more than noise: --centre takes them off.`,
          ]
        : []),
    ],
  };
}

function columnMeans(inputs: Float64Array, dimension: number): Float64Array {
  const means = new Float64Array(dimension);
  const samples = inputs.length / dimension;
  for (let n = 0; n < samples; n++)
    for (let i = 0; i < dimension; i++) means[i]! += inputs[n * dimension + i]! / samples;
  return means;
}

const squares = (values: Float64Array): number => values.reduce((sum, value) => sum + value * value, 0);

/** N|x̄|²/σ² is about d with standard deviation √(2d) where the means are 0. */
function areNoticeable(means: Float64Array, inputs: Float64Array): boolean {
  const dimension = means.length;
  const samples = inputs.length / dimension;
  const variance = squares(inputs) / inputs.length - squares(means) / dimension;
  return samples * squares(means) > (dimension + 6 * Math.sqrt(2 * dimension)) * variance;
}

function subtract(means: Float64Array, inputs: Float64Array): void {
  for (let k = 0; k < inputs.length; k++) inputs[k]! -= means[k % means.length]!;
}

/** Divides by the root of the sum of squares over `degrees`; what centring leaves of a constant column is rounding. */
function scaleColumns(inputs: Float64Array, degrees: number, what: string, means: Float64Array): void {
  const dimension = means.length;
  const sums = new Float64Array(dimension);
  for (let k = 0; k < inputs.length; k++) sums[k % dimension]! += inputs[k]! ** 2;
  const constant = sums.findIndex((sum, i) => Math.sqrt(sum / degrees) <= 16 * roundoffs.float64 * Math.abs(means[i]!));
  if (constant >= 0)
    throw new UsageError(
      `${what}: --scale divides each column by its standard deviation, and column ${constant} (counting from 0) is constant. Leave it out of the data.`,
    );
  const factors = sums.map((sum) => 1 / Math.sqrt(sum / degrees));
  for (let k = 0; k < inputs.length; k++) inputs[k]! *= factors[k % dimension]!;
}
