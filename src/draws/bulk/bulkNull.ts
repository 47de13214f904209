/**
 * What a fit of a bulk gives for a spectrum that is a bulk and nothing else: eigenvalues of Wishart matrices through the
 * very procedure, so that no test rests on an approximation. All numbers are free of scale.
 */
import { bulkPlaces } from '../../../theory/whiteBulk/index.js';
import {
  nullReference,
  whiteSpectra,
  tabulated,
  type NullReference,
  type NullTable,
  type NullTableSettings,
} from '../../../simulations/comparisons/index.js';
import type { RandomStream } from '../../../simulations/contracts.js';
import { randomStream } from '../../../simulations/random/index.js';
import { bulkPath } from './bulkPath.js';
import { bulkScales, type BulkScales } from './bulkScales.js';
import { shapeOf } from './bulkShape.js';

/** All that fixes the draws of a bulk. */
export interface BulkNullSettings {
  /** n, the number of non-zero eigenvalues. */
  readonly rank: number;
  /** m ≥ n, whole; where the ratio is fitted, near the fit. */
  readonly degrees: number;
  readonly knowsDegrees: boolean;
  readonly knowsVariance: boolean;
  /** Levels from 1/(replicates + 1) up are exact on the average over seeds. */
  readonly replicates: number;
  readonly seed: string;
  /** Of (1/N) W, W Wishart, when absent. */
  readonly draws?: BulkDraws | undefined;
  /** d > N, where that makes a difference to the draws. */
  readonly wide?: boolean;
}

/** Draws of another matrix than (1/N) W that a white bulk may be. */
export interface BulkDraws {
  /** For the key of a table. */
  readonly name: string;
  /** As many as cost a few seconds. */
  readonly usualReplicates: number;
  /** Ascending eigenvalues, all d of them, in units in which their mean is 1. */
  draw(stream: RandomStream, dimension: number, samples: number): Float64Array;
}

/** What the statistics of a fit are for a bulk that is nothing else. */
export interface BulkNull {
  readonly settings: BulkNullSettings;
  /** Of the largest score of the path. */
  readonly largest: NullReference;
  /** Of the score of the largest eigenvalue with a scale that includes it. */
  readonly forward: NullReference;
  /** Of −y_1/(s q_1). */
  readonly smallest: NullReference;
  readonly shape: NullReference;
  /** s_0, ascending: what is found for σ² = 1. */
  readonly scales: Float64Array;
  /** Fitted c over the true one, ascending. */
  readonly ratios: Float64Array;
  /** True when the draws were made before. */
  readonly fromTable: boolean;
  /** Weights of spectra of this size, kept from one to the next. */
  readonly working: BulkScales;
}

/**
 * As many draws as two to four seconds make: one table of R draws has a level of 0.01 to within 0.1/√R, 0.0016 up to 125
 * eigenvalues, 0.003 beyond 300.
 */
export function usualReplicates(rank: number): number {
  if (rank <= 125) return 3999;
  return rank <= 300 ? 1999 : 999;
}

const columns = ['largest', 'forward', 'smallest', 'shape', 'scale', 'ratio'] as const;
type Column = (typeof columns)[number];

/** Draws made, or taken from `tables` (by `nullTableKey`) where they are; those made are added. */
export function bulkNull(settings: BulkNullSettings, tables?: Map<string, NullTable>): BulkNull {
  const { rank, degrees, knowsDegrees, knowsVariance } = settings;
  const working = bulkScales(rank, {
    degrees: knowsDegrees ? degrees : undefined,
    variance: knowsVariance ? 1 : undefined,
  });
  const { values, fromTable } = tabulated(
    columns.map((column) => tableSettings(settings, column)),
    tables,
    () => drawNulls(settings, working),
  );
  const [largest, forward, smallest, shape, scales, ratios] = values as [
    number[],
    number[],
    number[],
    number[],
    number[],
    number[],
  ];
  return {
    settings,
    largest: nullReference(largest),
    forward: nullReference(forward),
    smallest: nullReference(smallest),
    shape: nullReference(shape),
    scales: Float64Array.from(scales).sort(),
    ratios: Float64Array.from(ratios).sort(),
    fromTable,
    working,
  };
}

function tableSettings(
  { rank, degrees, knowsDegrees, knowsVariance, replicates, seed, draws, wide }: BulkNullSettings,
  column: Column,
): NullTableSettings {
  const free = [...(knowsVariance ? [] : ['variance']), ...(knowsDegrees ? [] : ['ratio'])].join(', ');
  return {
    statistic: `bulk: ${column}`,
    dimension: rank,
    samples: degrees,
    weights: `ones, fitted: ${free === '' ? 'nothing' : free}${draws === undefined ? '' : `, ${draws.name}${wide === true ? ', d > N' : ''}`}`,
    seed,
    stream: streamOf(rank, degrees),
    replicates,
  };
}

/** Each size has draws of its own, so that an unlucky seed is unlucky once. */
const streamOf = (rank: number, degrees: number): string => `bulk null ${rank} ${degrees}`;

/** A list for each of `columns`. */
function drawNulls(
  { rank, degrees, knowsDegrees, replicates, seed, draws, wide = false }: BulkNullSettings,
  working: BulkScales,
): number[][] {
  const out = columns.map((): number[] => []);
  const ownPlaces = bulkPlaces({ rank, degrees, above: 0 });
  // Of (1/m) W.
  const spectrumOf =
    draws === undefined
      ? pairsOfDraws(rank, degrees, seed, replicates)
      : (r: number) => nonZeros(draws, randomStream(seed, streamOf(rank, degrees), r), wide);
  for (let r = 0; r < replicates; r++) {
    const values = spectrumOf(r);
    const { scores, fits } = bulkPath(values, working);
    const { scale, degrees: found } = fits[0]!;
    const places = knowsDegrees ? ownPlaces : bulkPlaces({ rank, degrees: found, above: 0 });
    const drawn: Record<Column, number> = {
      largest: scores.subarray(1).reduce((a, b) => Math.max(a, b)),
      forward: scores[0]!,
      smallest: -values[0]! / (scale * places.places[0]!),
      shape: shapeOf(values, places, scale),
      scale,
      ratio: degrees / found,
    };
    columns.forEach((column, k) => out[k]!.push(drawn[column]));
  }
  return out;

  function nonZeros({ draw }: BulkDraws, stream: RandomStream, isWide: boolean): Float64Array {
    if (!isWide) return draw(stream, rank, degrees);
    return draw(stream, degrees, rank)
      .subarray(degrees - rank)
      .map((value) => (value * rank) / degrees);
  }
}

/** In turn; two at a time, which takes less time. */
function pairsOfDraws(
  rank: number,
  degrees: number,
  seed: string,
  replicates: number,
): (replicate: number) => Float64Array {
  let drawn: Float64Array[] = [];
  return (r) => {
    if (r % 2 === 0) {
      const pair = r + 1 < replicates ? [r, r + 1] : [r];
      const streams = pair.map((each) => randomStream(seed, streamOf(rank, degrees), each));
      drawn = whiteSpectra(streams, rank, degrees);
    }
    return drawn[r % 2]!;
  };
}
