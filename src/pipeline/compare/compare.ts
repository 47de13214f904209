/**
 * Someone else's spectrum, or those of several draws, against a law: the law given the drawn weights, a stated law of
 * the weights, or the stated law with its scale (and aspect ratio) fitted. p-values come from draws of the hypothesis
 * alone, fitted again in every draw where it was fitted; agreement needs the power to see stated alternatives, measured
 * by draws of them.
 */
import type { Outlier, SpectralLaw } from '../../../theory/contracts.js';
import type { WeightLaw } from '../../../theory/gmp/index.js';
import { UsageError } from '../../../theory/errors.js';
import { softEdgeScaling } from '../../../theory/fluctuations/index.js';
import type { GmpLaw } from '../../../theory/gmp/index.js';
import type { StatedLaw } from '../law/ensemble.js';
import { drawnWeightsLaw, type Population } from '../law/weightedLaw.js';
import {
  distances,
  iidKolmogorovPValue,
  inertiaFailures,
  judge,
  roundingTolerance,
  separateOutliers,
  type Distances,
  type NullTable,
} from '../../../simulations/comparisons/index.js';
import type { Backend, BackendName } from '../../../simulations/contracts.js';
import { createBackend } from '../../../simulations/linalg/index.js';
import { fewestEigenvalues } from '../../draws/bulk/fitBulk.js';
import { readNullTables, requireWritableTable, writeNullTables } from './nullTables.js';
import { asksForBulk, compareBulk, type BulkComparison, type BulkOptions } from './compareBulk.js';
import { asksForScale, compareStatedBulk, isFreeNoise } from './compareStated.js';
import type { TableCache } from './tableCache.js';
import { causesOfDisagreement } from './causesOfDisagreement.js';
import { requiredPowers } from './alternativePower.js';
import type { ComparisonBase, ComparisonTest } from './comparison.js';
import type { Cause } from '../../draws/causes/cause.js';
import { histogramOf } from './histogram.js';
import { hypothesisFor, type Hypothesis, type HypothesisOptions } from './hypothesis.js';
import type { ShowsSpectrum } from './comparedSpectrum.js';
import type { FittedParameter } from './fittedParameter.js';
import type { GivenOptions } from './given/givenOptions.js';
import { readGiven } from './given/readGiven.js';
import { readWeights } from './given/readWeights.js';
import { compareLargest, type LargestComparison } from './compareLargest.js';
import { requireCovariance } from './given/requireCovariance.js';
import { withData } from './given/withData.js';
import { withoutDead } from './given/withoutDead.js';
import { dimensionOf, pooledSpectrum, type GivenSpectrum } from './givenSpectrum.js';
import { measurePowers, type ComparePower } from './power.js';
import { compareQuadrature, type QuadratureComparison } from './quadrature/compareQuadrature.js';
import { statedRatio } from './statedRatio.js';
import { prepareTests, setStatistics, type PreparedTest } from './tests.js';

export type { FittedParameter } from './fittedParameter.js';

export interface CompareOptions
  extends GivenOptions, ShowsSpectrum, Pick<BulkOptions, 'samples' | 'noiseVariance' | 'centred'> {
  /** Or the law of the weights. When absent {1} (Marčenko–Pastur), with spikes where it is one spectrum. */
  readonly weights?: WeightLaw | undefined;
  /** Or a law by name. */
  readonly law?: StatedLaw | undefined;
  /** Covariance of x where the weights are given by `weightsFile`. */
  readonly population?: Population | undefined;
  /** The weights are independent of x: their traces are tested without directions. */
  readonly independentWeights?: boolean | undefined;
  /** C of a model's law, of which a factor may be missing. */
  readonly classes?: number | undefined;
  /** d/N; needed with `weights` unless it is fitted. */
  readonly aspectRatio?: number | undefined;
  /**
   * What is fitted: a ratio beside a stated law by moments. Default: nothing when a law is stated with its aspect ratio;
   * the scale, and an aspect ratio not given, otherwise.
   */
  readonly fit?: readonly FittedParameter[] | undefined;
  /** 199 when absent; where a bulk is fitted 999 to 3999. */
  readonly nullReplicates?: number | undefined;
  /** File of null draws, taken from there when they were made before, added to it when they were not. */
  readonly nullTable?: string | undefined;
  /** Where draws of white noise are kept without a file named: the answers are the same. Nowhere when absent. */
  readonly cache?: TableCache | undefined;
  readonly level: number;
  readonly seed: string;
  readonly backend: BackendName | 'auto';
  /** False leaves the powers out, and *agree* then says that nothing was rejected: for calibrations. Default true. */
  readonly measuresPower?: boolean | undefined;
}

