import type { Backend, Parameters } from '../contracts.js';
import { hessianOrder, orthonormalise, type ProjectionBasis } from '../blocks/index.js';
import { sumOfSquares } from '../linalg/vectors.js';
import type { Draw } from '../network/model.js';
import { wholeReadout } from '../network/readout.js';
import type { ExactStatement, LayerObservation, MarkObservation } from './contract.js';
import { countOperations, type MarkParts } from './markParts.js';
import { observeLayers } from './observeLayers.js';
import { observeUnits, type ObservedUnits } from './observeUnits.js';
import { observeWeightedBlocks } from './observeWeightedBlocks.js';
import { sampleOutputs } from './sampleOutputs.js';
import { unitOverlaps } from './unitOverlaps.js';
import {
  balanceStatements,
  gradientStatements,
  rescalingStatements,
  residualBoundStatements,
  scalarBlockStatements,
  type Balance,
} from './unitStatements.js';
import { denseHessian, denseResidualPart } from './wholeHessian.js';
import {
  decompose,
  negativeCount,
  negativeCurvatureStatements,
  nullityStatement,
  rescalingOfHessian,
  residualSpectrumStatement,
  shiftStatements,
  zeroLevel,
  type Decomposed,
} from './wholeStatements.js';

export interface MarkOptions {
  /** Updates made. */
  readonly step: number;
  readonly data: 'train' | 'fresh';
  readonly backend: Backend;
  /**
   * Directions, k×d, beside the rows of the network's first layer, that the labels or weights depend on: a teacher's.
   * Scores are of the inputs off all of them.
   */
  readonly directions?: Float64Array;
  /** Of training by plain gradient steps through gates. */
  readonly balance?: Balance;
  /** λ_min and n₋ of the whole Hessian up to this order; default 2000. */
  readonly largestSpectrumOrder?: number;
  /** Statements that need GN and R as matrices, and two spectra more, up to this order; default 800. */
  readonly largestMatrixOrder?: number;
}

export const defaultSpectrumOrder = 2000;
const defaultMatrixOrder = 800;
const lowestKept = 64;

/**
 * Everything that is seen of a network's Hessian at one mark, on the data in the draw's workspace: norms of its blocks
 * and of their parts, scores of the residual part and of weighted blocks off the directions that they depend on, and
 * both sides of the exact statements. A model without hidden units has no cross-layer blocks and no units. Holds a few
 * fields C×N and one S_i at a time, and the whole Hessian where its order allows. Throws a UsageError when the inputs
 * are gone from the workspace.
 */
export function observeMark(draw: Draw, options: MarkOptions): MarkObservation {
  const parts = markParts(draw, options);
  const { outputs, gradient } = parts;
  const observed = draw.model.units(draw.settings) > 0 ? observeUnits(parts) : undefined;
  const { units, cross } = observed ?? { units: [], cross: null };
  const dead = units.flatMap(({ slopePower }, i) => (slopePower === 0 ? [i] : []));
  const layers = observeLayers(parts, dead);
  const whole = observeWhole(parts, observed, options);
  return {
    step: options.step,
    data: options.data,
    loss: outputs.loss,
    accuracy: outputs.accuracy,
    residualPower: outputs.residualPower,
    gradientPower: sumOfSquares(gradient.hiddenLayer) + sumOfSquares(gradient.readout),
    cross,
    layers,
    crossShare:
      cross &&
      shareOf(
        2 * cross.total,
        layers.reduce((sum, { total }) => sum + total, 0),
      ),
    spectrum: whole.spectrum,
    units,
    overlaps: unitOverlaps(parts),
    blocks: observeWeightedBlocks(draw, parts.basis, dead),
    exact: [...(observed === undefined ? [] : unitStatements(parts, observed, layers, options)), ...whole.exact],
    dead,
  };
}

