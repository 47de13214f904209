/**
 * Someone else's spectrum, or those of several draws, against a law: the law given the drawn weights, a stated law of
 * the weights, or the stated law with its scale (and aspect ratio) fitted. p-values come from draws of the hypothesis
 * alone, fitted again in every draw where it was fitted.
 */
import type { DiscreteMeasure, SpectralLaw } from '../../theory/contracts.js';
import { UsageError } from '../../theory/errors.js';
import type { traceMoments } from '../../theory/fluctuations/index.js';
import {
  distances,
  holm,
  iidKolmogorovPValue,
  jointChiSquare,
  monteCarloPValue,
  roundingTolerance,
  separateOutliers,
  type Distances,
  type NullTable,
} from '../../simulations/comparisons/index.js';
import type { Backend, BackendName } from '../../simulations/contracts.js';
import { createBackend } from '../../simulations/linalg/index.js';
import { readNullTables, requireWritableTable, writeNullTables } from '../store/nullTables.js';
import { hypothesisFor, TRACE_POWERS, type FittedParameter, type HypothesisOptions } from './compareHypothesis.js';
import { dimensionOf, readEigenvalues, readMatrix, readWeights, type GivenSpectrum } from './compareInput.js';
import { nullDraws } from './compareNulls.js';

export type { FittedParameter } from './compareHypothesis.js';

export interface CompareOptions {
  /** One of the two: a file of eigenvalues (one draw, or one a row), or of a symmetric matrix. */
  readonly eigenvalues?: string | undefined;
  readonly matrix?: string | undefined;
  /** Rows spanning the directions on which the weights depend (W, or V of a linear model): taken out of the matrix. */
  readonly directions?: string | undefined;
  /** Of files with a draw in each row, take this one alone, counting from 0. */
  readonly row?: number | undefined;
  /** The weights a_n as drawn, N numbers, or a row of N for each draw: the sharp test. */
  readonly weightsFile?: string | undefined;
  /** Or the law of the weights; {1} (Marčenko–Pastur) when absent. */
  readonly weights?: DiscreteMeasure | undefined;
  /** d/N; needed with `weights` unless it is fitted. */
  readonly aspectRatio?: number | undefined;
  /**
   * What is fitted by moments. Default: nothing when a law is stated with its aspect ratio; the scale, and an aspect
   * ratio not given, otherwise.
   */
  readonly fit?: readonly FittedParameter[] | undefined;
  readonly nullReplicates: number;
  /** File of null draws, taken from there when they were made before, added to it when they were not. */
  readonly nullTable?: string | undefined;
  readonly level: number;
  readonly seed: string;
  readonly backend: BackendName | 'auto';
}

export interface CompareTest {
  readonly id: string;
  readonly statistic: string;
  readonly observed: number;
  readonly pValue: number;
  readonly adjusted: number;
  readonly rejected: boolean;
  readonly null: string;
}

export interface CompareResult {
  readonly kind: 'compare';
  readonly source: string;
  readonly hypothesis: string;
  readonly dimension: number;
  /** Independent spectra compared together. */
  readonly draws: number;
  readonly samples: number;
  readonly aspectRatio: number;
  readonly fitted: Readonly<Partial<Record<FittedParameter, number>>>;
  readonly support: readonly (readonly [number, number])[];
  readonly atoms: readonly { readonly at: number; readonly mass: number }[];
  readonly distances: Distances;
  /** Of the Kolmogorov distance, calibrated by draws. */
  readonly pValue: number;
  readonly nullReplicates: number;
  /** Null draws came from a table made before. */
  readonly nullFromTable: boolean;
  readonly tests: readonly CompareTest[];
  /** Textbook p-value, void for eigenvalues. */
  readonly voidIidPValue: number;
  /** Eigenvalues further outside the support than an edge fluctuates. */
  readonly outside: readonly number[];
  /** Chance that the Kolmogorov test sees the alternative named, fitted as the law is, measured on the same draws. */
  readonly power: { readonly alternative: string; readonly probability: number };
  readonly verdict: 'agree' | 'disagree' | 'undecided';
  readonly reason: string;
  readonly level: number;
  readonly seed: string;
  readonly backend: string;
  readonly notes: readonly string[];
  /** For the plot: bins of the spectrum, and the law's density in their middles. */
  readonly histogram: readonly {
    readonly from: number;
    readonly to: number;
    readonly observed: number;
    readonly predicted: number;
  }[];
}