export interface CompareTest extends ComparisonTest {
  /** Where its null values come from. */
  readonly null: string;
  /** What else there is to say of the observed value. */
  readonly note?: string;
}

export interface CompareResult extends ComparisonBase {
  readonly kind: 'compare';
  readonly hypothesis: string;
  /** Independent spectra compared together. */
  readonly draws: number;
  /** N and d/N, of a law that has them. */
  readonly samples?: number;
  readonly aspectRatio?: number;
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
  /** Eigenvalues further outside the support than an edge fluctuates, predicted ones aside. */
  readonly outside: readonly number[];
  /** Eigenvalues set apart because they were predicted outside the support. */
  readonly predictedOutside: readonly number[];
  /**
   * Chance that these tests see each alternative, fitted as the law is, measured by draws; empty when the verdict is
   * `disagree`, which needs none.
   */
  readonly powers: readonly ComparePower[];
  /** Draws like these that would decide, when undecided for lack of power; null when the draws made do not tell. */
  readonly drawsNeeded: number | null;
  /** Where it is `disagree` and causes are known: likeliest first, empty when it is none of them. */
  readonly causes?: readonly Cause[];
}

const defaultReplicates = 199;

export type Comparison = CompareResult | BulkComparison | LargestComparison | QuadratureComparison;

/** Reads files, then compares. Throws UsageError for anything wrong with the files or the options. */
export async function runCompare(options: CompareOptions): Promise<Comparison> {
  requireOptions(options);
  const backend = await createBackend(options.backend);
  const given = readGiven(options, backend);
  if (given.part === 'all')
    return compareWhole(given.spectrum, withLaw(withData(options, given.spectrum), given.spectrum), backend);
  if (options.nullTable !== undefined)
    throw new UsageError('--null-table is for whole spectra: here nothing is kept. Leave it out.');
  const drawnWeights = options.weightsFile === undefined ? undefined : readWeights(options.weightsFile, 1, options.row);
  const law = drawnWeights === undefined ? options.law : drawnWeightsLaw(drawnWeights, options.population);
  const stated = { ...options, law, drawnWeights };
  return given.part === 'largest'
    ? compareLargest(given.largest, stated, backend)
    : compareQuadrature(given.quadrature, stated, backend);
}

function compareWhole(
  spectrum: GivenSpectrum,
  options: OptionsWithLaw,
  backend: Backend,
): CompareResult | BulkComparison {
  const statesLaw = (options.law ?? options.weights) !== undefined;
  if (!statesLaw) requireCovariance(spectrum);
  if (spectrum.correlation === true && !asksForBulk(spectrum, options)) refuseLaw(spectrum, statesLaw);
  if (options.nullTable !== undefined) requireWritableTable(options.nullTable);
  const nullTables = options.nullTable === undefined ? undefined : readNullTables(options.nullTable);
  const known = nullTables?.size;
  const result = asksForBulk(spectrum, options)
    ? compareBulk(withoutDead(spectrum), { ...options, nullTables }, backend)
    : asksForScale(spectrum, options)
      ? compareStatedBulk(spectrum, { ...options, nullTables }, backend)
      : compareLaw(spectrum, options, nullTables, backend);
  if (nullTables !== undefined && nullTables.size !== known) writeNullTables(options.nullTable!, nullTables);
  const causes =
    result.verdict === 'disagree'
      ? causesOfDisagreement(spectrum, result, { ...options, onSpectrum: undefined }, backend)
      : undefined;
  options.cache?.keep();
  return causes === undefined ? result : { ...result, causes };
}

