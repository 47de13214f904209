/** `limitlaw head`: the Hessian of a language model's head, from its features and its output matrix. */
import { createBackend } from '../../../simulations/linalg/index.js';
import { headWorkspaceBytes, keptBytes, mostRowsInTile } from '../../../simulations/head/index.js';
import { UsageError } from '../../../theory/errors.js';
import { unigramRatios } from '../../../theory/head/unigram.js';
import { memoryLimit, requireMemory } from '../../store/allocation.js';
import { positiveNumber } from '../options/textOptions.js';
import { wholeNumber } from '../options/wholeNumber.js';
import { version } from '../../version.js';
import { batchesOf } from './batches.js';
import { judgeEquivalent } from './equivalent.js';
import { exportFacts } from './exportFacts.js';
import { openHead, type HeadFiles } from './headFiles.js';
import { judgeHalves } from './halves.js';
import { headNotes } from './headNotes.js';
import type { HeadOptions } from './headOptions.js';
import type { HeadResult, HeadStatement, InitialisationFinding, UnigramPrediction } from './headResult.js';
import { judgeInitialisation, meanSquare } from './initialisation.js';
import { measureHead, type HeadMeasurement } from './measureHead.js';
import { blockRatio, populationRatio } from './ratios.js';
import { finiteRows } from './readRows.js';
import { normalised, rankedRows, thinned, type RankedRow } from './rowTable.js';
import { tiedFinding } from './tied.js';
import { tokensAcrossRanks, tokensThatFit, whitenedPart, type WhitenedPart } from './whitened.js';

export interface HeadOutcome {
  readonly result: HeadResult;
  /** Every class. */
  readonly rows: readonly RankedRow[];
}

/** Points of a figure of rows against ranks. */
const mostPoints = 400;

/** @throws UsageError for options and files that do not fit; NumericalError for logits beyond doubles */
export async function runHead(
  options: HeadOptions,
  onProgress?: (done: number, total: number, of: 'rows' | 'draws') => void,
): Promise<HeadOutcome> {
  const level = positiveNumber('--level', options.level ?? '0.01');
  const exported = exportFacts(options.folder);
  const step = options.step === undefined ? exported.step : wholeNumber('--step', options.step, 0, 1e15);
  const batch = options.batch === undefined ? undefined : wholeNumber('--batch', options.batch, 2, 1e9);
  const seed = options.seed ?? '1';
  const files = openHead(options);
  try {
    const batches = batchesOf(files.features.rows, files.groups, batch);
    requireRoom(files, batches, options.memory);
    const backend = await createBackend(options.backend ?? 'auto');
    const measurement = measureHead(files, batches, {
      backend,
      onProgress: (done, total) => onProgress?.(done, total, 'rows'),
    });
    const classes = files.output.rows;
    const variance = options.initialisation === true || files.tied !== undefined ? meanSquare(files) : NaN;
    const tied =
      files.tied === undefined
        ? null
        : tiedFinding(
            measurement.first.features,
            measurement.first.numbers.map((n) => files.tied![n]!),
            finiteRows('--output', files.output),
            variance,
          );
    const atStart =
      options.initialisation !== true
        ? undefined
        : tied?.isVoid === true
          ? voidStatement
          : judgeInitialisation(files, measurement, variance, { backend, level, seed });
    const rows = rankedRows(measurement, files.counts);
    const beside = besideSums(files, measurement, rows, options.tokens, { backend, seed });
    const byRank = rows.map(({ token }) => token);
    const halves =
      options.halves === true ? judgeHalves(files, measurement, byRank, { backend, level, seed }) : undefined;
    const equivalent =
      options.equivalent === true
        ? judgeEquivalent(files, measurement, byRank, {
            ...{ backend, level, seed },
            onProgress: (done, total) => onProgress?.(done, total, 'draws'),
          })
        : undefined;
    const result: HeadResult = {
      kind: 'head',
      version,
      label: options.label ?? exported.label,
      step,
      files: files.names,
      samples: files.features.rows,
      classes,
      dimension: files.features.columns,
      groups: measurement.groups,
      batches: batches.map(({ length }) => length),
      backend: backend.name,
      seed,
      aspectRatio: files.features.columns / files.features.rows,
      loss: measurement.loss ?? null,
      sample: blockRatio(measurement.all, [], classes),
      population: populationRatio(measurement.between, measurement.without, classes),
      unigram: unigramOf(measurement, files),
      initialisation: atStart?.finding ?? null,
      tied,
      whitened: beside.whitened,
      spectrum: beside.spectrum,
      halves: halves?.finding ?? null,
      equivalent: equivalent?.finding ?? null,
      statements: [
        ...(atStart === undefined ? [] : [atStart.statement]),
        ...beside.statements,
        ...(halves === undefined ? [] : [halves.statement]),
        ...(equivalent === undefined ? [] : [equivalent.statement]),
      ],
      rows: thinned(rows, mostPoints),
      notes: [],
    };
    return { result: { ...result, notes: [...files.notes, ...headNotes(result, files)] }, rows };
  } finally {
    files.close();
  }
}

/** The whitened part: of all tokens, of as many as fit, or of as many as asked for. */
function besideSums(
  files: HeadFiles,
  measurement: HeadMeasurement,
  rows: readonly RankedRow[],
  asked: string | undefined,
  settings: Parameters<typeof whitenedPart>[3],
): WhitenedPart {
  const { samples, dimension, classes } = measurement.first.sums;
  const most = tokensThatFit(samples, dimension, classes);
  const count = asked === undefined ? most : wholeNumber('--tokens', asked, 0, most);
  if (count === 0) return { whitened: null, spectrum: null, statements: [] };
  const tokens = tokensAcrossRanks(
    rows.map(({ token }) => token),
    count,
  );
  return whitenedPart(files, measurement, tokens, settings);
}

const voidStatement: { readonly finding: InitialisationFinding | null; readonly statement: HeadStatement } = {
  finding: null,
  statement: {
    id: 'initialisation',
    statement: 'C²·r is that of V iid N(0, τ), independent of the features',
    verdict: 'undecided',
    reason:
      'Features lie so near to the row of their own token that the head begins as a copier: the law does not apply.',
  },
};

function requireRoom({ features, output }: HeadFiles, batches: readonly Int32Array[], given?: string): void {
  const samples = batches.reduce((most, { length }) => Math.max(most, length), 0);
  const { columns: dimension } = features;
  // Beside the workspace: features, h hᵀ, a tile as it lies in its file, and some numbers of each class.
  const beside = 8 * (samples * (dimension + samples) + mostRowsInTile * dimension + 24 * output.rows);
  requireMemory(
    headWorkspaceBytes(dimension, samples) + keptBytes(samples, output.rows) + beside,
    memoryLimit(given),
    `head: ${samples} positions of ${dimension} features at once`,
    'give --batch with fewer positions',
  );
}

function unigramOf({ meanPrediction }: HeadMeasurement, { counts }: HeadFiles): HeadResult['unigram'] {
  const of = (q: Float64Array): UnigramPrediction | null => {
    try {
      const { t, ratio, scaled, effectiveClasses } = unigramRatios(normalised(q));
      return { t, ratio, scaled, effectiveClasses };
    } catch (error) {
      // All of one token: no ratio exists.
      if (error instanceof UsageError) return null;
      throw error;
    }
  };
  return {
    predictions: of(meanPrediction),
    targets: counts === undefined ? null : of(counts),
  };
}
