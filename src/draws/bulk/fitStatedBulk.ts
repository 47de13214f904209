/**
 * The bulk of (1/N) Σ a_n x_n x_nᵀ for a stated law of the weights, or weights as drawn, beside directions of x with another
 * variance: the common factor of the weights, what stands apart, and whether the bulk is of that law.
 */
import { UsageError } from '../../../theory/errors.js';
import { boundaryTransform, generalisedMarchenkoPastur, outlineOf, type WeightLaw } from '../../../theory/gmp/index.js';
import { reciprocalAtEdge } from '../../../theory/gmp/bulkLaw.js';
import {
  inertiaFailures,
  roundingTolerance,
  type NullReference,
  type NullTable,
  type WeightSigns,
} from '../../../simulations/comparisons/index.js';
import type { BulkEstimate } from './estimateBulk.js';
import { estimateStated } from './estimateStated.js';
import { fitOfSet, levelOfEach } from './bulkSet.js';
import { fewestEigenvalues, requireLevel, tieNotes, type BulkFit, type EstimatedBulk } from './fitBulk.js';
import { statedNull, type StatedNull } from './statedNull.js';
import { statedSearchLimit } from './statedPath.js';
import { negated, type StatedLaw } from './statedPlaces.js';

/** A law at scale 1, draws of it, and what is exact of its signs. */
export interface StatedBulk {
  readonly weights: WeightLaw;
  readonly dimension: number;
  readonly samples: number;
  /** Fixes the draws together with sizes and seed. */
  readonly key: string;
  readonly signs: WeightSigns;
  /** Ascending eigenvalues of draw r of a seed. */
  readonly draw: (seed: string, replicate: number) => Float64Array;
}

export interface FitStatedOptions {
  /** 0.01. */
  readonly level?: number | undefined;
  /** Each costs a matrix. 199. */
  readonly replicates?: number | undefined;
  readonly seed?: string | undefined;
  /** Eigenvalues within it of 0 are 0. */
  readonly tolerance: number;
  readonly tables?: Map<string, NullTable> | undefined;
}

/** Fits any spectra of the size of the law it was made for. */
export interface StatedFitter {
  readonly fit: (spectra: readonly Float64Array[]) => BulkFit;
  /** One of them, for what its shape says. */
  readonly estimate: (eigenvalues: Float64Array) => EstimatedBulk;
  /** Of shapes. */
  readonly nulls: NullReference;
}

const usualReplicates = 199;

/**
 * Scale from the middle ranks against the means of draws, spikes by the step-down maximum of `fitBulk`, the bulk's places
 * beside spikes of the strengths found (`countShift`); weights known by their law alone are drawn anew in every draw. Weights
 * of both signs: spikes at either end. Accuracy: docs/tables/fit-laws.md.
 *
 * @throws UsageError for fewer than 20 eigenvalues that are not zero, or options out of range
 */
export function statedFitter(stated: StatedBulk, options: FitStatedOptions): StatedFitter {
  const { level = 0.01, replicates = usualReplicates, seed = '1', tolerance, tables } = options;
  requireLevel(level);
  if (!(Number.isInteger(replicates) && replicates >= 99))
    throw new UsageError(`a fit needs at least 99 draws of the law, got ${replicates}. 199 is a good number.`);
  const { law, reflected, threshold } = orientedLaw(stated);
  const oriented = (values: Float64Array): Float64Array => (reflected ? negated(values) : values);
  let calibration: StatedNull | undefined;
  const nullDraws = (): StatedNull =>
    (calibration ??= statedNull(
      {
        dimension: stated.dimension,
        samples: stated.samples,
        key: stated.key,
        law,
        replicates,
        seed,
        draw: (r) => oriented(withoutRounding(stated.draw(seed, r))),
      },
      tables,
    ));
  const estimate = (eigenvalues: Float64Array, ownLevel: number): EstimatedBulk => {
    const values = snapped(eigenvalues, tolerance);
    const zeros = values.filter((value) => value === 0).length;
    requireEnough(values.length - zeros);
    const failure = inertiaFailures(values, stated.signs, tolerance)[0];
    if (failure !== undefined) return { impossible: failure, zeros, notes: [] };
    const nulls = nullDraws();
    const { samples } = stated;
    const found = estimateStated({ values: oriented(values), samples, level: ownLevel, calibration: nulls, threshold });
    if (!(found.variance > 0)) return { impossible: negativeScale, zeros, notes: [] };
    return {
      impossible: undefined,
      estimate: reflected ? reflectedEstimate(found) : found,
      unreachable: nulls.expected.zeros > 0 ? found.below.length : 0,
      limit: statedSearchLimit(values.length - nulls.expected.zeros),
      calibration: nulls,
      zeros,
      notes: tieNotes(values.filter((value) => value !== 0)),
    };
  };
  return {
    fit: (spectra) =>
      fitOfSet(
        spectra.map((values) => estimate(values, levelOfEach(level, spectra.length))),
        level,
      ),
    estimate: (eigenvalues) => estimate(eigenvalues, level),
    get nulls() {
      return nullDraws().shape;
    },
  };
}

function snapped(values: Float64Array, tolerance: number): Float64Array {
  return values.map((value) => (Math.abs(value) <= tolerance ? 0 : value)).sort();
}

/** Zeros of a drawn matrix come out as rounding. */
function withoutRounding(values: Float64Array): Float64Array {
  return snapped(values, roundingTolerance(values));
}

const negativeScale = 'only a negative factor would bring the law to these eigenvalues';

function requireEnough(count: number): void {
  if (count < fewestEigenvalues)
    throw new UsageError(
      `a bulk needs at least ${fewestEigenvalues} eigenvalues that are not zero to be fitted, got ${count}. Leave --fit scale out to test the law as it stands.`,
    );
}

/** Of weights that are all negative the law of their absolute values. */
function orientedLaw({ weights, dimension, samples }: StatedBulk): {
  readonly law: StatedLaw;
  readonly reflected: boolean;
  readonly threshold: number;
} {
  const aspectRatio = dimension / samples;
  const found = generalisedMarchenkoPastur(weights, aspectRatio);
  const outline = outlineOf(found);
  const transform = boundaryTransform(weights, aspectRatio);
  // Off the support, where strengths are asked for, the outline has the sharper edges.
  const [bottom, top] = [outline.support[0]![0], outline.support.at(-1)![1]];
  const reflected = top <= 0;
  const signed = bottom < 0 && top > 0;
  const outer = reflected ? bottom : top;
  const threshold = outer / (outer + reciprocalAtEdge(outline, outer));
  const law: StatedLaw = reflected
    ? {
        edges: [-top + 0, -bottom],
        transform: (x) => {
          const { re, im } = transform(-x);
          return { re: -re, im };
        },
        signed,
      }
    : { edges: [bottom, top], transform, signed };
  return { law, reflected, threshold };
}

function reflectedEstimate(found: BulkEstimate): BulkEstimate {
  const flipped = (spikes: BulkEstimate['above']): BulkEstimate['above'] =>
    spikes.map(({ eigenvalue, strength }) => ({ eigenvalue: -eigenvalue, strength }));
  const { edges, above, below, tests } = found;
  return {
    ...found,
    edges: [-edges[1], -edges[0]],
    above: flipped(below),
    below: flipped(above),
    // Those counted one by one are below.
    oneByOne: below.length,
    tests: { ...tests, largest: tests.smallest, smallest: tests.largest },
  };
}
