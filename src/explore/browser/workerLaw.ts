import type { Outlier } from '../../../theory/contracts.js';
import { linearCrossEntropyOutliers, outliersOfModel } from '../../../theory/outliers/index.js';
import { symmetricEigenvalues } from '../../../theory/numerics/symmetricEigenvalues.js';
import { outputBlockMean } from '../../../theory/norms/index.js';
import { paperActivation } from '../../../theory/names.js';
import { lawOfState, unitOf, viewOf } from './lawOfState.js';
import type { LawView } from './lawOfState.js';
import { samplesOf } from './state.js';
import type { ExplorerState } from './state.js';

/**
 * Points of the cubature over pre-activations, fewer when there are many classes: the page should answer within a
 * second or two, at a million classes in ten.
 */
const cubaturePoints = (classes: number): number =>
  classes > 20000 ? 256 : classes > 2000 ? 1024 : classes > 200 ? 2048 : 8192;

/** Outliers integrate over all classes many times. */
const outlierClasses = { linear: 256, hidden: 2000 } as const;

const partner = (state: ExplorerState): number => (state.block === 'diagonal' ? 0 : 1);

/** Law of a hidden cross-entropy block given V. */
export function hiddenLawView(
  state: ExplorerState,
  readout: Float64Array,
): { readonly view: LawView | undefined; readonly note: string } {
  const found = lawOfState(state, { readout, points: cubaturePoints(state.classes) });
  return {
    view: viewOf(found),
    note: `Given the drawn V (seed ${state.seed}). ${found.note ?? ''}`,
  };
}

/** Eigenvalues of the m×m output block as N → ∞, given V, as a law of atoms. */
export function outputLawView(
  state: ExplorerState,
  readout: Float64Array,
): { readonly view: LawView | undefined; readonly note: string } {
  const { classes, width } = state;
  const { matrix, error } = outputBlockMean({
    loss: 'ce',
    activation: paperActivation,
    readout,
    classes,
    width,
    i: 0,
    j: partner(state),
    points: cubaturePoints(classes),
  });
  return {
    view: viewOf({ eigenvalues: Array.from(symmetricEigenvalues(matrix, width)) }),
    note: `The block is ${width}×${width}: its limit given the drawn V (seed ${state.seed}) is a matrix, whose eigenvalues are shown; relative error of the cubature ${error.toExponential(1)}.`,
  };
}

/**
 * Outliers of the block for N samples: weights rarer than one in N are taken to be at the edge of what N draws show.
 */
export function outliersOfState(
  state: ExplorerState,
  readout: Float64Array | undefined,
): { readonly outliers: readonly Outlier[]; readonly note: string } {
  const { family, loss, block, classes, logitVariance, width } = state;
  const negligibleMass = Math.min(0.01, 1 / samplesOf(state));
  if (family === 'output') return { outliers: [], note: 'An output block is m×m: it has no bulk to leave.' };
  if (loss === 'mse') {
    if (family === 'linear' || block === 'diagonal') return { outliers: [], note: '' };
    // In units of v_i·v_j, as the law is.
    const law = lawOfState(state).outline!();
    const unit = new Float64Array(width);
    unit[0] = unit[1] = 1;
    return {
      outliers: outliersOfModel({
        model: 'hidden',
        loss,
        law,
        i: 0,
        j: 1,
        classes: 1,
        activation: paperActivation,
        readout: unit,
        width,
      }),
      note: unitOf(state),
    };
  }
  if (family === 'linear') {
    if (classes > outlierClasses.linear)
      return { outliers: [], note: `Outliers are computed up to C = ${outlierClasses.linear}.` };
    const law = lawOfState(state, { scaling: 'raw' }).outline!();
    const factor = block === 'diagonal' ? classes : classes ** 2;
    const found = linearCrossEntropyOutliers({ law, classes, logitVariance, block, points: 1024, negligibleMass });
    return {
      outliers: found.map((outlier): Outlier => ({ ...outlier, at: outlier.at * factor })).sort((a, b) => a.at - b.at),
      note: `For N = ${samplesOf(state)} samples.`,
    };
  }
  if (readout === undefined) return { outliers: [], note: '' };
  if (classes > outlierClasses.hidden)
    return { outliers: [], note: `Outliers are computed up to C = ${outlierClasses.hidden}.` };
  const j = partner(state);
  const law = lawOfState(state, { readout, points: cubaturePoints(classes) }).outline!();
  return {
    outliers: outliersOfModel({
      model: 'hidden',
      loss,
      law,
      i: 0,
      j,
      classes,
      activation: paperActivation,
      readout,
      width,
      points: 1024,
      negligibleMass,
    }),
    note: `For N = ${samplesOf(state)} samples, given the drawn V.`,
  };
}
