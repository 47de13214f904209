import type { Backend } from '../contracts.js';
import { columnOf, rowOf, sumOfSquares } from '../linalg/vectors.js';
import { isGated } from '../network/activation.js';
import type { ExactStatement, UnitObservation } from './contract.js';
import type { MarkParts } from './markParts.js';
import { atMost, equal, equalVectors, roundingOf, worst } from './statement.js';

/** A symmetric matrix with its ascending eigenvalues. */
export interface Decomposed {
  readonly order: number;
  readonly entries: Float64Array;
  readonly eigenvalues: Float64Array;
}

export function decompose(backend: Backend, entries: Float64Array): Decomposed {
  const order = Math.sqrt(entries.length);
  return { order, entries, eigenvalues: backend.symmetricEigenvalues(entries, order) };
}

/** Eigenvalues nearer to 0 are not told from it: `order` roundings of the largest one, and those of the entries. */
export function zeroLevel(parts: MarkParts, { order, eigenvalues }: Decomposed): number {
  return 2 * roundingOf(order + parts.operations, Math.max(-eigenvalues[0]!, eigenvalues.at(-1)!));
}

/** Eigenvalues below zero, and farther from it than `level`. */
export function negativeCount({ eigenvalues }: Decomposed, level: number): number {
  return eigenvalues.filter((value) => value < -level).length;
}

/**
 * E1. The spectrum of R is ±σ_k(S_i) and zeros, of units that are not curved. Said of the squares, since the singular
 * values come from a Gram: the largest difference of λ² and σ², both in order.
 */
export function residualSpectrumStatement(
  parts: MarkParts,
  { order, eigenvalues }: Decomposed,
  units: readonly UnitObservation[],
): ExactStatement {
  const expected = new Float64Array(order);
  expected.set(
    units.flatMap(({ singularValues }) => singularValues.flatMap((value) => [value ** 2, value ** 2])).slice(0, order),
  );
  expected.sort();
  const found = eigenvalues.map((value) => value ** 2).sort();
  const left = found.reduce((largest, value, k) => Math.max(largest, Math.abs(value - expected[k]!)), 0);
  const scale = found.at(-1)!;
  return equal({ id: 'E1', left, right: 0, scale, rounding: roundingOf(4 * (order + parts.operations), scale) });
}

/**
 * E3, of the whole matrix: with u_i = (w_i, −v_i), GN u_i = 0 and H u_i = (−∂L/∂w_i, ∂L/∂v_i), through gates. Rounding:
 * that of the entries of H, and the product's over its order, on terms bounded by ‖H‖_F ‖u_i‖.
 */
export function rescalingOfHessian(parts: MarkParts, hessian: Float64Array, curvature: Float64Array): ExactStatement[] {
  const { draw, gradient, readout } = parts;
  if (!isGated(draw.activation)) return [];
  const { width, dimension } = draw.settings;
  const units = [...Array(width).keys()];
  const size = length(hessian);
  const directionOf = (layer: Float64Array, last: Float64Array, unit: number) =>
    unitDirection(parts, unit, rowOf(layer, unit, dimension), columnOf(last, unit, width));
  const pairs = units.map((unit) => {
    const direction = directionOf(draw.hiddenLayer, readout, unit);
    const expected = directionOf(gradient.hiddenLayer, gradient.readout, unit).map((value) => -value);
    const scale = size * length(direction);
    const rounding = roundingOf(2 * (direction.length + parts.operations), scale);
    const left = length(times(curvature, direction));
    return {
      annihilated: equal({ id: 'E3-curvature', unit, left, right: 0, scale, rounding }),
      moved: equalVectors({ id: 'E3-gradient', unit, rounding }, times(hessian, direction), expected),
    };
  });
  return [...worst(pairs.map(({ annihilated }) => annihilated)), ...worst(pairs.map(({ moved }) => moved))];
}

