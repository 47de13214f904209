import type { Outlier } from '../../../theory/contracts.js';
import { symmetricEigenvalues } from '../../../theory/numerics/symmetricEigenvalues.js';
import { outputBlockMean } from '../../../theory/norms/index.js';
import { lawOfState, routeOf, scalingOf, unitOf, viewOf } from './lawOfState.js';
import type { LawView } from './lawOfState.js';
import { isWeighted, samplesOf } from './state.js';
import type { ExplorerState } from './state.js';

/**
 * Points of the cubature over pre-activations, fewer when there are many classes: the page should answer within a
 * second or two, at a million classes in ten.
 */
const cubaturePoints = (classes: number): number =>
  classes > 20000 ? 256 : classes > 2000 ? 1024 : classes > 200 ? 2048 : 8192;

/** Outliers integrate over all classes many times. */
const outlierClasses = { softmax: 256, givenReadout: 2000 } as const;

const partner = (state: ExplorerState): number => (state.block === 'diagonal' ? 0 : 1);

export interface StatedLaw {
  readonly view: LawView | undefined;
  readonly note: string;
}

/** The law of a state, given V where it needs one. */
export function lawViewOf(state: ExplorerState, readout: Float64Array | undefined): StatedLaw {
  if (readout !== undefined) return (isWeighted(state) ? weightedLawView : outputLawView)(state, readout);
  const found = lawOfState(state);
  return { view: viewOf(found), note: found.note ?? '' };
}

function weightedLawView(state: ExplorerState, readout: Float64Array): StatedLaw {
  const found = lawOfState(state, { readout, points: cubaturePoints(state.classes) });
  return {
    view: viewOf(found),
    note: `Given the drawn V (seed ${state.seed}). ${found.note ?? ''}`,
  };
}

/** Eigenvalues of the m×m output block as N → ∞, given V, as a law of atoms. */
function outputLawView(state: ExplorerState, readout: Float64Array): StatedLaw {
  const { loss, activation, classes, width } = state;
  const { matrix, error } = outputBlockMean({
    loss,
    activation,
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
  const { classes } = state;
  if (!isWeighted(state)) return { outliers: [], note: 'An output block is m×m: it has no bulk to leave.' };
  const isSoftmax = routeOf(state) === 'softmax';
  if (readout === undefined && !isSoftmax) {
    const outliers = lawOfState(state).outliers?.();
    if (outliers === undefined) return { outliers: [], note: 'Those of this limit are not known.' };
    return { outliers, note: outliers.length === 0 ? '' : unitOf(state) };
  }
  const most = isSoftmax ? outlierClasses.softmax : outlierClasses.givenReadout;
  if (classes > most) return { outliers: [], note: `Outliers are computed up to C = ${most}.` };
  const found = lawOfState(
    state,
    readout === undefined ? { scaling: 'raw' } : { readout, points: cubaturePoints(classes) },
  );
  const samples = samplesOf(state);
  const negligibleMass = Math.min(0.01, 1 / samples);
  const factor = scalingOf(state).factor(state);
  return {
    outliers: found.outliers!({ points: 1024, negligibleMass }).map((outlier) => ({
      ...outlier,
      at: outlier.at * factor,
    })),
    note: `For N = ${samples} samples${readout === undefined ? '' : ', given the drawn V'}.`,
  };
}
