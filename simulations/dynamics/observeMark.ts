import type { Backend } from '../contracts.js';
import { hessianOrder, orthonormalise, type ProjectionBasis } from '../blocks/index.js';
import { sumOfSquares } from '../linalg/vectors.js';
import type { Draw } from '../network/model.js';
import type { ExactStatement, LayerObservation, MarkObservation } from './contract.js';
import { lossGradient, type LossGradient } from './lossGradient.js';
import { observeLayers } from './observeLayers.js';
import { observeUnits, type ObservedUnits } from './observeUnits.js';
import { observeWeightedBlocks } from './observeWeightedBlocks.js';
import { sampleOutputs } from './sampleOutputs.js';
import {
  balanceStatements,
  gradientStatements,
  rescalingStatements,
  residualBounds,
  type Balance,
} from './unitStatements.js';
import { denseHessian, denseResidualPart } from './wholeHessian.js';
import {
  decompose,
  negativeCurvatureStatements,
  nullityStatement,
  rescalingOfHessian,
  residualSpectrumStatement,
  scalarBlockStatements,
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

const defaultSpectrumOrder = 2000;
const defaultMatrixOrder = 800;

/**
 * Everything that is seen of a network's Hessian at one mark, on the data in the draw's workspace: norms of its blocks
 * and of their parts, scores of the residual part and of weighted blocks off the directions that they depend on, and
 * both sides of the exact statements. A model without hidden units has no cross-layer blocks and no units. Holds a few
 * fields C×N and one S_i at a time, and the whole Hessian where its order allows. Throws a UsageError when the inputs
 * are gone from the workspace.
 */
export function observeMark(draw: Draw, options: MarkOptions): MarkObservation {
  const { backend, step, data } = options;
  draw.statistics.prepareAll();
  const outputs = sampleOutputs(draw);
  const gradient = lossGradient(draw, backend, outputs.residuals);
  const basis = directionsOf(draw, options.directions);
  const hasUnits = draw.model.units(draw.settings) > 0;
  const observed = hasUnits ? observeUnits(draw, backend, outputs, gradient, basis) : undefined;
  const units = observed?.units ?? [];
  const dead = units.flatMap(({ slopePower }, i) => (slopePower === 0 ? [i] : []));
  const layers = observeLayers(draw, backend, outputs, dead);
  const cross = observed?.cross ?? null;
  const whole = observeWhole(draw, observed, gradient, options);
  return {
    step,
    data,
    loss: outputs.loss,
    accuracy: outputs.accuracy,
    residualPower: outputs.residualPower,
    gradientPower: sumOfSquares(gradient.hiddenLayer) + sumOfSquares(gradient.readout),
    cross,
    layers,
    crossShare: cross && (2 * cross.total) / (2 * cross.total + layers.reduce((sum, { total }) => sum + total, 0)),
    spectrum: whole.spectrum,
    units,
    blocks: observeWeightedBlocks(draw, basis, dead),
    exact: [...(observed ? unitStatements(draw, observed, gradient, layers, options) : []), ...whole.exact],
    dead,
  };
}

/** An orthonormal basis of the first layer's rows and of the directions beside them. */
function directionsOf(draw: Draw, beside: Float64Array = new Float64Array(0)): ProjectionBasis {
  const own = draw.model.layers[0].rows(draw);
  const all = new Float64Array(own.length + beside.length);
  all.set(own);
  all.set(beside, own.length);
  return orthonormalise(all, draw.settings.dimension);
}

function unitStatements(
  draw: Draw,
  { units, contractions, cross }: ObservedUnits,
  gradient: LossGradient,
  layers: readonly LayerObservation[],
  { step, balance }: MarkOptions,
): ExactStatement[] {
  return [
    ...gradientStatements(draw, contractions, gradient),
    ...rescalingStatements(draw, units),
    ...residualBounds(draw.settings, cross, contractions),
    ...(balance === undefined ? [] : balanceStatements(draw, units, step, balance)),
    ...scalarBlockStatements(draw, layers[0]!.norms),
  ];
}

/** What needs the Hessian as a matrix. */
function observeWhole(
  draw: Draw,
  observed: ObservedUnits | undefined,
  gradient: LossGradient,
  { backend, largestSpectrumOrder, largestMatrixOrder }: MarkOptions,
): Pick<MarkObservation, 'spectrum' | 'exact'> {
  const order = hessianOrder(draw);
  if (order > (largestSpectrumOrder ?? defaultSpectrumOrder)) return { spectrum: null, exact: [] };
  const { samples } = draw.settings;
  const entries = denseHessian(draw, backend);
  const hessian = decompose(backend, entries, order);
  const level = zeroLevel(hessian, samples);
  const negative = hessian.eigenvalues.filter((value) => value < -level).length;
  const spectrum = { order, smallest: hessian.eigenvalues[0]!, negative };
  if (observed === undefined) return { spectrum, exact: [] };
  const exact = [...shiftStatements(draw, entries)];
  let residualPart: Decomposed | undefined;
  if (order <= (largestMatrixOrder ?? defaultMatrixOrder) && !draw.activation.isCurved) {
    residualPart = decompose(backend, denseResidualPart(draw), order);
    const part = residualPart.entries;
    exact.push(residualSpectrumStatement(residualPart, observed.units, samples));
    exact.push(...rescalingOfHessian(draw, entries, part, gradient));
    exact.push(
      nullityStatement(
        draw,
        decompose(
          backend,
          entries.map((value, e) => value - part[e]!),
          order,
        ),
      ),
    );
  }
  exact.push(...negativeCurvatureStatements(draw, hessian, residualPart, observed.units));
  return { spectrum, exact };
}
