import { samplesOfFields } from '../blocks/index.js';
import type { Backend } from '../contracts.js';
import { columnOf, dot, rowOf, sumOfSquares } from '../linalg/vectors.js';
import type { UnitObservation } from './contract.js';
import type { MarkParts, UnitContractions } from './markParts.js';

/** Eigenvalues of Σ_i that are kept. */
const largestResidualSpectrum = 512;

/** A unit from its S_iᵀ, C×d, which is not kept. */
export type UnitObserver = (
  i: number,
  sums: Float64Array,
) => { readonly unit: UnitObservation; readonly contraction: UnitContractions };

export function createUnitObserver(parts: MarkParts): UnitObserver {
  const { draw, backend, outputs, gradient, readout } = parts;
  const { width, samples, classes, dimension } = draw.settings;
  const { workspace, hiddenLayer, slopes } = draw;
  const overOutputs = samplesOfFields(backend, (c) => rowOf(outputs.residuals, c, samples), classes, samples);
  const singularValues = createSingularValues(backend, classes, dimension);
  return (i, sums) => {
    const weights = rowOf(hiddenLayer, i, dimension);
    const ownReadout = columnOf(readout, i, width);
    const squares = rowOf(slopes, i, samples).map((slope) => slope * slope);
    const live = squares.map((square) => (square === 0 ? 0 : 1));
    const residualSpectrum = overOutputs.eigenvalues(squares).map((value) => Math.max(value, 0));
    const score = residualScore(parts, sums, residualSpectrum);
    return {
      unit: {
        weightPower: sumOfSquares(weights),
        readoutPower: sumOfSquares(ownReadout),
        slopePower: squares.reduce((sum, square) => sum + square, 0) / samples,
        largestGram: workspace.eigenvalues(squares).at(-1)!,
        residualPower: overOutputs.trace(squares),
        weightGradient: sumOfSquares(rowOf(gradient.hiddenLayer, i, dimension)),
        readoutGradient: sumOfSquares(columnOf(gradient.readout, i, width)),
        singularValues: singularValues(sums),
        residualSpectrum: [...residualSpectrum.slice(-largestResidualSpectrum)],
        residualRatio: score?.ratio ?? null,
        residualScore: score?.score ?? null,
      },
      contraction: {
        ...contractions(sums, weights, ownReadout),
        inputPower: workspace.trace(squares),
        liveResidualPower: overOutputs.trace(live),
      },
    };
  };
}

/** S v and Sᵀ w of Sᵀ, C×d. */
export function contractions(sums: Float64Array, weights: Float64Array, readout: Float64Array) {
  const dimension = weights.length;
  const withReadout = new Float64Array(dimension);
  const withWeights = new Float64Array(readout.length);
  for (let c = 0; c < readout.length; c++) {
    const row = rowOf(sums, c, dimension);
    withWeights[c] = dot(row, weights);
    for (let a = 0; a < dimension; a++) withReadout[a]! += readout[c]! * row[a]!;
  }
  return { withReadout, withWeights };
}

/**
 * ‖S^c‖², S off the directions, over its expectation given r, (d′/N) tr Σ; and that in standard deviations: N‖S^c‖² is
 * Σ λ_c(Σ) χ²_{d′} for inputs independent of r off the directions, so the ratio has mean 1 and standard deviation √(2 tr
 * Σ²/d′)/tr Σ. Undefined without a residual, and where the directions span the whole space.
 */
function residualScore(
  { basis, draw }: MarkParts,
  sums: Float64Array,
  spectrum: Float64Array,
): { readonly ratio: number; readonly score: number } | undefined {
  const { dimension, samples, classes } = draw.settings;
  const free = dimension - basis.rank;
  const trace = spectrum.reduce((sum, value) => sum + value, 0);
  if (free === 0 || trace === 0) return undefined;
  let inside = 0;
  for (let k = 0; k < basis.rank; k++) {
    const direction = rowOf(basis.rows, k, dimension);
    for (let c = 0; c < classes; c++) inside += dot(direction, rowOf(sums, c, dimension)) ** 2;
  }
  const ratio = (sumOfSquares(sums) - inside) / ((free / samples) * trace);
  const deviation = Math.sqrt((2 * sumOfSquares(spectrum)) / free) / trace;
  return { ratio, score: (ratio - 1) / deviation };
}

/** Descending singular values of rows×columns matrices, from the smaller of the two Grams. */
function createSingularValues(backend: Backend, rows: number, columns: number): (matrix: Float64Array) => number[] {
  const [order, count] = [Math.min(rows, columns), Math.max(rows, columns)];
  const workspace = backend.createWorkspace(order, count);
  const ones = new Float64Array(count).fill(1);
  return (matrix) => {
    if (columns <= rows) workspace.inputs.set(matrix);
    else
      for (let r = 0; r < rows; r++)
        for (let c = 0; c < columns; c++) workspace.inputs[c * rows + r] = matrix[r * columns + c]!;
    const squares = workspace.eigenvalues(ones);
    return Array.from(squares, (square) => Math.sqrt(Math.max(square * count, 0))).reverse();
  };
}
