import type { Backend } from '../contracts.js';
import { isGated } from '../network/activation.js';
import type { Draw } from '../network/model.js';
import type { ExactStatement, UnitObservation } from './contract.js';
import type { LossGradient } from './lossGradient.js';
import { column } from './observeUnits.js';
import { atMost, equal, equalVectors, roundingOf, worst } from './statement.js';

/** A symmetric matrix with its ascending eigenvalues. */
export interface Decomposed {
  readonly order: number;
  readonly entries: Float64Array;
  readonly eigenvalues: Float64Array;
}

export function decompose(backend: Backend, entries: Float64Array, order: number): Decomposed {
  return { order, entries, eigenvalues: backend.symmetricEigenvalues(entries, order) };
}

/** Eigenvalues nearer to 0 than this are not told from it: order roundings, and N of the entries, of the largest one. */
export function zeroLevel({ order, eigenvalues }: Decomposed, samples: number): number {
  return 2 * roundingOf(order + samples, Math.max(-eigenvalues[0]!, eigenvalues.at(-1)!));
}

/**
 * The spectrum of R is ±σ_k(S_i) and zeros, of units that are not curved. Said of the squares, since the singular
 * values come from a Gram: largest difference of λ² and σ², both in order.
 */
export function residualSpectrumStatement(
  { order, eigenvalues }: Decomposed,
  units: readonly UnitObservation[],
  samples: number,
): ExactStatement {
  const squares = units.flatMap(({ singularValues }) => singularValues.flatMap((value) => [value ** 2, value ** 2]));
  const expected = [...squares, ...Array<number>(Math.max(0, order - squares.length)).fill(0)].sort((a, b) => b - a);
  const found = [...eigenvalues].map((value) => value ** 2).sort((a, b) => b - a);
  const left = found.reduce((largest, value, k) => Math.max(largest, Math.abs(value - expected[k]!)), 0);
  const scale = found[0]!;
  return equal({ id: 'E1', left, right: 0, scale, rounding: roundingOf(4 * (order + samples), scale) });
}

/**
 * With u_i = (w_i, −v_i): GN u_i = 0 and H u_i = (−∂L/∂w_i, ∂L/∂v_i), through gates. Rounding: each entry of H is a sum
 * over N samples, and the product one over its order, of terms bounded by ‖H‖_F ‖u_i‖.
 */
export function rescalingOfHessian(
  draw: Draw,
  hessian: Float64Array,
  residualPart: Float64Array,
  gradient: LossGradient,
): ExactStatement[] {
  if (!isGated(draw.activation)) return [];
  const { width, dimension, classes, samples } = draw.settings;
  const order = width * dimension + classes * width;
  const readout = draw.readout.rows([...Array(classes).keys()]);
  const curvature = hessian.map((value, e) => value - residualPart[e]!);
  const size = frobenius(hessian);
  const [annihilated, moved]: ExactStatement[][] = [[], []];
  for (let i = 0; i < width; i++) {
    const place = (weights: Float64Array, ofReadout: Float64Array, sign: number) => {
      const vector = new Float64Array(order);
      vector.set(
        weights.map((value) => sign * value),
        i * dimension,
      );
      ofReadout.forEach((value, c) => (vector[width * dimension + c * width + i] = -sign * value));
      return vector;
    };
    const own = draw.hiddenLayer.slice(i * dimension, (i + 1) * dimension);
    const direction = place(own, column(readout, i, width), 1);
    const slope = place(
      gradient.hiddenLayer.slice(i * dimension, (i + 1) * dimension),
      column(gradient.readout, i, width),
      -1,
    );
    const rounding = roundingOf(2 * (order + samples), size * frobenius(direction));
    const image = times(curvature, order, direction);
    annihilated!.push(
      equal({
        id: 'E3-curvature',
        unit: i,
        left: frobenius(image),
        right: 0,
        scale: size * frobenius(direction),
        rounding,
      }),
    );
    moved!.push(equalVectors({ id: 'E3-gradient', unit: i, rounding }, times(hessian, order, direction), slope));
  }
  return [...worst(annihilated!), ...worst(moved!)];
}