type OptionsWithLaw = CompareOptions & Pick<HypothesisOptions, 'drawnWeights'>;

/** With the law of the weights of a file; without that of equal weights whose scale is free, which is white noise. */
function withLaw(options: CompareOptions, spectrum: GivenSpectrum): OptionsWithLaw {
  if (isFreeNoise(options, spectrum)) return { ...options, law: undefined, weights: undefined };
  if (options.weightsFile === undefined) return options;
  const drawnWeights = readWeights(options.weightsFile, spectrum.spectra.length, options.row);
  return { ...options, drawnWeights, law: drawnWeightsLaw(drawnWeights, options.population) };
}

/** Only the noise of correlations is known here, not a law of weights behind them. */
function refuseLaw({ spectra }: GivenSpectrum, statesLaw: boolean): never {
  throw new UsageError(
    statesLaw
      ? 'compare: this is a correlation matrix, which is compared with that of independent variables alone. Leave the law out, or give the covariance matrix.'
      : `compare: of a correlation matrix at least ${fewestEigenvalues} eigenvalues that are not zero are needed, and something to fit; there are ${spectra[0]!.length} eigenvalues. Give the covariance matrix.`,
  );
}

function requireOptions(options: CompareOptions): void {
  if (options.weightsFile !== undefined && (options.law ?? options.weights) !== undefined)
    throw new UsageError('compare: --weights-file and --weights both state the weights. Give one of them.');
  const { nullReplicates = defaultReplicates } = options;
  if (!Number.isInteger(nullReplicates) || nullReplicates < 19)
    throw new UsageError(
      `--null-replicates must be a whole number of at least 19, got ${nullReplicates}. 199 is a good number.`,
    );
  if (!(options.level > 0 && options.level < 0.5))
    throw new UsageError(`--level must lie between 0 and 0.5, got ${options.level}. Try 0.01.`);
}

function compareLaw(
  spectrum: GivenSpectrum,
  options: OptionsWithLaw,
  nullTables: Map<string, NullTable> | undefined,
  backend: Backend,
): CompareResult {
  if (options.noiseVariance !== undefined)
    throw new UsageError(
      `--noise-variance is for one spectrum of at least 20 eigenvalues that are not zero, and no law stated beside it. Leave the law out${spectrum.spectra.length > 1 ? ', and take one draw with --row' : ''}.`,
    );
  const aspectRatio = statedRatio(dimensionOf(spectrum) + spectrum.rank, options);
  const { nullReplicates = defaultReplicates } = options;
  return compareSpectrum(spectrum, { ...options, aspectRatio, nullReplicates, nullTables }, backend);
}

export interface CompareSpectrumOptions
  extends HypothesisOptions, Pick<CompareOptions, 'level' | 'seed' | 'measuresPower' | 'onSpectrum'> {
  readonly nullReplicates: number;
  /** Null draws by `nullTableKey`; those made are added. */
  readonly nullTables?: Map<string, NullTable> | undefined;
}

/**
 * Compares a spectrum, or the mean of the spectra of several draws, with the law the options state. Long, because half of
 * it is the result, a field a line.
 */
