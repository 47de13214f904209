import type { LogSumCovariance } from './logSumCovariance.js';
import { indexOf } from './overlapTaylor.js';
import type { Unit } from '../network/unitExpectations.js';

/** Averages over ordered pairs of distinct units, and over units. */
export interface BlockAverages {
  readonly off: number;
  readonly diagonal: number;
}

/**
 * Averages over blocks of Cov_V(a, a′), a and a′ the weights of hidden cross-entropy blocks at two inputs that share a
 * normal V with entries of variance τ² (labels averaged over).
 *
 * Without its label the loss of an input is ℓ = log Σ_c e^{v_c·h} − v̄·h, v̄ the mean over classes, and a_ij = ∂²ℓ/∂u_i
 * ∂u_j. So Cov(a_ij, a′_ij) is the fourth derivative by u_i, u_j, u′_i, u′_j of c − g/C, c of `logSumCovariance` at θ =
 * |α|², θ′ = |β|², g = α·β, α = τh, β = τh′. For i ≠ j it is wᵢᵀM wⱼ with w = (1, α², αβ, β²).
 */
export function weightCovariance(
  own: readonly Unit[],
  other: readonly Unit[],
  entryVariance: number,
  classes: number,
  { taylor }: Pick<LogSumCovariance, 'taylor'>,
): BlockAverages {
  const derivative = (a: number, b: number, k: number): number =>
    factorials[a] * factorials[b] * factorials[k] * taylor[indexOf(a, b, k)];
  const matrix = offDiagonalMatrix(derivative);
  const diagonalOf = diagonalPolynomials(derivative, classes);
  const sums = new Float64Array(4);
  const deviation = Math.sqrt(entryVariance);
  let same = 0;
  let diagonal = 0;
  const powers = new Float64Array(4);
  own.forEach((unit, k) => {
    const [alpha, beta] = [deviation * unit.h, deviation * other[k].h];
    const slopes = unit.slope * other[k].slope;
    const ratio = { own: unit.curvature, other: other[k].curvature };
    if (slopes === 0 && ratio.own === 0 && ratio.other === 0) return;
    powers.set([1, alpha * alpha, alpha * beta, beta * beta]);
    for (let p = 0; p < 4; p += 1) sums[p] += slopes * powers[p];
    same += slopes * slopes * quadraticForm(matrix, powers);
    diagonal += diagonalOf(alpha, beta, unit, other[k], deviation);
  });
  const width = own.length;
  const scale = entryVariance * entryVariance;
  return {
    off: (scale * (quadraticForm(matrix, sums) - same)) / (width * (width - 1)),
    diagonal: diagonal / width,
  };
}

const factorials = [1, 1, 2, 6, 24];
type Derivative = (a: number, b: number, k: number) => number;

function quadraticForm(matrix: readonly (readonly number[])[], vector: Float64Array): number {
  let sum = 0;
  for (let p = 0; p < 4; p += 1) for (let q = 0; q < 4; q += 1) sum += matrix[p][q] * vector[p] * vector[q];
  return sum;
}

/** M of ∂_{α_i} ∂_{α_j} ∂_{β_i} ∂_{β_j} c = wᵢᵀM wⱼ, i ≠ j. */
function offDiagonalMatrix(c: Derivative): number[][] {
  const one = [c(0, 0, 2), 2 * c(1, 0, 2), 4 * c(1, 1, 1) + c(0, 0, 3), 2 * c(0, 1, 2)];
  const own = [4 * c(2, 0, 2), 8 * c(2, 1, 1) + 2 * c(1, 0, 3), 4 * c(1, 1, 2)];
  const mixed = 16 * c(2, 2, 0) + c(0, 0, 4) + 8 * c(1, 1, 2);
  const otherMixed = 8 * c(1, 2, 1) + 2 * c(0, 1, 3);
  return [
    one,
    [one[1], own[0], own[1], own[2]],
    [one[2], own[1], mixed, otherMixed],
    [one[3], own[2], otherMixed, 4 * c(0, 2, 2)],
  ];
}

/**
 * (σ′²∂_h² + σ″∂_h)(σ′²∂_h′² + σ″∂_h′)(c − g/C) for one unit: the derivatives of orders (1, 1), (2, 1), (1, 2), (2, 2) by
 * α and β are polynomials in both.
 */
