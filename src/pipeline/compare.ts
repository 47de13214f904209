/**
 * Someone else's spectrum against a law: the law given the drawn weights, a stated law of the weights, or the stated law with its
 * scale (and aspect ratio) fitted. p-values come from draws of the hypothesis alone, fitted again in every draw where it was fitted.
 */
import type { DiscreteMeasure, SpectralLaw } from '../../theory/contracts.js';
import { UsageError } from '../../theory/errors.js';
import { traceMoments } from '../../theory/fluctuations/index.js';
import { generalisedMarchenkoPastur, scaledLaw } from '../../theory/gmp/index.js';
import { compressMeasure, discreteMeasure, measureMoment } from '../../theory/measures/index.js';
import {
  distances, holm, iidKolmogorovPValue, jointChiSquare, monteCarloPValue, roundingTolerance, separateOutliers, weightsDigest, type Distances, type NullTable,
} from '../../simulations/comparisons/index.js';
import type { Backend, BackendName } from '../../simulations/contracts.js';
import { createBackend } from '../../simulations/linalg/index.js';
import { readNullTables, writeNullTables } from '../store/nullTables.js';
import { nullDraws, type NullHypothesis } from './compareNulls.js';
import { readEigenvalues, readMatrix, readWeights, type GivenSpectrum } from './compareInput.js';

export type FittedParameter = 'scale' | 'aspect-ratio';

export interface CompareOptions {
  /** One of the two: a file of eigenvalues, or of a symmetric matrix. */
  readonly eigenvalues?: string | undefined;
  readonly matrix?: string | undefined;
  /** Rows spanning the directions on which the weights depend (W, or V of a linear model): taken out of the matrix. */
  readonly directions?: string | undefined;
  /** The weights a_n as drawn, N numbers: the sharp test. */
  readonly weightsFile?: string | undefined;
  /** Or the law of the weights; {1} (Marčenko–Pastur) when absent. */
  readonly weights?: DiscreteMeasure | undefined;
  /** d/N; needed with `weights` unless it is fitted. */
  readonly aspectRatio?: number | undefined;
  /** What is fitted by moments. Default: nothing when a law is stated with its aspect ratio; the scale, and an aspect ratio not given, otherwise. */
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
  /** Chance that the Kolmogorov test sees the alternative named, measured on the same draws. */
  readonly power: { readonly alternative: string; readonly probability: number } | undefined;
  readonly verdict: 'agree' | 'disagree' | 'undecided';
  readonly reason: string;
  readonly level: number;
  readonly seed: string;
  readonly backend: string;
  readonly notes: readonly string[];
  /** For the plot: bins of the spectrum, and the law's density in their middles. */
  readonly histogram: readonly { readonly from: number; readonly to: number; readonly observed: number; readonly predicted: number }[];
}

/** Reads files, then compares. Throws UsageError for anything wrong with the files or the options. */
export async function runCompare(options: CompareOptions): Promise<CompareResult> {
  if ((options.eigenvalues === undefined) === (options.matrix === undefined)) throw new UsageError('compare: give either --eigenvalues or --matrix, one file. See limitlaw compare --help.');
  if (options.directions !== undefined && options.matrix === undefined) throw new UsageError('--directions needs --matrix: from eigenvalues alone no direction can be taken out. Give the matrix.');
  if (options.weightsFile !== undefined && options.weights !== undefined) throw new UsageError('compare: --weights-file and --weights both state the weights. Give one of them.');
  if (!Number.isInteger(options.nullReplicates) || options.nullReplicates < 19) throw new UsageError(`--null-replicates must be a whole number of at least 19, received ${options.nullReplicates}. 199 is a good number.`);
  if (!(options.level > 0 && options.level < 0.5)) throw new UsageError(`--level must lie between 0 and 0.5, received ${options.level}. Try 0.01.`);
  const backend = await createBackend(options.backend);
  const spectrum = options.matrix === undefined ? readEigenvalues(options.eigenvalues!) : readMatrix(options.matrix, backend, options.directions);
  const weights = options.weightsFile === undefined ? undefined : readWeights(options.weightsFile);
  const nullTables = options.nullTable === undefined ? undefined : readNullTables(options.nullTable);
  const known = nullTables?.size;
  const result = compareSpectrum(spectrum, { ...options, drawnWeights: weights, nullTables }, backend);
  if (nullTables !== undefined && nullTables.size !== known) writeNullTables(options.nullTable!, nullTables);
  return result;
}

