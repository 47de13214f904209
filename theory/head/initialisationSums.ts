import { UsageError } from '../errors.js';
import { requireClasses, requirePositive } from '../requirements.js';
import { largestPairVariance, type ClassPairMoments } from './classPairMoments.js';
import { classPairsDirectly, classPairTable, type PairRange } from './classPairTable.js';
import { requireGram } from './initialisation.js';

/** Expectations of both sums of squared block norms over V. */
export interface ExpectedSums {
  /** E Σ_{i≠j}‖H_ij‖². */
  readonly off: number;
  /** E Σ_i‖H_ii‖². */
  readonly on: number;
  /** C²·r, r = off/((C − 1) on): of means, and a ratio of expectations. */
  readonly scaled: number;
}

export interface InitialisationSums {
  /** Of the Hessian on these samples: all pairs n, m, over N². */
  readonly all: ExpectedSums;
  /** Of their population's: pairs n ≠ m, over N(N − 1); NaN for one sample. */
  readonly population: ExpectedSums;
  /** Largest relative error of a term that was found, by which no sum can be off by more. */
  readonly error: number;
}

/**
 * A head f = Vh at initialisation with finitely many classes, V with C rows iid N(0, τI) independent of the features: the
 * logits of a class at two samples are a normal pair with covariance τ[[|h_n|², g], [g, |h_m|²]], g = h_n·h_m, so that
 *
 *   E Σ_{i≠j}‖H_ij‖² = (1/N²) Σ_nm g² C(C−1) A,  E Σ_i‖H_ii‖² = (1/N²) Σ_nm g² C(C−1) [A + (C−2) B],
 *
 * A = E[p_i p_j p′_i p′_j] and B = E[p_i p_j p′_i p′_k] by `classPairMoments`, interpolated in lengths and cosine
 * where there are many samples.
 * Exact in N and C but for the error stated, below 1e-5 where τ|h|² stays below 16. As C → ∞ `initialisationLimit`.
 *
 * @param gram N×N, h_n·h_m
 * @param samples N
 * @param variance τ of an entry of V
 * @param classes C, whole, from 2 to 1e7
 * @param tolerance relative error of A and B that is good enough, where they are interpolated
 * @throws UsageError for sizes that do not fit, values that are not finite, features that are all zero, or τ|h|² above 64
 */
export function initialisationSums(
  gram: ArrayLike<number>,
  samples: number,
  variance: number,
  classes: number,
  tolerance?: number,
): InitialisationSums {
  const caller = 'initialisationSums';
  requirePositive(caller, 'variance', variance);
  requireClasses(caller, classes);
  if (classes > 1e7)
    throw new UsageError(`${caller}: classes must be at most 1e7, got ${classes}; beyond, initialisationLimit`);
  requireGram(caller, gram, samples);
  const lengths = Float64Array.from({ length: samples }, (_, n) => Math.sqrt(variance * gram[n * (samples + 1)]!));
  const range = rangeOf(gram, lengths, variance);
  // Few pairs are fewer than the nodes of a table.
  const table = samples > fewSamples ? classPairTable(classes, range, tolerance) : classPairsDirectly(classes);
  const [same, different] = [new Sums(classes), new Sums(classes)];
  for (let n = 0; n < samples; n++) {
    if (lengths[n] === 0) continue;
    same.add(gram[n * (samples + 1)]!, table.single(lengths[n]!));
    const withOther = table.withOthersOf(lengths[n]!);
    for (let m = 0; m < n; m++) {
      const inner = gram[n * samples + m]!;
      if (inner === 0) continue;
      const pair = withOther(lengths[m]!, cosineOf(variance * inner, lengths[n]!, lengths[m]!));
      different.add(inner, pair, 2);
    }
  }
  return {
    all: same.plus(different).expected(samples * samples),
    population: different.expected(samples * (samples - 1)),
    error: Math.expm1(table.error),
  };
}

const fewSamples = 16;

/** Rounding of the entries must not carry a cosine beyond 1. */
const cosineOf = (shared: number, length: number, other: number): number =>
  Math.max(-1, Math.min(1, shared / (length * other)));

function rangeOf(gram: ArrayLike<number>, lengths: Float64Array, variance: number): PairRange {
  const caller = 'initialisationSums';
  const samples = lengths.length;
  const lived = lengths.filter((length) => length > 0);
  if (lived.length === 0) throw new UsageError(`${caller}: gram has only zeros, so that every block vanishes`);
  const [shortest, longest] = [lived.reduce((a, b) => Math.min(a, b)), lived.reduce((a, b) => Math.max(a, b))];
  if (!(longest * longest <= largestPairVariance))
    throw new UsageError(
      `${caller}: variance·|h|² must be at most ${largestPairVariance} for every sample, where it is verified, got ${longest * longest}`,
    );
  let [lowest, highest] = [1, -1];
  for (let n = 0; n < samples; n++)
    for (let m = 0; m < n; m++) {
      if (lengths[n] === 0 || lengths[m] === 0) continue;
      const cosine = cosineOf(variance * gram[n * samples + m]!, lengths[n]!, lengths[m]!);
      lowest = Math.min(lowest, cosine);
      highest = Math.max(highest, cosine);
    }
  return { lengths: [shortest, longest], cosines: lowest <= highest ? [lowest, highest] : [0, 0] };
}

/** Σ g² C⁴A and Σ g² C⁴B. */
class Sums {
  constructor(
    private readonly classes: number,
    private both = 0,
    private one = 0,
  ) {}

  add(inner: number, { logBoth, logOne }: ClassPairMoments, times = 1): void {
    const square = times * inner * inner;
    this.both += square * Math.exp(logBoth);
    this.one += square * Math.exp(logOne);
  }

  plus(other: Sums): Sums {
    return new Sums(this.classes, this.both + other.both, this.one + other.one);
  }

  expected(pairs: number): ExpectedSums {
    const { classes, both, one } = this;
    const on = both + (classes - 2) * one;
    const count = (classes - 1) / classes ** 3 / pairs;
    return { off: both * count, on: on * count, scaled: ((both / on) * classes * classes) / (classes - 1) };
  }
}
