import type { DiscreteMeasure, SpectralLaw } from '../contracts.js';
import { UsageError } from '../errors.js';
import { generalisedMarchenkoPastur, type GmpLaw } from '../gmp/index.js';
import { compressMeasure } from '../measures/compressMeasure.js';
import { discreteMeasure } from '../measures/discreteMeasure.js';
import { measureMoment } from '../measures/measureMoment.js';
import { softmaxWeights } from '../weights/softmaxWeights.js';
import {
  softmaxCovarianceMoments,
  softmaxCovarianceOfThree,
  softmaxCovarianceWeights,
} from './softmaxCovarianceWeights.js';

/** The softmax behind the weights, and the effort of its cubature. */
export interface LinearHessianOptions {
  /** C, from 2 to 32. */
  readonly classes: number;
  /** s², variance of the independent normal logits, in (0, 4]. */
  readonly logitVariance: number;
  /** γ = d/N. */
  readonly aspectRatio: number;
  /**
   * Lattice points per shift, a power of two from 1024 to 16384. The default falls from 8192 at C = 4 to 1024 at C =
   * 32.
   */
  readonly points?: number;
  /** Names of the lattice shifts, at least two (half of them against the other half give the error). Default 0 to 3. */
  readonly shifts?: readonly number[];
}

/** A law of the whole Hessian, with its part off the forced zeros. */
export interface LinearHessianLaw extends SpectralLaw {
  /** The law of the (C − 1) d eigenvalues that are not forced to be zero. */
  readonly bulk: SpectralLaw;
  /** Estimated error of `cdf` from the cubature over the logits and the nodes it leaves, absolute. */
  readonly error: number;
}

/** C of which the law is computed at most. */
export const largestWholeClasses = 32;

/**
 * Limit spectral law of the whole Cd×Cd Hessian of the linear model under cross-entropy at initialisation,
 * H = (1/N) Σ_n A_n ⊗ x_n x_nᵀ, A_n = diag(p_n) − p_n p_nᵀ (paper-notes.md, whole linear Hessian).
 *
 * Its C×C transform solves M = (−zI + E[A(I + γMA)^{-1}])^{-1}. Classes are exchangeable at initialisation, so M = α(I
 * − 11ᵀ/C) + β 11ᵀ/C, and A1 = 0 makes β = −1/z and MA = αA. The trace over 1⊥ leaves z = −1/α + E[a/(1 + γαa)] with a
 * the eigenvalues of A on 1⊥, all equally likely: a generalised Marčenko–Pastur law of weight a at the same aspect
 * ratio. So
 *   μ = (1 − 1/C)·GMP(law of a, γ) + (1/C)·δ₀,
 * and density, CDF and edges keep that law's accuracy given the law of a. For C = 2, a = 2p(1 − p), on a path off the
 * axis: good to 1e-10. For C = 3 the law of a is a product rule, whose moments are exact to rounding; its nodes, being
 * real, open gaps where the weights are thin and the aspect ratio large, and `error` is the difference to a coarser
 * rule (2e-7 or less at γ = 0.4, 1e-4 at γ = 2). Above, it is a lattice cubature over the logits, and `error` estimates
 * what that leaves: about 2e-5 at C = 5 and 4e-4 at C = 32 with the default points.
 *
 * @throws UsageError for C outside 2 to 32, fewer than two shifts, and what `softmaxWeights` or the law refuse
 */
