/** Rows of blocks, by the rank of their tokens. */
import { unigramRowRatio } from '../../../theory/head/unigram.js';
import type { HeadRow } from './headResult.js';
import type { HeadMeasurement } from './measureHead.js';

export interface RankedRow extends HeadRow {
  /** Mean prediction. */
  readonly prediction: number;
  readonly diagonal: number;
  readonly offDiagonal: number;
  readonly diagonalPopulation: number;
  readonly offDiagonalPopulation: number;
}

/** Probabilities in units of their sum. */
export function normalised(values: ArrayLike<number>): Float64Array {
  const all = Float64Array.from(values);
  const sum = all.reduce((total, value) => total + value, 0);
  return all.map((value) => value / sum);
}

/** All rows, the most frequent token first by its count where there are counts, among equals by the mean prediction. */
export function rankedRows(
  { rows, all, between, meanPrediction }: HeadMeasurement,
  counts: Float64Array | undefined,
): RankedRow[] {
  const classes = meanPrediction.length;
  const prediction = normalised(meanPrediction);
  const frequency = counts === undefined ? prediction : normalised(counts);
  const sumOfSquares = prediction.reduce((sum, q) => sum + q * q, 0);
  const order = Array.from({ length: classes }, (_, c) => c).sort(
    (a, b) => frequency[b]! - frequency[a]! || prediction[b]! - prediction[a]! || a - b,
  );
  return order.map((token, k) => ({
    rank: k + 1,
    token,
    frequency: frequency[token]!,
    prediction: prediction[token]!,
    diagonal: rows.diagonal[token]! / all.pairs,
    offDiagonal: rows.offDiagonal[token]! / all.pairs,
    diagonalPopulation: rows.diagonalBetween[token]! / between.pairs,
    offDiagonalPopulation: rows.offDiagonalBetween[token]! / between.pairs,
    ratio: rows.offDiagonalBetween[token]! / rows.diagonalBetween[token]!,
    unigram: unigramRowRatio(prediction, token, sumOfSquares),
  }));
}

/** At most `most` of them, evenly in the logarithm of the rank, first and last included. */
export function thinned(rows: readonly RankedRow[], most: number): HeadRow[] {
  const last = rows.length;
  const ranks = new Set<number>();
  for (let k = 0; k < most; k++) ranks.add(Math.round(last ** (k / (most - 1))));
  return [...(last <= most ? rows.map(({ rank }) => rank) : ranks)].map((wanted) => {
    const { rank, token, frequency, ratio, unigram } = rows[wanted - 1]!;
    return { rank, token, frequency, ratio, unigram };
  });
}

const heads = [
  'rank',
  'token',
  'frequency',
  'prediction',
  'diagonal',
  'offDiagonal',
  'diagonalPopulation',
  'offDiagonalPopulation',
  'ratio',
  'unigram',
] as const satisfies readonly (keyof RankedRow)[];

/** rows.csv: every class one line. */
export function rowsCsv(rows: readonly RankedRow[]): string {
  const lines = rows.map((row) => heads.map((name) => String(row[name])).join(','));
  return `${[heads.map((name) => name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)).join(','), ...lines].join('\n')}\n`;
}
