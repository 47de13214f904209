/**
 * The scale of a bulk from the middle of its ranks: least squares of y_i = s q_i over ranks 10 to 80 %, in units of the gap
 * between neighbours, which is what their places are uncertain by: s = Σ ρ² q y/Σ ρ² q². What stands apart, and the few that
 * it hides behind, lie outside these ranks; the price is a standard deviation 1.1 to 1.3 times that of the trace.
 */
import { bulkPlaces, type BulkPlaces, type BulkShape } from '../../../theory/whiteBulk/index.js';

export interface MiddleWeights {
  /** Of the middle, counted from the smallest eigenvalue of the bulk. */
  readonly first: number;
  /** s = Σ gain y. */
  readonly gains: Float64Array;
  /** ρ² */
  readonly squares: Float64Array;
  /** Σ ρ² q² */
  readonly size: number;
}

const fewestRanks = 3;

/** Shares of the ranks between which the middle lies. */
type Middle = readonly [from: number, to: number];
const usualMiddle: Middle = [0.1, 0.8];

function middleOf(count: number, [from, to]: Middle): readonly [first: number, last: number] {
  const first = Math.min(Math.floor(from * count), count - fewestRanks);
  return [first, Math.max(Math.ceil(to * count), first + fewestRanks)];
}

/** For a bulk of this shape, with the places of strong spikes unless others are given. */
export function middleWeights(shape: BulkShape, given?: BulkPlaces, middle = usualMiddle): MiddleWeights {
  const [first, last] = middleOf(shape.rank - shape.above - (shape.below ?? 0), middle);
  const { places, densities } =
    given === undefined
      ? bulkPlaces(shape, first, last)
      : { places: given.places.subarray(first, last), densities: given.densities.subarray(first, last) };
  const squares = densities.map((density) => density * density);
  const size = places.reduce((sum, place, i) => sum + squares[i]! * place * place, 0);
  return { first, gains: places.map((place, i) => (squares[i]! * place) / size), squares, size };
}

/** @param below how many of the ascending values lie before the bulk */
export function middleScale(values: Float64Array, { first, gains }: MiddleWeights, below = 0): number {
  let scale = 0;
  for (let i = 0, at = first + below; i < gains.length; i++, at++) scale += gains[i]! * values[at]!;
  return scale;
}

/** The scale, and how far the middle is from the shape of the law at it: mean of ρ² (y/s − q)². */
export function middleFit(
  values: Float64Array,
  { first, gains, squares, size }: MiddleWeights,
): { readonly scale: number; readonly residual: number } {
  let scale = 0;
  let sum = 0;
  for (let i = 0, at = first; i < squares.length; i++, at++) {
    const value = values[at]!;
    scale += gains[i]! * value;
    sum += squares[i]! * value * value;
  }
  return { scale, residual: (sum / (scale * scale) - size) / squares.length };
}
