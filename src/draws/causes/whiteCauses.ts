/** Causes for a spectrum that was said to be of white noise. */
import type { NullTable } from '../../../simulations/comparisons/index.js';
import type { Backend } from '../../../simulations/contracts.js';
import type { BulkDraws } from '../bulk/bulkNull.js';
import { bulkScales, type ScaleAndDegrees } from '../bulk/bulkScales.js';
import { nonZeroPart } from '../bulk/degreesOfFreedom.js';
import { fitBulk, fewestEigenvalues, type BulkFit } from '../bulk/fitBulk.js';
import type { Cause } from './cause.js';
import { findCauses } from './findCauses.js';
import { shapeCause, type ShapeCause } from './shapeCauses.js';

export interface WhiteStated {
  /** N */
  readonly samples?: number | undefined;
  readonly centred?: boolean | undefined;
  /** d/N as it was given, from which N follows where it was swapped. */
  readonly aspectRatio?: number | undefined;
  readonly variance?: number | undefined;
  /** C, where a factor of it may be missing. */
  readonly classes?: number | undefined;
  /** Eigenvalues that are expected outside the bulk. */
  readonly predicted?: readonly number[] | undefined;
  readonly roundoff?: number | undefined;
}

export interface CauseSettings {
  readonly backend: Backend;
  /** Chance of a false alarm of the comparison: each test here has a third of it. */
  readonly level: number;
  readonly seed: string;
  /** Draws of a bulk of known N, as many as a fit takes when absent; those with N free are `freeReplicates`. */
  readonly replicates?: number | undefined;
  /** Of the bulk, where it is not of independent entries. */
  readonly draws?: BulkDraws | undefined;
  /** Draws made before; a map of its own when absent, since two questions may need the same. */
  readonly tables?: Map<string, NullTable> | undefined;
}

/** Each of them costs a fit over all ratios. */
const freeReplicates = 199;

/**
 * @param eigenvalues ascending, all d of them
 * @returns undefined for a spectrum of fewer than 20 non-zero eigenvalues, or with negative ones
 */
export function whiteCauses(
  eigenvalues: Float64Array,
  stated: WhiteStated,
  { backend, level, seed, replicates, draws, tables = new Map<string, NullTable>() }: CauseSettings,
): readonly Cause[] | undefined {
  const { roundoff, variance, classes, predicted, centred = false } = stated;
  const { zeros, values, impossible } = nonZeroPart(eigenvalues, { roundoff });
  const dimension = eigenvalues.length;
  if (impossible !== undefined || values.length < fewestEigenvalues) return undefined;
  const settings = { level: level / 3, seed, draws, tables, roundoff };
  const ratio = stated.aspectRatio ?? (stated.samples === undefined ? undefined : dimension / stated.samples);
  const fit = (samples: number | undefined, power: 1 | 2): BulkFit | undefined => {
    const raised = (list: Float64Array): Float64Array => (power === 1 ? list : list.map((value) => value * value));
    if (samples !== undefined) return fitBulk(raised(eigenvalues), { ...settings, samples, replicates });
    if (stated.samples === undefined) return fitBulk(raised(eigenvalues), { ...settings, replicates: freeReplicates });
    // Zeros tell N where they are not dead columns.
    if (zeros > 0 && dimension >= stated.samples) return undefined;
    return fitBulk(raised(values), { ...settings, replicates: freeReplicates });
  };
  return findCauses({
    dimension,
    samples: stated.samples === undefined ? undefined : stated.samples - (centred ? 1 : 0),
    scale: variance,
    classes,
    predicted,
    swapped: ratio === undefined ? undefined : Math.round(dimension * ratio),
    zeros,
    expectedZeros: (samples) => Math.max(0, dimension - samples),
    fit: (samples) => fit(samples, 1),
    fitSquares: (samples) => fit(samples, 2),
    shapeAt(samples, free) {
      const known = samples ?? (zeros > 0 ? values.length : undefined);
      const wide = known !== undefined && dimension > known;
      const at = (own: number): ShapeCause =>
        shapeCause({
          values,
          free,
          backend,
          seed,
          dimension: wide ? dimension : values.length,
          samples: wide ? values.length : own,
        });
      return known === undefined ? nearest(possibleSamples(values).map(at)) : at(known);
    },
  });
}

function nearest(causes: readonly ShapeCause[]): ShapeCause {
  return causes.reduce((a, b) => (b.tried[0]!.rms < a.tried[0]!.rms ? b : a));
}

/** N of data that looks like so many white samples: nearly so many where tails are heavy, twice where rows or columns are unequal. */
function possibleSamples(values: Float64Array): number[] {
  const [{ degrees }] = bulkScales(values.length, {}).scalesOf(values, 0) as [ScaleAndDegrees];
  return [Math.round(degrees), Math.round(2 * degrees)];
}