export function linearCrossEntropyHessianLaw(options: LinearHessianOptions): LinearHessianLaw {
  const {
    classes,
    logitVariance,
    aspectRatio,
    points = defaultPoints(options.classes),
    shifts = [0, 1, 2, 3],
  } = options;
  if (!Number.isInteger(classes) || classes < 2 || classes > largestWholeClasses) {
    throw new UsageError(
      `linearCrossEntropyHessianLaw: classes must be an integer from 2 to ${largestWholeClasses}, got ${classes}`,
    );
  }
  if (!(logitVariance > 0 && Number.isFinite(logitVariance))) {
    throw new UsageError(
      `linearCrossEntropyHessianLaw: logitVariance must be positive and finite, got ${logitVariance}`,
    );
  }
  if (classes === 2) {
    // The rate scaling multiplies p(1 − p) by C.
    const weights = softmaxWeights({ classes, logitVariance, block: 'diagonal', scaling: 'rate' });
    return withForcedZeros(generalisedMarchenkoPastur(weights, aspectRatio), classes, 0);
  }
  if (shifts.length < 2) {
    throw new UsageError(`linearCrossEntropyHessianLaw: shifts must name at least two lattices, got ${shifts.length}`);
  }
  if (classes === 3) {
    const [bulk, coarser] = [undefined, coarserStep].map((step) => {
      const { measure } = compressMeasure(softmaxCovarianceOfThree(logitVariance, step), {
        tolerance: 1e-12,
        aspectRatio,
      });
      return generalisedMarchenkoPastur(measure, aspectRatio);
    }) as [GmpLaw, GmpLaw];
    return withForcedZeros(bulk, classes, 1e-12 + largestDifference(bulk, bulk, coarser));
  }
  const sets = shifts.map((shift) => softmaxCovarianceWeights({ classes, logitVariance, points, shift }));
  const bulkOf = (used: readonly Float64Array[], tolerance: number): GmpLaw =>
    generalisedMarchenkoPastur(compressMeasure(pooled(used), { tolerance, aspectRatio }).measure, aspectRatio);
  const bulk = bulkOf(sets, compression);
  const half = Math.floor(shifts.length / 2);
  const halves = [bulkOf(sets.slice(0, half), coarse), bulkOf(sets.slice(half), coarse)] as const;
  // Two halves differ by about twice the standard error of the whole. What all shifts have in common shows in the exact
  // moments.
  let error = Math.max(coarse, largestDifference(bulk, ...halves) / 2);
  softmaxCovarianceMoments(classes, logitVariance).forEach((exact, k) => {
    error = Math.max(error, Math.abs(measureMoment(bulk.weights, k + 1) / exact - 1));
  });
  return withForcedZeros(bulk, classes, error);
}

function defaultPoints(classes: number): number {
  return 2 ** Math.max(10, Math.min(13, Math.round(Math.log2(32768 / classes))));
}

function pooled(sets: readonly Float64Array[]): DiscreteMeasure {
  const all = new Float64Array(sets.reduce((count, set) => count + set.length, 0));
  let start = 0;
  for (const set of sets) {
    all.set(set, start);
    start += set.length;
  }
  return discreteMeasure(all);
}

/** Far below the cubature's own error. */
const compression = 1e-9;
const coarse = 1e-7;
const checkPoints = 24;
/** Beside the step of `softmaxCovarianceOfThree`. */
const coarserStep = 0.54;

/**
 * Largest difference of two distribution functions over equally spaced levels of the continuous part of a third law.
 */
function largestDifference(levels: SpectralLaw, first: SpectralLaw, second: SpectralLaw): number {
  const atom = levels.atoms.reduce((sum, { mass }) => sum + mass, 0);
  let largest = 0;
  for (let k = 0; k < checkPoints; k++) {
    const x = levels.quantile(atom + ((1 - atom) * (k + 0.5)) / checkPoints);
    largest = Math.max(largest, Math.abs(first.cdf(x) - second.cdf(x)));
  }
  return largest;
}

/** Mixes in the atom 1/C at zero; the bulk lies on [0, ∞). */
function withForcedZeros(bulk: SpectralLaw, classes: number, error: number): LinearHessianLaw {
  const share = (classes - 1) / classes;
  const forced = 1 / classes;
  const atZero = forced + share * (bulk.atoms.find(({ at }) => at === 0)?.mass ?? 0);
  const cdf = (x: number): number => share * bulk.cdf(x) + (x >= 0 ? forced : 0);
  const density = (x: number): number => share * bulk.density(x);
  return {
    bulk,
    error: share * error,
    aspectRatio: bulk.aspectRatio,
    support: bulk.support,
    atoms: [{ at: 0, mass: atZero }],
    density,
    cdf,
    survival: (x) => share * bulk.survival(x) + (x < 0 ? forced : 0),
    densities: (sorted) => bulk.densities(sorted).map((value) => share * value),
    cdfs: (sorted) => bulk.cdfs(sorted).map((value, k) => share * value + (sorted[k]! >= 0 ? forced : 0)),
    quantile(p) {
      if (!(p >= 0 && p <= 1)) throw new UsageError(`quantile: p must lie in [0, 1], got ${p}`);
      return p <= atZero ? 0 : bulk.quantile(Math.min((p - forced) / share, 1));
    },
    moment: (k) => (k === 0 ? 1 : share * bulk.moment(k)),
    stieltjes(z) {
      const { re, im } = bulk.stieltjes(z);
      const size = z.re * z.re + z.im * z.im;
      // −1/z = (−re + i·im)/|z|².
      return { re: share * re - (forced * z.re) / size, im: share * im + (forced * z.im) / size };
    },
    get diagnostics() {
      const note = `${classes} × d eigenvalues, of which d are forced to zero; error of the CDF from the cubature about ${(share * error).toExponential(1)}`;
      return { ...bulk.diagnostics, notes: [...bulk.diagnostics.notes, note] };
    },
  };
}