/** Of a part beside the rest; 0 where both vanish. */
function shareOf(part: number, rest: number): number {
  return part === 0 ? 0 : part / (part + rest);
}

/** What the observations of a draw start from; `directions` as in `MarkOptions`. */
export function markParts(draw: Draw, { backend, directions }: Pick<MarkOptions, 'backend' | 'directions'>): MarkParts {
  draw.statistics.prepareAll();
  const outputs = sampleOutputs(draw);
  const readout = wholeReadout(draw.readout);
  return {
    draw,
    backend,
    outputs,
    readout,
    operations: countOperations(draw, readout),
    gradient: gradientOf(draw, backend, readout),
    basis: basisOf(draw, directions),
  };
}

function gradientOf(draw: Draw, backend: Backend, readout: Float64Array): Parameters {
  const { model, settings, activation, workspace, labels, hiddenLayer } = draw;
  const { loss, dimension, samples, classes } = settings;
  const units = model.units(settings);
  const { inputs } = workspace;
  const pass = backend.lossGradient({ loss, dimension, samples, classes, units, activation, inputs, labels });
  pass.evaluate({ hiddenLayer, readout }, { start: 0, count: samples });
  return pass.gradient;
}

/** Of the first layer's rows and of the directions beside them. */
function basisOf(draw: Draw, beside: Float64Array = new Float64Array(0)): ProjectionBasis {
  const own = draw.model.layers[0].rows(draw);
  const all = new Float64Array(own.length + beside.length);
  all.set(own);
  all.set(beside, own.length);
  return orthonormalise(all, draw.settings.dimension);
}

function unitStatements(
  parts: MarkParts,
  { units, contractions, cross, shifts }: ObservedUnits,
  layers: readonly LayerObservation[],
  { step, balance }: MarkOptions,
): ExactStatement[] {
  return [
    ...gradientStatements(parts, contractions),
    ...rescalingStatements(parts, units),
    ...shifts,
    ...residualBoundStatements(parts, cross, contractions),
    ...(balance === undefined ? [] : balanceStatements(parts, units, step, balance)),
    ...scalarBlockStatements(parts, layers[0]!.norms),
  ];
}

/** What needs the Hessian as a matrix. */
function observeWhole(
  parts: MarkParts,
  observed: ObservedUnits | undefined,
  { largestSpectrumOrder = defaultSpectrumOrder, largestMatrixOrder = defaultMatrixOrder }: MarkOptions,
): Pick<MarkObservation, 'spectrum' | 'exact'> {
  const { draw, backend } = parts;
  const order = hessianOrder(draw);
  if (order > largestSpectrumOrder) return { spectrum: null, exact: [] };
  const hessian = decompose(backend, denseHessian(draw, backend));
  const { eigenvalues } = hessian;
  const negative = negativeCount(hessian, zeroLevel(parts, hessian));
  const lowest = Array.from(eigenvalues.subarray(0, lowestKept));
  const spectrum = { order, smallest: eigenvalues[0]!, negative, lowest };
  if (observed === undefined) return { spectrum, exact: negativeCurvatureStatements(parts, hessian, undefined, []) };
  const exact = shiftStatements(parts, hessian.entries);
  let residualPart: Decomposed | undefined;
  if (order <= largestMatrixOrder && !draw.activation.isCurved) {
    residualPart = decompose(backend, denseResidualPart(draw));
    const curvature = decompose(backend, difference(hessian.entries, residualPart.entries));
    exact.push(
      residualSpectrumStatement(parts, residualPart, observed.units),
      ...rescalingOfHessian(parts, hessian.entries, curvature.entries),
      nullityStatement(parts, curvature, zeroLevel(parts, hessian)),
    );
  }
  exact.push(...negativeCurvatureStatements(parts, hessian, residualPart, observed.units));
  return { spectrum, exact };
}

function difference(first: Float64Array, second: Float64Array): Float64Array {
  return first.map((value, e) => value - second[e]!);
}
