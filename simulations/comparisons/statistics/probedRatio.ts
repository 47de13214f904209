import { UsageError } from '../../../theory/errors.js';
import { summarise } from './summary.js';

/** P×K unbiased numbers, a probed block a row and a probe a column, and the number of blocks that the probed ones stand for. */
export interface ProbedNumbers {
  readonly numerators: ArrayLike<number>;
  readonly denominators: ArrayLike<number>;
  readonly probes: number;
  readonly blocks: number;
}

/** Σ numerators over Σ denominators, its errors apart. */
export interface ProbedRatio {
  /** Null where all denominators are 0. */
  readonly ratio: number | null;
  /** Mean over blocks and probes. */
  readonly denominator: number;
  /** Standard error over the probes of each block, the blocks given; null with one probe. */
  readonly probesError: number | null;
  /** Over which blocks were probed: 0 where all were, null where one alone was. With one probe that of the probes is in it. */
  readonly blocksError: number | null;
  /** Both together, and how well it is known; null where a part is not known. */
  readonly error: number | null;
  readonly degrees: number;
}

/**
 * Ratio of norms that probes estimate. With u_bk = numerator − ratio · denominator:
 *
 *   probes:  √(Σ_b s_b²/K) / Σ_b mean denominator,   s_b² the variance of u_bk over k;
 *   blocks:  √((1 − P/B)(J² − probes²)),   J² of the jackknife that leaves out one of the P blocks, which has both in it.
 *
 * Blocks must have been picked at random for the second. Degrees by Welch and Satterthwaite.
 * @throws UsageError for numbers that do not make whole rows, or more probed blocks than there are
 */
export function probedRatio({ numerators, denominators, probes, blocks }: ProbedNumbers): ProbedRatio {
  const probed = denominators.length / probes;
  if (numerators.length !== denominators.length || !Number.isInteger(probed) || probed < 1 || probed > blocks)
    throw new UsageError(
      `probedRatio: needs one numerator per denominator in whole rows of ${probes} for at most ${blocks} blocks, got ${numerators.length} and ${denominators.length}`,
    );
  const meanOf = (values: ArrayLike<number>, row: number): number => {
    let sum = 0;
    for (let k = 0; k < probes; k++) sum += values[row * probes + k]!;
    return sum / probes;
  };
  const tops = Array.from({ length: probed }, (_, b) => meanOf(numerators, b));
  const bottoms = Array.from({ length: probed }, (_, b) => meanOf(denominators, b));
  const [top, bottom] = [sumOf(tops), sumOf(bottoms)];
  if (!(bottom > 0))
    return { ratio: null, denominator: 0, probesError: null, blocksError: null, error: null, degrees: NaN };
  const ratio = top / bottom;
  const ofProbes = probes < 2 ? null : varianceOfProbes({ numerators, denominators, probes }, probed, ratio, bottom);
  const whole = probed < 2 ? null : jackknifeVariance(tops, bottoms);
  const ofBlocks =
    probed === blocks
      ? 0
      : whole === null
        ? null
        : ofProbes === null
          ? whole
          : (1 - probed / blocks) * Math.max(0, whole - ofProbes.variance);
  const isKnown = ofBlocks !== null && (ofProbes !== null || ofBlocks > 0);
  const variance = (ofProbes?.variance ?? 0) + (ofBlocks ?? 0);
  const fourth =
    (ofProbes === null ? 0 : ofProbes.variance ** 2 / ofProbes.degrees) + (ofBlocks ?? 0) ** 2 / (probed - 1 || 1);
  return {
    ratio,
    denominator: bottom / probed,
    probesError: ofProbes === null ? null : Math.sqrt(ofProbes.variance),
    blocksError: ofBlocks === null ? null : Math.sqrt(ofBlocks),
    error: isKnown ? Math.sqrt(variance) : null,
    degrees: fourth > 0 ? variance ** 2 / fourth : Infinity,
  };
}

const sumOf = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0);

function varianceOfProbes(
  { numerators, denominators, probes }: Omit<ProbedNumbers, 'blocks'>,
  probed: number,
  ratio: number,
  bottom: number,
): { readonly variance: number; readonly degrees: number } {
  let [variance, fourth] = [0, 0];
  for (let b = 0; b < probed; b++) {
    const residuals = Float64Array.from({ length: probes }, (_, k) => {
      const at = b * probes + k;
      return numerators[at]! - ratio * denominators[at]!;
    });
    const own = summarise(residuals, 'probedRatio').variance / probes;
    variance += own;
    fourth += (own * own) / (probes - 1);
  }
  return { variance: variance / bottom ** 2, degrees: fourth > 0 ? variance ** 2 / fourth : Infinity };
}

/** Of Σ tops / Σ bottoms, without each block in turn. */
function jackknifeVariance(tops: readonly number[], bottoms: readonly number[]): number | null {
  const [top, bottom] = [sumOf(tops), sumOf(bottoms)];
  const without = tops.map((value, b) => (top - value) / (bottom - bottoms[b]!));
  // All of the denominator is one block's.
  if (without.some((value) => !Number.isFinite(value))) return null;
  const count = without.length;
  const mean = sumOf(without) / count;
  return ((count - 1) / count) * sumOf(without.map((value) => (value - mean) ** 2));
}
