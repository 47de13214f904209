import type { SpectralLaw } from '../../../theory/contracts.js';
import { tableOf } from '../distances/distances.js';
import type { LawPiece } from '../distances/lawPieces.js';
import type { TabulatedLaw } from '../distances/tabulateLaw.js';
import { chebyshevNodes } from '../distances/chebyshev.js';

/** A function of an eigenvalue, with its derivative. */
export interface SmoothFunction {
  readonly name: string;
  readonly value: (x: number) => number;
  readonly slope: (x: number) => number;
}

/**
 * Three functions that see a law's middle, its asymmetry and its tails, all on the scale c and none of them a
 * polynomial: e^{−x²/(2c²)}, arctan(2x/c), log(1 + x²/c²). Their nearest singularity is c/2 away.
 */
export function spectralFunctions(scale: number): readonly SmoothFunction[] {
  const square = scale * scale;
  const gauss = (x: number): number => Math.exp((-x * x) / (2 * square));
  return [
    { name: 'exp(−x²/2c²)', value: gauss, slope: (x) => (-x / square) * gauss(x) },
    { name: 'atan(2x/c)', value: (x) => Math.atan((2 * x) / scale), slope: (x) => (2 * scale) / (square + 4 * x * x) },
    { name: 'log(1 + x²/c²)', value: (x) => Math.log1p((x * x) / square), slope: (x) => (2 * x) / (square + x * x) },
  ];
}

/** Σ_i f(λ_i) for each function. */
export function linearStatistics(eigenvalues: ArrayLike<number>, functions: readonly SmoothFunction[]): number[] {
  return functions.map(({ value }) => {
    let sum = 0;
    for (let i = 0; i < eigenvalues.length; i++) sum += value(eigenvalues[i]!);
    return sum;
  });
}

/** Panels in the angle of x = lower + (upper − lower) sin²(angle/2) on each interval of a law. */
const panels = 16;
const nodes = chebyshevNodes(12);
const masses = fejerMasses(nodes.length);

/**
 * ∫ f dF for each function from nothing but the law's distribution function, by parts: over an interval [l, u] of the
 * support f(u)F(u) − f(l)F(l) − ∫ f′F dx, and f times its mass at an atom. No density, moment or transform of the law
 * enters, so that a wrong F cannot be covered by a right formula elsewhere.
 *
 * Fejér's rule in the angle, where F is smooth at square-root and at hard edges. Accuracy: 1e-8 times the largest |f|
 * for laws whose F a table represents (`tabulateLaw`) and functions that vary on no smaller scale than a tenth of an
 * interval.
 */
export function expectationsUnderLaw(law: SpectralLaw | TabulatedLaw, functions: readonly SmoothFunction[]): number[] {
  const table = tableOf(law);
  const sums = functions.map(() => 0);
  for (const piece of table.pieces) {
    if (piece.isAtom)
      functions.forEach(({ value }, k) => (sums[k]! += value(piece.lower) * (piece.above - piece.below)));
    else byParts(table, piece, functions).forEach((value, k) => (sums[k]! += value));
  }
  return sums;
}

function byParts(table: TabulatedLaw, piece: LawPiece, functions: readonly SmoothFunction[]): number[] {
  const { lower, upper, below, above } = piece;
  const sums = functions.map(({ value }) => value(upper) * above - value(lower) * below);
  const width = Math.PI / panels;
  for (let panel = 0; panel < panels; panel++) {
    nodes.forEach((node, j) => {
      const angle = width * (panel + (node + 1) / 2);
      const x = lower + (upper - lower) * Math.sin(angle / 2) ** 2;
      // dx = (upper − lower)/2 · sin(angle) d(angle); a panel is half its width times [−1, 1].
      const share = (masses[j]! * width * (upper - lower) * Math.sin(angle) * table.cdf(x)) / 4;
      functions.forEach(({ slope }, k) => (sums[k]! -= share * slope(x)));
    });
  }
  return sums;
}

/** Fejér's first rule on [−1, 1]: masses at `chebyshevNodes(count)`. */
function fejerMasses(count: number): Float64Array {
  return Float64Array.from({ length: count }, (_, j) => {
    const angle = ((2 * j + 1) * Math.PI) / (2 * count);
    let sum = 1;
    for (let k = 1; 2 * k <= count; k++) sum -= (2 * Math.cos(2 * k * angle)) / (4 * k * k - 1);
    return (2 * sum) / count;
  });
}