/** Reads files, then compares. Throws UsageError for anything wrong with the files or the options. */
export async function runCompare(options: CompareOptions): Promise<CompareResult> {
  if ((options.eigenvalues === undefined) === (options.matrix === undefined))
    throw new UsageError('compare: give either --eigenvalues or --matrix, one file. See limitlaw compare --help.');
  if (options.directions !== undefined && options.matrix === undefined)
    throw new UsageError(
      '--directions needs --matrix: from eigenvalues alone no direction can be taken out. Give the matrix.',
    );
  if (options.row !== undefined && options.matrix !== undefined && options.weightsFile === undefined)
    throw new UsageError(
      '--row picks a draw from --eigenvalues or --weights-file, and neither is given. Leave it out.',
    );
  if (options.weightsFile !== undefined && options.weights !== undefined)
    throw new UsageError('compare: --weights-file and --weights both state the weights. Give one of them.');
  if (!Number.isInteger(options.nullReplicates) || options.nullReplicates < 19)
    throw new UsageError(
      `--null-replicates must be a whole number of at least 19, received ${options.nullReplicates}. 199 is a good number.`,
    );
  if (!(options.level > 0 && options.level < 0.5))
    throw new UsageError(`--level must lie between 0 and 0.5, received ${options.level}. Try 0.01.`);
  const backend = await createBackend(options.backend);
  const spectrum =
    options.matrix === undefined
      ? readEigenvalues(options.eigenvalues!, options.row)
      : readMatrix(options.matrix, backend, options.directions);
  const weights =
    options.weightsFile === undefined
      ? undefined
      : readWeights(options.weightsFile, spectrum.spectra.length, options.row);
  if (options.nullTable !== undefined) requireWritableTable(options.nullTable);
  const nullTables = options.nullTable === undefined ? undefined : readNullTables(options.nullTable);
  const known = nullTables?.size;
  const result = compareSpectrum(spectrum, { ...options, drawnWeights: weights, nullTables }, backend);
  if (nullTables !== undefined && nullTables.size !== known) writeNullTables(options.nullTable!, nullTables);
  return result;
}

export interface CompareSpectrumOptions
  extends HypothesisOptions, Pick<CompareOptions, 'nullReplicates' | 'level' | 'seed'> {
  /** Null draws by `nullTableKey`; those made are added. */
  readonly nullTables?: Map<string, NullTable> | undefined;
}

const REQUIRED_POWER = 0.95;

/** Compares a spectrum, or the mean of the spectra of several draws, with the law the options state. */
export function compareSpectrum(
  spectrum: GivenSpectrum,
  options: CompareSpectrumOptions,
  backend: Backend,
): CompareResult {
  const { eigenvalues, spectra } = spectrum;
  const dimension = dimensionOf(spectrum);
  const hypothesis = hypothesisFor(spectrum, options, backend);
  const { law } = hypothesis;
  // An eigenvalue of a matrix with rounded entries is off by up to dimension · roundoff · norm.
  const snapTolerance = Math.max(...spectra.map((values) => roundingTolerance(values, spectrum.roundoff)));
  const measured = distances(eigenvalues, law, { snapTolerance });

  const { nullDistances, wrongDistances, fromTable } = nullDraws(hypothesis, dimension, options);
  const tests: Omit<CompareTest, 'adjusted' | 'rejected'>[] = [
    {
      id: 'kolmogorov',
      statistic: spectra.length > 1 ? 'sup |F_n − F| of the mean F_n' : 'sup |F_n − F|',
      observed: measured.kolmogorov,
      pValue: monteCarloPValue(measured.kolmogorov, nullDistances),
      null: `${options.nullReplicates} ${spectra.length > 1 ? `times ${spectra.length} ` : ''}draws of the hypothesis${hypothesis.refit ? ', fitted again in each' : ''}`,
    },
  ];
  if (hypothesis.traces !== undefined) tests.push(traceTest(spectrum, hypothesis.traces));
  const judged = holm(tests, options.level);
  const power = {
    alternative: hypothesis.alternative.description,
    probability:
      wrongDistances.reduce(
        (count, value) => count + (monteCarloPValue(value, nullDistances) <= options.level / tests.length ? 1 : 0),
        0,
      ) / options.nullReplicates,
  };
  const outside = spectra.flatMap((values) => separateOutliers(values, law, []).unexplained);
  return {
    kind: 'compare',
    source: spectrum.description,
    hypothesis: hypothesis.description,
    dimension,
    draws: spectra.length,
    samples: hypothesis.samples,
    aspectRatio: law.aspectRatio,
    fitted: hypothesis.fitted,
    support: law.support,
    atoms: law.atoms,
    distances: measured,
    pValue: tests[0]!.pValue,
    nullReplicates: options.nullReplicates,
    nullFromTable: fromTable,
    tests: judged,
    voidIidPValue: iidKolmogorovPValue(measured.kolmogorov, eigenvalues.length).value,
    outside,
    power,
    ...verdict(judged, power, hypothesis.traces !== undefined, options),
    level: options.level,
    seed: options.seed,
    backend: backend.name,
    notes: notesFor(spectrum, options, outside),
    histogram: histogramOf(eigenvalues, law),
  };
}

