import type { Backend } from '../contracts.js';
import { gatedInputFeatures, liveSamples, visitCrossSums, type ProjectionBasis } from '../blocks/index.js';
import { dot, sumOfSquares } from '../linalg/vectors.js';
import { isGated } from '../network/activation.js';
import type { Draw } from '../network/model.js';
import type { CrossObservation, UnitObservation } from './contract.js';
import type { LossGradient } from './lossGradient.js';
import type { SampleOutputs } from './sampleOutputs.js';

/** Eigenvalues of Σ_i that are kept. */
const largestResidualSpectrum = 512;

/** What a unit's S_i makes of its own weights: by the exact statements, the gradient. */
export interface UnitContractions {
  /** S_i v_i, d values, and S_iᵀ w_i, C values. */
  readonly withReadout: Float64Array;
  readonly withWeights: Float64Array;
  /** (1/N) Σ σ′(u)²‖x‖². */
  readonly inputPower: number;
  /** (1/N) Σ‖r_n‖² over the samples where σ′(u_n) ≠ 0. */
  readonly liveResidualPower: number;
  readonly liveSamples: number;
}

export interface ObservedUnits {
  readonly units: readonly UnitObservation[];
  readonly contractions: readonly UnitContractions[];
  readonly cross: CrossObservation;
}

/**
 * Hidden units and the cross-layer blocks, which share the sums S_i: one pass over the units, holding one S_i at a
 * time.
 */
export function observeUnits(
  draw: Draw,
  backend: Backend,
  outputs: SampleOutputs,
  gradient: LossGradient,
  basis: ProjectionBasis,
): ObservedUnits {
  const { width, samples, classes, loss } = draw.settings;
  const units: UnitObservation[] = [];
  const contractions: UnitContractions[] = [];
  const total = { residual: 0, curvature: 0, inner: 0, lowerBound: 0, upperBound: 0 };
  const residuals = rowsOf(outputs.residuals, samples);
  const observe = createUnitObserver(draw, backend, outputs, gradient, basis);
  let own = new Float64Array(0);
  const visitor = {
    residual(i: number, sums: Float64Array) {
      own = sums.slice();
      const { unit, contraction, lowerBound } = observe(i, sums);
      units.push(unit);
      contractions.push(contraction);
      total.residual += sumOfSquares(sums);
      total.lowerBound += lowerBound;
      total.upperBound += unit.largestGram * contraction.liveResidualPower;
      if (loss !== 'mse') return;
      // q_ij = v_ji for every sample: the curvature part is an outer product.
      const shared = gatedInputFeatures(draw, i);
      total.curvature += unit.readoutPower * sumOfSquares(shared);
      for (let a = 0; a < contraction.withReadout.length; a++)
        total.inner += contraction.withReadout[a]! * shared[a * width + i]!;
    },
    curvature(i: number, k: number, sums: Float64Array) {
      total.curvature += sumOfSquares(sums);
      if (i === k) total.inner += dot(sums, own);
    },
  };
  const list = [...Array(classes).keys()];
  visitCrossSums(draw, backend, list, residuals, loss === 'mse' ? { residual: visitor.residual } : visitor);
  const { residual, curvature, inner, lowerBound, upperBound } = total;
  const cross = { residual, curvature, inner, total: residual + curvature + 2 * inner, lowerBound, upperBound };
  return { units, contractions, cross };
}

interface ObservedUnit {
  readonly unit: UnitObservation;
  readonly contraction: UnitContractions;
  readonly lowerBound: number;
}

