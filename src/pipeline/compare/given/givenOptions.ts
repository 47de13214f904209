/** What `compare` reads: one source, and what is said about it. */
import { UsageError } from '../../../../theory/errors.js';

export interface GivenOptions {
  /** A file of eigenvalues, one draw, or one a row. */
  readonly eigenvalues?: string | undefined;
  /** Or of a symmetric matrix. */
  readonly matrix?: string | undefined;
  /** Or of samples, one a row, or of a weight matrix: its Gram matrix is taken. */
  readonly data?: string | undefined;
  /** Or nodes of Lanczos' quadrature, a probe a row, … */
  readonly ritzValues?: string | undefined;
  /** … with their weights. */
  readonly ritzWeights?: string | undefined;
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
  /** The file of eigenvalues has only the largest of `dimension`. */
  readonly top?: boolean | undefined;
  /** d, where the file does not tell it. */
  readonly dimension?: number | undefined;
  /** The weights a_n as drawn, N numbers, or a row of N for each draw: the sharp test. */
  readonly weightsFile?: string | undefined;
}

type Source = 'eigenvalues' | 'matrix' | 'data' | 'ritzValues';

const sources: Readonly<Record<Source, string>> = {
  eigenvalues: '--eigenvalues',
  matrix: '--matrix',
  data: '--data',
  ritzValues: '--ritz-values',
};

interface Companion {
  readonly name: string;
  readonly of: readonly Source[];
  readonly remedy: string;
}

/** What is said about a source, and of which ones it says something. */
const companions = {
  ritzWeights: {
    name: '--ritz-weights',
    of: ['ritzValues'],
    remedy: 'They are the squares of the first components of the eigenvectors of Lanczos’ tridiagonal matrix.',
  },
  directions: {
    name: '--directions',
    of: ['matrix'],
    remedy: 'From eigenvalues alone no direction can be taken out. Give the matrix.',
  },
  centre: {
    name: '--centre',
    of: ['data'],
    remedy: 'It subtracts the mean of each column. For a spectrum of centred data say --centred.',
  },
  scale: {
    name: '--scale',
    of: ['data'],
    remedy: 'It divides each column. For a correlation matrix say --correlation.',
  },
  correlation: {
    name: '--correlation',
    of: ['eigenvalues', 'matrix'],
    remedy: 'Of data the correlation matrix is taken with --scale.',
  },
  top: { name: '--top', of: ['eigenvalues'], remedy: 'It says that the file has only the largest of them.' },
  dimension: {
    name: '--dimension',
    of: ['eigenvalues', 'ritzValues'],
    remedy: 'The matrix tells its own.',
  },
} as const satisfies Partial<Record<keyof GivenOptions, Companion>>;

/** @throws UsageError unless one source is given, and what is said about it applies to it */
export function requireOneSource(options: GivenOptions): void {
  const given = (Object.keys(sources) as Source[]).filter((name) => options[name] !== undefined);
  if (given.length !== 1)
    throw new UsageError(
      `compare: give one of ${Object.values(sources).slice(0, -1).join(', ')} and ${sources.ritzValues}, got ${given.length === 0 ? 'none' : given.map((name) => sources[name]).join(' and ')}. See limitlaw compare --help.`,
    );
  for (const [key, { name, of, remedy }] of Object.entries(companions) as [keyof typeof companions, Companion][]) {
    const value = options[key];
    if (value !== undefined && value !== false && !of.includes(given[0]!))
      throw new UsageError(`${name} needs ${of.map((source) => sources[source]).join(' or ')}. ${remedy}`);
  }
  if (options.ritzValues !== undefined && options.ritzWeights === undefined)
    throw new UsageError(
      '--ritz-values needs --ritz-weights: nodes without weights are no spectrum. Give the squares of the first components of the eigenvectors of Lanczos’ matrix; or only what has converged, by --eigenvalues and --top.',
    );
  if (options.row !== undefined && options.eigenvalues === undefined && options.weightsFile === undefined)
    throw new UsageError(
      '--row picks a draw from --eigenvalues or --weights-file, and neither is given. Leave it out.',
    );
  if (options.top === true && (options.row ?? (options.correlation || undefined)) !== undefined)
    throw new UsageError('--top is of one matrix that is no correlation matrix. Leave --row and --correlation out.');
}
