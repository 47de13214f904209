import type { ExactStatement, StatementId } from './contract.js';

/** Unit roundoff: the relative error of one operation. */
const roundoff = Number.EPSILON / 2;

/**
 * The error that `count` operations one after the other may make of a sum whose terms have absolute sum `size`: to
 * first order, count · 2^{−53} · size (Higham, Accuracy and Stability, section 3.1).
 */
export function roundingOf(count: number, size: number): number {
  return count * roundoff * size;
}

interface Sides {
  readonly id: StatementId;
  readonly unit?: number;
  readonly left: number;
  readonly right: number;
  /** Size of what is compared. */
  readonly scale: number;
  readonly rounding: number;
}

export function equal(sides: Sides): ExactStatement {
  const { left, right, rounding } = sides;
  return { unit: null, ...sides, relation: 'equal', holds: Math.abs(left - right) <= rounding };
}

export function atMost(sides: Sides): ExactStatement {
  const { left, right, rounding } = sides;
  return { unit: null, ...sides, relation: 'at most', holds: left <= right + rounding };
}

/** Two vectors are equal: said of the length of their difference, which is 0. */
export function equalVectors(
  { id, unit, rounding }: Pick<Sides, 'id' | 'unit' | 'rounding'>,
  first: ArrayLike<number>,
  second: ArrayLike<number>,
): ExactStatement {
  let [difference, size] = [0, 0];
  for (let k = 0; k < first.length; k++) {
    difference += (first[k]! - second[k]!) ** 2;
    size += first[k]! ** 2 + second[k]! ** 2;
  }
  const scale = Math.sqrt(size / 2);
  return equal({ id, ...(unit === undefined ? {} : { unit }), left: Math.sqrt(difference), right: 0, scale, rounding });
}

/** Of the same statement for several units, the one that is nearest to break, or has. */
export function worst(statements: readonly ExactStatement[]): ExactStatement[] {
  const excess = ({ left, right, relation, rounding }: ExactStatement) => {
    const beyond = (relation === 'equal' ? Math.abs(left - right) : left - right) - rounding;
    return Number.isNaN(beyond) ? Infinity : beyond / (rounding || Number.MIN_VALUE);
  };
  if (statements.length === 0) return [];
  return [statements.reduce((found, next) => (excess(next) > excess(found) ? next : found))];
}
