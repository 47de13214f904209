import type { Interval } from '../../../theory/contracts.js';
import { lineThroughMeans } from './lineThroughMeans.js';

/** A ratio of norms at one number of classes. */
export interface RatioAt {
  readonly classes: number;
  readonly ratio: number;
  /** Standard error, and its degrees of freedom; null where none is known. */
  readonly error: number | null;
  readonly degrees: number;
}

/** Slope of log r against log C between two numbers of classes, both included. */
export interface Exponent {
  readonly from: number;
  readonly to: number;
  readonly exponent: number;
  readonly interval: Interval | null;
}

/** falls: at least half of r still falls. saturated: at most a quarter of it does. rises: r grows with C. */
export type Trend = 'falls' | 'saturated' | 'rises' | 'not enough';

export interface TrendInClasses {
  /** Between neighbours, in the order of C. */
  readonly pairs: readonly Exponent[];
  /** Over the smaller and the larger half of the numbers of classes; with three the middle one is in both. */
  readonly small: Exponent | null;
  readonly large: Exponent | null;
  readonly verdict: Trend;
  /** The interval says more than the verdict does: the last two C or a floor are against it. */
  readonly isContradicted: boolean;
  /** A sentence. */
  readonly reason: string;
}

/**
 * Of r = floor + a/C the local exponent is minus the share of r that falls, (a/C)/r: at −1/2 half of r is left to fall, at −1/4 a
 * quarter. What falls like C^−2 is below.
 */
export const fallsBelow = -0.5;
export const saturatedAbove = -0.25;

/**
 * Whether r falls with C where C is large: by the whole interval of the exponent over the larger half of the numbers of classes. A line across
 * the place where a fall ends has a slope of neither side; therefore the last two numbers of classes must say the same, and r must be well
 * above a floor that is known before it is said to fall.
 *
 * Slopes are of the plain line through log r (`lineThroughMeans`), not weighted by errors that two or three draws give: at a nominal 0.95 a weighted
 * line covers 0.83, 0.89, 0.92 of the time with 2, 3, 5 draws at each of three C, this one 0.97, 0.96, 0.95.
 *
 * @param floor least value that r tends to as C → ∞, where one is known
 */
export function trendInClasses(points: readonly RatioAt[], confidence: number, floor?: number): TrendInClasses {
  const sorted = points.filter(({ ratio }) => ratio > 0).sort((a, b) => a.classes - b.classes);
  const pairs = sorted.slice(1).map((point, k) => exponentOf([sorted[k]!, point], confidence));
  if (pairs.length === 0)
    return {
      ...{ pairs, small: null, large: null, verdict: 'not enough', isContradicted: false },
      reason: 'An exponent needs two numbers of classes or more.',
    };
  const half = Math.max(2, Math.ceil(sorted.length / 2));
  const large = exponentOf(sorted.slice(-half), confidence);
  return {
    pairs,
    small: exponentOf(sorted.slice(0, half), confidence),
    large,
    ...verdictOf(large, pairs.at(-1)!, sorted.at(-1)!, floor),
  };
}

/** What the whole of an interval says of the exponent; nothing where it says several things. */
function sideOf([lower, upper]: Interval): Exclude<Trend, 'not enough'> | undefined {
  if (upper < fallsBelow) return 'falls';
  if (lower > -saturatedAbove) return 'rises';
  return lower > saturatedAbove && upper < -saturatedAbove ? 'saturated' : undefined;
}

function exponentOf(points: readonly RatioAt[], confidence: number): Exponent {
  const isKnown = points.every(({ error }) => error !== null);
  const { slope, interval } = lineThroughMeans(
    points.map(({ classes, ratio, error, degrees }) => ({
      x: Math.log(classes),
      mean: Math.log(ratio),
      variance: ((error ?? 0) / ratio) ** 2,
      degrees,
    })),
    confidence,
  );
  const [from, to] = [points[0]!.classes, points.at(-1)!.classes];
  return { from, to, exponent: slope, interval: isKnown ? interval : null };
}

function verdictOf(
  { from, to, interval }: Exponent,
  { from: before, exponent: lately }: Exponent,
  last: RatioAt,
  floor = 0,
): Pick<TrendInClasses, 'verdict' | 'isContradicted' | 'reason'> {
  const where = `from C = ${from} to ${to}`;
  if (interval === null)
    return {
      ...{ verdict: 'not enough', isContradicted: false },
      reason: `No error is known ${where}: two probes of a block, two blocks, or two initialisations are needed.`,
    };
  const side = sideOf(interval);
  if (side === undefined)
    return {
      ...{ verdict: 'not enough', isContradicted: false },
      reason: `The interval ${where} reaches from ${fixed(interval[0])} to ${fixed(interval[1])}: ${isBetween(interval) ? 'the fall is ending, and' : 'more initialisations, or'} a larger C would tell.`,
    };
  const against =
    from !== before && sideOf([lately, lately]) !== side
      ? `but from C = ${before} on the exponent is ${fixed(lately)}: more initialisations or a larger C would tell`
      : side === 'falls' && last.ratio < 2 * floor
        ? `but at C = ${to} it is ${(last.ratio / floor).toFixed(2)} times its floor: the fall is ending`
        : undefined;
  return against === undefined
    ? { verdict: side, isContradicted: false, reason: `All of the interval ${where} ${bounds[side]}.` }
    : { verdict: 'not enough', isContradicted: true, reason: `It ${does[side]} ${where}, ${against}.` };
}

/** Of neither side, however short it is. */
const isBetween = ([lower, upper]: Interval): boolean => lower >= fallsBelow && upper <= saturatedAbove;

/** A true minus sign. */
const fixed = (value: number): string => value.toFixed(2).replace('-', '−');

const bounds = {
  falls: `lies below ${fixed(fallsBelow)}`,
  saturated: `lies within ${fixed(saturatedAbove)} … ${fixed(-saturatedAbove)}`,
  rises: `lies above ${fixed(-saturatedAbove)}`,
} as const;
const does = { falls: 'falls', saturated: 'is level', rises: 'rises' } as const;
