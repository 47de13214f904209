import type { Atom, LawDiagnostics, Outlier, SpectralLaw } from '../../../theory/contracts.js';
import { UsageError } from '../../../theory/errors.js';
import { refuseDynamicsOptions, type DynamicsOptions } from './dynamicsOptions.js';
import type { MultipleEigenvalue } from '../../../theory/dynamics/index.js';
import type { CurveRow, NamedLaw } from './namedLaw.js';
import { statedLaw, statedSources, type LawText } from './statedLaw.js';
import type { LawFileOptions } from './lawFiles.js';
import { lawPoints, placesOf, type LawPoint, type PointOptions } from './lawPoints.js';
import { aspectRatioOf, listOf } from '../options/textOptions.js';
import { wholeNumber } from '../options/wholeNumber.js';

/** The options of `limitlaw law`, as text: a law by its name (`LawText`), or one along training. */
export interface LawCommandOptions extends LawText, DynamicsOptions, PointOptions, LawFileOptions {
  readonly aspectRatio?: string | undefined;
  readonly quantiles?: string;
  readonly moments?: string;
}

/** The JSON object of `limitlaw law`, numbers in full precision. */
export interface LawReport {
  readonly kind: 'law';
  /** d/N, of a law that has one. */
  readonly aspectRatio?: number;
  readonly support: readonly (readonly [lower: number, upper: number])[];
  readonly atoms: readonly Atom[];
  readonly points: readonly LawPoint[];
  readonly quantiles: readonly { readonly p: number; readonly x: number }[];
  /** Raw moments of order 1 to K. */
  readonly moments: readonly number[];
  readonly outliers: readonly Outlier[];
  readonly diagnostics: LawDiagnostics;
  /** What the eigenvalues are measured in, when not themselves. */
  readonly scale?: string;
  /** Of the limit matrix, where the block has a fixed size and no law. */
  readonly eigenvalues?: readonly number[];
  /** Along training, a row a number of steps. */
  readonly curve?: readonly CurveRow[];
  /** All eigenvalues of a matrix that is known exactly, descending. */
  readonly spectrum?: readonly MultipleEigenvalue[];
  /** Why there is no law, or what to mind. */
  readonly note?: string;
}

/**
 * Answers `limitlaw law`. What computes is imported on demand, so that a closed-form law does not wait for the softmax.
 * @throws UsageError for options that are missing, contradict each other or do not parse.
 */
export async function lawCommand(options: LawCommandOptions): Promise<LawReport> {
  return (await answeredLaw(options)).report;
}

/** The answer of `lawCommand`, and the law for whoever asks it more; none where none is known. */
export async function answeredLaw(
  options: LawCommandOptions,
): Promise<{ readonly law: SpectralLaw | undefined; readonly report: LawReport }> {
  const places = await placesOf(options);
  const wantsFiles = (options.npy ?? options.figure ?? options.column ?? options.font) !== undefined;
  const files = wantsFiles ? await import('./lawFiles.js') : undefined;
  files?.requireLawFiles(options, (options.at ?? options.atFile ?? options.grid) !== undefined);
  const probabilities = options.quantiles === undefined ? [] : listOf('--quantiles', options.quantiles, probability);
  const order = options.moments === undefined ? 0 : wholeNumber('--moments', options.moments, 0, 20);
  const { named, aspectRatio } = await lawOf(options);
  const { law, note, scale, eigenvalues, curve, spectrum, outliers = [] } = named;
  const points = law === undefined ? [] : lawPoints(law, places(law));
  await files?.writeLawFiles(named, points, options, statedWords(options));
  const report: LawReport = {
    kind: 'law',
    ...(aspectRatio === undefined ? {} : { aspectRatio }),
    support: law?.support ?? [],
    atoms: law?.atoms ?? [],
    points,
    quantiles: law === undefined ? [] : probabilities.map((p) => ({ p, x: law.quantile(p) })),
    moments: law === undefined ? [] : Array.from({ length: order }, (_, k) => law.moment(k + 1)),
    outliers: outliers.map(({ at: place, multiplicity, side }) => ({ at: place, multiplicity, side })),
    diagnostics: law?.diagnostics ?? {
      converged: false,
      residual: 0,
      nodes: 0,
      notes: ['there is no limit law for these settings'],
    },
    ...(scale === undefined ? {} : { scale }),
    ...(eigenvalues === undefined ? {} : { eigenvalues }),
    ...(curve === undefined ? {} : { curve }),
    ...(spectrum === undefined ? {} : { spectrum }),
    ...(note === undefined ? {} : { note }),
  };
  return { law, report };
}

/** Options that say what is wanted of a law, not which it is. */
const wanted = new Set(['at', 'atFile', 'grid', 'quantiles', 'moments', 'npy', 'figure', 'column', 'font']);

/** "model = linear, loss = ce": what names the law, for the caption of its figure. */
const statedWords = (options: LawCommandOptions): string =>
  Object.entries(options)
    .filter((entry): entry is [string, string] => typeof entry[1] === 'string' && !wanted.has(entry[0]))
    .map(([name, value]) => `${name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)} = ${value}`)
    .join(', ');

function probability(name: string, text: string): number {
  const value = Number(text);
  if (text.trim() === '' || !(value >= 0 && value <= 1))
    throw new UsageError(`${name} must be a probability from 0 to 1, got '${text}'`);
  return value;
}

/** The law of these options, and the aspect ratio it is asked for at, where it has one. */
async function lawOf(options: LawCommandOptions): Promise<{ named: NamedLaw; aspectRatio: number | undefined }> {
  const stated = [...statedSources(options), ...(options.dynamics === undefined ? [] : ['dynamics'])].length;
  if (stated > 1 || (stated === 0 && options.population === undefined))
    throw new UsageError(
      `law: name the law in exactly one way, by --model, --dynamics, --weights, --weights-file, --population or --semicircle, got ${stated === 0 ? 'none of them' : 'several'}`,
    );
  if (options.dynamics !== undefined) {
    if (options.population !== undefined)
      throw new UsageError(`--population says nothing to --dynamics ${options.dynamics}: leave it out`);
    return (await import('./dynamicsLaw.js')).dynamicsLaw(options, options.aspectRatio);
  }
  refuseDynamicsOptions(options);
  const law = (await statedLaw(options))!;
  if (law.takesAspectRatio) {
    const aspectRatio = aspectRatioOf(options.aspectRatio);
    return { named: law.at(aspectRatio), aspectRatio };
  }
  if (options.aspectRatio !== undefined)
    throw new UsageError('--aspect-ratio says nothing of --semicircle, which has none: leave it out');
  return { named: law.at(NaN), aspectRatio: undefined };
}