export interface CompareSpectrumOptions extends Pick<CompareOptions, 'weights' | 'aspectRatio' | 'fit' | 'nullReplicates' | 'level' | 'seed'> {
  readonly drawnWeights?: Float64Array | undefined;
  /** Null draws by `nullTableKey`; those made are added. */
  readonly nullTables?: Map<string, NullTable> | undefined;
}

/** The hypothesis: a law, draws of it, and how a spectrum is fitted to it. */
interface Hypothesis extends NullHypothesis {
  readonly description: string;
  readonly fitted: Partial<Record<FittedParameter, number>>;
  /** Exact moments of the traces, when the weights are known. */
  readonly traces: ReturnType<typeof traceMoments> | undefined;
}

const TRACE_POWERS = 4;
const REQUIRED_POWER = 0.95;

/** Compares an ascending spectrum with the law the options state. */
export function compareSpectrum(spectrum: GivenSpectrum, options: CompareSpectrumOptions, backend: Backend): CompareResult {
  const { eigenvalues } = spectrum;
  const hypothesis = hypothesisFor(spectrum, options, backend);
  const { law } = hypothesis;
  // An eigenvalue of a matrix with rounded entries is off by up to dimension · roundoff · norm.
  const snapTolerance = roundingTolerance(eigenvalues, spectrum.roundoff);
  const measured = distances(eigenvalues, law, { snapTolerance });

  const { nullDistances, wrongDistances, fromTable } = nullDraws(hypothesis, eigenvalues.length, options);
  const tests: Omit<CompareTest, 'adjusted' | 'rejected'>[] = [{
    id: 'kolmogorov',
    statistic: 'sup |F_n − F|',
    observed: measured.kolmogorov,
    pValue: monteCarloPValue(measured.kolmogorov, nullDistances),
    null: `${options.nullReplicates} draws of the hypothesis${hypothesis.refit ? ', fitted again in each' : ''}`,
  }];
  if (hypothesis.traces !== undefined) tests.push(traceTest(spectrum, hypothesis.traces));
  const judged = holm(tests, options.level);
  const power = wrongDistances === undefined ? undefined : {
    alternative: 'aspect ratio 10 % off',
    probability: wrongDistances.reduce((count, value) => count + (monteCarloPValue(value, nullDistances) <= options.level / tests.length ? 1 : 0), 0) / options.nullReplicates,
  };
  const outside = separateOutliers(eigenvalues, law, []).unexplained;
  return {
    kind: 'compare',
    source: spectrum.description,
    hypothesis: hypothesis.description,
    dimension: eigenvalues.length,
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

function verdict(tests: readonly CompareTest[], power: CompareResult['power'], sharp: boolean, { level, nullReplicates }: CompareSpectrumOptions): Pick<CompareResult, 'verdict' | 'reason'> {
  const rejected = tests.filter((test) => test.rejected);
  if (rejected.length > 0) {
    return { verdict: 'disagree', reason: `Rejected at level ${level}: ${rejected.map((test) => `${test.id} (adjusted p = ${test.adjusted.toPrecision(2)})`).join(', ')}.` };
  }
  const smallest = tests.length / (1 + nullReplicates);
  if (!sharp && smallest > level) {
    return { verdict: 'undecided', reason: `With ${nullReplicates} null draws no p-value can fall below ${smallest.toPrecision(2)}: use at least ${Math.ceil(tests.length / level) - 1}.` };
  }
  if (!sharp && power !== undefined && power.probability < REQUIRED_POWER) {
    return { verdict: 'undecided', reason: `Nothing is rejected, but the power against "${power.alternative}" is ${power.probability.toFixed(2)}, below ${REQUIRED_POWER}: a larger matrix, or the drawn weights, would decide.` };
  }
  return { verdict: 'agree', reason: `None of ${tests.length} ${tests.length === 1 ? 'test' : 'tests'} rejected at level ${level}.${sharp || power !== undefined ? '' : ' How often another law would be noticed is not known: no power is measured for a fitted law.'}` };
}

/** tr H^k against its exact mean and covariance given the weights; single precision widens the covariance by its own error. */
function traceTest({ eigenvalues, roundoff }: GivenSpectrum, { mean, covariance }: ReturnType<typeof traceMoments>): Omit<CompareTest, 'adjusted' | 'rejected'> {
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

function hypothesisFor(spectrum: GivenSpectrum, options: CompareSpectrumOptions, backend: Backend): Hypothesis {
  const dimension = spectrum.eigenvalues.length;
  if (options.drawnWeights !== undefined) {
    if (options.fit !== undefined && options.fit.length > 0) throw new UsageError('--fit is for a stated law; with --weights-file nothing is free. Leave --fit out.');
    return givenWeights(options.drawnWeights, spectrum, options, backend);
  }
  return statedLaw(options.weights ?? discreteMeasure([1]), dimension, spectrum.eigenvalues, options, backend);
}

function givenWeights(weights: Float64Array, spectrum: GivenSpectrum, options: CompareSpectrumOptions, backend: Backend): Hypothesis {
  const dimension = spectrum.eigenvalues.length;
  const samples = weights.length;
  if (options.aspectRatio !== undefined && Math.abs((dimension + spectrum.rank) / samples - options.aspectRatio) > 1e-6 * options.aspectRatio) {
    throw new UsageError(`--aspect-ratio ${options.aspectRatio} contradicts ${dimension + spectrum.rank} dimensions and ${samples} weights, which make ${(dimension + spectrum.rank) / samples}. Leave it out, or check the file.`);
  }
  const measure = compressMeasure(discreteMeasure(weights)).measure;
  const law = generalisedMarchenkoPastur(measure, dimension / samples);
  const workspace = backend.createWorkspace(dimension, samples);
  return {
    description: `(1/N) Σ a_n x_n x_nᵀ with the ${samples} weights given, N = ${samples}`,
    key: `drawn ${weightsDigest(weights)}`,
    samples,
    fitted: {},
    law,
    refit: false,
    lawFor: () => law,
    draw: (stream) => {
      workspace.drawInputs(stream);
      return workspace.eigenvalues(weights).slice();
    },
    // With the dependent directions still in the matrix its traces are shifted by as much as they fluctuate.
    traces: spectrum.rank > 0 ? traceMoments({ weights, dimension, maximumPower: TRACE_POWERS }) : undefined,
    wrongLaw: generalisedMarchenkoPastur(measure, (1.1 * dimension) / samples),
  };
}

function statedLaw(weights: DiscreteMeasure, dimension: number, eigenvalues: Float64Array, options: CompareSpectrumOptions, backend: Backend): Hypothesis {
  const fit = options.fit ?? (options.weights === undefined || options.aspectRatio === undefined ? (['scale', ...(options.aspectRatio === undefined ? (['aspect-ratio'] as const) : [])] as const) : []);
  const fitsRatio = fit.includes('aspect-ratio');
  if (!fitsRatio && options.aspectRatio === undefined) throw new UsageError('compare: --aspect-ratio d/N is needed, or --fit scale,aspect-ratio. Give one of them.');
  if (options.aspectRatio !== undefined && !(options.aspectRatio > 0 && Number.isFinite(options.aspectRatio))) throw new UsageError(`--aspect-ratio must be a positive number, received ${options.aspectRatio}. It is d/N.`);
  if (fitsRatio && dimension < 4) throw new UsageError(`--fit aspect-ratio needs at least 4 eigenvalues, there are ${dimension}. Give --aspect-ratio.`);
  const base = new Map<number, SpectralLaw>();
  const fitTo = (values: Float64Array): { scale: number; aspectRatio: number; law: SpectralLaw } => {
    const parameters = fitByMoments(values, weights, fit, options.aspectRatio);
    let law = base.get(parameters.aspectRatio);
    if (law === undefined) {
      law = generalisedMarchenkoPastur(weights, parameters.aspectRatio);
      // A fitted ratio is new every time: only the given one is worth keeping.
      if (!fitsRatio) base.set(parameters.aspectRatio, law);
    }
    return { ...parameters, law: parameters.scale === 1 ? law : scaledLaw(law, parameters.scale) };
  };
  const own = fitTo(eigenvalues);
  const samples = Math.max(1, Math.round(dimension / own.aspectRatio));
  const workspace = backend.createWorkspace(dimension, samples);
  const drawn = new Float64Array(samples);
  return {
    description: `${fit.length > 0 ? `fitted (${fit.join(', ')}): ` : ''}(1/N) Σ a_n x_n x_nᵀ with a_n independent, of a law on ${weights.nodes.length} ${weights.nodes.length === 1 ? 'node' : 'nodes'}, N = ${samples}`,
    key: `law ${weightsDigest(Float64Array.from([weights.nodes, weights.masses, [own.scale, own.aspectRatio]].flatMap((part) => Array.from(part))))}, fitted: ${fit.join(', ') || 'nothing'}`,
    samples,
    fitted: { ...(fit.includes('scale') ? { scale: own.scale } : {}), ...(fitsRatio ? { 'aspect-ratio': own.aspectRatio } : {}) },
    law: own.law,
    refit: fit.length > 0,
    lawFor: (values) => (fit.length === 0 ? own.law : fitTo(values).law),
    draw: (stream) => {
      for (let n = 0; n < samples; n++) drawn[n] = own.scale * sampleOf(weights, stream.uniform());
      workspace.drawInputs(stream);
      return workspace.eigenvalues(drawn).slice();
    },
    traces: undefined,
    wrongLaw: fitsRatio ? undefined : fit.length > 0 ? undefined : generalisedMarchenkoPastur(weights, 1.1 * own.aspectRatio),
  };
}

/**
 * Scale and aspect ratio from the first two moments: m_1 = s E a and m_2 = s²(γ E a² + (E a)²). With E a = 0 the scale comes from m_2,
 * and the aspect ratio cannot be told from it.
 */
function fitByMoments(eigenvalues: Float64Array, weights: DiscreteMeasure, fit: readonly FittedParameter[], aspectRatio: number | undefined): { scale: number; aspectRatio: number } {
  let first = 0;
  let second = 0;
  for (const value of eigenvalues) {
    first += value / eigenvalues.length;
    second += (value * value) / eigenvalues.length;
  }
  const mean = measureMoment(weights, 1);
  const square = measureMoment(weights, 2);
  const centred = Math.abs(mean) < 1e-12 * Math.sqrt(square);
  if (square === 0) throw new UsageError('compare: the law of the weights is zero, nothing can be fitted to it. State another law.');
  if (!fit.includes('aspect-ratio')) {
    if (!fit.includes('scale')) return { scale: 1, aspectRatio: aspectRatio! };
    return { scale: centred ? Math.sqrt(second / (aspectRatio! * square)) : first / mean, aspectRatio: aspectRatio! };
  }
  if (centred && fit.includes('scale')) throw new UsageError('--fit scale,aspect-ratio: weights of mean zero determine only their product. Give --aspect-ratio.');
  const scale = fit.includes('scale') ? first / mean : 1;
  const ratio = (second / (scale * scale) - mean * mean) / square;
  if (!(ratio > 0) || !Number.isFinite(ratio)) throw new UsageError(`--fit aspect-ratio: the spectrum's first two moments (${first.toPrecision(4)}, ${second.toPrecision(4)}) give an aspect ratio of ${ratio.toPrecision(3)}, which no such law has. State another law of the weights.`);
  return { scale, aspectRatio: ratio };
}

function sampleOf({ nodes, masses }: DiscreteMeasure, uniform: number): number {
  let cumulative = 0;
  for (let k = 0; k < nodes.length; k++) {
    cumulative += masses[k]!;
    if (uniform < cumulative) return nodes[k]!;
  }
  return nodes[nodes.length - 1]!;
}

function notesFor({ roundoff, rank }: GivenSpectrum, options: CompareSpectrumOptions, outside: readonly number[]): string[] {
  const notes: string[] = [];
  if (roundoff > 2 ** -52) notes.push('Every number is a float32: eigenvalues within its rounding of an atom are taken to sit on it.');
  if (options.drawnWeights !== undefined && rank === 0) {
    notes.push('If the weights depend on k directions of x, the distance may exceed that of independent weights by up to 2k/d. Give the matrix and --directions for an exact test.');
  }
  if (outside.length > 0) notes.push(`${outside.length} ${outside.length === 1 ? 'eigenvalue lies' : 'eigenvalues lie'} further outside the support than edges fluctuate.`);
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
    return { from: edges[k]!, to: edges[k + 1]!, observed: eigenvalues.reduce((count, value) => count + (inside(value) ? 1 : 0), 0) / eigenvalues.length, predicted: levels[k + 1]! - levels[k]! };
  });
}