function verdict(
  tests: readonly CompareTest[],
  power: CompareResult['power'],
  sharp: boolean,
  { level, nullReplicates, drawnWeights }: CompareSpectrumOptions,
): Pick<CompareResult, 'verdict' | 'reason'> {
  const rejected = tests.filter((test) => test.rejected);
  if (rejected.length > 0) {
    return {
      verdict: 'disagree',
      reason: `Rejected at level ${level}: ${rejected.map((test) => `${test.id} (adjusted p = ${test.adjusted.toPrecision(2)})`).join(', ')}.`,
    };
  }
  const smallest = tests.length / (1 + nullReplicates);
  if (!sharp && smallest > level) {
    return {
      verdict: 'undecided',
      reason: `With ${nullReplicates} null draws no p-value can fall below ${smallest.toPrecision(2)}: use at least ${Math.ceil(tests.length / level) - 1}.`,
    };
  }
  if (!sharp && power.probability < REQUIRED_POWER) {
    return {
      verdict: 'undecided',
      reason: `Nothing is rejected, but the power against "${power.alternative}" is ${power.probability.toFixed(2)}, below ${REQUIRED_POWER}: a larger matrix, more draws, or ${drawnWeights === undefined ? 'the drawn weights' : 'the matrix with --directions'}, would decide.`,
    };
  }
  return {
    verdict: 'agree',
    reason: `None of ${tests.length} ${tests.length === 1 ? 'test' : 'tests'} rejected at level ${level}.`,
  };
}

/**
 * tr H^k against its exact mean and covariance given the weights; single precision widens the covariance by its own
 * error.
 */
function traceTest(
  { eigenvalues, roundoff }: GivenSpectrum,
  { mean, covariance }: ReturnType<typeof traceMoments>,
): Omit<CompareTest, 'adjusted' | 'rejected'> {
  const values: number[] = [];
  const widened = covariance.map((row) => Array.from(row));
  for (let k = 1; k <= TRACE_POWERS; k++) {
    let sum = 0;
    let absolute = 0;
    for (const value of eigenvalues) {
      sum += value ** k;
      absolute += Math.abs(value) ** k;
    }
    values.push(sum);
    widened[k - 1]![k - 1]! += (k * roundoff * absolute) ** 2;
  }
  const test = jointChiSquare({ values, mean, covariance: widened });
  return {
    id: 'traces',
    statistic: `χ² of tr H, …, tr H⁴ given the weights, ${test.degrees} degrees of freedom`,
    observed: test.statistic,
    pValue: Math.min(1, Math.max(0, test.pValue)),
    null: 'exact mean and covariance, normal tail',
  };
}

function notesFor(
  { roundoff, rank, spectra }: GivenSpectrum,
  options: CompareSpectrumOptions,
  outside: readonly number[],
): string[] {
  const notes: string[] = [];
  if (roundoff > 2 ** -52)
    notes.push('Every number is a float32: eigenvalues within its rounding of an atom are taken to sit on it.');
  if (options.drawnWeights !== undefined && rank === 0) {
    notes.push(
      `If the weights depend on k directions of x, the distance may exceed that of independent weights by up to 2k/d${spectra.length > 1 ? ', which several draws together see sooner than one' : ''}. Give the matrix and --directions for an exact test.`,
    );
  }
  if (outside.length > 0)
    notes.push(
      `${outside.length} ${outside.length === 1 ? 'eigenvalue lies' : 'eigenvalues lie'} further outside the support than edges fluctuate.`,
    );
  return notes;
}

const BINS = 24;

function histogramOf(eigenvalues: Float64Array, law: SpectralLaw): CompareResult['histogram'] {
  const low = Math.min(eigenvalues[0]!, law.support[0]?.[0] ?? 0);
  const high = Math.max(eigenvalues[eigenvalues.length - 1]!, law.support.at(-1)?.[1] ?? 0);
  const width = (high - low) / BINS || 1;
  const edges = Float64Array.from({ length: BINS + 1 }, (_, k) => low + k * width);
  const levels = law.cdfs(edges);
  // The first bin is closed on the left, so that nothing at its edge is lost.
  levels[0] = 0;
  return Array.from({ length: BINS }, (_, k) => {
    const inside = (value: number) => (k === 0 || value > edges[k]!) && (value <= edges[k + 1]! || k === BINS - 1);
    return {
      from: edges[k]!,
      to: edges[k + 1]!,
      observed: eigenvalues.reduce((count, value) => count + (inside(value) ? 1 : 0), 0) / eigenvalues.length,
      predicted: levels[k + 1]! - levels[k]!,
    };
  });
}