function diagonalPolynomials(
  c: Derivative,
  classes: number,
): (alpha: number, beta: number, unit: Unit, other: Unit, deviation: number) => number {
  const [cg, cgg, cab, cag, cbg] = [c(0, 0, 1) - 1 / classes, c(0, 0, 2), c(1, 1, 0), c(1, 0, 1), c(0, 1, 1)];
  const [cagg, cbgg, cabg, cggg, caab, cabb] = [c(1, 0, 2), c(0, 1, 2), c(1, 1, 1), c(0, 0, 3), c(2, 1, 0), c(1, 2, 0)];
  const [caag, cbbg] = [c(2, 0, 1), c(0, 2, 1)];
  const ownTwice = [6 * cag, 2 * cgg + 4 * cab, 4 * caag, 4 * cagg + 8 * caab, 8 * cabg + cggg, 2 * cbgg];
  const otherTwice = [6 * cbg, 2 * cgg + 4 * cab, 4 * cbbg, 4 * cbgg + 8 * cabb, 8 * cabg + cggg, 2 * cagg];
  const odd = (p: readonly number[], x: number, y: number): number =>
    p[0] * x + p[1] * y + p[2] * x ** 3 + p[3] * x * x * y + p[4] * x * y * y + p[5] * y ** 3;
  const fourth = {
    one: 2 * cgg + 4 * cab,
    ab: 32 * cabg + 4 * cggg,
    aa: 10 * cagg + 8 * caab,
    bb: 10 * cbgg + 8 * cabb,
    aaab: 16 * c(2, 1, 1) + 4 * c(1, 0, 3),
    abbb: 16 * c(1, 2, 1) + 4 * c(0, 1, 3),
    aaaa: 4 * c(2, 0, 2),
    bbbb: 4 * c(0, 2, 2),
    aabb: 16 * c(1, 1, 2) + 16 * c(2, 2, 0) + c(0, 0, 4),
  };
  return (a, b, unit, other, deviation) => {
    const [first, second] = [unit.slope ** 2, other.slope ** 2];
    const [bend, otherBend] = [unit.curvature, other.curvature];
    const both = cg + 2 * a * a * cag + 2 * b * b * cbg + a * b * (4 * cab + cgg);
    const four =
      fourth.one +
      a * b * (fourth.ab + a * a * fourth.aaab + b * b * fourth.abbb + a * b * fourth.aabb) +
      a * a * (fourth.aa + a * a * fourth.aaaa) +
      b * b * (fourth.bb + b * b * fourth.bbbb);
    return (
      deviation ** 4 * first * second * four +
      deviation ** 3 * (first * otherBend * odd(ownTwice, a, b) + bend * second * odd(otherTwice, b, a)) +
      deviation ** 2 * bend * otherBend * both
    );
  };
}

/**
 * Averages over blocks of E_V[a] at one input, and of its square: second derivatives by u_i and u_j of f(θ) = E log Σ_c
 * e^{z_c}.
 */
export function weightMeans(
  units: readonly Unit[],
  entryVariance: number,
  { meanSlope, meanCurvature }: Pick<LogSumCovariance, 'meanSlope' | 'meanCurvature'>,
): { readonly mean: BlockAverages; readonly square: BlockAverages } {
  const width = units.length;
  let sum = 0;
  let squares = 0;
  let sumOfSquares = 0;
  let fourths = 0;
  let mean = 0;
  let square = 0;
  for (const { h, slope, curvature } of units) {
    const term = slope * h;
    sum += term;
    squares += term * term;
    sumOfSquares += term * term;
    fourths += term ** 4;
    const own =
      entryVariance *
      (2 * meanSlope * (slope * slope + h * curvature) + 4 * entryVariance * term * term * meanCurvature);
    mean += own / width;
    square += (own * own) / width;
  }
  const pairs = width * (width - 1);
  const scale = 4 * entryVariance * entryVariance * meanCurvature;
  return {
    mean: { off: (scale * (sum * sum - squares)) / pairs, diagonal: mean },
    square: { off: (scale * scale * (sumOfSquares * sumOfSquares - fourths)) / pairs, diagonal: square },
  };
}