export function compareSpectrum(
  spectrum: GivenSpectrum,
  options: CompareSpectrumOptions,
  backend: Backend,
): CompareResult {
  const { spectra } = spectrum;
  const dimension = dimensionOf(spectrum);
  const hypothesis = hypothesisFor(spectrum, options, backend);
  const { law } = hypothesis;
  // An eigenvalue of a matrix with rounded entries is off by up to dimension · roundoff · norm.
  const snapTolerance = Math.max(...spectra.map((values) => roundingTolerance(values, spectrum.roundoff)));
  const { eigenvalues, predictedOutside, outside } = withoutOutliers(spectrum, hypothesis);
  options.onSpectrum?.({
    nodes: eigenvalues.filter((value) => !outside.includes(value)),
    law,
    outside: [...predictedOutside, ...outside],
    predicted: hypothesis.outliers,
  });
  const measured = distances(eigenvalues, law, { snapTolerance });

  const prepared = prepareTests(hypothesis, dimension, options);
  const statistics = setStatistics(eigenvalues, hypothesis, snapTolerance);
  const tests = prepared.tests.map((test) => ({
    id: test.id,
    statistic: test.statistic,
    observed: test.valueOf(statistics),
    pValue: test.pValue(statistics),
    null: nullDescription(hypothesis, spectra.length, options.nullReplicates),
    ...edgeUnits(test.id, law, eigenvalues, dimension),
  }));
  const exactFailures = inertiaOf(spectrum, hypothesis, snapTolerance);
  const { level } = options;
  const rejected = judge({ tests, level, exactFailures }).verdict === 'disagree';
  const powers = rejected || options.measuresPower === false ? [] : measurePowers(hypothesis, prepared, options);
  const judgement = judge({
    tests,
    level,
    exactFailures,
    powers: requiredPowers(powers, ({ growth }) => growth * spectra.length),
    remedy: () => remedyFor(powers, spectrum, hypothesis, options),
  });
  return {
    kind: 'compare',
    source: spectrum.description,
    hypothesis: hypothesis.description,
    dimension,
    draws: spectra.length,
    ...(Number.isNaN(law.aspectRatio) ? {} : { samples: hypothesis.samples, aspectRatio: law.aspectRatio }),
    fitted: hypothesis.fitted,
    support: law.support,
    atoms: law.atoms,
    distances: measured,
    pValue: tests[0]!.pValue,
    nullReplicates: options.nullReplicates,
    nullFromTable: prepared.fromTable,
    tests: judgement.tests,
    voidIidPValue: iidKolmogorovPValue(measured.kolmogorov, eigenvalues.length).value,
    outside,
    predictedOutside,
    powers,
    drawsNeeded: Number.isFinite(judgement.replicatesNeeded ?? Infinity) ? judgement.replicatesNeeded! : null,
    verdict: judgement.verdict,
    reason: judgement.reason,
    level,
    seed: options.seed,
    backend: backend.name,
    notes: notesFor(spectrum, options, hypothesis, outside, predictedOutside),
    histogram: histogramOf(eigenvalues, law),
  };
}

/** The spectrum of all draws together but for the outliers that were predicted; `outside` has the others. */
function withoutOutliers(
  { spectra, eigenvalues }: GivenSpectrum,
  { law, outliers }: Hypothesis,
): { readonly eigenvalues: Float64Array; readonly predictedOutside: number[]; readonly outside: number[] } {
  const apart = spectra.map((values) => setApart(values, law, outliers));
  const predictedOutside = apart.flatMap((part) => part.predicted);
  return {
    eigenvalues: predictedOutside.length === 0 ? eigenvalues : pooledSpectrum(apart.map(({ values }) => values)),
    predictedOutside,
    outside: apart.flatMap(({ unexplained }) => unexplained),
  };
}

interface SetApart {
  readonly values: Float64Array;
  readonly predicted: readonly number[];
  readonly unexplained: readonly number[];
}

/** Takes out what lies where an outlier is predicted; everything else stays. */
function setApart(eigenvalues: Float64Array, law: SpectralLaw, outliers: readonly Outlier[]): SetApart {
  const { bulk, matched, unexplained } = separateOutliers(eigenvalues, law, outliers);
  return {
    values: Float64Array.from([...bulk, ...unexplained]).sort(),
    predicted: matched.map(({ eigenvalue }) => eigenvalue),
    unexplained,
  };
}

function inertiaOf({ spectra, roundoff }: GivenSpectrum, { signs }: Hypothesis, tolerance: number): string[] {
  return spectra.flatMap((values, draw) => {
    const { positive, negative } = signs[draw]!;
    // Single precision hides small eigenvalues among the zeros: only too many of a sign can be told.
    const known =
      roundoff > 2 ** -52
        ? { positive: [0, positive[1]] as const, negative: [0, negative[1]] as const }
        : { positive, negative };
    return inertiaFailures(values, known, tolerance).map((failure) =>
      spectra.length > 1 ? `draw ${draw}: ${failure}` : failure,
    );
  });
}

