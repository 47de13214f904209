import { UsageError } from '../errors.js';
import { exactSum } from '../numerics/exactSum.js';
import { requireIndex } from '../requirements.js';

/**
 * Blocks of a head whose predictions do not depend on the context, p = q for every input: what a language model learns
 * first. H_ij = q_i(δ_ij − q_j) E[hhᵀ] for any features h, so that every ratio is a function of q alone
 * (paper-notes.md, heads of language models).
 */
export interface UnigramRatios {
  /** t = Σ_{i≠j}‖H_ij‖² / Σ_i‖H_ii‖² = [(Σq²)² − Σq⁴] / Σq²(1 − q)², from 0 to 1. */
  readonly t: number;
  /** r = t/(C − 1), of means in place of sums. */
  readonly ratio: number;
  /** C²·r. */
  readonly scaled: number;
  /** 1/Σq²: as many classes, all alike, would collide as often. */
  readonly effectiveClasses: number;
}

/** Rounding of single precision, in which predictions often come. */
const sumTolerance = 1e-6;

/**
 * The ratios at given probabilities. Nothing cancels: of the likeliest class 1 − q and the rest of Σq² are sums over
 * the others. Relative error below 1e-14.
 *
 * @param q C ≥ 2 probabilities, summing to 1 within 1e-6; their sum stands for 1
 * @throws UsageError for other q, or if one class has all the mass: every block vanishes
 */
export function unigramRatios(q: ArrayLike<number>): UnigramRatios {
  const { total, squares, likeliest, others } = sumsOf('unigramRatios', q);
  if (!(others.mass > 0))
    throw new UsageError('unigramRatios: one class has all the mass, so that every block vanishes and no ratio exists');
  const sumOver = (term: (own: number, rest: number, restOfSquares: number) => number): number =>
    exactSum(
      Float64Array.from(q, (own, i) =>
        i === likeliest
          ? term(own, others.mass, others.squares)
          : term(own, total - own, Math.max(0, squares - own * own)),
      ),
    ).high;
  const off = sumOver((own, _, restOfSquares) => own * own * restOfSquares);
  const on = sumOver((own, rest) => (own * rest) ** 2);
  return ratiosOf(off / on, q.length, (total * total) / squares);
}

/**
 * Σ_{j≠i}‖H_ij‖² / ‖H_ii‖² = (Σq² − q_i²)/(1 − q_i)² of one row; near Σq² for every rare class.
 *
 * @param sumOfSquares Σq², where it is known: q is then not checked, and a row costs O(1) but for a class with more than
 *   half of the mass
 * @throws UsageError for q that `unigramRatios` refuses, an index out of range, or q_i = 1
 */
export function unigramRowRatio(q: ArrayLike<number>, i: number, sumOfSquares?: number): number {
  requireIndex('unigramRowRatio', 'i', i, q.length);
  const squares = sumOfSquares ?? sumsOf('unigramRowRatio', q).squares;
  const own = q[i]!;
  if (own <= 0.5) return (squares - own * own) / (1 - own) ** 2;
  const others = sumsWithout(q, i);
  if (!(others.mass > 0))
    throw new UsageError(`unigramRowRatio: class ${i} has all the mass, so that its row vanishes and has no ratio`);
  return others.squares / others.mass ** 2;
}

/** The four numbers from t, C and 1/Σq²; at C = Infinity C²·r is C·t, which is infinite unless t vanishes. */
export function ratiosOf(t: number, classes: number, effectiveClasses: number): UnigramRatios {
  const ratio = t / (classes - 1);
  return { t, ratio, scaled: classes === Infinity ? Infinity : ratio * classes * classes, effectiveClasses };
}

interface OtherSums {
  readonly mass: number;
  /** Σq². */
  readonly squares: number;
}

function sumsWithout(q: ArrayLike<number>, index: number): OtherSums {
  const without = Float64Array.from(q);
  without[index] = 0;
  return { mass: exactSum(without).high, squares: exactSum(without.map((value) => value * value)).high };
}

interface Sums {
  readonly total: number;
  /** Σq². */
  readonly squares: number;
  readonly likeliest: number;
  /** Over all classes but the likeliest. */
  readonly others: OtherSums;
}

function sumsOf(caller: string, q: ArrayLike<number>): Sums {
  if (q.length < 2) throw new UsageError(`${caller}: q must have at least 2 classes, got ${q.length}`);
  let likeliest = 0;
  for (let i = 0; i < q.length; i++) {
    if (!(q[i]! >= 0 && q[i]! <= 1 + sumTolerance))
      throw new UsageError(`${caller}: q must hold probabilities from 0 to 1, got ${q[i]} at ${i}`);
    if (q[i]! > q[likeliest]!) likeliest = i;
  }
  const others = sumsWithout(q, likeliest);
  const top = q[likeliest]!;
  const total = others.mass + top;
  if (!(Math.abs(total - 1) <= sumTolerance))
    throw new UsageError(`${caller}: q must sum to 1 within ${sumTolerance}, got ${total}; divide counts by their sum`);
  return { total, squares: others.squares + top * top, likeliest, others };
}