function createUnitObserver(
  draw: Draw,
  backend: Backend,
  outputs: SampleOutputs,
  gradient: LossGradient,
  basis: ProjectionBasis,
): (i: number, sums: Float64Array) => ObservedUnit {
  const { width, samples, classes, dimension } = draw.settings;
  const { workspace, hiddenLayer, slopes } = draw;
  const hasGates = isGated(draw.activation);
  const overOutputs = samplesAsRows(backend, outputs.residuals, classes, samples);
  const readout = draw.readout.rows([...Array(classes).keys()]);
  return (i, sums) => {
    const weights = hiddenLayer.subarray(i * dimension, (i + 1) * dimension);
    const ownReadout = column(readout, i, width);
    const squares = slopes.slice(i * samples, (i + 1) * samples).map((slope) => slope * slope);
    const [weightPower, readoutPower] = [sumOfSquares(weights), sumOfSquares(ownReadout)];
    const weightGradient = sumOfSquares(gradient.hiddenLayer.subarray(i * dimension, (i + 1) * dimension));
    const readoutGradient = sumOfSquares(column(gradient.readout, i, width));
    const residualSpectrum = overOutputs.eigenvalues(squares).map((value) => Math.max(value, 0));
    const score = residualScore(sums, residualSpectrum, basis, draw.settings);
    const unit: UnitObservation = {
      weightPower,
      readoutPower,
      slopePower: squares.reduce((sum, square) => sum + square, 0) / samples,
      largestGram: workspace.eigenvalues(squares).at(-1)!,
      residualPower: overOutputs.trace(squares),
      weightGradient,
      readoutGradient,
      singularValues: singularValues(backend, sums, classes, dimension),
      residualSpectrum: [...residualSpectrum.slice(-largestResidualSpectrum)],
      residualRatio: score?.ratio ?? null,
      residualScore: score?.score ?? null,
    };
    const contraction = contract(sums, weights, ownReadout);
    const live = liveSamples(squares);
    const indicator = squares.map((square) => (square === 0 ? 0 : 1));
    const lowerBound = Math.max(
      readoutPower > 0 ? weightGradient / readoutPower : 0,
      hasGates && weightPower > 0 ? readoutGradient / weightPower : 0,
    );
    return {
      unit,
      contraction: {
        ...contraction,
        inputPower: workspace.trace(squares),
        liveResidualPower: overOutputs.trace(indicator),
        liveSamples: live.length,
      },
      lowerBound,
    };
  };
}

/** S v and Sᵀ w of Sᵀ, C×d. */
export function contract(sums: Float64Array, weights: Float64Array, readout: Float64Array) {
  const dimension = weights.length;
  const withReadout = new Float64Array(dimension);
  const withWeights = new Float64Array(readout.length);
  for (let c = 0; c < readout.length; c++) {
    const row = sums.subarray(c * dimension, (c + 1) * dimension);
    withWeights[c] = dot(row, weights);
    for (let a = 0; a < dimension; a++) withReadout[a]! += readout[c]! * row[a]!;
  }
  return { withReadout, withWeights };
}

/**
 * ‖S^c‖², S off the directions, over its expectation given r, (d′/N) tr Σ; and that in standard deviations: N‖S^c‖² is
 * Σ λ_c(Σ) χ²_{d′} for inputs independent of r off the directions, so the ratio has mean 1 and standard deviation
 * √(2 tr Σ²/d′)/tr Σ. Undefined without a residual, and where the directions span the whole space.
 */
function residualScore(
  sums: Float64Array,
  spectrum: Float64Array,
  basis: ProjectionBasis,
  { dimension, samples }: Draw['settings'],
): { readonly ratio: number; readonly score: number } | undefined {
  const free = dimension - basis.rank;
  const trace = spectrum.reduce((sum, value) => sum + value, 0);
  if (free === 0 || trace === 0) return undefined;
  let inside = 0;
  for (let k = 0; k < basis.rank; k++) {
    const direction = basis.rows.subarray(k * dimension, (k + 1) * dimension);
    for (let c = 0; c * dimension < sums.length; c++)
      inside += dot(direction, sums.subarray(c * dimension, (c + 1) * dimension)) ** 2;
  }
  const ratio = (sumOfSquares(sums) - inside) / ((free / samples) * trace);
  const deviation = Math.sqrt((2 * sumOfSquares(spectrum)) / free) / trace;
  return { ratio, score: (ratio - 1) / deviation };
}

/** Descending singular values of a rows×columns matrix, from the smaller of its two Grams. */
function singularValues(backend: Backend, matrix: Float64Array, rows: number, columns: number): number[] {
  const [order, count] = [Math.min(rows, columns), Math.max(rows, columns)];
  const workspace = backend.createWorkspace(order, count);
  if (columns <= rows) workspace.inputs.set(matrix);
  else
    for (let r = 0; r < rows; r++)
      for (let c = 0; c < columns; c++) workspace.inputs[c * rows + r] = matrix[r * columns + c]!;
  const squares = workspace.eigenvalues(new Float64Array(count).fill(1));
  return Array.from(squares, (square) => Math.sqrt(Math.max(square * count, 0))).reverse();
}

/** A workspace whose samples are the columns of a count×N field. */
export function samplesAsRows(backend: Backend, field: Float64Array, count: number, samples: number) {
  const workspace = backend.createWorkspace(count, samples);
  for (let c = 0; c < count; c++)
    for (let n = 0; n < samples; n++) workspace.inputs[n * count + c] = field[c * samples + n]!;
  return workspace;
}

function rowsOf(field: Float64Array, samples: number): Float64Array[] {
  return Array.from({ length: field.length / samples }, (_, c) => field.subarray(c * samples, (c + 1) * samples));
}

export function column(matrix: Float64Array, i: number, columns: number): Float64Array {
  return Float64Array.from({ length: matrix.length / columns }, (_, row) => matrix[row * columns + i]!);
}