function nullDescription({ refit }: Hypothesis, draws: number, nullReplicates: number): string {
  return `${nullReplicates} ${draws > 1 ? `times ${draws} ` : ''}draws of the hypothesis${refit ? ', fitted again in each' : ''}`;
}

/** How far the extreme eigenvalue lies beyond a soft edge in the unit in which the Tracy–Widom law is of order one. */
function edgeUnits(
  id: PreparedTest['id'],
  law: SpectralLaw,
  eigenvalues: Float64Array,
  dimension: number,
): { note?: string } {
  if ((id !== 'above' && id !== 'below') || !('boundaryStieltjes' in law)) return {};
  const places = new Set(law.atoms.map(({ at }) => at));
  const free = eigenvalues.filter((value) => !places.has(value));
  const [edge, extreme] = id === 'above' ? [law.support.at(-1)![1], free.at(-1)] : [law.support[0]![0], free[0]];
  if (extreme === undefined) return {};
  try {
    const units = softEdgeScaling(law as GmpLaw, edge, dimension).standardise(extreme);
    return { note: `${Math.abs(units).toFixed(1)} Tracy–Widom units ${units > 0 ? 'beyond' : 'inside'} the edge` };
  } catch (error) {
    // A cusp or a hard edge has no such unit.
    if (error instanceof UsageError) return {};
    throw error;
  }
}

/** What would decide, as the end of a sentence. */
function remedyFor(
  powers: readonly ComparePower[],
  spectrum: GivenSpectrum,
  { tracePowers, samples }: Hypothesis,
  { drawnWeights }: CompareSpectrumOptions,
): string {
  const draws = spectrum.spectra.length;
  const sharper =
    tracePowers.length > 0
      ? ''
      : drawnWeights === undefined
        ? ', or the drawn weights and the matrix with --directions'
        : ', or the matrix with --directions, whose traces can be tested';
  const growths = powers.filter(({ required }) => required).map(({ growth }) => growth);
  const known = Math.max(1, ...growths.filter(Number.isFinite));
  if (known === 1) return `a much larger matrix or many more draws are needed${sharper}`;
  const dimension = Math.ceil((dimensionOf(spectrum) * Math.sqrt(known)) / 10) * 10;
  const amount = growths.every(Number.isFinite) ? 'about' : 'more than';
  return `${amount} ${known * draws} such draws together would do, or ${draws > 1 ? `${draws} ` : 'one '}of dimension ${dimension}${Number.isNaN(samples) ? '' : ' at this d/N'}${sharper}`;
}

function notesFor(
  { roundoff, precision, rank, spectra, notes: given = [] }: GivenSpectrum,
  options: CompareSpectrumOptions,
  { tracePowers }: Hypothesis,
  outside: readonly number[],
  predicted: readonly number[],
): string[] {
  const notes = [...given];
  if (roundoff > 2 ** -52)
    notes.push(
      `Every number is a ${precision ?? 'float32'}: eigenvalues within its rounding of an atom are taken to sit on it.`,
    );
  if (options.drawnWeights !== undefined && rank === 0 && tracePowers.length === 0) {
    notes.push(
      `If the weights depend on k directions of x, up to 2k eigenvalues may leave the support and the distance may exceed that of independent weights by up to 2k/d${spectra.length > 1 ? ', which several draws together see sooner than one' : ''}. Give the matrix and --directions for an exact test.`,
    );
  }
  if (predicted.length > 0)
    notes.push(
      `Predicted outside the support, found and set apart: ${predicted.map((value) => value.toPrecision(4)).join(', ')}.`,
    );
  if (outside.length > 0)
    notes.push(
      `${outside.length} ${outside.length === 1 ? 'eigenvalue lies' : 'eigenvalues lie'} further outside the support than edges fluctuate: ${outside
        .slice(0, 5)
        .map((value) => value.toPrecision(4))
        .join(', ')}${outside.length > 5 ? ', …' : ''}.`,
    );
  return notes;
}