/** E3. H(1_C ⊗ e_k) = 0 for each unit k under the cross-entropy, whatever σ: outputs may all shift by one number. */
export function shiftStatements(parts: MarkParts, hessian: Float64Array): ExactStatement[] {
  const { loss, width, dimension, classes } = parts.draw.settings;
  if (loss !== 'ce') return [];
  const scale = length(hessian) * Math.sqrt(classes);
  const ones = new Float64Array(classes).fill(-1);
  return worst(
    [...Array(width).keys()].map((unit) => {
      const direction = unitDirection(parts, unit, new Float64Array(dimension), ones);
      const left = length(times(hessian, direction));
      const rounding = roundingOf(2 * (direction.length + parts.operations), scale);
      return equal({ id: 'E3-shift', unit, left, right: 0, scale, rounding });
    }),
  );
}

/** E4. The null space of GN holds u_i of each gate, and under the cross-entropy each 1_C ⊗ e_k; `level` as of H, from which GN was taken. */
export function nullityStatement({ draw }: MarkParts, curvature: Decomposed, level: number): ExactStatement {
  const { loss, width } = draw.settings;
  const right = curvature.eigenvalues.filter((value) => Math.abs(value) <= level).length;
  const left = (isGated(draw.activation) ? width : 0) + (loss === 'ce' ? width : 0);
  return atMost({ id: 'E4', left, right, scale: curvature.order, rounding: 0 });
}

/**
 * E7, of units that are not curved. −λ_min(H) ≤ max σ_1(S_i), since GN has no negative eigenvalue; and, counted beyond
 * one level, H has no more negative eigenvalues than R, which has Σ rank S_i ≤ m·min(d, C) of them, C − 1 in place of C
 * under the cross-entropy, whose residuals sum to 0 over the classes. A model without units has no residual part.
 */
export function negativeCurvatureStatements(
  parts: MarkParts,
  hessian: Decomposed,
  residualPart: Decomposed | undefined,
  units: readonly UnitObservation[],
): ExactStatement[] {
  const { draw } = parts;
  if (draw.activation.isCurved) return [];
  const { loss, dimension, classes } = draw.settings;
  const level = zeroLevel(parts, hessian);
  const right = units.reduce((largest, { singularValues }) => Math.max(largest, singularValues[0]!), 0);
  const most = units.length * Math.min(dimension, loss === 'ce' ? classes - 1 : classes);
  const counts = (residualPart === undefined ? [hessian] : [hessian, residualPart]).map((part) =>
    negativeCount(part, level),
  );
  const ids = ['E7-negative', 'E7-rank'] as const;
  return [
    atMost({
      id: 'E7-smallest',
      left: -hessian.eigenvalues[0]!,
      right,
      scale: hessian.eigenvalues.at(-1)!,
      rounding: level,
    }),
    ...counts.map((left, k) =>
      atMost({ id: ids[k]!, left, right: counts[k + 1] ?? most, scale: hessian.order, rounding: 0 }),
    ),
  ];
}

/** (w, −v) in the rows of unit i and in its column of the readout, 0 elsewhere, in the order of the parameters. */
function unitDirection({ draw }: MarkParts, unit: number, weights: Float64Array, readout: Float64Array): Float64Array {
  const { width, dimension, classes } = draw.settings;
  const vector = new Float64Array(width * (dimension + classes));
  vector.set(weights, unit * dimension);
  readout.forEach((value, c) => (vector[width * dimension + c * width + unit] = -value));
  return vector;
}

/** A symmetric matrix times a vector, by the rows where the vector is not zero. */
function times(matrix: Float64Array, vector: Float64Array): Float64Array {
  const out = new Float64Array(vector.length);
  vector.forEach((factor, k) => {
    if (factor === 0) return;
    const row = rowOf(matrix, k, vector.length);
    for (let e = 0; e < row.length; e++) out[e]! += factor * row[e]!;
  });
  return out;
}

function length(values: Float64Array): number {
  return Math.sqrt(sumOfSquares(values));
}
