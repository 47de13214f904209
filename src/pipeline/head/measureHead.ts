/** Sums of a head, of one batch of positions or of several. */
import { NumericalError, UsageError } from '../../../theory/errors.js';
import {
  combined,
  headSums,
  noPairs,
  type HeadSums,
  type PairTotals,
  type RowSource,
} from '../../../simulations/head/index.js';
import type { Backend, HeadWorkspace } from '../../../simulations/contracts.js';
import type { HeadFiles } from './headFiles.js';
import { finiteRows, rowsNumbered } from './readRows.js';

/** Of all batches together. */
export interface HeadMeasurement {
  readonly all: PairTotals;
  readonly between: PairTotals;
  /** Without each group, or of several batches without each batch. */
  readonly without: readonly PairTotals[];
  readonly groups: number;
  readonly meanPrediction: Float64Array;
  /** Sums of each row of blocks over pairs, as in the totals. */
  readonly rows: {
    readonly diagonal: Float64Array;
    readonly offDiagonal: Float64Array;
    readonly diagonalBetween: Float64Array;
    readonly offDiagonalBetween: Float64Array;
  };
  readonly loss: number | undefined;
  readonly massDefect: number;
  /** The first batch: its features, positions and sums, for what is asked of one batch. */
  readonly first: { readonly features: Float64Array; readonly numbers: Int32Array; readonly sums: HeadSums };
}

export interface MeasureSettings {
  readonly backend: Backend;
  /** Rows of V that have gone by, of how many. */
  readonly onProgress?: ((done: number, total: number) => void) | undefined;
}

/** Sums of a normaliser that is off by more than this are of another model. */
const largestDefect = 1e-3;

export function measureHead(
  files: HeadFiles,
  batches: readonly Int32Array[],
  { backend, onProgress }: MeasureSettings,
): HeadMeasurement {
  const { features: file, output, bias, groups, logNormaliser } = files;
  const passes = (logNormaliser === undefined ? 3 : 2) * batches.length;
  const source = counted(finiteRows('--output', output), passes, onProgress);
  const classes = output.rows;
  const numbers = (): Float64Array => new Float64Array(classes);
  const rows = {
    diagonal: numbers(),
    offDiagonal: numbers(),
    diagonalBetween: numbers(),
    offDiagonalBetween: numbers(),
  };
  const meanPrediction = numbers();
  const samples = batches.reduce((sum, batch) => sum + batch.length, 0);
  const found: { readonly all: PairTotals; readonly between: PairTotals }[] = [];
  const names = new Set<number>();
  let first: HeadMeasurement['first'] | undefined;
  let workspace: HeadWorkspace | undefined;
  let massDefect = 0;
  let lossSum = 0;
  for (const batch of batches) {
    const features = rowsNumbered('--features', file, batch);
    const of = (values: Float64Array | undefined): Float64Array | undefined =>
      values === undefined ? undefined : Float64Array.from(batch, (n) => values[n]!);
    if (workspace?.samples !== batch.length) workspace = backend.createHeadWorkspace(file.columns, batch.length);
    const sums = headSums({
      features,
      samples: batch.length,
      dimension: file.columns,
      rows: source,
      bias,
      groups: of(groups),
      logNormaliser: of(logNormaliser),
      perRow: true,
      backend,
      workspace,
    });
    requireMass(sums, files, batch);
    found.push({ all: sums.all, between: sums.between });
    groups?.forEach((name) => names.add(name));
    massDefect = Math.max(massDefect, sums.massDefect);
    lossSum += sumOfLosses(files, batch, features, sums.logNormaliser);
    for (const name of Object.keys(rows) as (keyof typeof rows)[])
      sums.perRow![name].forEach((value, c) => (rows[name][c]! += value));
    sums.meanPrediction.forEach((value, c) => (meanPrediction[c]! += (value * batch.length) / samples));
    first ??= { features, numbers: batch, sums };
  }
  const between = found.reduce((sum, each) => combined(sum, each.between), noPairs);
  const only = found.length === 1 ? first!.sums.withoutGroup : undefined;
  return {
    all: found.reduce((sum, each) => combined(sum, each.all), noPairs),
    between,
    without: only ?? found.map((each) => combined(between, each.between, -1)),
    groups: groups === undefined ? samples : names.size,
    meanPrediction,
    rows,
    loss: files.targets === undefined ? undefined : lossSum / samples,
    massDefect,
    first: first!,
  };
}

/** Tells how many rows have gone by, of those of all passes. */
function counted(source: RowSource, passes: number, onProgress: MeasureSettings['onProgress']): RowSource {
  let done = 0;
  const passed = (count: number): void => {
    done += count;
    onProgress?.(done, passes * source.rows);
  };
  return {
    ...source,
    passed,
    read(first, out) {
      source.read(first, out);
      passed(out.length / source.dimension);
    },
  };
}

/** Σ −log p of the targets, from their rows of V alone. */
function sumOfLosses(
  { targets, output, bias }: HeadFiles,
  batch: Int32Array,
  features: Float64Array,
  logNormaliser: Float64Array,
): number {
  if (targets === undefined) return 0;
  const row = new Float64Array(output.columns);
  let sum = 0;
  // Ascending, for a matrix that lies in columns.
  const order = Array.from(batch.keys()).sort((a, b) => targets[batch[a]!]! - targets[batch[b]!]!);
  for (const k of order) {
    const n = batch[k]!;
    output.read(targets[n]!, row);
    let logit = bias?.[targets[n]!] ?? 0;
    for (let i = 0; i < row.length; i++) logit += row[i]! * features[k * row.length + i]!;
    sum += logNormaliser[k]! - logit;
  }
  return sum;
}

/** What a given normaliser is off shows in Σ p; without one, only logits that are beyond doubles do. */
function requireMass({ massDefect, all }: HeadSums, { logNormaliser, names }: HeadFiles, batch: Int32Array): void {
  if (massDefect <= largestDefect) {
    if (!(all.kernel > 0))
      throw new UsageError(
        `--features ${names['features']}: all features of a batch of ${batch.length} are 0. Look at what the head is given.`,
      );
    if (!Number.isFinite(all.diagonal) || !Number.isFinite(all.offDiagonal))
      throw new NumericalError(
        'the sums of squared norms are beyond doubles: features are too large; divide them by a power of 2 and multiply V by it',
      );
    return;
  }
  throw new UsageError(
    logNormaliser === undefined
      ? `--output ${names['output']}: probabilities do not add up (off by ${massDefect.toPrecision(2)}). Are logits finite?`
      : `--log-normaliser ${names['logNormaliser']}: the probabilities of a position add up to 1 ± ${massDefect.toPrecision(2)}; it is of other weights, another bias or a low precision. Leave it out: it is then computed.`,
  );
}