/** Under the cross-entropy H(1_C ⊗ e_k) = 0 for each unit k, whatever the activation: outputs may all shift by one number. */
export function shiftStatements(draw: Draw, hessian: Float64Array): ExactStatement[] {
  const { loss, width, dimension, classes, samples } = draw.settings;
  if (loss !== 'ce') return [];
  const order = width * dimension + classes * width;
  const size = frobenius(hessian) * Math.sqrt(classes);
  return worst(
    [...Array(width).keys()].map((k) => {
      const shift = new Float64Array(order);
      for (let c = 0; c < classes; c++) shift[width * dimension + c * width + k] = 1;
      const left = frobenius(times(hessian, order, shift));
      return equal({
        id: 'E3-shift',
        unit: k,
        left,
        right: 0,
        scale: size,
        rounding: roundingOf(2 * (order + samples), size),
      });
    }),
  );
}

/** The null space of GN holds u_i of each gate, and under the cross-entropy each 1_C ⊗ e_k. */
export function nullityStatement(draw: Draw, curvature: Decomposed): ExactStatement {
  const { loss, width, samples } = draw.settings;
  const level = zeroLevel(curvature, samples);
  const nullity = curvature.eigenvalues.filter((value) => Math.abs(value) <= level).length;
  const least = (isGated(draw.activation) ? width : 0) + (loss === 'ce' ? width : 0);
  return atMost({ id: 'E4', left: least, right: nullity, scale: curvature.order, rounding: 0 });
}

/**
 * −λ_min(H) ≤ max σ_1(S_i), of units that are not curved, since GN has no negative eigenvalue; and H has no more
 * negative eigenvalues than R has, which are Σ rank S_i ≤ m·min(d, C), C − 1 for the cross-entropy.
 */
export function negativeCurvatureStatements(
  draw: Draw,
  hessian: Decomposed,
  residualPart: Decomposed | undefined,
  units: readonly UnitObservation[],
): ExactStatement[] {
  if (draw.activation.isCurved) return [];
  const { loss, width, dimension, classes, samples } = draw.settings;
  const level = zeroLevel(hessian, samples);
  const below = ({ eigenvalues }: Decomposed) => eigenvalues.filter((value) => value < -level).length;
  const largest = units.reduce((found, { singularValues }) => Math.max(found, singularValues[0]!), 0);
  const left = -hessian.eigenvalues[0]!;
  const smallest = atMost({ id: 'E7-smallest', left, right: largest, scale: largest, rounding: level });
  const most = width * Math.min(dimension, loss === 'ce' ? classes - 1 : classes);
  const counts =
    residualPart === undefined
      ? [{ id: 'E7-negative', left: below(hessian), right: most }]
      : [
          { id: 'E7-negative', left: below(hessian), right: below(residualPart) },
          { id: 'E7-rank', left: below(residualPart), right: most },
        ];
  return [smallest, ...counts.map((sides) => atMost({ ...sides, scale: hessian.order, rounding: 0 }))];
}

/** ‖H_{w_iw_j}‖² = (v_i·v_j)² ‖(1/N) Σ σ′_i σ′_j x xᵀ‖² under the squared error, of units that are not curved. */
export function scalarBlockStatements(draw: Draw, norms: readonly (readonly number[])[] | null): ExactStatement[] {
  const { loss, width, samples, dimension } = draw.settings;
  if (loss !== 'mse' || norms === null || draw.activation.isCurved) return [];
  const readout = draw.readout.rows([...Array(draw.settings.classes).keys()]);
  const { slopes, workspace } = draw;
  return worst(
    norms.flatMap((row, i) =>
      row.slice(i).map((left, offset) => {
        const j = i + offset;
        let product = 0;
        for (let e = 0; e < readout.length; e += width) product += readout[e + i]! * readout[e + j]!;
        const gates = Float64Array.from(
          { length: samples },
          (_, n) => slopes[i * samples + n]! * slopes[j * samples + n]!,
        );
        const right = product ** 2 * workspace.squaredFrobeniusNorm(gates);
        const size = product ** 2 * workspace.trace(gates.map(Math.abs)) ** 2;
        return equal({
          id: 'E9',
          unit: i,
          left,
          right,
          scale: right,
          rounding: roundingOf(4 * (samples + dimension), size),
        });
      }),
    ),
  );
}

function times(matrix: Float64Array, order: number, vector: Float64Array): Float64Array {
  const out = new Float64Array(order);
  for (let r = 0; r < order; r++) {
    let sum = 0;
    for (let c = 0; c < order; c++) sum += matrix[r * order + c]! * vector[c]!;
    out[r] = sum;
  }
  return out;
}

function frobenius(values: Float64Array): number {
  return Math.sqrt(values.reduce((sum, value) => sum + value * value, 0));
}
