/** What a fit of a stated law gives for draws of that law alone, by matrices: `bulkNull` for any law of the weights. */
import {
  nullReference,
  tabulated,
  type NullReference,
  type NullTable,
  type NullTableSettings,
} from '../../../simulations/comparisons/index.js';
import { shapeOf } from './bulkShape.js';
import { bulkOf, statedPath } from './statedPath.js';
import { mirrored, negated, statedPlaces, withMeans, type StatedLaw, type StatedPlaces } from './statedPlaces.js';

export interface StatedNullSettings {
  /** d and N. */
  readonly dimension: number;
  readonly samples: number;
  /** Fixes the draws together with sizes and seed. */
  readonly key: string;
  readonly law: StatedLaw;
  readonly replicates: number;
  readonly seed: string;
  /** Ascending eigenvalues of draw r, at scale 1. */
  readonly draw: (replicate: number) => Float64Array;
}

export interface StatedNull {
  readonly expected: StatedPlaces;
  /** Standard deviation of the largest eigenvalue, and of the smallest. */
  readonly units: readonly [largest: number, smallest: number];
  /** Of the largest score of the path. */
  readonly largest: NullReference;
  /** Of the score of the largest eigenvalue with a scale that includes it. */
  readonly forward: NullReference;
  /** Of −y/(s q) of the smallest that is not 0; where the weights have both signs of the path of −λ. */
  readonly smallest: NullReference;
  readonly shape: NullReference;
  /** s_0, ascending. */
  readonly scales: Float64Array;
  readonly replicates: number;
  readonly fromTable: boolean;
}

const columns = ['largest', 'forward', 'smallest', 'shape', 'scale'] as const;
type Column = (typeof columns)[number];
export const statedStream = 'bulk of a law null';

/** Draws made, or what they gave taken from `tables` (by `nullTableKey`); what is made is added. */
export function statedNull(settings: StatedNullSettings, tables?: Map<string, NullTable>): StatedNull {
  const { dimension, law, replicates } = settings;
  const tableOf = (statistic: string, length = replicates): NullTableSettings => ({
    statistic: `bulk of a law: ${statistic}`,
    dimension,
    samples: settings.samples,
    weights: `${settings.key}, fitted: scale, ${replicates} draws`,
    seed: settings.seed,
    stream: statedStream,
    replicates: length,
  });
  const all = [
    ...columns.map((column) => tableOf(column)),
    tableOf('means of the eigenvalues', dimension),
    tableOf('units and zeros', 3),
  ];
  const { values, fromTable } = tabulated(all, tables, () => drawNulls(settings));
  const [largest, forward, smallest, shape, scales, means, [unit, unitBelow, zeros]] = values as [
    number[],
    number[],
    number[],
    number[],
    number[],
    number[],
    [number, number, number],
  ];
  return {
    expected: statedPlaces(law, Float64Array.from(means), zeros),
    units: [unit, unitBelow],
    largest: nullReference(largest),
    forward: nullReference(forward),
    smallest: nullReference(smallest),
    shape: nullReference(shape),
    scales: Float64Array.from(scales).sort(),
    replicates,
    fromTable,
  };
}

/** A list for each of `columns`, the means, the units. */
function drawNulls({ law, replicates, draw }: StatedNullSettings): number[][] {
  const spectra = Array.from({ length: replicates }, (_, r) => draw(r));
  const means = spectra[0]!.map((_, i) => spectra.reduce((sum, values) => sum + values[i]!, 0) / replicates);
  const units = [deviationOf(spectra, means, means.length - 1), deviationOf(spectra, means, 0)] as const;
  const zeros = law.signed
    ? 0
    : spectra.reduce((most, values) => Math.max(most, values.filter((value) => value === 0).length), 0);
  const expected = statedPlaces(law, means, zeros);
  const out = columns.map((): number[] => []);
  for (const values of spectra) {
    // Against the means of the others, as a spectrum from elsewhere is.
    const others = means.map((mean, i) => (replicates * mean - values[i]!) / (replicates - 1));
    const drawn = statisticsOf(values, withMeans(expected, others), units);
    columns.forEach((column, k) => out[k]!.push(drawn[column]));
  }
  return [...out, Array.from(means), [...units, zeros]];
}

function deviationOf(spectra: readonly Float64Array[], means: Float64Array, at: number): number {
  const squares = spectra.reduce((sum, values) => sum + (values[at]! - means[at]!) ** 2, 0);
  return Math.sqrt(squares / (spectra.length - 1));
}

function statisticsOf(
  values: Float64Array,
  expected: StatedPlaces,
  [unit, unitBelow]: readonly [number, number],
): Record<Column, number> {
  const { scores, scales } = statedPath(values, expected, unit);
  const scale = scales[0]!;
  const bulk = bulkOf(expected, new Float64Array(values.length), 0, 0);
  return {
    largest: largestScore(scores),
    forward: scores[0]!,
    smallest: expected.law.signed
      ? largestScore(statedPath(negated(values), mirrored(expected), unitBelow).scores)
      : lowScore(values[bulk.first]!, scale, bulk.places.places[0]!),
    shape: shapeOf(values, bulk.places, scale, bulk.first),
    scale,
  };
}

/** Of the path, the one at 0 aside. */
export function largestScore(scores: Float64Array): number {
  return scores.subarray(1).reduce((a, b) => Math.max(a, b));
}

export function lowScore(value: number, scale: number, place: number): number {
  return -value / (scale * place);
}
