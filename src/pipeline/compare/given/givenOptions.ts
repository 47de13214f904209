/** What `compare` reads: one source, and what is said about it. */
import { UsageError } from '../../../../theory/errors.js';

export interface GivenOptions {
  /** A file of eigenvalues, one draw, or one a row. */
  readonly eigenvalues?: string | undefined;
  /** Or of a symmetric matrix. */
  readonly matrix?: string | undefined;
  /** Or of samples, one a row, or of a weight matrix: its Gram matrix is taken. */
  readonly data?: string | undefined;
  /** The mean of each column of the data is subtracted. */
  readonly centre?: boolean | undefined;
  /** Each column of the data is divided by its standard deviation. */
  readonly scale?: boolean | undefined;
  /** Rows spanning the directions on which the weights depend (W, or V of a linear model): taken out of the matrix. */
  readonly directions?: string | undefined;
  /** Of files with a draw in each row, take this one alone, counting from 0. */
  readonly row?: number | undefined;
  /** Matrix or eigenvalues are of correlations: seen from a diagonal of ones, not from eigenvalues. */
  readonly correlation?: boolean | undefined;
  /** d, where the file does not tell it. */
  readonly dimension?: number | undefined;
  /** The weights a_n as drawn, N numbers, or a row of N for each draw: the sharp test. */
  readonly weightsFile?: string | undefined;
}

/** Names of the options of which one says what is read. */
const sources = ['eigenvalues', 'matrix', 'data'] as const;

/** @throws UsageError unless one source is given, and what is said about it applies to it */
export function requireOneSource(options: GivenOptions): void {
  const given = sources.filter((name) => options[name] !== undefined);
  if (given.length !== 1)
    throw new UsageError(
      `compare: give one of --eigenvalues, --matrix and --data, got ${given.length === 0 ? 'none' : given.map((name) => `--${name}`).join(' and ')}. See limitlaw compare --help.`,
    );
  if (options.directions !== undefined && options.matrix === undefined)
    throw new UsageError(
      '--directions needs --matrix: from eigenvalues alone no direction can be taken out. Give the matrix.',
    );
  if (options.row !== undefined && options.eigenvalues === undefined && options.weightsFile === undefined)
    throw new UsageError(
      '--row picks a draw from --eigenvalues or --weights-file, and neither is given. Leave it out.',
    );
  for (const name of ['centre', 'scale'] as const)
    if (options[name] === true && options.data === undefined)
      throw new UsageError(
        `--${name} changes the columns of --data, and none is given. For a spectrum of centred data say --centred.`,
      );
}
